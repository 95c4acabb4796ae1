//! A developer's machine without https: WebKit drops `Secure` cookies there, and sends the one that is left, which is `Lax`,
//! only with what our own pages post. So a launch that comes without any is posted once more, from a page of ours.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;

use super::begun::{self, Begun};
use super::cookies;
use super::form::Form;
use super::place::ShownIn;
use super::room::Lti13;
use crate::web::language::{Language, wants_page};
use crate::web::page::{self, FormAction, Framing, Page, Shell};
use crate::web::texts::{launch as texts, page as common};

/// The query of a launch that was posted once more.
const QUERY: &str = "once_more";

#[derive(Template)]
#[template(path = "once_more.html")]
struct OnceMore<'a> {
    shell: Shell<'a>,
    form: &'a Form,
    query: &'static str,
}

/// Whether posting the launch once more may bring its cookie along.
pub(super) fn may_help(room: &Lti13, begun: &Begun, headers: &HeaderMap, query: &str) -> bool {
    let by_person = match ShownIn::of(headers) {
        ShownIn::Window => true,
        ShownIn::Unknown => wants_page(headers),
        // A page of another site is around it: no cookie that is `Lax` comes along.
        ShownIn::Frame => false,
    };
    by_person
        && cookies::is_webkit(headers)
        && room.public_url.is_developer_mode()
        && query != QUERY
        && begun::cookie(room, &begun.state, headers).is_none()
}

/// The page that posts it.
pub(super) fn page(room: &Lti13, begun: &Begun, form: &Form, headers: &HeaderMap) -> Response {
    let tool = room.tools.by_id(&begun.platform.tool_id);
    let language = Language::accepted(headers);
    let page = Page {
        language,
        tool: tool
            .as_deref()
            .map(|tool| tool.face_in(language))
            .unwrap_or_default(),
        framing: Framing::Anyone,
        form_action: FormAction::Anywhere,
    };
    page::html(&room.random, page, |shell| {
        OnceMore {
            shell,
            form,
            query: QUERY,
        }
        .render()
    })
}
