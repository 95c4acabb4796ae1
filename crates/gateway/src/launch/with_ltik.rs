//! Requests about one launch, with the application's API key and the launch's `ltik`
//! (ltiaas-api.md §1.4).

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use super::{Launch, Launches, Ltiks, standing};
use crate::directory::api_keys::keyring::ApiKeys;
use crate::directory::api_keys::scope::ForServices;
use crate::directory::credentials::Credentials;
use crate::directory::doorstep::{Doorstep, KnownAsker};
use crate::directory::late_checks::LateChecks;
use crate::directory::platforms::{Platform, Platforms};
use crate::directory::tools::Tool;
use crate::web::problem::Problem;

const BAD_LTIK: &str = "Invalid or expired ltik.";

/// A request with an API key and an `ltik` whose launch is still valid.
pub(crate) struct WithLtik {
    /// The tool of the key.
    pub tool: Arc<Tool>,
    /// The launch of the `ltik`.
    pub launch: Arc<Launch>,
    /// The platform of the launch, if it is a registered one.
    pub platform: Option<Arc<Platform>>,
}

impl<S: Send + Sync> FromRequestParts<S> for WithLtik
where
    ApiKeys: FromRef<S>,
    Launches: FromRef<S>,
    Ltiks: FromRef<S>,
    Platforms: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Credentials::Ltik { api_key, ltik } = Credentials::of(parts)? else {
            return Err(Problem::unauthorized(
                "This address takes: Authorization: LTIK-AUTH-V2 <API key>:<ltik>",
            ));
        };
        let api_keys = ApiKeys::from_ref(state);
        let (tool, key) = api_keys.admit::<ForServices>(parts, api_key).await?;
        let bad_ltik = || Problem::unauthorized(BAD_LTIK);
        let launch_id = Ltiks::from_ref(state).launch_of(ltik);
        let launches = Launches::from_ref(state);
        let launch = launches.load(&launch_id.ok_or_else(bad_ltik)?).await?;
        let launch = launch.filter(|launch| launch.tool_id == tool.id);
        let launch = launch.ok_or_else(bad_ltik)?;
        let platforms = Platforms::from_ref(state);
        let standing = Self::standing(&platforms, &launches, tool, launch).await?;
        LateChecks::add(parts, || {
            let (tool, launch) = (Arc::clone(&standing.tool), Arc::clone(&standing.launch));
            async move {
                let check = standing::check(&platforms, &launches, &tool, &launch);
                check.await.map(drop)
            }
        });
        let asker = || KnownAsker {
            tool_id: standing.tool.id.clone(),
            key_id: Arc::clone(&key.id),
            scope: key.scope,
            who: format!("launch {}", standing.launch.id),
            platform_id: standing.launch.platform_id.clone(),
            subject: standing.launch.subject.clone(),
        };
        Doorstep::knock(parts, asker).await?;
        Ok(standing)
    }
}

impl WithLtik {
    /// A launch whose session continues, however the request was authorised.
    ///
    /// # Errors
    /// 401 if the session has ended, or the store failed.
    pub(crate) async fn standing(
        platforms: &Platforms,
        launches: &Launches,
        tool: Arc<Tool>,
        launch: Arc<Launch>,
    ) -> Result<Self, Problem> {
        let platform = standing::check(platforms, launches, &tool, &launch).await?;
        Ok(Self {
            tool,
            launch,
            platform,
        })
    }
}
