//! Whether what made an attempt fail has been mended since, as far as the portal's own remedies go.

use std::sync::Arc;

use store::deployments::DeploymentStatus;

use super::clock::ClockTolerance;
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::portal::people::person::Person;
use crate::portal::platforms::deployments::status_of;
use crate::portal::platforms::in_use::{is_as_it_launched, last_launch};
use crate::portal::query::ms_of;
use crate::portal::room::Portal;
use crate::traces::answer::Trace;
use crate::web::meaning::Remedy;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_failures as texts};

/// What has been mended, and at which platform.
pub(super) struct MendedFailure {
    pub(super) says: Text,
    pub(super) platform_id: String,
}

/// What has been mended since this attempt, if anything.
///
/// # Errors
/// The store failed.
pub(super) async fn mended(
    portal: &Portal,
    person: &Person,
    trace: &Trace,
) -> Result<Option<MendedFailure>, Problem> {
    let Some(reason) = &trace.reason else {
        return Ok(None);
    };
    let remedy = reason.meaning.remedy;
    if remedy == Remedy::NearestPlatform {
        return registered_since(portal, person, trace).await;
    }
    let Some(platform) = traced_platform(portal, person, trace).await? else {
        return Ok(None);
    };
    let says = match remedy {
        Remedy::Activate => platform.active.then_some(texts::MENDED_ACTIVE),
        Remedy::AllowDeployment | Remedy::EnterDeployment => {
            let allowed = is_allowed(portal, &platform, trace).await?;
            allowed.then_some(texts::MENDED_DEPLOYMENT)
        }
        Remedy::ListOrigin => {
            let origin = trace.frame_origin_not_listed.as_deref();
            let origins = FrameOrigins::of(&platform);
            let listed = origin.is_some_and(|origin| origins.cover(origin));
            listed.then_some(texts::MENDED_ORIGIN)
        }
        Remedy::FetchKeys => has_key(portal, &platform, trace).then_some(texts::MENDED_KEY),
        Remedy::ComparePlatform => {
            let fits = platform.active && names(&platform, trace);
            let mended = fits && is_proven(portal, &platform).await?;
            mended.then_some(texts::MENDED_MATCHES)
        }
        Remedy::Leeway => {
            let needed = ClockTolerance::of(trace, person, &platform);
            let granted = needed.is_granted_by(&platform, person);
            granted.then_some(texts::MENDED_LEEWAY)
        }
        _ => None,
    };
    Ok(says.map(|says| MendedFailure {
        says,
        platform_id: platform.id.clone(),
    }))
}

/// The platform of an attempt, if it still exists.
///
/// # Errors
/// The store failed.
pub(super) async fn traced_platform(
    portal: &Portal,
    person: &Person,
    trace: &Trace,
) -> Result<Option<Arc<Platform>>, Problem> {
    let Some(traced) = &trace.platform else {
        return Ok(None);
    };
    let platform = portal.directory.platforms.by_id(&traced.id).await?;
    Ok(platform.filter(|platform| platform.tool_id == person.tool.id))
}

/// The platforms that this login would lead to now, oldest first: of several, the active ones, or
/// else the first. Several are left only if it named no client id, and then it would be refused
/// again, unless its deployment decides.
///
/// # Errors
/// The store failed.
pub(super) async fn fitting(
    portal: &Portal,
    person: &Person,
    trace: &Trace,
) -> Result<Vec<Arc<Platform>>, Problem> {
    let Some(issuer) = &trace.issuer else {
        return Ok(Vec::new());
    };
    let platforms = &portal.directory.platforms;
    let found = platforms.of_issuer(&person.tool.id, issuer).await?;
    let fits = found.iter().filter(|platform| names(platform, trace));
    let mut fitting: Vec<Arc<Platform>> = fits.cloned().collect();
    match fitting.iter().any(|platform| platform.active) {
        true => fitting.retain(|platform| platform.active),
        false => fitting.truncate(1),
    }
    Ok(fitting)
}

/// A platform that was registered or changed since then, if it is the only one that fits the login.
async fn registered_since(
    portal: &Portal,
    person: &Person,
    trace: &Trace,
) -> Result<Option<MendedFailure>, Problem> {
    let Some(at) = &trace.at else {
        return Ok(None);
    };
    let fitting = fitting(portal, person, trace).await?;
    let [platform] = fitting.as_slice() else {
        return Ok(None);
    };
    if !platform.active || platform.updated_at < ms_of(at) {
        return Ok(None);
    }
    let is_new = platform.created_at >= ms_of(at);
    let mended = is_new || is_proven(portal, platform).await?;
    Ok(mended.then(|| MendedFailure {
        says: texts::MENDED_REGISTERED,
        platform_id: platform.id.clone(),
    }))
}

/// Whether a platform launched since it was changed, or never, or has again the issuer and the
/// client id with which it launched. If one that worked was given the login's client id, its own
/// launches may have stopped instead: only a launch shows which.
async fn is_proven(portal: &Portal, platform: &Platform) -> Result<bool, Problem> {
    let last = last_launch(portal, &platform.id).await?;
    if last.is_none_or(|last| last >= platform.updated_at) {
        return Ok(true);
    }
    Ok(is_as_it_launched(portal, platform).await? == Some(true))
}

/// Whether the login named this platform, as it is registered now.
pub(super) fn names(platform: &Platform, trace: &Trace) -> bool {
    let client_id = trace.client_id.as_ref();
    let issuer = trace.issuer.as_ref();
    issuer.is_some_and(|issuer| *issuer == platform.issuer)
        && client_id.is_none_or(|id| *id == platform.client_id)
}

async fn is_allowed(portal: &Portal, platform: &Platform, trace: &Trace) -> Result<bool, Problem> {
    let Some(id) = &trace.deployment_id else {
        return Ok(false);
    };
    let status = status_of(portal, &platform.id, id).await?;
    Ok(status == Some(DeploymentStatus::Active))
}

/// Whether the key that the token named can be used by now, as far as this server knows. A
/// signature that didn't match says nothing about the key's id.
fn has_key(portal: &Portal, platform: &Platform, trace: &Trace) -> bool {
    let code = trace.reason.as_ref().map_or("", |reason| &*reason.code);
    let Some(kid) = trace.kid.as_ref().filter(|_| code != "INVALID_SIGNATURE") else {
        return false;
    };
    let keys = &portal.directory.platform_keys;
    keys.has(platform, kid) == Some(true) && !keys.is_unreadable(&platform.id)
}
