//! LTI 1.3 launches in the table of adapters: how to read a stored payload.

use std::time::Duration;

use futures_util::future::ready;
use lti::claims::{self, Claims, GradeService};
use serde::Deserialize;
use store::Db;
use url::Url;

use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::launch::facts::{Facts, PlatformFacts};
use crate::launch::{Adapter, EndReason, Launch, RawMembers, is_service_address};
use crate::settings::public_url::PublicUrl;
use crate::web::problem::Problem;

/// LTI 1.3. The document of a launch is the payload that the platform signed, as it was checked.
pub(crate) static ADAPTER: Adapter = Adapter {
    name: "lti13",
    life: Duration::from_secs(600),
    ended,
    facts,
    raw,
    subject,
};

/// Nothing but platforms, deployments and blocked people can end such a session.
fn ended<'a>(_: &'a Db, _: &'a Tool, _: &'a Launch) -> EndReason<'a> {
    Box::pin(ready(Ok(None)))
}

fn facts(
    launch: &Launch,
    platform: Option<&Platform>,
    public: &PublicUrl,
) -> Result<Facts, Problem> {
    let claims = Claims::from_checked_payload(&launch.document);
    let claims = claims.map_err(Problem::internal)?;
    Ok(facts_of(claims, registered(platform)?, public))
}

fn raw(launch: &Launch, platform: Option<&Platform>) -> Result<RawMembers, Problem> {
    let claims = serde_json::from_str(&launch.document);
    let mut claims: RawMembers = claims.map_err(Problem::internal)?;
    // SDKs only accept text; our own client id is among the accepted audiences.
    let client_id = registered(platform)?.client_id.as_str();
    claims.insert("aud".into(), client_id.into());
    claims.insert("ltiVersion".into(), "1.3.0".into());
    Ok(claims)
}

fn registered(platform: Option<&Platform>) -> Result<&Platform, Problem> {
    platform.ok_or_else(|| Problem::internal("an LTI 1.3 launch without a platform"))
}

fn subject(payload: &str) -> Result<Option<String>, serde_json::Error> {
    #[derive(Deserialize)]
    struct Of {
        sub: Option<String>,
    }
    serde_json::from_str(payload).map(|of: Of| of.sub)
}

/// Converts what a platform signed to the common form.
fn facts_of(claims: Claims, platform: &Platform, public: &PublicUrl) -> Facts {
    let (standing, is_test_user) = (claims.standing().name(), claims.is_test_user());
    let has_user = claims.subject.is_some();
    let placement = claims.placement;
    let placement = placement.or_else(|| claims.custom.get("placement").map(str::to_owned));
    let mut custom = claims.custom.into_all();
    custom.retain(|_, value| !claims::Custom::is_unresolved(value));
    Facts {
        standing,
        is_test_user,
        placement,
        custom,
        user_id: claims.subject,
        roles: claims.roles,
        person: claims.person,
        mentors: claims.role_scope_mentor,
        platform: PlatformFacts {
            id: platform.id.clone(),
            url: claims.issuer,
            client_id: platform.client_id.clone(),
            deployment_id: claims.deployment_id,
            name: platform.name.clone(),
            about: claims.tool_platform.unwrap_or_default(),
            lis: claims.lis,
        },
        message_type: claims.message_type.name(),
        target: claims
            .target_link_uri
            .unwrap_or_else(|| public.join("/lti/launch")),
        context: claims.context,
        resource_link: claims.resource_link,
        presentation: claims.launch_presentation.map(|mut presentation| {
            presentation.return_url = presentation
                .return_url
                .filter(|url| is_safe_link(url, &platform.issuer));
            presentation
        }),
        // There is no one whose score it could be (B-40).
        grades: claims.grades.filter(|_| has_user).map(with_addresses),
        roster: claims.roster,
        groups: claims.groups,
        deep_linking: claims.deep_linking,
        for_user: claims.for_user.filter(|person| person.user_id.is_some()),
        student: None,
    }
}

/// Drops addresses that are not addresses: an application would take an empty text, or an
/// unsubstituted variable, for a line item.
fn with_addresses(mut grades: GradeService) -> GradeService {
    for address in [&mut grades.lineitems, &mut grades.lineitem] {
        *address = address.take().filter(|text| is_service_address(text));
    }
    grades
}

/// Whether an application may show an address as a link: https, or http if the platform itself uses
/// it (lti.md B-49).
fn is_safe_link(url: &str, issuer: &str) -> bool {
    let plain = issuer.starts_with("http://");
    Url::parse(url).is_ok_and(|url| url.scheme() == "https" || (plain && url.scheme() == "http"))
}
