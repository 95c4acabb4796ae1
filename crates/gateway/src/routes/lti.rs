//! LTI's addresses, which learning platforms call, and the browsers that they send. Anyone may call
//! them, so each has its limits.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use super::Outermost;
use super::forms::FormRouter;
use crate::app::App;
use crate::directory::admission::{Entrance, Guard};
use crate::directory::{key_sets, logo};
use crate::lti13::{Lti13, astray, front, login, onward, receive, storage};
use crate::registration::{canvas, confirm, dynamic};
use crate::services::deep_linking;

/// A login initiation of 16 KiB (lti.md A-08), percent-encoded.
const LOGIN_BYTES: usize = 48 * 1024;
/// A launch: tokens with many custom variables are large (B-02).
const LAUNCH_BYTES: usize = 256 * 1024;

/// The routes, inside the layers that are `outermost`.
pub(super) fn router(app: &App, outermost: &Outermost) -> Router<App> {
    let guarded = |entrance: Entrance, routes: Router<App>| {
        let guard = Guard::new(app.admission.clone(), entrance);
        routes.route_layer((outermost.clone(), guard))
    };
    Router::new()
        .merge(guarded(Entrance::Login, logins().into()))
        .merge(guarded(Entrance::Launch, launches().into()))
        .merge(guarded(Entrance::KeySet, our_key_sets()))
        .merge(guarded(Entrance::Picture, logos()))
        .merge(guarded(Entrance::Registration, registrations(app)))
}

async fn no_head() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

fn logins() -> FormRouter {
    let login = get(login::start).post(login::start).head(no_head);
    FormRouter::up_to(LOGIN_BYTES)
        .route("/lti/login", login.clone())
        .route("/login", login)
        .route("/lti/login/go", get(onward::go).head(no_head))
        .route(
            "/lti/login/{platform}",
            get(login::start_at_platform)
                .post(login::start_at_platform)
                .head(no_head),
        )
}

/// Launches, and what their pages post on the way to the application or back to the platform.
fn launches() -> FormRouter {
    let launch = get(receive::visit).post(receive::receive).head(no_head);
    FormRouter::up_to(LAUNCH_BYTES)
        .route("/lti/launch", launch.clone())
        // LTIAAS's address for LTI 1.1, which is refused explicitly.
        .route("/lti/legacy/launch", launch)
        .route("/", get(front::visit).post(receive::receive).head(no_head))
        .route("/lti/launch/verify", post(storage::verify))
        .route(
            "/lti/deeplinking/cancel",
            get(deep_linking::ask)
                .post(deep_linking::cancel)
                .head(no_head),
        )
        .route("/lti/deeplinking/window", post(deep_linking::window))
        .route("/lti/deeplinking/frame", post(deep_linking::frame))
}

fn our_key_sets() -> Router<App> {
    Router::new()
        .route("/lti/keys", get(key_sets::of_tool))
        .route("/keys", get(key_sets::of_tool))
        .route("/lti/keys/{platform}", get(key_sets::of_platform))
}

fn logos() -> Router<App> {
    Router::new().route("/lti/logo/{name}", get(logo::picture))
}

fn registrations(app: &App) -> Router<App> {
    let register = get(dynamic::start).post(astray::posted).head(no_head);
    let register = FormRouter::up_to(LAUNCH_BYTES)
        .route("/lti/register", register.clone())
        .route("/register", register)
        .route(
            "/lti/register/{invite}",
            get(dynamic::start_invited)
                .post(astray::posted)
                .head(no_head),
        );
    let confirm =
        FormRouter::up_to(LAUNCH_BYTES).route("/lti/register/confirm", post(confirm::answer));
    Router::<App>::from(register)
        .route_layer(from_fn_with_state(
            <Arc<Lti13>>::from_ref(app),
            astray::visited,
        ))
        .merge(confirm)
        .route("/register/canvas", get(canvas::configuration))
        .route("/lti/register/canvas", get(canvas::configuration))
}
