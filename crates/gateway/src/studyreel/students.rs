//! `/api/students`: what the application may know of its students and their history.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use studyreel::subject_key;
use url::form_urlencoded;

use super::message::{describe_placements, known};
use super::profile::Profile;
use super::provision::{open_profile, placement_row};
use crate::app::App;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::kit::clock::iso;
use crate::kit::id::is_id;
use crate::web::paging::{PAGE, limit, time, wrong};
use crate::web::problem::Problem;
use store::enrolments::{self, PastPlacement};
use store::login_links::{self, LaunchOf};
use store::students::{self, Filter, Student};
use store::{StoreError, Tx};
use studyreel::placement::{LearningPath, Placement};

/// What a list was asked for.
#[derive(Default)]
struct Asked {
    filter: Filter,
    subject: Option<String>,
}

impl Asked {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut asked = Self::default();
        asked.filter.limit = PAGE;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if value.contains(char::is_control) {
                return Err(wrong(&name, "must be plain text"));
            }
            let filter = &mut asked.filter;
            match &*name {
                "limit" => filter.limit = limit(&value)?,
                "cursor" => filter.after = value.into_owned(),
                "issuer" => {
                    let issuer = value.strip_suffix('/').unwrap_or(&value);
                    filter.issuer = Some(issuer.to_owned());
                }
                "subject" => asked.subject = Some(value.into_owned()),
                "status" if matches!(&*value, students::ACTIVE | students::DISABLED) => {
                    filter.status = Some(value.into_owned());
                }
                "status" => return Err(wrong("status", "must be active or disabled")),
                "externalId" => filter.external_id = Some(value.into_owned()),
                "launchedSince" => {
                    filter.launched_since = Some(time("launchedSince", &value)?);
                }
                "path" => filter.path_id = Some(value.into_owned()),
                "grade" => {
                    let grade = value
                        .parse()
                        .map_err(|_| wrong("grade", "must be a number"))?;
                    filter.grade = Some(grade);
                }
                other => return Err(wrong(other, "is not known here")),
            }
        }
        if asked.filter.grade.is_some() && asked.filter.path_id.is_none() {
            return Err(wrong("grade", "needs the parameter 'path' beside it"));
        }
        Ok(asked)
    }
}

/// `GET /api/students`: filters, and pages by `cursor`.
pub(super) async fn list(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let Asked {
        mut filter,
        subject,
    } = Asked::parse(&query.unwrap_or_default())?;
    let mut reader = app.db.read().await?;
    let limit = usize::try_from(filter.limit).unwrap_or_default();
    // One more than asked for tells whether there is a next page.
    filter.limit += 1;
    let mut found = match subject {
        Some(subject) => of_subject(&app, &mut reader.tx(), &tool, filter, &subject).await?,
        None => students::page(&mut reader.tx(), tool.id.clone(), filter).await?,
    };
    let mut next = None;
    if found.len() > limit {
        found.truncate(limit);
        next = found.last().map(|student| student.id.clone());
    }
    drop(reader);
    let paths = app.studyreel.paths.of(&app, &tool.id).await?;
    let mut described = Vec::with_capacity(found.len());
    for student in &found {
        let profile = open_profile(&app, student)?;
        described.push(Value::Object(describe(student, &profile, &paths)));
    }
    let mut answer = json!({"students": described});
    if let Some(next) = next {
        answer["nextCursor"] = next.into();
    }
    Ok(private(answer))
}

