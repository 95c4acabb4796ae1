//! `/portal/people`: the students of StudyReel, and finding one.

use askama::Template;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;

use super::because::grade_of;
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfStudents;
use crate::portal::query::{PageQuery, address, asking, ms_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::studyreel::{StudentAnswer, StudentPage, students};
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_pages as pages, portal_students as texts};

/// Rows per page.
const PAGE_SIZE: &str = "20";
const PATH: &str = "/portal/people";
const STATES: [&str; 2] = ["active", "disabled"];

/// A student in the list.
struct StudentLine {
    id: String,
    name: String,
    stands: String,
    kind: &'static str,
    word: Text,
    last_launch: i64,
}

/// A student's status: the kind of `status` element, and the word.
pub(super) fn status_of(status: &str) -> (&'static str, Text) {
    match status {
        "active" => ("ok", texts::ACTIVE),
        "disabled" => ("off", texts::DISABLED),
        _ => ("off", texts::ERASED),
    }
}

/// A student's name on pages, or else what the platform calls them.
pub(crate) fn name_of(student: &StudentAnswer) -> String {
    let parts = [
        student.given_name.as_deref(),
        student.family_name.as_deref(),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    let name = student.name.clone();
    name.unwrap_or_else(|| match parts.is_empty() {
        true => student.subject.clone(),
        false => parts.join(" "),
    })
}

impl StudentLine {
    fn new(student: StudentAnswer, language: Language) -> Self {
        let (kind, word) = status_of(&student.status);
        let stands = student
            .placement
            .iter()
            .map(|placed| format!("{}, {}", placed.title, grade_of(placed.grade, language)));
        Self {
            stands: stands.collect::<Vec<_>>().join(" · "),
            name: name_of(&student),
            last_launch: ms_of(&student.last_launch_at),
            id: student.id,
            kind,
            word,
        }
    }
}

#[derive(Template)]
#[template(path = "portal/people.html")]
struct PeoplePage<'a> {
    frame: &'a PortalFrame,
    state: &'static str,
    /// The search term; empty if there is none.
    text: String,
    rows: Vec<StudentLine>,
    first: Option<String>,
    next: Option<String>,
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfStudents>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let query = PageQuery::new(query);
    let state = query.one_of("status", &STATES);
    let after = query.text("after");
    let parameters = [
        ("limit", Some(PAGE_SIZE)),
        ("status", state),
        ("cursor", after.as_deref()),
    ];
    let list = read(&portal, person, &parameters).await?;
    let next = list.next_cursor.as_deref();
    let next = next.map(|next| address(PATH, &[("status", state), ("after", Some(next))]));
    let students = list.students.into_iter();
    let frame = portal.frame(person, Nav::People, texts::TITLE).await?;
    let page = PeoplePage {
        state: state.unwrap_or_default(),
        text: String::new(),
        rows: students
            .map(|student| StudentLine::new(student, person.language))
            .collect(),
        first: after.is_some().then(|| address(PATH, &[("status", state)])),
        frame: &frame,
        next,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// The API's list for these parameters.
async fn read(
    portal: &Portal,
    person: &Person,
    parameters: &[(&str, Option<&str>)],
) -> Result<StudentPage, Problem> {
    let (room, key) = (portal.studyreel.clone(), WithApiKey::granted(&person.tool));
    let Json(list) = students::list(State(room), key, asking(parameters)).await?;
    Ok(list)
}

/// The students whom a platform or the application calls this.
///
/// # Errors
/// The store failed.
pub(crate) async fn called(
    portal: &Portal,
    person: &Person,
    text: &str,
) -> Result<Vec<StudentAnswer>, Problem> {
    let mut found: Vec<StudentAnswer> = Vec::new();
    if text.is_empty() {
        return Ok(found);
    }
    for name in ["subject", "externalId"] {
        let list = read(portal, person, &[(name, Some(text))]).await?;
        for student in list.students {
            if found.iter().all(|known| known.id != student.id) {
                found.push(student);
            }
        }
    }
    Ok(found)
}

/// `POST`: finds students by what a platform or the application calls them. It is a form so that no
/// address names a person.
pub(crate) async fn find(
    State(portal): State<Portal>,
    form: PortalForm<OfStudents>,
) -> PortalAnswer {
    let person = &form.person;
    let text = form.field("text").unwrap_or_default().trim().to_owned();
    let found = called(&portal, person, &text).await?;
    let frame = portal.frame(person, Nav::People, texts::TITLE).await?;
    let students = found.into_iter();
    let page = PeoplePage {
        state: "",
        rows: students
            .map(|student| StudentLine::new(student, person.language))
            .collect(),
        first: Some(PATH.to_owned()),
        next: None,
        frame: &frame,
        text,
    };
    portal.send(StatusCode::OK, &frame, page)
}
