//! The learning paths of a tool: those of the settings file, those of `/admin/learning-paths`, or the standard ones.
//!
//! The settings file stands above the API: where it has a path of an id or for a subject, the API can't define another,
//! and one that it defined before is kept but not in force.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::directory::auth::WithApiKey;
use crate::kit::cache::Cache;
use crate::web::json::json_body;
use crate::web::problem::Problem;
use store::StoreError;
use store::learning_paths::{self, PathRow};
use studyreel::placement::{LearningPath, MOST_PATHS, is_path_id, standard_paths};

/// Learning paths at hand, by tool.
pub struct Paths(Cache<String, Arc<Vec<LearningPath>>>);

impl Default for Paths {
    fn default() -> Self {
        Self(Cache::new(1000))
    }
}

impl Paths {
    /// What a tool offers.
    ///
    /// # Errors
    /// The store failed, or a path can't be read by this version.
    pub async fn of(&self, app: &App, tool_id: &str) -> Result<Arc<Vec<LearningPath>>, StoreError> {
        if let Some(paths) = self.0.get(tool_id) {
            return Ok(paths);
        }
        let mut reader = app.db.read().await?;
        let stored = learning_paths::of_tool(&mut reader.tx(), tool_id.to_owned()).await?;
        let stored = read_paths(stored)?;
        let paths = Arc::new(Offer::of(app.written_paths(tool_id), stored).in_force);
        self.0.insert(tool_id.to_owned(), paths.clone());
        Ok(paths)
    }

    /// Forgets what is too old to be given out.
    pub fn tidy(&self) {
        self.0.tidy();
    }

    fn forget(&self, tool_id: &str) {
        self.0.forget(tool_id);
    }
}

/// What a tool offers, and where it comes from.
#[derive(Debug)]
pub struct Offer {
    /// What launches are placed in, by subject.
    pub in_force: Vec<LearningPath>,
    /// Ids of those that the settings file defines.
    pub from_file: Vec<String>,
    /// What the API defined and the settings file overrules.
    pub overruled: Vec<LearningPath>,
    /// Whether nobody defined any, and the standard ones hold.
    pub standard: bool,
}

impl Offer {
    /// The paths of the settings file above the stored ones.
    pub fn of(written: &[LearningPath], stored: Vec<LearningPath>) -> Self {
        let (overruled, mut in_force): (Vec<_>, Vec<_>) = stored
            .into_iter()
            .partition(|path| written.iter().any(|written| clash(written, path)));
        in_force.extend(written.iter().cloned());
        in_force.sort_by(|a, b| (&a.subject, &a.id).cmp(&(&b.subject, &b.id)));
        let standard = in_force.is_empty();
        Self {
            in_force: if standard { standard_paths() } else { in_force },
            from_file: written.iter().map(|path| path.id.clone()).collect(),
            overruled,
            standard,
        }
    }
}

/// Learning paths from their rows.
///
/// # Errors
/// This version can't read one of them.
pub fn read_paths(rows: Vec<PathRow>) -> Result<Vec<LearningPath>, StoreError> {
    let read = |row: PathRow| {
        serde_json::from_str(&row.path)
            .map_err(|error| StoreError::Corrupt(format!("the learning path {}: {error}", row.id)))
    };
    rows.into_iter().map(read).collect()
}

fn row_of(path: &LearningPath) -> Result<PathRow, StoreError> {
    Ok(PathRow {
        id: path.id.clone(),
        subject: path.subject.clone(),
        path: serde_json::to_string(path)
            .map_err(|error| StoreError::Corrupt(error.to_string()))?,
    })
}

/// Whether only one of the two can hold.
fn clash(one: &LearningPath, other: &LearningPath) -> bool {
    one.id == other.id || one.subject == other.subject
}

/// `GET /admin/learning-paths`. `standard` says that nobody has defined any, and the standard ones hold; `fromFile`
/// names those that only the settings file can change.
pub(super) async fn list(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
) -> Result<Json<Value>, Problem> {
    let mut reader = app.db.read().await?;
    let stored = learning_paths::of_tool(&mut reader.tx(), tool.id.clone()).await?;
    let offer = Offer::of(app.written_paths(&tool.id), read_paths(stored)?);
    Ok(Json(json!({
        "learningPaths": offer.in_force,
        "standard": offer.standard,
        "fromFile": offer.from_file,
        "overruled": offer.overruled,
    })))
}

