//! Every address of the service, grouped by caller.

mod around;
mod forms;
mod lti;
mod portal;
mod portal_pages;
mod studyreel;

use std::sync::Arc;

use axum::Router;
use axum::body::HttpBody;
use axum::extract::{DefaultBodyLimit, FromRef, Request};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, patch, post, put};

use crate::api_audit::{self, ApiAudit};
use crate::app::App;
use crate::ascode::api as ascode;
use crate::audit_log::api as audit_log;
use crate::backup::api as backup;
use crate::directory::api_keys::api as api_keys;
use crate::directory::api_keys::keyring::ApiKeys;
use crate::directory::api_keys::recheck::recheck;
use crate::directory::tool_api;
use crate::directory::{blocked, deployments, key_rotation, platforms_api, tools_api};
use crate::doctor::{api as doctor, launch_url};
use crate::health;
use crate::idempotency::{self, Idempotency};
use crate::launch::reservations::api as reservations;
use crate::launch::{id_token, service_keys};
use crate::openapi;
use crate::portal::users::{api as portal_users, invitations_api, sessions_api};
use crate::registration::{approval, invite, management, waiting_api};
use crate::services::deep_linking;
use crate::services::deliveries::api::{list as delivery_list, orders, reconcile};
use crate::services::deliveries::erase as delivery_erasure;
use crate::services::grades::{line_items, scores};
use crate::services::handles::{pin, score as handle_scores};
use crate::services::{groups, roster};
use crate::traces::api as traces;
use crate::usage::api as usage;
use crate::web::at_once::AtOnce;
use crate::web::detour::Detour;
use crate::webhooks::{api as webhooks, deliveries, event_list, replay, rotation, test_message};
use around::AllRequests;

/// Body limit for requests of the application.
const API_BYTES: usize = 256 * 1024;
/// Body limit for a tool's configuration as one document: room for 10,000 platforms with long
/// addresses.
const CODE_BYTES: usize = 16 * 1024 * 1024;

/// The layers around all routes. StudyReel's launches have one between these, to refuse in their
/// own format.
type Outermost = (AllRequests, AtOnce);

/// The whole service.
///
/// On its way to the handler, a request makes several copies of each service that axum made of a
/// `layer`, so layers that belong together are added together (decision 0507).
pub fn router(app: App) -> Router {
    let keyring = ApiKeys::from_ref(&app);
    let has_key = move |head: &Parts| keyring.has_key(head);
    let at_once = AtOnce::new(app.config.fixed.connections, app.clients.clone(), has_key);
    let of_changes = (
        from_fn_with_state(Arc::new(Idempotency::from_ref(&app)), idempotency::once),
        // Inside the idempotency layer: a repeated answer changes nothing.
        from_fn_with_state(Arc::new(ApiAudit::from_ref(&app)), api_audit::note),
        from_fn_with_state(ApiKeys::from_ref(&app), recheck),
        DefaultBodyLimit::max(API_BYTES),
    );
    let outermost: Outermost = (AllRequests::of(&app), at_once);
    let api = Router::new()
        .merge(for_the_application())
        .merge(for_operators())
        .merge(studyreel::router())
        .layer((outermost.clone(), Detour::when(may_change, of_changes)));
    let pages = Router::new()
        .merge(openapi::router())
        .merge(portal::router(&app))
        .layer(outermost.clone());
    // Unknown addresses get the format of the router merged last.
    studyreel::launches(&app, &outermost)
        .merge(lti::router(&app, &outermost))
        .merge(api)
        .merge(pages)
        .with_state(app)
}

/// Whether a request of the API may change something: all others are GET or HEAD, without a body.
fn may_change(request: &Request) -> bool {
    !matches!(*request.method(), Method::GET | Method::HEAD) || !request.body().is_end_stream()
}

/// For the application behind us, with an API key and an `ltik`, or a service key.
fn for_the_application() -> Router<App> {
    Router::new()
        .route("/api/idtoken", get(id_token::get))
        .route("/api/deeplinking", post(deep_linking::message))
        // An older name.
        .route("/api/deeplinking/message", post(deep_linking::message))
        .route("/api/deeplinking/form", post(deep_linking::form))
        .route("/api/deeplinking/reservations", get(reservations::list))
        .route(
            "/api/deeplinking/reservations/{handle}",
            get(reservations::one).delete(reservations::release),
        )
        .route("/api/memberships", get(roster::list))
        .route(
            "/api/memberships/sync",
            get(roster::sync::state).post(roster::sync::sync),
        )
        .route(
            "/api/deliveries",
            get(delivery_list::list).delete(delivery_erasure::erase),
        )
        .route("/api/deliveries/retry", post(orders::retry_all))
        .route("/api/deliveries/reconcile", post(reconcile::reconcile))
        .route("/api/deliveries/{id}", get(delivery_list::one))
        .route("/api/deliveries/{id}/retry", post(orders::retry))
        .route("/api/deliveries/{id}/cancel", post(orders::cancel))
        .route("/api/scores", post(handle_scores::send))
        .route("/api/events", get(event_list::list))
        .route("/api/events/{id}", get(event_list::one))
        .route("/api/groups", get(groups::list))
        .route("/api/groups/sets", get(groups::sets))
        .route(
            "/api/lineitems",
            get(line_items::list).post(line_items::create),
        )
        // An id is an address, which can be written in several ways, so it may contain slashes.
        // `/scores` or `/handle` at its end selects these.
        .route(
            "/api/lineitems/{*id}",
            get(scores::get)
                .post(scores::send)
                .put(pin::put)
                .delete(line_items::delete),
        )
}

