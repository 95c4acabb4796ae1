//! The portal's addresses: pages, and what their forms post to.

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};

use super::forms::{FORM_BYTES, FormRouter};
use crate::api_audit::{self, ApiAudit};
use crate::app::App;
use crate::directory::admission::{Entrance, Guard};
use crate::portal::home::{self, decide};
use crate::portal::provider::{begin, callback, connection};
use crate::portal::users::{self, invite, user};
use crate::portal::{
    account, assets, astray, audit, backup, confirm, second_step, sign_in, trial, welcome,
};

pub(super) fn router(app: &App) -> Router<App> {
    let guard = Guard::new(app.admission.clone(), Entrance::Portal);
    let changes = Arc::new(ApiAudit::from_ref(app));
    let pages = outside()
        .merge(home_page())
        .merge(own_account())
        .merge(access())
        .merge(super::portal_pages::router());
    Router::<App>::from(pages)
        .method_not_allowed_fallback(astray::not_taken)
        .route("/portal/{*rest}", any(astray::nowhere))
        // Anyone may send requests, with any cookie.
        .route_layer((guard, from_fn_with_state(changes, api_audit::begin_form)))
        .route("/portal/assets/{name}", get(assets::asset))
}

/// Addresses for people who are not signed in.
fn outside() -> FormRouter {
    FormRouter::up_to(FORM_BYTES)
        .route("/portal/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/portal/sign-in/code", post(second_step::answer))
        .route("/portal/sign-out", post(sign_in::sign_out))
        .route("/portal/oidc/sign-in", get(begin::sign_in))
        .route("/portal/oidc/callback", get(callback::callback))
        .route(
            "/portal/welcome/{code}",
            get(welcome::form).post(welcome::accept),
        )
}

fn home_page() -> FormRouter {
    FormRouter::up_to(FORM_BYTES)
        .route("/portal", get(home::home))
        .route("/portal/waiting/{platform}", post(decide::platform))
        .route(
            "/portal/waiting/{platform}/deployment",
            post(decide::deployment),
        )
        .route("/portal/launch-url", post(decide::launch_url))
        .route("/portal/launch-url/test", post(trial::answers::test))
        .route("/portal/trial", post(trial::page::launch))
        .route("/portal/trial/remove", post(trial::page::remove))
}

fn own_account() -> FormRouter {
    FormRouter::up_to(FORM_BYTES)
        .route("/portal/confirm", get(confirm::form).post(confirm::answer))
        .route("/portal/confirm/oidc", get(begin::confirm))
        .route("/portal/account", get(account::page))
        .route("/portal/account/oidc", post(begin::connect))
        .route(
            "/portal/account/oidc/disconnect",
            get(connection::ask).post(connection::disconnect),
        )
        .route("/portal/account/password", post(account::set_password))
        .route(
            "/portal/account/second-step",
            post(account::new_second_step),
        )
        .route(
            "/portal/account/second-step/on",
            post(account::second_step_on),
        )
        .route(
            "/portal/account/second-step/off",
            get(account::ask_second_step_off).post(account::second_step_off),
        )
        .route(
            "/portal/account/sessions/end-others",
            post(account::end_others),
        )
        .route(
            "/portal/account/sessions/{id}/end",
            post(account::end_session),
        )
}

/// Who may sign in, and who changed what.
fn access() -> FormRouter {
    FormRouter::up_to(FORM_BYTES)
        .route("/portal/users", get(users::list).post(invite::invite))
        .route("/portal/users/links/{id}/withdraw", post(invite::withdraw))
        .route("/portal/users/{id}", get(user::one))
        .route("/portal/users/{id}/role", post(user::set_role))
        .route(
            "/portal/users/{id}/remove",
            get(user::ask).post(user::remove),
        )
        .route("/portal/users/{id}/end-sessions", post(user::end_sessions))
        .route("/portal/users/{id}/new-password", post(user::new_password))
        .route("/portal/backup", post(backup::download))
        .route("/portal/audit", get(audit::page::list))
        .route("/portal/audit/check", get(audit::page::check))
        .route("/portal/audit/export", post(audit::export::export))
}
