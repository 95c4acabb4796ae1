//! `/portal/people/{id}`: one student: their placements and the reasons, what the platform said,
//! and erasing them.

use std::collections::BTreeMap;
use std::fmt::Display;

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;
use studyreel::Subject;

use super::because::{because, conflict_of, grade_of, subject_of};
use super::people::{name_of, status_of};
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::directory::families::place_of;
use crate::kit::id::is_id;
use crate::portal::fact::Fact;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::{PortalAnswer, PortalRefusal};
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfStudents;
use crate::portal::query::{body_of, ms_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::studyreel::{
    NO_STUDENT, StudentAnswer, StudentHistory, StudentId, student_changes, students,
};
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_pages as pages, portal_students as texts};

/// How many entries of the history, and how many launches, the page shows.
const MOST_LINES: usize = 15;

/// The student's place in a path.
struct PlacementLine {
    title: String,
    grade: String,
    explanation: String,
    conflict: Option<String>,
    diagnostic: bool,
    suggested: Option<String>,
}

/// A change of a placement.
struct HistoryLine {
    at: i64,
    outcome: String,
    /// Subject and grade.
    placed: String,
    says: String,
}

#[derive(Template)]
#[template(path = "portal/person.html")]
struct PersonPage<'a> {
    frame: &'a PortalFrame,
    id: String,
    name: String,
    kind: &'static str,
    word: Text,
    is_active: bool,
    is_erased: bool,
    placements: Vec<PlacementLine>,
    facts: Vec<Fact>,
    history: Vec<HistoryLine>,
    launches: Vec<(String, i64)>,
}

#[derive(Template)]
#[template(path = "portal/person_erase.html")]
struct EraseStudentPage<'a> {
    frame: &'a PortalFrame,
    id: String,
    name: String,
}

/// A student of the person's tool, or the page that says there is none.
async fn find(portal: &Portal, person: &Person, id: &str) -> Result<StudentHistory, PortalRefusal> {
    if is_id(id) {
        let (room, key) = (portal.studyreel.clone(), WithApiKey::granted(&person.tool));
        match students::one(State(room), key, StudentId(id.to_owned())).await {
            Ok(Json(history)) => return Ok(history),
            Err(problem) if problem.is(&NO_STUDENT) => {}
            Err(problem) => return Err(problem.into()),
        }
    }
    Err(portal.nothing(person).await?.into())
}

pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfStudents>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let (person, language) = (&who.person, who.person.language);
    let StudentHistory {
        student,
        placement_history,
        launches,
    } = find(&portal, person, &id).await?;
    let (kind, word) = status_of(&student.status);
    let past = placement_history.into_iter().rev().take(MOST_LINES);
    let history = past.map(|past| HistoryLine {
        at: ms_of(&past.at),
        outcome: match past.outcome.as_str() {
            "placed" => texts::WAS_PLACED.to(language).to_owned(),
            "suggested" => texts::WAS_SUGGESTED.to(language).to_owned(),
            _ => past.outcome,
        },
        placed: format!(
            "{}, {}",
            subject_of(&past.placement.subject, language),
            grade_of(past.placement.grade, language)
        ),
        says: because(past.placement.reason, past.placement.clamped_from, language),
    });
    let launches = launches.into_iter().rev().take(MOST_LINES);
    let launches = launches.map(|launch| (launch.id, ms_of(&launch.at)));
    let frame = portal.frame(person, Nav::People, texts::TITLE).await?;
    let page = PersonPage {
        name: name_of(&student),
        is_active: student.status == "active",
        is_erased: student.status == "erased",
        placements: placements(&student, language),
        facts: facts(&student, language),
        history: history.collect(),
        launches: launches.collect(),
        id: student.id,
        frame: &frame,
        kind,
        word,
    };
    portal.send(StatusCode::OK, &frame, page)
}