/// Platforms and everything that belongs to one. LTIAAS's clients know them under another prefix.
fn platforms(prefix: &str) -> Router<App> {
    Router::new()
        .route(prefix, get(platforms_api::list).post(platforms_api::create))
        .route(
            &format!("{prefix}/{{id}}"),
            get(platforms_api::read)
                .put(platforms_api::replace)
                .delete(platforms_api::removing::delete),
        )
        .route(
            &format!("{prefix}/{{id}}/activate"),
            post(platforms_api::activate),
        )
        .route(
            &format!("{prefix}/{{id}}/deactivate"),
            post(platforms_api::deactivate),
        )
        .route(&format!("{prefix}/{{id}}/check"), post(doctor::check))
        .route(&format!("{prefix}/{{id}}/keys"), get(key_rotation::list))
        .route(
            &format!("{prefix}/{{id}}/keys/rotate"),
            post(key_rotation::order),
        )
        .route(
            &format!("{prefix}/{{id}}/registration"),
            get(management::read).put(management::update),
        )
        .route(
            &format!("{prefix}/{{id}}/deployments"),
            get(deployments::list).post(deployments::create),
        )
        .route(
            &format!("{prefix}/{{id}}/deployments/{{deployment}}"),
            patch(deployments::change).delete(deployments::delete),
        )
        .route(&format!("{prefix}/{{id}}/blocked"), get(blocked::list))
        .route(
            &format!("{prefix}/{{id}}/blocked/{{user}}"),
            put(blocked::block).delete(blocked::unblock),
        )
}

async fn no_head() -> StatusCode {
    StatusCode::METHOD_NOT_ALLOWED
}

/// The webhooks, and what they were sent.
fn webhooks() -> Router<App> {
    Router::new()
        .route(
            "/admin/webhooks",
            get(webhooks::list).post(webhooks::create),
        )
        .route(
            "/admin/webhooks/{id}",
            patch(webhooks::change).delete(webhooks::delete),
        )
        .route("/admin/webhooks/{id}/deliveries", get(deliveries::list))
        .route("/admin/webhooks/{id}/test", post(test_message::test))
        .route("/admin/webhooks/{id}/rotate", post(rotation::rotate))
        .route("/admin/webhooks/{id}/replay", post(replay::replay))
}

/// Who may sign in to the portal.
fn users_of_the_portal() -> Router<App> {
    Router::new()
        .route("/admin/portal/users", get(portal_users::list))
        .route(
            "/admin/portal/users/{id}",
            patch(portal_users::change).delete(portal_users::remove),
        )
        .route(
            "/admin/portal/users/{id}/sessions",
            get(sessions_api::list).delete(sessions_api::end_all),
        )
        .route(
            "/admin/portal/users/{id}/sessions/{session}",
            axum::routing::delete(sessions_api::end_one),
        )
        .route(
            "/admin/portal/invitations",
            get(invitations_api::list).post(invitations_api::create),
        )
        .route(
            "/admin/portal/invitations/{id}",
            axum::routing::delete(invitations_api::withdraw),
        )
}

/// For operators and their automation, with an API key.
fn for_operators() -> Router<App> {
    Router::new()
        .merge(webhooks())
        .merge(users_of_the_portal())
        .merge(platforms("/admin/platforms"))
        .merge(platforms("/api/platforms"))
        .route("/api/registrations/{id}", get(approval::read))
        .route("/api/registrations/{id}/complete", post(approval::complete))
        // In the spelling of LTIAAS's guide.
        .route(
            "/api/registrations/{id}/cpomplete",
            post(approval::complete),
        )
        .route("/admin/waiting", get(waiting_api::list))
        .route("/admin/waiting/{id}/approve", post(waiting_api::approve))
        .route("/admin/invites", get(invite::list).post(invite::create))
        .route("/admin/invites/{id}", axum::routing::delete(invite::delete))
        .route(
            "/admin/api-keys",
            get(api_keys::list).post(api_keys::create),
        )
        .route(
            "/admin/api-keys/{id}",
            axum::routing::delete(api_keys::revoke),
        )
        .route("/admin/service-keys", get(service_keys::list))
        .route(
            "/admin/service-keys/{id}",
            axum::routing::delete(service_keys::revoke),
        )
        .route("/admin/traces", get(traces::list))
        .route("/admin/traces/{id}", get(traces::one))
        .route("/admin/usage", get(usage::read_usage))
        .route("/admin/audit", get(audit_log::list))
        .route("/admin/audit/export", get(audit_log::export))
        .route("/admin/audit/check", get(audit_log::check))
        // A HEAD request must not make a copy.
        .route("/admin/backup", get(backup::download).head(no_head))
        .route("/admin/tool", get(tool_api::read).patch(tool_api::change))
        .route("/admin/tool/launch-url/test", post(launch_url::test))
        .route("/admin/export", get(ascode::read))
        .route(
            "/admin/apply",
            post(ascode::apply).layer(DefaultBodyLimit::max(CODE_BYTES)),
        )
        .route("/admin/tools", get(tools_api::list).post(tools_api::create))
        .route(
            "/admin/tools/{id}",
            patch(tools_api::change).delete(tools_api::delete),
        )
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
}
