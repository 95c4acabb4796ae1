//! Forms of the portal. Their handlers record what they change; this layer makes sure that they
//! store before that it begins.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use super::ApiAudit;

/// Forms that only look for something: they begin no change.
const SEARCHES: [&str; 3] = [
    "/portal/deliveries/person",
    "/portal/find",
    "/portal/people",
];

/// What the routes of forms about users begin with. Everyone may read that a change is unfinished,
/// so it has none of their ids (decision 0512).
const USERS: &str = "/portal/users/";

/// The layer around the portal's pages.
pub(crate) async fn begin_form(
    State(room): State<Arc<ApiAudit>>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let is_change = |route: &MatchedPath| {
        *request.method() == Method::POST && !SEARCHES.contains(&route.as_str())
    };
    let Some(route) = route.filter(is_change) else {
        return next.run(request).await;
    };
    let route = route.as_str();
    let subject = id_in(route, request.uri().path());
    let change = room.change(format!("POST {route}"), subject);
    change.around(request, next).await
}

/// The id in a path; empty if it has none, or a user's.
fn id_in<'p>(route: &str, path: &'p str) -> &'p str {
    if route.starts_with(USERS) {
        return "";
    }
    let mut parts = route.split('/');
    let at = parts.position(|part| matches!(part, "{id}" | "{platform}"));
    at.and_then(|at| path.split('/').nth(at))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_path_the_id_is_known_and_no_code_or_user() {
        for (route, path, id) in [
            ("/portal/keys/{id}/revoke", "/portal/keys/k1/revoke", "k1"),
            ("/portal/waiting/{platform}", "/portal/waiting/p1", "p1"),
            ("/portal/welcome/{code}", "/portal/welcome/secret", ""),
            ("/portal/settings", "/portal/settings", ""),
            ("/portal/users/{id}/remove", "/portal/users/u1/remove", ""),
        ] {
            assert_eq!(id_in(route, path), id, "{route}");
        }
    }
}
