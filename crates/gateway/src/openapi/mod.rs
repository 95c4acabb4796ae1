//! The API as a document: OpenAPI 3.1, made from the handlers and their types, at `/openapi.json`,
//! and a page for reading it at `/docs` (docs/decisions/0081-the-api-describes-itself.md).
//!
//! Handlers describe what is specific to them (`#[utoipa::path]`); [`complete`] adds what many have
//! in common. The document is pinned in `crates/gateway/openapi.json`, and the HTTP tests check
//! every answer against it.

mod complete;
mod page;

use std::sync::LazyLock;

use ::studyreel::{DocumentedAnswer, MagicLinkAnswer, MagicLinkRefusal, OurRefusal};
use axum::Router;
use axum::body::Bytes;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use utoipa::OpenApi;

use crate::kit::media_type::JSON;
use crate::kit::seal;
use crate::studyreel::StudentMember;
use crate::web::error_answer::ErrorAnswer;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hallpass",
        description = "The gateway between learning platforms and an education application. The application asks who \
                       came and what they may do; operators manage platforms, settings and students. Both send an API \
                       key, and both get JSON: absent values are left out of answers, and a null in a request counts \
                       as absent unless its description says otherwise.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    servers((url = "/", description = "The installation that serves this document")),
    tags(
        (name = "Application: launches", description = "For the application's back end, with the `ltik` that a launch brought to it."),
        (name = "Application: services", description = "The platform's services: rosters, grades and groups. With the `ltik` of a launch, or after it with the service key that the launch brought."),
        (name = "Application: deliveries", description = "Scores on their way: whether they have arrived, and why not."),
        (name = "Application: registrations", description = "For an application that approves new platforms on a page of its own."),
        (name = "Application: students", description = "Students who came from StudyReel."),
        (name = "Application: events", description = "What happened, for applications that ask instead of being told."),
        (name = "Operator: platforms", description = "Registered platforms: what they may do, and the keys they know us by."),
        (name = "Operator: tool", description = "The tool's settings, API keys, invitations, traces, usage and audit log."),
        (name = "Operator: portal", description = "Who may sign in to the tool's portal, and as what. No API key makes, changes or removes an owner."),
        (name = "Operator: tools", description = "Several tools in one installation, each found by its host name."),
        (name = "Operator: events", description = "Webhooks: addresses that events are sent to."),
        (name = "Operator: StudyReel", description = "What StudyReel is told of the tool, and where its students are placed."),
        (name = "Platform: LTI", description = "What learning platforms and the browsers they send call. Answers to browsers are pages and redirects."),
        (name = "Platform: StudyReel", description = "Launches from StudyReel and its dialects."),
        (name = "Monitoring", description = "For load balancers."),
    ),
    paths(
        crate::launch::id_token::get,
        crate::services::deep_linking::message,
        crate::services::deep_linking::form,
        crate::launch::reservations::api::list,
        crate::launch::reservations::api::one,
        crate::launch::reservations::api::release,
        crate::services::roster::list,
        crate::services::roster::sync::sync,
        crate::services::roster::sync::state,
        crate::services::groups::list,
        crate::services::groups::sets,
        crate::services::grades::line_items::list,
        crate::services::grades::line_items::create,
        crate::services::grades::line_items::read,
        crate::services::grades::line_items::replace,
        crate::services::grades::line_items::delete,
        crate::services::grades::scores::results,
        crate::services::grades::scores::send,
        crate::services::handles::score::send,
        crate::services::handles::pin::pin,
        crate::services::deliveries::api::list::list,
        crate::services::deliveries::api::list::one,
        crate::services::deliveries::api::orders::retry,
        crate::services::deliveries::api::orders::cancel,
        crate::services::deliveries::api::orders::retry_all,
        crate::services::deliveries::api::reconcile::reconcile,
        crate::services::deliveries::erase::erase,
        crate::launch::service_keys::list,
        crate::launch::service_keys::revoke,
        crate::directory::platforms_api::list,
        crate::directory::platforms_api::create,
        crate::directory::platforms_api::read,
        crate::directory::platforms_api::replace,
        crate::directory::platforms_api::removing::delete,
        crate::directory::platforms_api::activate,
        crate::directory::platforms_api::deactivate,
        crate::doctor::api::check,
        crate::directory::key_rotation::list,
        crate::directory::key_rotation::order,
        crate::directory::deployments::list,
        crate::directory::deployments::create,
        crate::directory::deployments::change,
        crate::directory::deployments::delete,
        crate::directory::blocked::list,
        crate::directory::blocked::block,
        crate::directory::blocked::unblock,
        crate::directory::api_keys::api::list,
        crate::directory::api_keys::api::create,
        crate::directory::api_keys::api::revoke,
        crate::directory::tool_api::read,
        crate::directory::tool_api::change,
        crate::doctor::launch_url::test,
        crate::portal::users::api::list,
        crate::portal::users::api::change,
        crate::portal::users::api::remove,
        crate::portal::users::sessions_api::list,
        crate::portal::users::sessions_api::end_all,
        crate::portal::users::sessions_api::end_one,
        crate::portal::users::invitations_api::list,
        crate::portal::users::invitations_api::create,
        crate::portal::users::invitations_api::withdraw,
        crate::ascode::api::read,
        crate::ascode::api::apply,
        crate::directory::tools_api::list,
        crate::directory::tools_api::create,
        crate::directory::tools_api::change,
        crate::directory::tools_api::delete,
        crate::backup::api::download,
        crate::directory::key_sets::of_tool,
        crate::directory::key_sets::of_platform,
        crate::lti13::login::start,
        crate::lti13::login::start_at_platform,
        crate::lti13::receive::receive,
        crate::studyreel::students::list,
        crate::studyreel::students::one,
        crate::studyreel::student_changes::change,
        crate::studyreel::student_changes::erase,
        crate::studyreel::student_subject::change,
        crate::studyreel::owner::read,
        crate::studyreel::paths::api::list,
        crate::studyreel::paths::api::one,
        crate::studyreel::paths::api::create,
        crate::studyreel::paths::api::replace,
        crate::studyreel::paths::api::delete,
        crate::studyreel::preview::preview,
        crate::studyreel::receive::plain,
        crate::studyreel::receive::capable,
        crate::registration::dynamic::start,
        crate::registration::dynamic::start_invited,
        crate::registration::canvas::configuration,
        crate::registration::approval::read,
        crate::registration::approval::complete,
        crate::registration::waiting_api::list,
        crate::registration::waiting_api::approve,
        crate::registration::invite::create,
        crate::registration::invite::list,
        crate::registration::invite::delete,
        crate::registration::management::read,
        crate::registration::management::update,
        crate::webhooks::event_list::list,
        crate::webhooks::event_list::one,
        crate::webhooks::api::list,
        crate::webhooks::api::create,
        crate::webhooks::api::change,
        crate::webhooks::api::delete,
        crate::webhooks::test_message::test,
        crate::webhooks::rotation::rotate,
        crate::webhooks::replay::replay,
        crate::webhooks::deliveries::list,
        crate::health::alive,
        crate::health::ready,
        crate::traces::api::list,
        crate::traces::api::one,
        crate::usage::api::read_usage,
        crate::audit_log::api::list,
        crate::audit_log::api::export,
        crate::audit_log::api::check,
    ),
    components(schemas(
        ErrorAnswer,
        DocumentedAnswer,
        OurRefusal,
        MagicLinkAnswer,
        MagicLinkRefusal,
        StudentMember,
    )),
)]
struct Document;

