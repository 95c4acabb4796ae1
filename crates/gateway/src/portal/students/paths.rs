//! `/portal/paths`: learning paths, defining one, and a preview of where a student would be placed.

use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use studyreel::placement::{LearningPath, Preview};
use url::form_urlencoded::byte_serialize;

use super::because::{because, conflict_of, grade_of, subject_of};
use super::change_path::{self, ChangedPath};
use super::first_path::{self, NewPath, StandardPaths};
use super::new_path::NewPathForm;
use super::preview_form::PreviewForm;
use crate::audit::AuditAction;
use crate::directory::auth::WithApiKey;
use crate::portal::ask::ConfirmQuestion;
use crate::portal::form::{FormErrors, FormField};
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::{PortalAnswer, PortalRefusal};
use crate::portal::people::person::Person;
use crate::portal::people::rights::OfStudents;
use crate::portal::query::{ListPart, PageQuery, address, body_of};
use crate::portal::room::Portal;
use crate::portal::signed_in::{PortalForm, SignedIn};
use crate::studyreel::paths::api as learning_paths;
use crate::studyreel::preview as placement_preview;
use crate::web::form::field;
use crate::web::language::Language;
use crate::web::problem::Problem;
use crate::web::texts::{portal_pages as pages, portal_students as texts};

/// The page's path.
const PATHS: &str = "/portal/paths";
/// Paths per page; a tool has at most 50.
const PAGE_SIZE: usize = 15;
/// The first page.
const FIRST: ListPart = ListPart::first_of(PAGE_SIZE);
/// The preview's initial input.
const EXAMPLE: &str =
    "{\n  \"age_grade\": 3,\n  \"studyreel_grade_math\": 4,\n  \"map_rit_math\": 201\n}";

/// A path in the list.
struct PathLine {
    id: String,
    title: String,
    subject: String,
    grades: String,
    /// The page that changes it, unless only the settings file can.
    change: Option<String>,
}

impl PathLine {
    fn new(path: LearningPath, fixed: &[String], standard: bool, language: Language) -> Self {
        let grades = path.grades.as_slice().iter();
        let grades: Vec<String> = grades.map(|grade| grade.to_string()).collect();
        let is_fixed = standard || fixed.contains(&path.id);
        Self {
            change: (!is_fixed).then(|| change_of(&path.id)),
            grades: grades.join(", "),
            id: path.id,
            title: path.title,
            subject: subject_of(&path.subject, language),
        }
    }
}

/// Where a student would be placed.
struct PreviewLine {
    subject: String,
    grade: String,
    explanation: String,
    conflict: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/paths.html")]
struct PathsPage<'a> {
    frame: &'a PortalFrame,
    standard: bool,
    rows: Vec<PathLine>,
    first: Option<String>,
    next: Option<String>,
    errors: FormErrors,
    fields: Vec<FormField>,
    json: String,
    tried: Vec<FormField>,
    payload: String,
    /// Whether the preview was asked for as JSON.
    is_payload: bool,
    preview: Vec<PreviewLine>,
}

/// The values of the page's forms.
#[derive(Default)]
struct PathsFilled {
    errors: FormErrors,
    /// The form for a new path, if that is what was sent: nothing else is wrong with its fields.
    new: Option<NewPathForm>,
    json: String,
    /// The form for a preview, if that is what was sent.
    tried: Option<PreviewForm>,
    payload: Option<String>,
    preview: Vec<PreviewLine>,
}

/// With `change`, one path as JSON.
pub(crate) async fn show(
    State(portal): State<Portal>,
    who: SignedIn<OfStudents>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    if let Some(id) = PageQuery::new(query.clone()).text("change") {
        return change(&portal, person, &id, None).await;
    }
    let part = ListPart::new(query, PAGE_SIZE);
    let filled = PathsFilled::default();
    send(&portal, person, part, filled, StatusCode::OK).await
}

/// The page that changes a path; if that failed, with what was typed and what is wrong with it.
async fn change(
    portal: &Portal,
    person: &Person,
    id: &str,
    refused: Option<(String, FormErrors)>,
) -> PortalAnswer {
    let path = find(portal, person, id).await?;
    let status = match refused {
        Some(_) => StatusCode::BAD_REQUEST,
        None => StatusCode::OK,
    };
    let (json, errors) = match refused {
        Some(refused) => refused,
        None => {
            let json = serde_json::to_string_pretty(&path).map_err(Problem::internal)?;
            (json, FormErrors::default())
        }
    };
    let path = ChangedPath {
        id: path.id,
        title: path.title,
        json,
        errors,
    };
    change_path::send(portal, person, path, status).await
}

