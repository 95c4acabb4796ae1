//! `PATCH` and `DELETE /api/students/:id`: the changes an application may make, and erasure on
//! request.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Deserializer};
use store::students::{self, StudentRow};
use store::{enrolments, first_answers, launches, login_links};
use utoipa::ToSchema;

use super::profile::Profile;
use super::room::StudyReel;
use super::student_answers::StudentAnswer;
use super::student_id::{NO_STUDENT, StudentId};
use crate::directory::api_keys::scope::ForServices;
use crate::directory::auth::WithApiKey;
use crate::web::api_rule::ApiRule;
use crate::web::json::json_change;
use crate::web::problem::{Problem, unless_taken};
use crate::web::wrong_member::WrongMember;

const TAKEN: ApiRule = ApiRule::new(
    "EXTERNAL_ID_TAKEN",
    StatusCode::CONFLICT,
    "Another student has this externalId, or the platform knows another by it. Take it from that one first, if the platform \
     was not told it yet.",
);

/// Longest text the application may set, in characters.
const TEXT_MAX: usize = 255;

/// A change: an absent member keeps its value, `null` removes it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StudentChange {
    /// The application's own id for the student.
    #[serde(default, deserialize_with = "present")]
    external_id: Option<Option<String>>,
    status: Option<WantedStatus>,
    /// How far the student has come, by subject.
    #[serde(default)]
    positions: BTreeMap<String, Option<String>>,
}

/// Whether a student may launch.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WantedStudentStatus)]
enum WantedStatus {
    Active,
    Disabled,
}

/// Distinguishes `null` from absent.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}

impl StudentChange {
    fn apply(self, student: &mut StudentRow, profile: &mut Profile) -> Result<(), Problem> {
        if let Some(external_id) = self.external_id {
            external_id
                .as_deref()
                .map_or(Ok(()), |id| plain("externalId", id))?;
            if external_id.is_none() {
                // Without an id, the application is asked for one again.
                student.provisioned_at = None;
            }
            student.external_id = external_id;
        }
        match self.status {
            Some(WantedStatus::Active) => students::ACTIVE.clone_into(&mut student.status),
            Some(WantedStatus::Disabled) => students::DISABLED.clone_into(&mut student.status),
            None => {}
        }
        for (subject, position) in self.positions {
            if !profile
                .placements
                .iter()
                .any(|placed| placed.subject == subject)
            {
                return Err(wrong(
                    "positions names a subject in which the student isn't placed",
                ));
            }
            match position {
                Some(position) => {
                    plain("positions", &position)?;
                    profile.positions.insert(subject, position);
                }
                None => drop(profile.positions.remove(&subject)),
            }
        }
        Ok(())
    }
}

fn wrong(what: &str) -> Problem {
    Problem::wrong_body(format!("The request body is wrong: {what}."))
}

pub(super) fn plain(member: &str, text: &str) -> Result<(), Problem> {
    let length = text.chars().count();
    if (1..=TEXT_MAX).contains(&length) && !text.contains(char::is_control) {
        Ok(())
    } else {
        let must = format!("takes texts of 1 to {TEXT_MAX} plain characters");
        let problem = wrong(&format!("{member} {must}"));
        Err(problem.naming(vec![WrongMember::new(member.to_owned(), must)]))
    }
}

/// Changes a student.
///
/// Absent members stay as they are; `null` removes a value.
#[utoipa::path(
    patch, path = "/api/students/{id}", tag = "Application: students", operation_id = "changeStudent", security(("apiKey" = ["services"])),
    params(("id" = String, Path, description = "Our id of a student.")),
    request_body = StudentChange,
    responses(
        (status = 200, description = "The student as they are now.", body = StudentAnswer),
        (status = 404, description = "`STUDENT_NOT_FOUND`: the tool has no such student."),
        (status = 409, description = "`EXTERNAL_ID_TAKEN`: another student has this `externalId`, or the platform knows another by it."),
    ),
)]
pub(crate) async fn change(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForServices>,
    StudentId(id): StudentId,
    body: Bytes,
) -> Result<Json<StudentAnswer>, Problem> {
    let change: StudentChange = json_change(&body)?;
    let paths = room.paths.of(&tool.id).await?;
    let (tool_id, now) = (tool.id.clone(), room.clock.now_ms());
    let sealer = room.sealer.clone();
    let write = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let student = students::hold(&mut tx, tool_id, id, now).await?;
            let mut student = student.ok_or_else(|| NO_STUDENT.problem())?;
            let mut profile = sealer.open_profile(&student)?;
            change.apply(&mut student, &mut profile)?;
            // Otherwise the platform would get one userID for two students at their next launch.
            if let Some(id) = &student.external_id
                && students::is_anothers(&mut tx, &student, id).await?
            {
                return Err(TAKEN.problem());
            }
            student.profile_sealed = sealer.seal_profile(&student.id, &profile)?;
            let answer = StudentAnswer::new(&student, &profile, &paths);
            let changed = students::change(&mut tx, student).await;
            changed.map_err(unless_taken(TAKEN))?;
            Ok::<_, Problem>(answer)
        })
    });
    write.await.map(Json)
}

/// Erases a student.
///
/// Everything about them is forgotten within seconds, except that they must not simply come back.
#[utoipa::path(
    delete, path = "/api/students/{id}", tag = "Application: students", operation_id = "eraseStudent", security(("apiKey" = ["services"])),
    params(("id" = String, Path, description = "Our id of a student.")),
    responses(
        (status = 204, description = "They are erased."),
        (status = 404, description = "`STUDENT_NOT_FOUND`: the tool has no such student."),
    ),
)]
pub(crate) async fn erase(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForServices>,
    StudentId(id): StudentId,
) -> Result<StatusCode, Problem> {
    let (tool_id, now) = (tool.id.clone(), room.clock.now_ms());
    let sealer = room.sealer.clone();
    let student_id = id.clone();
    let write = room.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let student = students::hold(&mut tx, tool_id, student_id, now).await?;
            let mut student = student.ok_or_else(|| NO_STUDENT.problem())?;
            first_answers::erase(&mut tx, &student.id, now).await?;
            enrolments::erase(&mut tx, student.id.clone()).await?;
            let gone = login_links::erase(&mut tx, student.id.clone()).await?;
            for launch in &gone {
                launches::erase(&mut tx, launch.launch_id.clone()).await?;
            }
            student.external_id = None;
            student.user_id = None;
            students::ERASED.clone_into(&mut student.status);
            student.profile_sealed = sealer.seal_profile(&student.id, &Profile::erased())?;
            students::change(&mut tx, student).await?;
            Ok::<_, Problem>(gone)
        })
    });
    for launch in write.await? {
        room.launches.forget(&launch.launch_id);
    }
    tracing::info!(tool_id = tool.id, student_id = id, "student erased");
    Ok(StatusCode::NO_CONTENT)
}