/// The whole document.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| complete::complete(&Document::openapi()));
    &DOCUMENT
}

/// [`document`] as text, the way it is served and pinned.
pub fn document_text() -> String {
    let mut text = format!("{:#}", document());
    text.push('\n');
    text
}

/// The document and its page. Neither reveals more than the source does, so both are public.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/openapi.json", get(openapi_json))
        .route("/docs", get(docs))
}

/// A response that stays the same while the process runs.
struct PreparedText {
    body: Bytes,
    tag: HeaderValue,
}

impl PreparedText {
    fn new(text: String) -> Self {
        let hash = URL_SAFE_NO_PAD.encode(seal::hash(&["document", &text]));
        Self {
            body: text.into(),
            tag: HeaderValue::from_str(&format!("\"{hash}\""))
                .unwrap_or(HeaderValue::from_static("\"\"")),
        }
    }

    fn answer(&self, asked: &HeaderMap, headers: &[(HeaderName, HeaderValue)]) -> Response {
        let mut response = if asked.get(IF_NONE_MATCH) == Some(&self.tag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            self.body.clone().into_response()
        };
        let own = response.headers_mut();
        own.remove(CONTENT_TYPE);
        own.insert(ETAG, self.tag.clone());
        // Not cached for long: the service may be updated.
        own.insert(
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=300"),
        );
        own.extend(headers.iter().cloned());
        response
    }
}

async fn openapi_json(headers: HeaderMap) -> Response {
    static TEXT: LazyLock<PreparedText> = LazyLock::new(|| PreparedText::new(document_text()));
    let json = HeaderValue::from_static(JSON);
    TEXT.answer(&headers, &[(CONTENT_TYPE, json)])
}

async fn docs(headers: HeaderMap) -> Response {
    static PAGE: LazyLock<PreparedText> =
        LazyLock::new(|| PreparedText::new(page::render(document())));
    PAGE.answer(
        &headers,
        &[
            (
                CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            ),
            (CONTENT_SECURITY_POLICY, page::policy()),
            (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        ],
    )
}
