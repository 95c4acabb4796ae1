//! `GET /`: the address that the program prints when it starts, and the one that people are given.
//! Anyone who opens it in a browser is lost, or works here.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use url::Url;

use super::receive;
use super::refusal::no_launch;
use super::room::Lti13;
use crate::directory::tools::AtTool;
use crate::web::notice::{Action, Link};
use crate::web::texts::launch as texts;

/// Without parameters, the page has a link to the portal. Otherwise it is a launch's address like
/// the others.
pub(crate) async fn visit(
    State(room): State<Arc<Lti13>>,
    AtTool(tool): AtTool,
    query: RawQuery,
    headers: HeaderMap,
) -> Response {
    if query.0.as_deref().is_some_and(|query| !query.is_empty()) {
        return receive::visit(State(room), query, headers).await;
    }
    let portal = tool.address(&room.public_url).join("/portal");
    let portal = Url::parse(&portal).ok().map(|address| Link {
        address,
        label: texts::FOR_STAFF,
        sentences_as: None,
        reference_as: None,
    });
    let problem = no_launch(&headers);
    let problem = problem.noticed(|notice| notice.actions.extend(portal.map(Action::Aside)));
    problem.into_response()
}