/// `GET /admin/learning-paths/:id`.
pub(super) async fn one(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<Json<LearningPath>, Problem> {
    let mut reader = app.db.read().await?;
    let stored = learning_paths::of_tool(&mut reader.tx(), tool.id.clone()).await?;
    let mut all = app.written_paths(&tool.id).to_vec();
    all.extend(read_paths(stored)?);
    let found = all.into_iter().find(|path| path.id == id);
    found.map(Json).ok_or_else(not_found)
}

/// `POST /admin/learning-paths`.
pub(super) async fn create(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    body: Bytes,
) -> Result<(StatusCode, Json<LearningPath>), Problem> {
    let path: LearningPath = json_body(&body)?;
    refuse_overruled(&app, &tool.id, &path)?;
    let (created, row) = (path.clone(), row_of(&path)?);
    let (tool_id, now) = (tool.id.clone(), app.clock.now_ms());
    let insert = app.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            if learning_paths::of_tool(&mut tx, tool_id.clone())
                .await?
                .len()
                >= MOST_PATHS
            {
                return Err(Problem::new(
                    StatusCode::CONFLICT,
                    "TOO_MANY_LEARNING_PATHS",
                    "A tool has at most 50 learning paths. Delete one first.",
                ));
            }
            learning_paths::insert(&mut tx, tool_id, row, now)
                .await
                .map_err(taken)
        })
    });
    insert.await?;
    app.studyreel.paths.forget(&tool.id);
    tracing::info!(
        tool_id = tool.id,
        path_id = created.id,
        "learning path created"
    );
    Ok((StatusCode::CREATED, Json(created)))
}

/// `PUT /admin/learning-paths/:id`; `id` in the body may be left out.
pub(super) async fn replace(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<LearningPath>, Problem> {
    let mut members: Map<String, Value> = json_body(&body)?;
    let named = members.entry("id").or_insert_with(|| json!(id));
    if *named != json!(id) {
        return Err(Problem::bad_request(
            "INVALID_BODY",
            "The request body is wrong: 'id' is not the one in the address. A path keeps its id.",
        ));
    }
    let body = Bytes::from(Value::Object(members).to_string());
    let path: LearningPath = json_body(&body)?;
    refuse_overruled(&app, &tool.id, &path)?;
    let (replaced, row) = (path.clone(), row_of(&path)?);
    let (tool_id, now) = (tool.id.clone(), app.clock.now_ms());
    let replace = app.db.write_one::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let replaced = learning_paths::replace(&mut tx, tool_id, row, now);
            replaced.await.map_err(taken)
        })
    });
    if !replace.await? {
        return Err(not_found());
    }
    app.studyreel.paths.forget(&tool.id);
    tracing::info!(tool_id = tool.id, path_id = id, "learning path replaced");
    Ok(Json(replaced))
}

/// `DELETE /admin/learning-paths/:id`, of what the API defined. Who is enrolled stays so, unseen, in case the path comes back.
pub(super) async fn delete(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if !is_path_id(&id) {
        return Err(not_found());
    }
    let (tool_id, path_id) = (tool.id.clone(), id.clone());
    let delete = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { learning_paths::delete(&mut tx, tool_id, path_id).await })
    });
    if !delete.await? {
        let written = app.written_paths(&tool.id);
        let is_written = written.iter().any(|written| written.id == id);
        return Err(if is_written { in_file() } else { not_found() });
    }
    app.studyreel.paths.forget(&tool.id);
    tracing::info!(tool_id = tool.id, path_id = id, "learning path deleted");
    Ok(StatusCode::NO_CONTENT)
}

/// A path that would never be in force isn't taken.
fn refuse_overruled(app: &App, tool_id: &str, path: &LearningPath) -> Result<(), Problem> {
    let mut written = app.written_paths(tool_id).iter();
    if written.any(|written| clash(written, path)) {
        return Err(in_file());
    }
    Ok(())
}

fn in_file() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "LEARNING_PATH_IN_FILE",
        "The setting learning_paths defines the learning path of this id or for this subject. Change it there, and restart.",
    )
}

fn not_found() -> Problem {
    Problem::not_found(
        "LEARNING_PATH_NOT_FOUND",
        "The tool has defined no such learning path.",
    )
}

fn taken(error: StoreError) -> Problem {
    if error.is_taken() {
        Problem::new(
            StatusCode::CONFLICT,
            "LEARNING_PATH_EXISTS",
            "The tool has a learning path of this id or for this subject already. Change that one.",
        )
    } else {
        error.into()
    }
}
