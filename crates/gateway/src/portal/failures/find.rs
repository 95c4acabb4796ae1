//! `/portal/find`: the search field at the top of every page. It finds a reference, a platform by
//! name, host or client id, the ids of platforms, launches, deliveries and students, and a student
//! by what the LMS or the application calls them. The field is a form, and no address names what
//! was typed (docs/decisions/0508-a-search-stays-out-of-addresses.md).

use askama::Template;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
use crate::portal::query::{PageQuery, address, typed};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::portal::students::people;
use crate::services::deliveries::api::{Viewer, list as deliveries};
use crate::studyreel::{StudentAnswer, StudentId, students};
use crate::web::form::field;
use crate::web::problem::Problem;
use crate::web::redirect::see_other_here;
use crate::web::texts::{Phrase, portal_failures as texts};

/// How many platforms of each sort are shown.
const MOST_PLATFORMS: i64 = 10;
const PATH: &str = "/portal/find";
/// The parameter with what the form sent, sealed for its session.
const SEALED: &str = "for";

/// What is searched for.
struct SearchFor {
    text: String,
    /// Whether the address shows it. Then no student is searched for by name.
    is_open: bool,
}

impl SearchFor {
    /// Reads an address; `None` if what is sealed there is damaged or another session's.
    fn read(portal: &Portal, person: &Person, query: Option<String>) -> Option<Self> {
        let sealed = field(query.as_deref().unwrap_or_default().as_bytes(), SEALED);
        let Some(sealed) = sealed else {
            let text = PageQuery::new(query).text("q").unwrap_or_default();
            return Some(Self {
                text,
                is_open: true,
            });
        };
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let text = portal
            .own
            .carried
            .open(&identity_of(person), &sealed)
            .ok()?;
        Some(Self {
            text: String::from_utf8(text).ok()?,
            is_open: false,
        })
    }
}

/// What a search is sealed for.
fn identity_of(person: &Person) -> String {
    format!("search/{}", person.session_id)
}

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
    /// Whether the text looks like a reference: failures that were only counted have one, too.
    is_reference: bool,
    /// Whether nothing was typed.
    is_empty: bool,
    /// Whether students were left out, because the address shows the text.
    omits_students: bool,
    rows: Vec<FoundLine>,
}

/// `POST`: leads to the page that searches. Its address has the text sealed, so that it can be
/// reloaded and gone back to like any other.
pub(crate) async fn search(State(portal): State<Portal>, form: PortalForm<Anyone>) -> PortalAnswer {
    let text = form.field("q").and_then(|text| typed(&text));
    let sealed = text.map(|text| {
        let identity = identity_of(&form.person);
        URL_SAFE_NO_PAD.encode(portal.own.carried.seal(&identity, text.as_bytes()))
    });
    let there = address(PATH, &[(SEALED, sealed.as_deref())]);
    Ok(see_other_here(&there)?)
}

/// The page, or a redirect if exactly one thing was found.
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<Anyone>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let Some(SearchFor { text, is_open }) = SearchFor::read(&portal, person, query) else {
        let (title, says) = (texts::NOT_FOUND_TITLE, Phrase::from(texts::FIND_ELSEWHERE));
        return portal
            .message(person, StatusCode::NOT_FOUND, title, [says])
            .await;
    };
    if let Some(address) = one_thing(&portal, person, &text).await? {
        return Ok(see_other_here(&address)?);
    }
    let mut rows = platforms_called(&portal, person, &text).await?;
    let may_see_students = person.may_read::<OfStudents>();
    if may_see_students && !is_open {
        let called = people::called(&portal, person, &text).await?;
        rows.extend(called.into_iter().map(FoundLine::from));
    }
    if let [only] = rows.as_slice() {
        return Ok(see_other_here(&only.address)?);
    }
    let (title, says) = match rows.is_empty() {
        true => (texts::NOT_FOUND_TITLE, texts::FIND_NOTHING_FOR),
        false => (texts::FIND_TITLE, texts::FIND_FOR),
    };
    let says = says.with("text", &*text);
    let frame = portal.frame(person, Nav::Nowhere, title).await?;
    let page = FindPage {
        says: says.to(person.language).into_owned(),
        is_reference: is_reference(&text),
        is_empty: text.is_empty(),
        omits_students: may_see_students && is_open && !text.is_empty(),
        frame: &frame,
        rows,
    };
    portal.send(StatusCode::OK, &frame, page)
}

async fn platforms_called(
    portal: &Portal,
    person: &Person,
    text: &str,
) -> Result<Vec<FoundLine>, Problem> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let search = PlatformSearch {
        text: Some(text.to_owned()),
        limit: MOST_PLATFORMS,
        ..PlatformSearch::default()
    };
    let (mut reader, tool_id) = (portal.db.read().await?, &person.tool.id);
    let found = platform_list::pages_of_both(&mut reader.tx(), tool_id, &search).await?;
    Ok(found.into_iter().map(FoundLine::from).collect())
}

/// Whether a text could be the reference of an error page.
fn is_reference(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
    if !is_reference(text) && !is_id(text) {
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