/// The students of a subject: looked up by its hash, with each issuer that ever sent anybody.
async fn of_subject(
    app: &App,
    tx: &mut Tx<'_>,
    tool: &Tool,
    filter: Filter,
    subject: &str,
) -> Result<Vec<Student>, StoreError> {
    let issuers = match &filter.issuer {
        Some(issuer) => vec![issuer.clone()],
        None => students::issuers(tx, tool.id.clone()).await?,
    };
    let (keys, key) = (&app.studyreel.keys, subject_key(subject));
    let mut found = Vec::new();
    for issuer in issuers {
        let hash = keys.subject_hash(&tool.id, &issuer, &key);
        let theirs = Filter {
            issuer: Some(issuer),
            subject_hash: Some(hash),
            ..filter.clone()
        };
        found.extend(students::page(tx, tool.id.clone(), theirs).await?);
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// `GET /api/students/:id`: with placements, their history, and launches as far as they are still known.
pub(super) async fn one(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    if !is_id(&id) {
        return Err(not_found());
    }
    let mut reader = app.db.read().await?;
    let tx = &mut reader.tx();
    let student = students::by_id(tx, tool.id.clone(), id.clone()).await?;
    let student = student.ok_or_else(not_found)?;
    let history = enrolments::placements_of(tx, id.clone()).await?;
    let launches = login_links::launches_of(tx, id).await?;
    drop(reader);
    let paths = app.studyreel.paths.of(&app, &tool.id).await?;
    let profile = open_profile(&app, &student)?;
    let mut all = describe(&student, &profile, &paths);
    add_history(&app, &mut all, &history, &launches)?;
    Ok(private(Value::Object(all)))
}

/// Adds how a student came to stand where they are, and their launches.
fn add_history(
    app: &App,
    all: &mut Map<String, Value>,
    history: &[PastPlacement],
    launches: &[LaunchOf],
) -> Result<(), StoreError> {
    let past: Result<Vec<Value>, StoreError> = history
        .iter()
        .map(|past| {
            let placement = open_placement(app, past)?;
            Ok(json!({"at": iso(past.created_at), "outcome": past.outcome, "placement": placement}))
        })
        .collect();
    all.insert("placementHistory".into(), json!(past?));
    let launches: Vec<Value> = launches
        .iter()
        .map(|launch| {
            let mut all = json!({"id": launch.launch_id, "at": iso(launch.created_at)});
            if let Some(used_at) = launch.used_at {
                all["linkOpenedAt"] = iso(used_at).into();
            }
            all
        })
        .collect();
    all.insert("launches".into(), json!(launches));
    Ok(())
}

fn open_placement(app: &App, past: &PastPlacement) -> Result<Placement, StoreError> {
    let corrupt = |what: String| StoreError::Corrupt(format!("placement {}: {what}", past.id));
    let document = app
        .rows
        .open(&placement_row(&past.id), &past.placement_sealed)
        .map_err(|error| corrupt(error.to_string()))?;
    serde_json::from_slice(&document).map_err(|error| corrupt(error.to_string()))
}

/// A student without history. What is unknown is left out.
pub(super) fn describe(
    student: &Student,
    profile: &Profile,
    paths: &[LearningPath],
) -> Map<String, Value> {
    let report = &profile.report;
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            all.insert(name.to_owned(), value);
        }
    };
    put("id", json!(student.id));
    put("externalId", json!(student.external_id));
    put("userID", json!(student.user_id));
    put("issuer", json!(student.issuer));
    put("subject", json!(profile.subject));
    put("name", json!(profile.name()));
    put("givenName", json!(profile.given_name));
    put("familyName", json!(profile.family_name));
    put("status", json!(student.status));
    put("createdAt", json!(iso(student.created_at)));
    put("updatedAt", json!(iso(student.updated_at)));
    put("lastLaunchAt", json!(iso(student.last_launch_at)));
    put("acquisitionSource", json!(profile.acquisition_source));
    put("ageGrade", json!(report.age_grade.value));
    put("grades", known(report, |report| report.grade.value));
    put("rit", known(report, |report| report.rit.value));
    put("placement", describe_placements(profile, paths));
    let blocks = &profile.learning_blocks.blocks;
    if !blocks.is_empty() {
        put("learningBlocks", json!(blocks));
    }
    all
}

pub(super) fn not_found() -> Problem {
    Problem::not_found("STUDENT_NOT_FOUND", "The tool has no such student.")
}

/// Personal data and secrets stay out of caches.
pub(super) fn private(answer: Value) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_list_takes_the_parameters_it_knows() {
        let asked =
            Asked::parse("limit=7&issuer=https%3A%2F%2Fi.example%2F&path=math&grade=-1").unwrap();
        let filter = asked.filter;
        assert_eq!((filter.limit, filter.grade), (7, Some(-1)));
        assert_eq!(filter.issuer.as_deref(), Some("https://i.example"));
        for wrong in [
            "limit=0",
            "limit=201",
            "limit=x",
            "status=erased",
            "launchedSince=yesterday",
            "grade=5",
            "externalId=a%00b",
            "colour=red",
        ] {
            assert!(Asked::parse(wrong).is_err(), "{wrong}");
        }
    }
}