/// `POST`: defines or replaces a path, or with `do=delete` deletes it.
pub(crate) async fn save(
    State(portal): State<Portal>,
    form: PortalForm<OfStudents>,
) -> PortalAnswer {
    let person = &form.person;
    let (room, key) = (portal.studyreel.clone(), WithApiKey::granted(&person.tool));
    let mut id = form.field("id").unwrap_or_default();
    let json = form.field("json").unwrap_or_default();
    let mut body = Bytes::from(json.clone());
    let mut new = None;
    match form.field("do").as_deref() {
        Some("delete") => return delete(&portal, &form, id).await,
        Some("define") => {
            let sent = NewPathForm::sent(&|name| form.field(name));
            body = body_of(&sent.to_json());
            new = Some(sent);
            // The new path's, not one to replace.
            id.clear();
        }
        _ => {}
    }
    let wrong = new.as_ref().and_then(NewPathForm::problem);
    let saved = match wrong {
        Some(problem) => Err(problem),
        None if id.is_empty() => {
            let answer = form.field("standard");
            let answer = StandardPaths::named(answer.as_deref());
            first_path::define(&portal, person, &body, answer).await
        }
        None => {
            let replaced = learning_paths::replace(State(room), key, Path(id.clone()), body).await;
            replaced.map(|Json(path)| NewPath::Defined(vec![path], texts::PATH_SAVED))
        }
    };
    match saved {
        Ok(NewPath::Defined(paths, says)) => {
            note(&portal, person, &paths).await?;
            portal.done(person, PATHS, says)
        }
        Ok(NewPath::Asks(path, others)) => first_path::ask(&portal, person, *path, &others).await,
        Err(problem) => {
            let errors = FormErrors::of_problem(problem)?;
            if !id.is_empty() {
                return change(&portal, person, &id, Some((json, errors))).await;
            }
            let filled = PathsFilled {
                errors,
                new,
                json,
                ..PathsFilled::default()
            };
            send(&portal, person, FIRST, filled, StatusCode::BAD_REQUEST).await
        }
    }
}

/// Records that these paths were saved.
async fn note(
    portal: &Portal,
    person: &Person,
    paths: &[LearningPath],
) -> Result<(), PortalRefusal> {
    for path in paths {
        let after = serde_json::to_value(path).map_err(Problem::internal)?;
        let entry = person.entry(AuditAction::LearningPathSaved, &path.id);
        portal.audit.write(&portal.db, entry.after(after)).await?;
    }
    Ok(())
}

/// `GET /portal/paths/delete?id=`: asks before. The id is no segment of the path, because `.` and
/// `..` are ids, too, and browsers resolve them.
pub(crate) async fn ask(
    State(portal): State<Portal>,
    who: SignedIn<OfStudents>,
    RawQuery(query): RawQuery,
) -> PortalAnswer {
    let person = &who.person;
    let id = field(query.unwrap_or_default().as_bytes(), "id").unwrap_or_default();
    let path = find(&portal, person, &id).await?;
    let question = ConfirmQuestion {
        title: texts::DELETE_PATH_QUESTION,
        name: path.title,
        says: texts::DELETE_PATH_SAYS.into(),
        button: texts::DELETE_PATH.into(),
        action: PATHS.to_owned(),
        fields: vec![("do", "delete".to_owned()), ("id", path.id)],
        back: PATHS.to_owned(),
    };
    portal.ask(person, Nav::Paths, question).await
}

/// The page that asks before.
fn deletion_of(id: &str) -> String {
    let id: String = byte_serialize(id.as_bytes()).collect();
    format!("{PATHS}/delete?id={id}")
}

/// The page that changes it.
fn change_of(id: &str) -> String {
    address(PATHS, &[("change", Some(id))])
}

/// A path that the tool has defined, or the page that says that there is none.
async fn find(portal: &Portal, person: &Person, id: &str) -> Result<LearningPath, PortalRefusal> {
    let (room, key) = (portal.studyreel.clone(), WithApiKey::granted(&person.tool));
    let Json(list) = learning_paths::list(State(room), key).await?;
    let in_force = list.learning_paths.into_iter().filter(|_| !list.standard);
    match in_force.chain(list.overruled).find(|path| path.id == id) {
        Some(path) => Ok(path),
        None => Err(portal.nothing(person).await?.into()),
    }
}

