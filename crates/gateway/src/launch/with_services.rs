//! Requests for a platform's services: with the `ltik` of a launch, or later with a service key
//! (ltiaas-api.md §1.4, §1.5).

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;

use super::ltik::NamedPlace;
use super::service_place::ServicePlace;
use super::{Launches, Ltiks, WithLtik};
use crate::directory::api_keys::keyring::ApiKeys;
use crate::directory::api_keys::scope::ForServices;
use crate::directory::credentials::Credentials;
use crate::directory::doorstep::{Doorstep, KnownAsker};
use crate::directory::late_checks::LateChecks;
use crate::directory::platforms::{Platform, Platforms};
use crate::directory::standing::Stopped;
use crate::directory::tools::Tool;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

const BAD_KEY: &str = "Invalid or revoked service key.";

/// A request that may use the services of a place.
pub(crate) struct WithServices {
    /// The tool of the key.
    pub tool: Arc<Tool>,
    /// The place's platform.
    pub platform: Arc<Platform>,
    /// Where the launch came from, with the addresses of its services.
    pub place: ServicePlace,
    /// When the service key was issued, in milliseconds since 1970; `None` with an `ltik`.
    pub key_issued_ms: Option<i64>,
    /// The person of the launch; `None` with a service key, or for an anonymous launch.
    pub user_id: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for WithServices
where
    ApiKeys: FromRef<S>,
    Launches: FromRef<S>,
    Ltiks: FromRef<S>,
    Platforms: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Credentials::of(parts)? {
            Credentials::Ltik { .. } => Self::of_launch(parts, state).await,
            Credentials::Service {
                api_key,
                service_key,
            } => Self::of_key(parts, state, api_key, service_key).await,
            Credentials::Bearer(_) => Err(Problem::unauthorized(
                "This address takes: Authorization: LTIK-AUTH-V2 <API key>:<ltik>, or SERVICE-AUTH-V1 <API key>:<service key>",
            )),
        }
    }
}

impl WithServices {
    async fn of_launch<S: Send + Sync>(parts: &mut Parts, state: &S) -> Result<Self, Problem>
    where
        ApiKeys: FromRef<S>,
        Launches: FromRef<S>,
        Ltiks: FromRef<S>,
        Platforms: FromRef<S>,
    {
        let WithLtik {
            tool,
            launch,
            platform,
        } = WithLtik::from_request_parts(parts, state).await?;
        let platform = platform.ok_or_else(|| {
            NOT_AVAILABLE.saying("The platform of this launch is no LMS: it offers no services.")
        })?;
        let facts = Launches::from_ref(state).facts(&tool, &launch, Some(&platform))?;
        Ok(Self {
            place: ServicePlace::of(&facts, launch.created_at),
            key_issued_ms: None,
            user_id: facts.user_id,
            tool,
            platform,
        })
    }

    async fn of_key<S: Send + Sync>(
        parts: &Parts,
        state: &S,
        api_key: &str,
        service_key: &str,
    ) -> Result<Self, Problem>
    where
        ApiKeys: FromRef<S>,
        Launches: FromRef<S>,
        Ltiks: FromRef<S>,
        Platforms: FromRef<S>,
    {
        let api_keys = ApiKeys::from_ref(state);
        let (tool, api_key) = api_keys.admit::<ForServices>(parts, api_key).await?;
        let key = Ltiks::from_ref(state).service_key(service_key);
        let key = key.ok_or_else(|| Problem::unauthorized(BAD_KEY))?;
        let (launches, platforms) = (Launches::from_ref(state), Platforms::from_ref(state));
        let (place, platform) = place_of(&launches, &platforms, &tool.id, &key).await?;
        LateChecks::add(parts, || {
            let (tool, key) = (Arc::clone(&tool), key.clone());
            async move {
                let place = place_of(&launches, &platforms, &tool.id, &key);
                place.await.map(drop)
            }
        });
        let asker = || KnownAsker {
            tool_id: tool.id.clone(),
            key_id: Arc::clone(&api_key.id),
            scope: api_key.scope,
            who: format!("place {}", key.place_id),
            platform_id: Some(platform.id.clone()),
            subject: None,
        };
        Doorstep::knock(parts, asker).await?;
        Ok(Self {
            platform,
            tool,
            place,
            key_issued_ms: Some(key.issued_ms),
            user_id: None,
        })
    }
}

/// The place of a service key and its platform, if both may still be used.
async fn place_of(
    launches: &Launches,
    platforms: &Platforms,
    tool_id: &str,
    key: &NamedPlace,
) -> Result<(ServicePlace, Arc<Platform>), Problem> {
    let place = launches.places().of_key(tool_id, key).await?;
    let place = place.ok_or_else(|| Problem::unauthorized(BAD_KEY))?;
    let standing = platforms.standing(&place.platform_id, &place.deployment_id);
    let platform = standing.await?.map_err(|stopped| {
        Problem::unauthorized(match stopped {
            Stopped::Platform => "The platform of this service key is no longer active.",
            Stopped::Deployment => "The deployment of this service key is no longer active.",
        })
    })?;
    Ok((place, platform))
}

/// The request needs something that the launch or its platform doesn't offer.
pub(crate) const NOT_AVAILABLE: ApiRule = ApiRule::new(
    "SERVICE_NOT_AVAILABLE_FOR_CONTEXT",
    StatusCode::FORBIDDEN,
    "The platform doesn't offer this here.",
);