fn placements(student: &StudentAnswer, language: Language) -> Vec<PlacementLine> {
    let line = student.placement.iter().map(|placed| {
        let suggested = placed.suggested_grade.map(|grade| {
            let text = texts::SUGGESTED.with("grade", grade_of(grade, language));
            text.to(language).into_owned()
        });
        PlacementLine {
            title: placed.title.clone(),
            grade: grade_of(placed.grade, language),
            explanation: because(placed.reason, placed.clamped_from, language),
            conflict: conflict_of(placed.conflict, placed.rit_grade, language),
            diagnostic: placed.starts_with_diagnostic,
            suggested,
        }
    });
    line.collect()
}

/// Values by subject, in one line.
fn by_subject<T: Display>(values: &BTreeMap<Subject, T>, language: Language) -> Option<String> {
    let values = values.iter();
    let values: Vec<String> = values
        .map(|(subject, value)| format!("{} {value}", subject_of(subject.as_str(), language)))
        .collect();
    (!values.is_empty()).then(|| values.join(" · "))
}

fn facts(student: &StudentAnswer, language: Language) -> Vec<Fact> {
    Fact::known([
        (
            texts::F_ISSUER,
            Some(format!("StudyReel · {}", place_of(&student.issuer))),
        ),
        (texts::F_SUBJECT, Some(student.subject.clone())),
        (texts::F_EXTERNAL, student.external_id.clone()),
        (texts::F_OURS, Some(student.id.clone())),
        (
            texts::F_AGE_GRADE,
            student.age_grade.map(|grade| grade_of(grade, language)),
        ),
        (texts::F_GRADES, by_subject(&student.grades, language)),
        (texts::F_RIT, by_subject(&student.rit, language)),
    ])
}

/// `POST`: disables or enables the student.
pub(crate) async fn change(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfStudents>,
) -> PortalAnswer {
    let person = &form.person;
    let status = match form.field("do").as_deref() {
        Some("disable") => "disabled",
        Some("enable") => "active",
        _ => return Err(Problem::wrong_body("Which action?").into()),
    };
    let before = find(&portal, person, &id).await?.student.status;
    let (room, key) = (portal.studyreel.clone(), WithApiKey::granted(&person.tool));
    let asked = json!({"status": status});
    let (student, there) = (StudentId(id.clone()), format!("/portal/people/{id}"));
    let changed = student_changes::change(State(room), key, student, body_of(&asked)).await;
    let _ = portal.unless_refused(person, &there, changed).await?;
    let entry = person.entry(AuditAction::StudentChanged, &id);
    let entry = entry.before(json!({"status": before})).after(asked);
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, &there, texts::CHANGED)
}

/// Asks before erasing.
pub(crate) async fn ask(
    State(portal): State<Portal>,
    who: SignedIn<OfStudents>,
    Path(id): Path<String>,
) -> PortalAnswer {
    let person = &who.person;
    let found = find(&portal, person, &id).await?;
    let frame = portal
        .frame(person, Nav::People, texts::ERASE_QUESTION)
        .await?;
    let page = EraseStudentPage {
        name: name_of(&found.student),
        id: found.student.id,
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}

/// `POST`: erases the student, if the password was given just now.
pub(crate) async fn erase(
    State(portal): State<Portal>,
    Path(id): Path<String>,
    form: PortalForm<OfStudents>,
) -> PortalAnswer {
    let person = &form.person;
    find(&portal, person, &id).await?;
    form.confirmed(&portal, &format!("/portal/people/{id}/erase"))?;
    let (room, key) = (portal.studyreel.clone(), WithApiKey::granted(&person.tool));
    let erased = student_changes::erase(State(room), key, StudentId(id.clone())).await;
    let there = format!("/portal/people/{id}");
    let _ = portal.unless_refused(person, &there, erased).await?;
    // Only the id: the audit must not remember who it was.
    let entry = person.entry(AuditAction::StudentErased, id);
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, "/portal/people", texts::ERASED_NOW)
}
