//! Stores a launch with one INSERT, which also spends its nonce, then redirects the browser.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;
use store::deployments::{self, Deployment, DeploymentStatus};
use store::launches::{self, NewLaunch};
use store::{StoreError, Tx};
use url::Url;

use super::accepted::{Accepted, destination, stopped};
use super::adapter::ADAPTER;
use super::bound::Bound;
use super::cookies;
use super::nonce::nonce;
use super::refusal::LaunchRefusal;
use super::room::Lti13;
use super::shown_in::ShownIn;
use super::storage::StoragePage;
use super::surroundings::Surroundings;
use crate::audit::{Actor, Audit, AuditAction, AuditEntry, AuditMark};
use crate::directory::platforms::Platform;
use crate::directory::product::NewProduct;
use crate::directory::switching::admit_deployment;
use crate::kit::id;
use crate::launch::handoff::{self, Destination};
use crate::launch::{Launch, PlaceNews, Release};
use crate::traces::Recorder;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::redirect::Onward;

/// A stored launch: its token is used up.
pub(super) struct Stored<'a> {
    bound: &'a Bound,
    payload: &'a str,
    launch_id: String,
    to: Destination<'static>,
    target: Url,
}

impl<'a> Stored<'a> {
    /// Stores an accepted launch, along with its deployment if that is new.
    ///
    /// # Errors
    /// The token was already used, an operator stopped the deployment a moment ago, or the store
    /// failed.
    pub(super) async fn new(
        room: &Lti13,
        accepted: Accepted<'a>,
        trace: &mut Recorder,
    ) -> Result<Self, Problem> {
        let Accepted {
            signed,
            checked,
            deployment_is_new,
        } = accepted;
        let (bound, payload) = (signed.bound, signed.token.payload());
        let to = destination(&checked);
        let now = room.clock.now_ms();
        let trace = trace.of_launch(signed.token.claim_names(), payload, &bound.tool);
        let launch_minutes = i64::from(bound.tool.settings.retention.launch_minutes);
        let launch = Arc::new(Launch {
            id: id::new_id(now, &room.random),
            tool_id: bound.tool.id.clone(),
            platform_id: Some(bound.platform.id.clone()),
            adapter: ADAPTER.name,
            deployment_id: checked.deployment_id,
            subject: checked.subject,
            answers_by_frame: bound.state.offered && to == Destination::DeepLinking,
            document: payload.into(),
            created_at: now,
            expires_at: now + launch_minutes * 60_000,
        });
        let nonce = nonce(&bound.platform, &bound.state);
        let row = room.launches.row(&launch, nonce, bound.release, trace);
        let claims = signed.token.place_claims();
        let news = room.launches.place_news(&launch, &bound.platform, &claims);
        let firsts = LaunchFirsts {
            place: news.await?,
            product: NewProduct::of(&bound.platform, payload),
            deployment: deployment_is_new
                .then(|| FirstDeployment::new(room, &bound.platform, &launch.deployment_id)),
        };
        if !store_launch(room, row, firsts).await? {
            return Err(LaunchRefusal::Replayed.into());
        }
        room.visits.launched(&bound.platform.id, now, payload);
        // A launch that waits for the platform's window may still be refused.
        if bound.release == Release::Now {
            room.count(&bound.platform, &launch);
            room.launches.keep(&launch);
        }
        room.launches.place_handle(&launch, &bound.platform).await;
        Ok(Self {
            bound,
            payload,
            launch_id: launch.id.clone(),
            to,
            target: checked.target,
        })
    }

    /// Redirects the browser to the application, or shows a page that asks the platform's window
    /// whose browser this is.
    ///
    /// # Errors
    /// The tool lost its address a moment ago, or there was an internal error.
    pub(super) fn answer(self, room: &Lti13, headers: &HeaderMap) -> Result<Response, Problem> {
        let Bound {
            tool,
            platform,
            state,
            ..
        } = self.bound;
        let accepted = Language::accepted(headers);
        if self.bound.release == Release::Later {
            let page = StoragePage {
                room,
                tool,
                platform,
                state,
                language: Surroundings::of(self.payload)
                    .language()
                    .unwrap_or(accepted),
            };
            return page.get(self.launch_id, self.to, self.target, ShownIn::of(headers));
        }
        let target = Some(&self.target);
        let location = handoff::location(&room.ltiks, tool, &self.launch_id, self.to, target)?;
        let onward = Onward {
            random: &room.random,
            language: accepted,
            tool: tool.face_in(accepted),
        };
        let mut answer = onward.see_other(&location)?;
        cookies::clear(answer.headers_mut(), headers, &state.login_id);
        Ok(answer)
    }
}

