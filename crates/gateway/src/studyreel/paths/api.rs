//! `/admin/learning-paths`: the learning paths that a tool's owner defines.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use store::{StoreError, learning_paths};
use studyreel::placement::{LearningPath, MOST_PATHS, WrittenPath, is_path_id};
use utoipa::ToSchema;

use super::Paths;
use super::offered::{OfferedPaths, is_overruled, row_of};
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::studyreel::room::StudyReel;
use crate::web::api_rule::ApiRule;
use crate::web::json::{json_body, json_object};
use crate::web::problem::{Problem, unless_taken};
use crate::web::wrong_member::WrongMember;

const NO_PATH: ApiRule = ApiRule::new(
    "LEARNING_PATH_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "The tool has defined no such learning path.",
);
const TAKEN: ApiRule = ApiRule::new(
    "LEARNING_PATH_EXISTS",
    StatusCode::CONFLICT,
    "The tool has a learning path of this id or for this subject already. Change that one.",
);
const IN_FILE: ApiRule = ApiRule::new(
    "LEARNING_PATH_IN_FILE",
    StatusCode::CONFLICT,
    "The setting learning_paths defines the learning path of this id or for this subject. Change it there, and restart.",
);
const TOO_MANY: ApiRule = ApiRule::new(
    "TOO_MANY_LEARNING_PATHS",
    StatusCode::CONFLICT,
    "A tool has at most 50 learning paths. Delete one first.",
);

/// The answer to `GET /admin/learning-paths`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LearningPathList)]
pub(crate) struct PathListAnswer {
    /// The paths that place launches, by subject.
    pub(crate) learning_paths: Vec<LearningPath>,
    /// Whether the standard paths apply because none is defined.
    pub(crate) standard: bool,
    /// Ids of paths that only the settings file can change.
    pub(crate) from_file: Vec<String>,
    /// Paths of the API that the settings file overrides.
    pub(crate) overruled: Vec<LearningPath>,
}

impl From<OfferedPaths> for PathListAnswer {
    fn from(offered: OfferedPaths) -> Self {
        Self {
            learning_paths: offered.in_force,
            standard: offered.standard,
            from_file: offered.from_file,
            overruled: offered.overruled,
        }
    }
}

/// Lists the learning paths.
///
/// The settings file overrides the API: what it defines can only be changed there.
#[utoipa::path(
    get, path = "/admin/learning-paths", tag = "Operator: StudyReel", operation_id = "listLearningPaths", security(("apiKey" = ["manage", "read"])),
    responses((status = 200, description = "The paths in force, and those that are not.", body = PathListAnswer)),
)]
pub(crate) async fn list(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
) -> Result<Json<PathListAnswer>, Problem> {
    let offered = room.paths.offered(&tool.id).await?;
    Ok(Json(offered.into()))
}

/// Reads a learning path.
#[utoipa::path(
    get, path = "/admin/learning-paths/{id}", tag = "Operator: StudyReel", operation_id = "readLearningPath", security(("apiKey" = ["manage", "read"])),
    params(("id" = String, Path, description = "Id of a learning path.")),
    responses(
        (status = 200, description = "The path.", body = LearningPath),
        (status = 404, description = "`LEARNING_PATH_NOT_FOUND`: the tool has defined no such path."),
    ),
)]
pub(crate) async fn one(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<LearningPath>, Problem> {
    let mut all = room.paths.written(&tool.id).to_vec();
    all.extend(room.paths.stored(&tool.id).await?);
    let found = all.into_iter().find(|path| path.id == id);
    found.map(Json).ok_or_else(|| NO_PATH.problem())
}

/// Defines a learning path.
#[utoipa::path(
    post, path = "/admin/learning-paths", tag = "Operator: StudyReel", operation_id = "createLearningPath", security(("apiKey" = ["manage"])),
    request_body = WrittenPath,
    responses(
        (status = 201, description = "The path.", body = LearningPath),
        (status = 409, description = "`LEARNING_PATH_EXISTS`: another path has this id or subject.\n`LEARNING_PATH_IN_FILE`: the settings file defines the path of this id or for this subject.\n`TOO_MANY_LEARNING_PATHS`: a tool has at most 50."),
    ),
)]
pub(crate) async fn create(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    body: Bytes,
) -> Result<(StatusCode, Json<LearningPath>), Problem> {
    let path = new_path(&room, &tool.id, &body)?;
    define(&room, &tool.id, std::slice::from_ref(&path)).await?;
    Ok((StatusCode::CREATED, Json(path)))
}

/// The path that a body defines.
///
/// # Errors
/// The body is wrong, or the path could never be in force.
pub(crate) fn new_path(
    room: &StudyReel,
    tool_id: &str,
    body: &Bytes,
) -> Result<LearningPath, Problem> {
    let path: LearningPath = json_body(body)?;
    refuse_dots(&path)?;
    refuse_overruled(&room.paths, tool_id, &path)?;
    Ok(path)
}

