//! Requests of the application about one launch, with an API key and the launch's `ltik` (ltiaas-api.md §1.4).

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::Launch;
use crate::app::App;
use crate::directory::credentials::Credentials;
use crate::directory::tools::Tool;
use crate::web::problem::Problem;

const BAD_LTIK: &str = "Invalid or expired ltik.";

/// A request with an API key and an `ltik`: for what belongs to one launch.
pub struct WithLtik {
    /// The tool of the key.
    pub tool: Arc<Tool>,
    /// The launch of the `ltik`.
    pub launch: Arc<Launch>,
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
        let launch_id = app
            .ltiks
            .launch_of(ltik, app.clock.now_seconds())
            .ok_or_else(|| Problem::unauthorized(BAD_LTIK))?;
        let launch = Launch::load(app, &launch_id)
            .await?
            .filter(|launch| launch.tool_id == tool.id);
        let launch = launch.ok_or_else(|| Problem::unauthorized(BAD_LTIK))?;
        launch.check_standing(app).await?;
        Ok(Self { tool, launch })
    }
}