/// A deployment that is new, or was waiting until now.
struct FirstDeployment {
    platform_id: String,
    id: String,
    /// For the audit, if this launch is the one that adds it; `None` if there are too many.
    entry: Option<AuditEntry>,
}

impl FirstDeployment {
    fn new(room: &Lti13, platform: &Platform, id: &str) -> Self {
        let is_noted = room.added.notes(&platform.id, room.clock.uptime());
        let entry = || {
            let (tool_id, action) = (&platform.tool_id, AuditAction::DeploymentAdded);
            let entry = AuditEntry::new(tool_id, Actor::server(), action, &*platform.id);
            let after = json!({"deploymentId": id, "status": DeploymentStatus::Active.as_str()});
            entry.named(&*platform.name).after(after)
        };
        Self {
            platform_id: platform.id.clone(),
            id: id.to_owned(),
            entry: is_noted.then(entry),
        }
    }
}

/// Things that appear for the first time with a launch.
struct LaunchFirsts {
    deployment: Option<FirstDeployment>,
    place: Option<PlaceNews>,
    product: Option<NewProduct>,
}

impl LaunchFirsts {
    const fn is_none(&self) -> bool {
        self.deployment.is_none() && self.place.is_none() && self.product.is_none()
    }
}

/// Stores a launch together with new things. Returns false if its nonce was already spent.
async fn store_launch(room: &Lti13, row: NewLaunch, firsts: LaunchFirsts) -> Result<bool, Problem> {
    if firsts.is_none() {
        return Ok(room.launches.store(row).await?);
    }
    let names_product = firsts.product.is_some();
    let audit = room.audit.clone();
    let together = room.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { store_with(&mut tx, &audit, firsts, row).await })
    });
    let (is_stored, mark) = together.await??;
    if let Some(mark) = mark {
        mark.log();
    }
    if names_product {
        room.platforms.changed();
    }
    Ok(is_stored)
}

/// The same in a transaction.
async fn store_with(
    tx: &mut Tx<'_>,
    audit: &Audit,
    firsts: LaunchFirsts,
    row: NewLaunch,
) -> Result<Result<(bool, Option<AuditMark>), LaunchRefusal>, StoreError> {
    // Lock platforms before deployments, as everywhere.
    if let Some(product) = firsts.product {
        product.keep(tx).await?;
    }
    let mut added = None;
    if let Some(deployment) = firsts.deployment {
        let FirstDeployment {
            platform_id,
            id,
            entry,
        } = deployment;
        match admit(tx, platform_id, id, row.created_at).await? {
            Ok(is_added) => added = entry.filter(|_| is_added),
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    let is_stored = launches::insert(tx, row).await?;
    // A replay contains nothing new.
    if let Some(place) = firsts.place.filter(|_| is_stored) {
        // If another launch changed the place meanwhile, reading this launch stores its data.
        place.save(tx).await?;
    }
    let mark = match added {
        Some(entry) => Some(audit.append(tx, entry).await?),
        None => None,
    };
    Ok(Ok((is_stored, mark)))
}

/// Stores a new deployment, or admits a waiting one. False if another launch was first.
async fn admit(
    tx: &mut Tx<'_>,
    platform_id: String,
    deployment_id: String,
    now_ms: i64,
) -> Result<Result<bool, LaunchRefusal>, StoreError> {
    let new = Deployment {
        deployment_id: deployment_id.clone(),
        status: DeploymentStatus::Active,
        first_seen: now_ms,
    };
    let is_added = admit_deployment(tx, platform_id.clone(), new).await?;
    if !is_added {
        // Lost a race: another launch was first, or an operator, who may have decided otherwise.
        let known = deployments::one(tx, platform_id, deployment_id).await?;
        let known = known.map_or(DeploymentStatus::Active, |known| known.status);
        if known != DeploymentStatus::Active {
            return Ok(Err(stopped(known)));
        }
    }
    Ok(Ok(is_added))
}
