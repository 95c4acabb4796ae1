//! `POST /api/deeplinking`: the application's answer to a platform that requested content
//! (ltiaas-api.md §2.3, lti.md E).
//!
//! The launch itself is the pending request: it stores the return address and `data`, and its
//! `ltik` identifies it (E-04). An answer is checked completely before the request is used up, so
//! that a wrong one can be corrected; and the request is used up before anything is signed (E-15).
//! Handles of its items are reserved before all of that, and given back on failure.

mod answer;
mod asked;
mod body;
mod cancel;
mod form;
mod refusal;
mod reserved;
mod returning;
mod signed;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;

use crate::directory::platforms::Platforms;
use crate::directory::tools::Tools;
use crate::keys::ours::OurKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::seal::Sealer;
use crate::launch::{Launches, Ltiks, WithLtik};
use crate::settings::public_url::PublicUrl;
use crate::web::problem::Problem;

use answer::{FormAnswer, MessageAnswer};
use body::AnswerBody;
pub(crate) use cancel::{ask, cancel};
pub(crate) use refusal::RULES;
pub(crate) use returning::{frame, window};

/// Answers deep linking requests. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct DeepLinking {
    /// The requests.
    pub launches: Launches,
    /// Signs the answers.
    pub our_keys: OurKeys,
    /// Time.
    pub clock: Clock,
    /// For nonces.
    pub random: Random,
    /// The base URL for resource links.
    pub public_url: PublicUrl,
    /// The tools that launches belong to.
    pub tools: Tools,
    /// The platforms they come from.
    pub platforms: Platforms,
    /// Checks who may cancel.
    pub ltiks: Ltiks,
    /// Seals the destination of messages that return through a frame.
    pub tickets: Sealer,
}

/// Signs the chosen content as a message.
///
/// For applications that send the person's browser to the platform themselves: make it POST the
/// message to `target`, in the form field `JWT`. A launch can be answered once, within two hours; a
/// refused answer doesn't count. An empty list of items cancels the selection.
#[utoipa::path(
    post, path = "/api/deeplinking", tag = "Application: launches", operation_id = "answerDeepLinking",
    security(("ltik" = ["services"])),
    request_body = AnswerBody,
    responses(
        (status = 200, description = "The message, and where it goes.", body = MessageAnswer),
        (status = 400, description = "`MISSING_CONTENT_ITEMS`, `INVALID_CONTENT_ITEMS`: an item is not as the specification wants it. \
            `CONTENT_ITEMS_NOT_ACCEPTED`: the platform doesn't take such items. `errors` lists each wrong member."),
        (status = 403, description = "`SERVICE_NOT_AVAILABLE_FOR_CONTEXT`: the launch doesn't ask for content. \
            `INACTIVE_SERVICE`: the tool's settings have deep linking switched off."),
        (status = 409, description = "`DEEP_LINKING_ALREADY_ANSWERED`: the launch was answered before.\n\
            `ALREADY_SELECTED`: content with this `handle` was chosen in the course before; `handle` names it."),
        (status = 410, description = "`DEEP_LINKING_EXPIRED`: the launch is more than two hours old."),
    ),
)]
pub(crate) async fn message(
    State(room): State<DeepLinking>,
    with: WithLtik,
    body: Bytes,
) -> Result<Json<MessageAnswer>, Problem> {
    let signed = room.answer(&with, &body).await?;
    Ok(Json(MessageAnswer::from(signed)))
}

/// Signs the chosen content as a form that submits itself.
///
/// Append the form to the page in the person's browser. Otherwise the same as
/// `POST /api/deeplinking`.
#[utoipa::path(
    post, path = "/api/deeplinking/form", tag = "Application: launches", operation_id = "answerDeepLinkingByForm",
    security(("ltik" = ["services"])),
    request_body = AnswerBody,
    responses(
        (status = 200, description = "The form.", body = FormAnswer),
        (status = 400, description = "`MISSING_CONTENT_ITEMS`, `INVALID_CONTENT_ITEMS`, `CONTENT_ITEMS_NOT_ACCEPTED`: see \
            `POST /api/deeplinking`."),
        (status = 403, description = "`SERVICE_NOT_AVAILABLE_FOR_CONTEXT`, `INACTIVE_SERVICE`: see `POST /api/deeplinking`."),
        (status = 409, description = "`DEEP_LINKING_ALREADY_ANSWERED`, `ALREADY_SELECTED`: see `POST /api/deeplinking`."),
        (status = 410, description = "`DEEP_LINKING_EXPIRED`: the launch is more than two hours old."),
    ),
)]
pub(crate) async fn form(
    State(room): State<DeepLinking>,
    with: WithLtik,
    body: Bytes,
) -> Result<Json<FormAnswer>, Problem> {
    let signed = room.answer(&with, &body).await?;
    Ok(Json(FormAnswer::from(signed)))
}
