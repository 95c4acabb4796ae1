//! `/portal/paths?change=`: a learning path as JSON, to change. On the page of all paths, every
//! path's JSON would make it too large (portal.md PO-2).

use askama::Template;
use axum::http::StatusCode;

use crate::portal::form::FormErrors;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::room::Portal;
use crate::web::texts::{portal_pages as pages, portal_students as texts};

/// What the page shows.
pub(super) struct ChangedPath {
    pub(super) id: String,
    pub(super) title: String,
    /// The stored path, or what was typed.
    pub(super) json: String,
    pub(super) errors: FormErrors,
}

#[derive(Template)]
#[template(path = "portal/path.html")]
struct PathPage<'a> {
    frame: &'a PortalFrame,
    path: &'a ChangedPath,
    errors: &'a FormErrors,
}

pub(super) async fn send(
    portal: &Portal,
    person: &Person,
    path: ChangedPath,
    status: StatusCode,
) -> PortalAnswer {
    let frame = portal.frame(person, Nav::Paths, texts::PATHS).await?;
    let page = PathPage {
        frame: &frame,
        errors: &path.errors,
        path: &path,
    };
    portal.send(status, &frame, page)
}
