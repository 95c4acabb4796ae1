//! A tool's first path makes the standard ones void, and students lose their places in them. So
//! the portal asks before: keep the others as the tool's own, or do without them (decision 0478).

use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use studyreel::placement::LearningPath;

use super::because::subject_of;
use crate::directory::auth::WithApiKey;
use crate::portal::frame::{Nav, PortalFrame};
use crate::portal::page::PortalAnswer;
use crate::portal::people::person::Person;
use crate::portal::room::Portal;
use crate::studyreel::paths::api as learning_paths;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_pages as pages, portal_students as texts};

/// What becomes of the other standard paths.
#[derive(Clone, Copy)]
pub(super) enum StandardPaths {
    /// They become the tool's own.
    Keep,
    /// They no longer apply.
    Void,
}

impl StandardPaths {
    /// The answer to the question, if there is one.
    pub(super) fn named(name: Option<&str>) -> Option<Self> {
        match name {
            Some("keep") => Some(Self::Keep),
            Some("void") => Some(Self::Void),
            _ => None,
        }
    }
}

/// What came of a new path.
pub(super) enum NewPath {
    /// These were defined, and this is to be said.
    Defined(Vec<LearningPath>, Text),
    /// It would make the other standard paths void, so nothing was stored.
    Asks(Box<LearningPath>, Vec<LearningPath>),
}

/// Defines a path; if it is the first one, only after an answer.
///
/// # Errors
/// The path is wrong, or the store failed.
pub(super) async fn define(
    portal: &Portal,
    person: &Person,
    body: &Bytes,
    answer: Option<StandardPaths>,
) -> Result<NewPath, Problem> {
    let (room, tool_id) = (&portal.studyreel, &person.tool.id);
    let path = learning_paths::new_path(room, tool_id, body)?;
    let key = WithApiKey::granted(&person.tool);
    let Json(list) = learning_paths::list(State(room.clone()), key).await?;
    let is_standard = list.standard;
    // A tool has one path of an id and one for a subject.
    let others = list
        .learning_paths
        .into_iter()
        .filter(|other| is_standard && other.id != path.id && other.subject != path.subject);
    let others: Vec<LearningPath> = others.collect();
    let (kept, says) = match answer {
        _ if others.is_empty() => (Vec::new(), texts::PATH_SAVED),
        None => return Ok(NewPath::Asks(Box::new(path), others)),
        Some(StandardPaths::Keep) => (others, texts::PATH_SAVED_KEPT),
        Some(StandardPaths::Void) => (Vec::new(), texts::PATH_SAVED_ALONE),
    };
    let paths: Vec<LearningPath> = [path].into_iter().chain(kept).collect();
    learning_paths::define(room, tool_id, &paths).await?;
    Ok(NewPath::Defined(paths, says))
}

#[derive(Template)]
#[template(path = "portal/path_first.html")]
struct FirstPathPage<'a> {
    frame: &'a PortalFrame,
    title: String,
    /// The standard paths that would be void.
    others: Vec<String>,
    json: String,
}

/// The page that asks what becomes of the others.
pub(super) async fn ask(
    portal: &Portal,
    person: &Person,
    path: LearningPath,
    others: &[LearningPath],
) -> PortalAnswer {
    let frame = portal
        .frame(person, Nav::Paths, texts::FIRST_PATH_QUESTION)
        .await?;
    let others = others.iter();
    let page = FirstPathPage {
        others: others
            .map(|other| subject_of(&other.subject, person.language))
            .collect(),
        json: serde_json::to_string(&path).map_err(Problem::internal)?,
        title: path.title,
        frame: &frame,
    };
    portal.send(StatusCode::OK, &frame, page)
}
