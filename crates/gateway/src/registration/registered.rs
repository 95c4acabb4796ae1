//! The end of a registration: the page asks the LMS to close its window, and tells the
//! administrator what to do next.

use axum::http::HeaderValue;
use axum::response::Response;

use super::send::RegisteredPlatform;
use crate::directory::tools::Tool;
use crate::kit::clock::Random;
use crate::web::language::Language;
use crate::web::message::{Closes, Message};
use crate::web::page::{FormAction, Framing, Page};
use crate::web::texts::registration as texts;

/// Ends the LMS's dialogue, in the form in which LTIAAS passes it to the tool's own page.
pub(super) const CLOSE_SCRIPT: &str = "<script>(window.opener || window.parent).postMessage({subject:'org.imsglobal.lti.close'}, '*');</script>";

/// The page. It closes at once only if there is nothing left to do or to read; otherwise it waits
/// for a click (lti.md D-52).
pub(super) fn page(
    random: &Random,
    tool: &Tool,
    language: Language,
    frame_origins: &str,
    done: &RegisteredPlatform,
) -> Response {
    let name = tool.name_in(language);
    let page = Page {
        language,
        tool: tool.face_in(language),
        framing: Framing::Origin(frame_origins),
        form_action: FormAction::Ourselves,
    };
    let (title, what, next) = match (done.is_update, done.platform.active) {
        (true, true) => (texts::TITLE_UPDATED, texts::UPDATED, texts::STAYS_ACTIVE),
        (true, false) => (texts::TITLE_UPDATED, texts::UPDATED, texts::NEXT_OWNER),
        (false, true) => (texts::TITLE_DONE, texts::REGISTERED, texts::NEXT_SWITCH_ON),
        (false, false) => (texts::TITLE_DONE, texts::REGISTERED, texts::NEXT_OWNER),
    };
    let what = what.with("name", name).to(language);
    let mut paragraphs = vec![what.as_ref(), next.to(language)];
    if done.was_interrupted {
        paragraphs.push(texts::CUT_OFF.to(language));
    }
    paragraphs.push(texts::MAY_CLOSE.to(language));
    let message = Message {
        title: title.to(language),
        paragraphs,
        closes: if done.platform.active && !done.was_interrupted {
            Closes::AtOnce
        } else {
            Closes::OnClick
        },
        ..Message::default()
    };
    let mut response = message.send(random, page);
    // Brightspace opens this page in a separate tab and listens as its opener.
    response.headers_mut().insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("unsafe-none"),
    );
    response
}
