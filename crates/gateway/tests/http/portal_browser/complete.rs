//! Where every page is looked at, none is left out, however new it is.

use test_case::cases;

use super::world::PortalWorld;
use crate::declared;

/// What is no page, or is looked at elsewhere: the provider's pages in `beginnings`, the error page
/// in `theme`.
const ELSEWHERE: [&str; 6] = [
    "/portal/assets/{name}",
    "/portal/confirm/oidc",
    "/portal/oidc/callback",
    "/portal/oidc/sign-in",
    "/portal/settings/error-page",
    "/portal/usage.csv",
];

/// Whether a route with these parameters serves this path.
fn serves(route: &str, path: &str) -> bool {
    let parts = route.split('/').count() == path.split('/').count();
    let fits = |(of, part): (&str, &str)| of.starts_with('{') || of == part;
    parts && route.split('/').zip(path.split('/')).all(fits)
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_stands_where_every_page_is_looked_at() {
    let world = PortalWorld::new().await;
    let all = world.outside.iter().chain(&world.pages).chain(&world.questions);
    let all: Vec<&str> = all.map(|(_, path)| path.split('?').next().unwrap()).collect();
    let routes = declared::routes();
    let is_looked_at = |route: &str| {
        // A path that is a route itself is no parameter's value.
        let fits = |path: &&str| match routes.contains_key(*path) {
            true => *path == route,
            false => serves(route, path),
        };
        all.iter().any(fits)
    };
    let is_page = |route: &str| route == "/portal" || route.starts_with("/portal/");
    let mut missing = Vec::new();
    for (route, methods) in &routes {
        let is_elsewhere = ELSEWHERE.contains(&route.as_str());
        if is_page(route) && methods.contains("GET") && !is_elsewhere && !is_looked_at(route) {
            missing.push(route);
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
