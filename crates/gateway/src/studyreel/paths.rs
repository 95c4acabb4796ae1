//! The learning paths of a tool: its own, or the standard ones; and `/admin/learning-paths`, where they are defined.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use moka::future::Cache;
use serde_json::{Map, Value, json};

use super::placement::{LearningPath, standard_paths};
use crate::app::App;
use crate::auth::WithApiKey;
use crate::error::Problem;
use crate::store::{StoreError, learning_paths};
use crate::tool_api::json_body;

/// How long another replica's change may go unseen here.
const FRESH: Duration = Duration::from_secs(5);
/// Paths of one tool at most: a launch looks at each of them.
const MOST: usize = 50;

/// Learning paths at hand, by tool.
pub struct Paths(Cache<String, Arc<Vec<LearningPath>>>);

impl Default for Paths {
    fn default() -> Self {
        let cache = Cache::builder().max_capacity(1000).time_to_live(FRESH);
        Self(cache.build())
    }
}

impl Paths {
    /// What a tool offers.
    ///
    /// # Errors
    /// The store failed, or a path can't be read by this version.
    pub async fn of(&self, app: &App, tool_id: &str) -> Result<Arc<Vec<LearningPath>>, StoreError> {
        if let Some(paths) = self.0.get(tool_id).await {
            return Ok(paths);
        }
        let mut reader = app.db.read().await?;
        let own = learning_paths::of_tool(&mut reader.tx(), tool_id.to_owned()).await?;
        let paths = Arc::new(if own.is_empty() {
            standard_paths()
        } else {
            own
        });
        self.0.insert(tool_id.to_owned(), paths.clone()).await;
        Ok(paths)
    }

    async fn forget(&self, tool_id: &str) {
        self.0.invalidate(tool_id).await;
    }
}

/// `GET /admin/learning-paths`. `standard` says that the tool has defined none, and the standard ones hold.
pub(super) async fn list(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
) -> Result<Json<Value>, Problem> {
    let mut reader = app.db.read().await?;
    let own = learning_paths::of_tool(&mut reader.tx(), tool.id.clone()).await?;
    let standard = own.is_empty();
    let paths = if standard { standard_paths() } else { own };
    Ok(Json(json!({"learningPaths": paths, "standard": standard})))
}

/// `GET /admin/learning-paths/:id`.
pub(super) async fn one(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<Json<LearningPath>, Problem> {
    let mut reader = app.db.read().await?;
    let own = learning_paths::of_tool(&mut reader.tx(), tool.id.clone()).await?;
    let found = own.into_iter().find(|path| path.id == id);
    found.map(Json).ok_or_else(not_found)
}

/// `POST /admin/learning-paths`.
pub(super) async fn create(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    body: Bytes,
) -> Result<(StatusCode, Json<LearningPath>), Problem> {
    let path: LearningPath = json_body(&body)?;
    let created = path.clone();
    let (tool_id, now) = (tool.id.clone(), app.clock.now_ms());
    let insert = app.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            if learning_paths::of_tool(&mut tx, tool_id.clone())
                .await?
                .len()
                >= MOST
            {
                return Err(Problem::new(
                    StatusCode::CONFLICT,
                    "TOO_MANY_LEARNING_PATHS",
                    "A tool has at most 50 learning paths. Delete one first.",
                ));
            }
            learning_paths::insert(&mut tx, tool_id, &path, now)
                .await
                .map_err(taken)
        })
    });
    insert.await?;
    app.studyreel.paths.forget(&tool.id).await;
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
    let replaced = path.clone();
    let (tool_id, now) = (tool.id.clone(), app.clock.now_ms());
    let replace = app.db.write_one::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let replaced = learning_paths::replace(&mut tx, tool_id, &path, now);
            replaced.await.map_err(taken)
        })
    });
    if !replace.await? {
        return Err(not_found());
    }
    app.studyreel.paths.forget(&tool.id).await;
    tracing::info!(tool_id = tool.id, path_id = id, "learning path replaced");
    Ok(Json(replaced))
}

/// `DELETE /admin/learning-paths/:id`. Who is enrolled stays so, unseen, in case the path comes back.
pub(super) async fn delete(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (tool_id, path_id) = (tool.id.clone(), id.clone());
    let delete = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { learning_paths::delete(&mut tx, tool_id, path_id).await })
    });
    if !delete.await? {
        return Err(not_found());
    }
    app.studyreel.paths.forget(&tool.id).await;
    tracing::info!(tool_id = tool.id, path_id = id, "learning path deleted");
    Ok(StatusCode::NO_CONTENT)
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
