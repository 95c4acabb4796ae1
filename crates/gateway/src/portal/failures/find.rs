//! `GET /portal/find`: the field on top of every page. It finds a reference, a platform by name, host or client id, and the
//! ids of platforms and launches. People are looked for on their own page, which keeps names out of addresses.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use store::platform_list::{self, FoundPlatform, PlatformSearch};

use super::one::find as find_attempt;
use crate::kit::id::is_id;
use crate::portal::families::host_of;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::{PortalAnswer, onward};
use crate::portal::people::person::Person;
use crate::portal::people::rights::Anyone;
use crate::portal::platforms::address_of;
use crate::portal::query::PageQuery;
use crate::portal::room::Portal;
use crate::portal::signed_in::SignedIn;
use crate::web::problem::Problem;
use crate::web::texts::portal_failures as texts;

/// Platforms that are shown of each sort.
const MOST: i64 = 10;

/// A platform that fits.
struct FoundLine {
    address: String,
    name: String,
    about: String,
}

impl From<FoundPlatform> for FoundLine {
    fn from(row: FoundPlatform) -> Self {
        Self {
            address: address_of(&row.id),
            about: format!("{} · {}", host_of(&row.issuer), row.client_id),
            name: row.name,
        }
    }
}

#[derive(Template)]
#[template(path = "portal/find.html")]
struct FindPage<'a> {
    frame: &'a PortalFrame,
    says: String,
    rows: Vec<FoundLine>,
}

/// The page, or straight to what was found if it is one thing.
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<Anyone>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let text = PageQuery::new(query).text("q").unwrap_or_default();
    if let Some(address) = one_thing(&portal, person, &text).await? {
        return Ok(onward(&address)?);
    }
    let mut rows = Vec::new();
    if !text.is_empty() {
        let mut reader = portal.db.read().await?;
        for active in [true, false] {
            let search = PlatformSearch {
                active,
                text: Some(text.clone()),
                limit: MOST,
                ..PlatformSearch::default()
            };
            rows.extend(platform_list::page(&mut reader.tx(), &person.tool.id, &search).await?);
        }
    }
    if let [only] = rows.as_slice() {
        return Ok(onward(&address_of(&only.id))?);
    }
    let says = texts::FIND_FOR.with("text", text);
    let frame = portal
        .frame(person, Nav::Nowhere, texts::FIND_TITLE)
        .await?;
    let page = FindPage {
        says: says.to(person.language).into_owned(),
        rows: rows.into_iter().map(FoundLine::from).collect(),
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// The address of the one thing that has this reference or id.
async fn one_thing(
    portal: &Portal,
    person: &Person,
    text: &str,
) -> Result<Option<String>, Problem> {
    if is_id(text)
        && let Some(platform) = portal.directory.platforms.by_id(text).await?
        && platform.tool_id == person.tool.id
    {
        return Ok(Some(address_of(&platform.id)));
    }
    let is_reference = text.len() == 10 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if !is_reference && !is_id(text) {
        return Ok(None);
    }
    let trace = find_attempt(portal, person, text.to_owned()).await?;
    Ok(trace.map(|trace| format!("/portal/failures/{}", trace.id)))
}
