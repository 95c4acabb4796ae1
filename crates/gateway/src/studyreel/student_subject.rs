//! `POST /api/students/:id/subject`: changes a student's `sub`, for example because their e-mail
//! address changed.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use store::students::{self, StudentRow};
use store::{Tx, first_answers, launches, login_links};
use studyreel::subject_key;
use utoipa::ToSchema;

use super::room::StudyReel;
use super::student_answers::StudentAnswer;
use super::student_changes::plain;
use super::student_id::{NO_STUDENT, StudentId};
use crate::directory::api_keys::scope::ForServices;
use crate::directory::auth::WithApiKey;
use crate::web::api_rule::ApiRule;
use crate::web::json::json_body;
use crate::web::problem::Problem;

const TAKEN: ApiRule = ApiRule::new(
    "SUBJECT_TAKEN",
    StatusCode::CONFLICT,
    "Another student launches with this subject. If both are the same person, send that student's id as replaces: their \
     account is removed then, with placements and launches.",
);

/// A student's new subject.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSubject {
    /// Their new `sub`.
    subject: String,
    /// The account that was created because they already launched with it; it will be removed for
    /// good.
    replaces: Option<String>,
}

fn taken(other: &StudentRow) -> Problem {
    if other.status == students::ERASED {
        return TAKEN
            .saying("A student who was erased had this subject, so no one else may have it.");
    }
    TAKEN.problem().with("studentId", &other.id)
}

/// Gives a student a new subject.
///
/// They keep their account, their placements and the `userID` that the platform knows. The old
/// subject is then free: a launch with it creates a new account.
#[utoipa::path(
    post, path = "/api/students/{id}/subject", tag = "Application: students", operation_id = "changeStudentSubject", security(("apiKey" = ["services"])),
    params(("id" = String, Path, description = "Our id of a student.")),
    request_body = NewSubject,
    responses(
        (status = 200, description = "The student as they are now.", body = StudentAnswer),
        (status = 404, description = "`STUDENT_NOT_FOUND`: the tool has no such student."),
        (status = 409, description = "`SUBJECT_TAKEN`: another student of the same issuer has this subject; `details.studentId` is their id."),
    ),
)]
pub(crate) async fn change(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForServices>,
    StudentId(id): StudentId,
    body: Bytes,
) -> Result<Json<StudentAnswer>, Problem> {
    let wanted: NewSubject = json_body(&body)?;
    plain("subject", &wanted.subject)?;
    let paths = room.paths.of(&tool.id).await?;
    let (tool_id, now) = (tool.id.clone(), room.clock.now_ms());
    let (sealer, keys) = (room.sealer.clone(), room.keys.clone());
    let write = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let student = students::hold(&mut tx, tool_id.clone(), id, now).await?;
            let student = student.ok_or_else(|| NO_STUDENT.problem())?;
            let key = subject_key(&wanted.subject);
            let hash = keys.subject_hash(&tool_id, &student.issuer, &key);
            let issuer = student.issuer.clone();
            let other = students::of_hash(&mut tx, tool_id, issuer, hash.clone()).await?;
            let forgotten = match other.filter(|other| other.id != student.id) {
                None => Vec::new(),
                Some(other) if wanted.replaces.as_deref() == Some(&*other.id) => {
                    remove(&mut tx, other, now).await?
                }
                Some(other) => return Err(taken(&other)),
            };
            let mut profile = sealer.open_profile(&student)?;
            profile.subject = wanted.subject;
            let sealed = sealer.seal_profile(&student.id, &profile)?;
            students::set_subject(&mut tx, student.id.clone(), hash).await?;
            students::set_profile(&mut tx, student.id.clone(), sealed, now).await?;
            Ok::<_, Problem>((StudentAnswer::new(&student, &profile, &paths), forgotten))
        })
    });
    let (answer, forgotten) = write.await?;
    for launch_id in forgotten {
        room.launches.forget(&launch_id);
    }
    tracing::info!(tool_id = tool.id, "a student's subject was changed");
    Ok(Json(answer))
}

/// Removes an account, the contents of its launches, and stored answers to requests about it.
/// Returns the launches' ids.
async fn remove(tx: &mut Tx<'_>, student: StudentRow, now_ms: i64) -> Result<Vec<String>, Problem> {
    if student.status == students::ERASED {
        return Err(taken(&student));
    }
    first_answers::erase(tx, &student.id, now_ms).await?;
    let gone = login_links::erase(tx, student.id.clone()).await?;
    let mut ids = Vec::with_capacity(gone.len());
    for launch in gone {
        launches::erase(tx, launch.launch_id.clone()).await?;
        ids.push(launch.launch_id);
    }
    students::remove(tx, student.tool_id, student.id).await?;
    Ok(ids)
}
