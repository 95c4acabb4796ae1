//! `/portal/settings?as=json` and `?as=toml`: every setting as JSON, to change, and what differs
//! from the defaults as a file. On the page of the form, both would make it too large (portal.md
//! PO-2).

use askama::Template;
use axum::http::StatusCode;

use crate::portal::form::FormErrors;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfSettings;
use crate::portal::room::Portal;
use crate::web::texts::{portal_pages as pages, portal_settings as texts};

/// The address of the page with the JSON.
pub(super) const JSON: &str = "/portal/settings?as=json";

#[derive(Template)]
#[template(path = "portal/settings_json.html")]
struct SettingsJsonPage<'a> {
    frame: &'a PortalFrame,
    may_change: bool,
    json: String,
    errors: FormErrors,
}

/// The settings as JSON, or what was typed and what is wrong with it.
pub(super) async fn json(
    portal: &Portal,
    person: &Person,
    (json, errors): (String, FormErrors),
    status: StatusCode,
) -> PortalAnswer {
    let frame = portal.frame(person, Nav::Tool, texts::EVERYTHING).await?;
    let page = SettingsJsonPage {
        frame: &frame,
        may_change: person.may_change::<OfSettings>(),
        json,
        errors,
    };
    portal.send(status, &frame, page)
}

#[derive(Template)]
#[template(path = "portal/settings_file.html")]
struct SettingsFilePage<'a> {
    frame: &'a PortalFrame,
    file: String,
}

/// The settings as a file.
pub(super) async fn file(portal: &Portal, person: &Person, file: String) -> PortalAnswer {
    let frame = portal.frame(person, Nav::Tool, texts::AS_FILE).await?;
    let page = SettingsFilePage {
        frame: &frame,
        file,
    };
    portal.send(StatusCode::OK, &frame, page)
}