async fn delete(portal: &Portal, form: &PortalForm<OfStudents>, id: String) -> PortalAnswer {
    form.confirmed(portal, &deletion_of(&id))?;
    let person = &form.person;
    let was = find(portal, person, &id).await?;
    let (room, key) = (portal.studyreel.clone(), WithApiKey::granted(&person.tool));
    let deleted = learning_paths::delete(State(room), key, Path(id.clone())).await;
    let _ = portal.unless_refused(person, PATHS, deleted).await?;
    let entry = person.entry(AuditAction::LearningPathDeleted, id);
    let entry = entry.before(serde_json::to_value(&was).map_err(Problem::internal)?);
    portal.audit.write(&portal.db, entry).await?;
    portal.done(person, PATHS, texts::PATH_DELETED)
}

/// `POST /portal/paths/preview`: nothing is stored.
pub(crate) async fn preview(
    State(portal): State<Portal>,
    form: PortalForm<OfStudents>,
) -> PortalAnswer {
    let person = &form.person;
    let tried = PreviewForm::sent(&|name| form.field(name));
    let payload = form.field("payload");
    let (body, wrong) = match &payload {
        Some(json) => (Bytes::from(json.clone()), None),
        None => (body_of(&tried.to_json()), tried.errors()),
    };
    let (room, key) = (portal.studyreel.clone(), WithApiKey::granted(&person.tool));
    let shown = match wrong {
        Some(errors) => Err(errors),
        None => match placement_preview::preview(State(room), key, body).await {
            Ok(Json(shown)) => Ok(shown),
            Err(problem) => Err(FormErrors::of_problem(problem)?),
        },
    };
    let (preview, errors, status) = match shown {
        Ok(shown) => {
            let lines = lines(shown, person.language);
            (lines, FormErrors::default(), StatusCode::OK)
        }
        Err(errors) => (Vec::new(), errors, StatusCode::BAD_REQUEST),
    };
    let filled = PathsFilled {
        tried: payload.is_none().then_some(tried),
        payload,
        preview,
        errors,
        ..PathsFilled::default()
    };
    send(&portal, person, FIRST, filled, status).await
}

fn lines(shown: Preview, language: Language) -> Vec<PreviewLine> {
    let placed = shown.placement.into_iter().map(|placed| PreviewLine {
        grade: grade_of(placed.grade, language),
        subject: subject_of(&placed.subject, language),
        explanation: because(placed.reason, placed.clamped_from, language),
        conflict: conflict_of(placed.conflict, placed.rit_grade, language),
    });
    placed.collect()
}

async fn send(
    portal: &Portal,
    person: &Person,
    part: ListPart,
    filled: PathsFilled,
    status: StatusCode,
) -> PortalAnswer {
    let (room, key) = (portal.studyreel.clone(), WithApiKey::granted(&person.tool));
    let Json(list) = learning_paths::list(State(room), key).await?;
    let (fixed, standard) = (list.from_file, list.standard);
    let number = list.learning_paths.len();
    let rows = part.of(list.learning_paths.into_iter());
    let frame = portal.frame(person, Nav::Paths, texts::PATHS).await?;
    let language = person.language;
    let (fields, errors) = match &filled.new {
        Some(new) => {
            let fields = new.fields(language, &filled.errors);
            let errors = filled.errors.labelled(&fields);
            (fields, errors)
        }
        None => {
            let fields = NewPathForm::default().fields(language, &FormErrors::default());
            (fields, filled.errors)
        }
    };
    let tried = match &filled.tried {
        Some(tried) => tried.fields(language, &errors),
        None => PreviewForm::default().fields(language, &FormErrors::default()),
    };
    let page = PathsPage {
        rows: rows
            .map(|path| PathLine::new(path, &fixed, standard, language))
            .collect(),
        first: part.first(PATHS),
        next: part.next(PATHS, number),
        fields,
        tried,
        is_payload: filled.payload.is_some(),
        payload: filled.payload.unwrap_or_else(|| EXAMPLE.to_owned()),
        json: filled.json,
        preview: filled.preview,
        errors,
        frame: &frame,
        standard,
    };
    portal.send(status, &frame, page)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_example_is_what_a_launch_may_hold() {
        let example: Value = serde_json::from_str(EXAMPLE).unwrap_or_default();
        assert!(example.is_object());
        assert!(studyreel::PlacementReport::parse(EXAMPLE.as_bytes()).is_ok());
    }
}
