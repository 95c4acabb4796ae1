//! The last step of every launch: sends the browser to the application, with an `ltik`.

use axum::http::StatusCode;
use url::Url;

use super::Ltiks;
use crate::directory::tools::Tool;
use crate::web::meaning::Remedy;
use crate::web::problem::Problem;
use crate::web::rule::{Rule, rows};
use crate::web::texts::launch as texts;
use crate::web::texts::meanings;

const NO_ADDRESS: &str =
    "the tool has no launchUrl, the address where launches go (PATCH /admin/tool)";

rows! {
    /// The rule for launches without a destination.
    pub(crate) const RULES: [Rule];

    /// A tool without an address for launches.
    pub(crate) const NO_LAUNCH_URL = Rule::new(
        "LAUNCH_URL_NOT_SET",
        StatusCode::SERVICE_UNAVAILABLE,
        texts::TITLE_NOT_ACTIVE,
        texts::NO_LAUNCH_URL,
        "Set launchUrl, the address where launches go (PATCH /admin/tool).",
    )
    .meaning(meanings::NO_LAUNCH_URL, Remedy::ToolSettings);
}

/// Where in the application a launch leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination<'a> {
    /// The Launch URL.
    Launch,
    /// The Deep Linking URL, or the Launch URL if the tool has none.
    DeepLinking,
    /// A path on the Launch URL's host.
    Path(&'a str),
}

/// The application's address for a destination. It is checked before a launch is stored, so that
/// every stored launch has one.
///
/// # Errors
/// The tool has no Launch URL yet.
pub(crate) fn address<'t>(tool: &'t Tool, to: Destination<'_>) -> Result<&'t Url, Problem> {
    let settings = &tool.settings;
    let deep_linking = settings
        .deep_linking_url
        .as_ref()
        .filter(|_| to == Destination::DeepLinking);
    deep_linking
        .or(settings.launch_url.as_ref())
        .ok_or_else(|| NO_LAUNCH_URL.broken(NO_ADDRESS).detailed(NO_ADDRESS))
}

/// Checks that the tool has at least one address for launches.
///
/// # Errors
/// The tool has no address yet.
pub(crate) fn has_address(tool: &Tool) -> Result<(), Problem> {
    address(tool, Destination::DeepLinking).map(drop)
}

/// The application's address for a launch: its URL, every query parameter of the launch's target,
/// and `ltik`.
///
/// # Errors
/// The tool has no Launch URL yet.
pub(crate) fn location(
    ltiks: &Ltiks,
    tool: &Tool,
    launch_id: &str,
    to: Destination<'_>,
    target: Option<&Url>,
) -> Result<Url, Problem> {
    let mut url = address(tool, to)?.clone();
    if let Destination::Path(path) = to {
        url = url.join(path).map_err(Problem::internal)?;
    }
    let ltik = ltiks.mint(launch_id).map_err(Problem::internal)?;
    url.query_pairs_mut()
        // A parameter named ltik in the link must not come before the real one.
        .extend_pairs(
            target
                .into_iter()
                .flat_map(Url::query_pairs)
                .filter(|(name, _)| name != "ltik"),
        )
        .append_pair("ltik", &ltik);
    Ok(url)
}
