//! `GET /portal/find`: the search field at the top of every page. It finds a reference, a platform
//! by name, host or client id, the ids of platforms, launches, deliveries and students, and a
//! student by what the LMS or the application calls them. A student who is the only one found is
//! opened by id, which keeps the name out of later addresses.

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use store::platform_list::{self, FoundPlatform, PlatformSearch};

use super::one::find as find_attempt;
use crate::directory::auth::WithApiKey;
use crate::directory::families::place_of;
use crate::kit::id::is_id;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::{Anyone, OfStudents};
use crate::portal::platforms::address_of;
use crate::portal::query::PageQuery;
use crate::portal::room::Portal;
use crate::portal::signed_in::SignedIn;
use crate::portal::students::people;
use crate::services::deliveries::api::{Viewer, list as deliveries};
use crate::studyreel::{StudentAnswer, StudentId, students};
use crate::web::problem::Problem;
use crate::web::redirect::see_other_here;
use crate::web::texts::portal_failures as texts;

/// How many platforms of each sort are shown.
const MOST_PLATFORMS: i64 = 10;

/// A platform that matches.
struct FoundLine {
    address: String,
    name: String,
    about: String,
}

impl From<FoundPlatform> for FoundLine {
    fn from(row: FoundPlatform) -> Self {
        Self {
            address: address_of(&row.id),
            about: format!("{} · {}", place_of(&row.issuer), row.client_id),
            name: row.name,
        }
    }
}

impl From<StudentAnswer> for FoundLine {
    fn from(student: StudentAnswer) -> Self {
        Self {
            address: format!("/portal/people/{}", student.id),
            name: people::name_of(&student),
            about: student.subject,
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

/// The page, or a redirect if exactly one thing was found.
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<Anyone>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let text = PageQuery::new(query).text("q").unwrap_or_default();
    if let Some(address) = one_thing(&portal, person, &text).await? {
        return Ok(see_other_here(&address)?);
    }
    let mut rows = Vec::new();
    if !text.is_empty() {
        let mut reader = portal.db.read().await?;
        for active in [true, false] {
            let search = PlatformSearch {
                active,
                text: Some(text.clone()),
                limit: MOST_PLATFORMS,
                ..PlatformSearch::default()
            };
            rows.extend(platform_list::page(&mut reader.tx(), &person.tool.id, &search).await?);
        }
    }
    let mut rows: Vec<FoundLine> = rows.into_iter().map(FoundLine::from).collect();
    if person.may_read::<OfStudents>() {
        let called = people::called(&portal, person, &text).await?;
        rows.extend(called.into_iter().map(FoundLine::from));
    }
    if let [only] = rows.as_slice() {
        return Ok(see_other_here(&only.address)?);
    }
    let says = texts::FIND_FOR.with("text", &*text);
    let frame = portal
        .frame(person, Nav::Nowhere, texts::FIND_TITLE)
        .await?;
    let page = FindPage {
        says: says.to(person.language).into_owned(),
        frame: &frame,
        rows,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// The address of the thing with this reference or id.
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
    if let Some(trace) = find_attempt(portal, person, text.to_owned()).await? {
        return Ok(Some(format!("/portal/failures/{}", trace.id)));
    }
    match is_id(text) {
        true => delivery_or_student(portal, person, text).await,
        false => Ok(None),
    }
}

async fn delivery_or_student(
    portal: &Portal,
    person: &Person,
    id: &str,
) -> Result<Option<String>, Problem> {
    let (desk, viewer) = (portal.deliveries.clone(), Viewer::Tool(person.tool.clone()));
    let delivery = deliveries::one(State(desk), viewer, Path(id.to_owned()));
    if let Some(Json(delivery)) = if_any(delivery.await)? {
        return Ok(Some(format!("/portal/deliveries/{}", delivery.id)));
    }
    if !person.may_read::<OfStudents>() {
        return Ok(None);
    }
    let (room, key) = (portal.studyreel.clone(), WithApiKey::granted(&person.tool));
    let student = students::one(State(room), key, StudentId(id.to_owned()));
    let student = if_any(student.await)?;
    Ok(student.map(|_| format!("/portal/people/{id}")))
}

/// The API's answer, or `None` for a 404.
fn if_any<T>(answer: Result<T, Problem>) -> Result<Option<T>, Problem> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(problem) if problem.status == StatusCode::NOT_FOUND => Ok(None),
        Err(problem) => Err(problem),
    }
}
