//! What the application asks about one launch, with its API key and the launch's `ltik` (ltiaas-api.md §1.4).

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::{Launch, standing};
use crate::app::App;
use crate::directory::credentials::Credentials;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::web::problem::Problem;

const BAD_LTIK: &str = "Invalid or expired ltik.";

/// A request with an API key and an `ltik`, whose launch is still good.
pub struct WithLtik {
    /// The tool of the key.
    pub tool: Arc<Tool>,
    /// The launch of the `ltik`.
    pub launch: Arc<Launch>,
    /// The platform of the launch, if that is a registered one.
    pub platform: Option<Arc<Platform>>,
}

impl FromRequestParts<App> for WithLtik {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Credentials::Ltik { api_key, ltik } = Credentials::of(parts)? else {
            return Err(Problem::unauthorized(
                "This address takes: Authorization: LTIK-AUTH-V2 <API key>:<ltik>",
            ));
        };
        let tool = app.api_keys.tool_of(api_key).await?;
        let bad_ltik = || Problem::unauthorized(BAD_LTIK);
        let launch_id = app.ltiks.launch_of(ltik).ok_or_else(bad_ltik)?;
        let launch = app.launches.load(&launch_id).await?;
        let launch = launch.filter(|launch| launch.tool_id == tool.id);
        let launch = launch.ok_or_else(bad_ltik)?;
        let platform = standing::check(&app.platforms, &launch).await?;
        Ok(Self {
            tool,
            launch,
            platform,
        })
    }
}
