//! For a developer's machine without https: WebKit drops `Secure` cookies there, and sends the
//! remaining one, which is `Lax`, only with forms posted by our own pages. So a launch that arrives
//! without any cookies is posted again from one of our pages.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;

use super::begun::{self, Begun};
use super::cookies;
use super::form::Form;
use super::room::Lti13;
use super::shown_in::ShownIn;
use crate::web::language::{Language, wants_page};
use crate::web::page::{self, FormAction, Framing, Page, Shell};
use crate::web::texts::{launch as texts, page as common};

/// The query of a launch that was posted again.
const QUERY: &str = "once_more";

#[derive(Template)]
#[template(path = "once_more.html")]
struct OnceMore<'a> {
    shell: Shell<'a>,
    form: &'a Form,
    query: &'static str,
}

/// Whether posting the launch again may bring its cookie along.
pub(super) fn may_help(room: &Lti13, begun: &Begun, headers: &HeaderMap, query: &str) -> bool {
    let by_person = match ShownIn::of(headers) {
        ShownIn::Window => true,
        ShownIn::Unknown => wants_page(headers),
        // Inside another site's page, no `Lax` cookie is sent.
        ShownIn::Frame => false,
    };
    by_person
        && cookies::is_webkit(headers)
        && room.public_url.is_developer_mode()
        && query != QUERY
        && begun::cookie(room, &begun.state, headers).is_none()
}

/// The page that posts it again.
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
