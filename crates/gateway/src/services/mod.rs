//! What the application can do with a launch besides reading it: return content to the platform,
//! and use the platform's services (ltiaas-api.md §2.3 to §2.6). Works from the launch's facts and
//! knows no adapters.

mod call;
pub(crate) mod deep_linking;
pub(crate) mod deliveries;
pub(crate) mod failing;
pub(crate) mod grades;
pub(crate) mod groups;
pub(crate) mod handles;
mod line_item;
mod list_pages;
mod list_shapes;
pub(crate) mod page_proofs;
mod pages;
mod path_readings;
pub(crate) mod platform_client;
mod platform_failure;
mod platform_problem;
mod platform_words;
mod query_readings;
mod reach;
mod refused_token;
pub(crate) mod roster;

use axum::http::StatusCode;

use crate::web::api_rule::ApiRule;

/// The tool's owner has not enabled this service.
const INACTIVE: ApiRule = ApiRule::new(
    "INACTIVE_SERVICE",
    StatusCode::FORBIDDEN,
    "The tool's settings (services) have this service switched off.",
);