/// Defines these paths, or none of them.
///
/// # Errors
/// One of them is taken, there are too many, or the store failed.
pub(crate) async fn define(
    room: &StudyReel,
    tool_id: &str,
    paths: &[LearningPath],
) -> Result<(), Problem> {
    let rows = paths.iter().map(row_of).collect::<Result<Vec<_>, _>>()?;
    let (of_tool, now) = (tool_id.to_owned(), room.clock.now_ms());
    let insert = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let defined = learning_paths::of_tool(&mut tx, of_tool.clone()).await?;
            if defined.len() + rows.len() > MOST_PATHS {
                return Err(TOO_MANY.problem());
            }
            for row in rows {
                let inserted = learning_paths::insert(&mut tx, of_tool.clone(), row, now).await;
                inserted.map_err(unless_taken(TAKEN))?;
            }
            Ok(())
        })
    });
    insert.await?;
    room.paths.changed(tool_id);
    for path in paths {
        tracing::info!(tool_id, path_id = path.id, "learning path created");
    }
    Ok(())
}

/// Replaces a learning path.
///
/// Students keep their placements until their next launch.
#[utoipa::path(
    put, path = "/admin/learning-paths/{id}", tag = "Operator: StudyReel", operation_id = "replaceLearningPath", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a learning path.")),
    request_body = WrittenPath,
    responses(
        (status = 200, description = "The path as it is now.", body = LearningPath),
        (status = 404, description = "`LEARNING_PATH_NOT_FOUND`: the tool has defined no such path."),
        (status = 409, description = "`LEARNING_PATH_EXISTS`: another path has this id or subject.\n`LEARNING_PATH_IN_FILE`: the settings file defines the path of this id or for this subject."),
    ),
)]
pub(crate) async fn replace(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<LearningPath>, Problem> {
    let mut members = json_object(&body)?;
    let id_in_path = Value::from(id.as_str());
    if *members.entry("id").or_insert(id_in_path.clone()) != id_in_path {
        return Err(Problem::wrong_body(
            "The request body is wrong: 'id' is not the one in the address. A path keeps its id.",
        ));
    }
    let body = Bytes::from(Value::Object(members).to_string());
    let path: LearningPath = json_body(&body)?;
    refuse_overruled(&room.paths, &tool.id, &path)?;
    let (replaced, row) = (path.clone(), row_of(&path)?);
    let (tool_id, now) = (tool.id.clone(), room.clock.now_ms());
    let replace = room.db.write_one::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let replaced = learning_paths::replace(&mut tx, tool_id, row, now);
            replaced.await.map_err(unless_taken(TAKEN))
        })
    });
    if !replace.await? {
        return Err(NO_PATH.problem());
    }
    room.paths.changed(&tool.id);
    tracing::info!(tool_id = tool.id, path_id = id, "learning path replaced");
    Ok(Json(replaced))
}

/// Deletes a learning path that the API defined.
///
/// Its students stay enrolled, unseen, in case the path comes back.
#[utoipa::path(
    delete, path = "/admin/learning-paths/{id}", tag = "Operator: StudyReel", operation_id = "deleteLearningPath", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a learning path.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "`LEARNING_PATH_NOT_FOUND`: the tool has defined no such path."),
        (status = 409, description = "`LEARNING_PATH_IN_FILE`: the settings file defines it."),
    ),
)]
pub(crate) async fn delete(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if !is_path_id(&id) {
        return Err(NO_PATH.problem());
    }
    let (tool_id, path_id) = (tool.id.clone(), id.clone());
    let delete = room.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { learning_paths::delete(&mut tx, tool_id, path_id).await })
    });
    if !delete.await? {
        let mut written = room.paths.written(&tool.id).iter();
        let is_written = written.any(|written| written.id == id);
        let rule = if is_written { IN_FILE } else { NO_PATH };
        return Err(rule.problem());
    }
    room.paths.changed(&tool.id);
    tracing::info!(tool_id = tool.id, path_id = id, "learning path deleted");
    Ok(StatusCode::NO_CONTENT)
}

/// Refuses a path whose address would be another one: clients resolve `.` and `..` before they send
/// a request. Paths that have such an id already keep it, and `POST /admin/apply`, which needs no
/// addresses, takes them.
fn refuse_dots(path: &LearningPath) -> Result<(), Problem> {
    if !matches!(&*path.id, "." | "..") {
        return Ok(());
    }
    let says = "must contain more than dots, because it is part of an address";
    let problem = Problem::wrong_body(format!("The request body is wrong: 'id' {says}"));
    Err(problem.naming(vec![WrongMember::new("id", says)]))
}

/// Refuses a path that could never be in force.
fn refuse_overruled(paths: &Paths, tool_id: &str, path: &LearningPath) -> Result<(), Problem> {
    if is_overruled(paths.written(tool_id), path) {
        return Err(IN_FILE.problem());
    }
    Ok(())
}
