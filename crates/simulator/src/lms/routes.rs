//! All routes of the pretend LMS.

use std::sync::Arc;

use axum::{
    Router,
    routing::{MethodRouter, get, post},
};

use super::{
    answer::unknown,
    pages::{adding, chosen, courses, frames, launching, storage, tools, wire},
    protocol::{
        authorize, deep_linking, groups, keys, line_items, observe::observed, registration, roster,
        scores, token,
    },
    state::Platform,
};
use crate::{endpoint::Endpoint, web::style};

type Routes = Router<Arc<Platform>>;

/// The complete router.
pub(super) fn router(platform: &Arc<Platform>) -> Router {
    let mut all = protocol(platform)
        .merge(services(platform))
        .merge(for_people());
    if platform.profile.manual.is_none() {
        all = all.merge(dynamic_registration(platform));
    }
    all.fallback(unknown).with_state(Arc::clone(platform))
}

fn dynamic_registration(platform: &Arc<Platform>) -> Routes {
    let paths = platform.profile.paths;
    let register = post(registration::register).fallback(registration::unsupported);
    Router::new()
        .route(
            paths.configuration,
            observed(
                platform,
                Endpoint::Configuration,
                get(registration::configuration),
            ),
        )
        .route(
            paths.registration,
            observed(platform, Endpoint::Registration, register),
        )
}

fn protocol(platform: &Arc<Platform>) -> Routes {
    let paths = platform.profile.paths;
    let watch = |endpoint, routes| observed(platform, endpoint, routes);
    let own = |path: &str| match platform.profile.manual {
        Some(manual) if manual.own_keys => format!("{path}/{{passport}}"),
        _ => path.to_owned(),
    };
    let authorization = get(authorize::authorize).post(authorize::authorize);
    Router::new()
        .route(
            paths.authorization,
            watch(Endpoint::Authorization, authorization),
        )
        .route(&own(paths.jwks), watch(Endpoint::Jwks, get(keys::jwks)))
        .route(
            &own(paths.token),
            watch(Endpoint::Token, post(token::token)),
        )
        .route(
            paths.deep_linking_return,
            watch(Endpoint::DeepLinkingReturn, post(deep_linking::receive)),
        )
}

fn services(platform: &Arc<Platform>) -> Routes {
    let services = platform.profile.paths.services;
    let one = get(line_items::read)
        .put(line_items::replace)
        .delete(line_items::delete);
    let served: [(&str, Endpoint, MethodRouter<Arc<Platform>>); 7] = [
        (
            "/CourseSection/{course}/bindings/{binding}/memberships",
            Endpoint::Memberships,
            get(roster::memberships),
        ),
        ("/{course}/groups", Endpoint::Groups, get(groups::groups)),
        (
            "/{course}/group_sets",
            Endpoint::GroupSets,
            get(groups::sets),
        ),
        (
            "/{course}/lineitems",
            Endpoint::LineItems,
            get(line_items::list).post(line_items::create),
        ),
        (
            "/{course}/lineitems/{item}/lineitem",
            Endpoint::LineItem,
            one,
        ),
        (
            "/{course}/lineitems/{item}/lineitem/scores",
            Endpoint::Scores,
            post(scores::score),
        ),
        (
            "/{course}/lineitems/{item}/lineitem/results",
            Endpoint::Results,
            get(scores::results),
        ),
    ];
    served
        .into_iter()
        .fold(Router::new(), |routes, (path, endpoint, methods)| {
            routes.route(
                &format!("{services}{path}"),
                observed(platform, endpoint, methods),
            )
        })
}

fn for_people() -> Routes {
    Router::new()
        .route("/", get(courses::home))
        .route("/style.css", get(style))
        .route("/tools/new", get(adding::new_tool))
        .route("/tools/dynamic", post(adding::register_tool))
        .route("/tools/manual", post(adding::add_tool))
        .route("/tools/{client_id}", get(tools::tool))
        .route("/tools/{client_id}/activate", post(tools::activate))
        .route("/launch", get(launching::launch))
        .route("/launch/{ticket}", get(launching::launch_ticket))
        .route("/frame", get(frames::chosen))
        .route("/frame/{ticket}", get(frames::prepared))
        .route("/storage.js", get(storage::script))
        .route("/dialog.js", get(chosen::script))
        .route(storage::FORWARDING, get(storage::forwarding))
        .route(storage::FOREIGN, get(storage::foreign))
        .route("/return", get(courses::returned))
        .route("/wire", get(wire::wire))
}
