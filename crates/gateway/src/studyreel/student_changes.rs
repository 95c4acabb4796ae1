//! `PATCH` and `DELETE /api/students/:id`: what the application may change, and erasure on request.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::profile::Profile;
use super::provision::{open_profile, seal_profile};
use super::students::{describe, not_found, private};
use crate::app::App;
use crate::directory::auth::WithApiKey;
use crate::kit::id::is_id;
use crate::web::json::json_body;
use crate::web::problem::Problem;
use store::students::{self, Student};
use store::{enrolments, launches, login_links};

/// Most characters of the application's own texts.
const TEXT_MAX: usize = 255;

/// A change; what is absent stays, `null` takes away.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Change {
    /// The application's own id for the student.
    #[serde(default, deserialize_with = "present")]
    external_id: Option<Option<String>>,
    status: Option<Status>,
    /// How far the student came, by subject.
    #[serde(default)]
    positions: BTreeMap<String, Option<String>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Status {
    Active,
    Disabled,
}

/// Tells `null` from absent.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(value).map(Some)
}

impl Change {
    fn apply(self, student: &mut Student, profile: &mut Profile) -> Result<(), Problem> {
        if let Some(external_id) = self.external_id {
            external_id
                .as_deref()
                .map_or(Ok(()), |id| plain("externalId", id))?;
            if external_id.is_none() {
                // Without an id the application is asked for one again.
                student.provisioned_at = None;
            }
            student.external_id = external_id;
        }
        match self.status {
            Some(Status::Active) => students::ACTIVE.clone_into(&mut student.status),
            Some(Status::Disabled) => students::DISABLED.clone_into(&mut student.status),
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
    Problem::bad_request(
        "INVALID_BODY",
        format!("The request body is wrong: {what}."),
    )
}

fn plain(member: &str, text: &str) -> Result<(), Problem> {
    let length = text.chars().count();
    if (1..=TEXT_MAX).contains(&length) && !text.contains(char::is_control) {
        Ok(())
    } else {
        Err(wrong(&format!(
            "{member} takes texts of 1 to {TEXT_MAX} plain characters"
        )))
    }
}

fn taken() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "EXTERNAL_ID_TAKEN",
        "Another student has this externalId, or the platform knows another by it. Take it from that one first, if the \
         platform was not told it yet.",
    )
}

/// `PATCH /api/students/:id`: `externalId`, `status`, `positions`; answers the student.
pub(super) async fn change(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let change: Change = json_body(&body)?;
    if !is_id(&id) {
        return Err(not_found());
    }
    let paths = app.studyreel.paths.of(&app, &tool.id).await?;
    let (tool_id, now, keys) = (tool.id.clone(), app.clock.now_ms(), app.clone());
    let write = app.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let student = students::hold(&mut tx, tool_id, id, now).await?;
            let mut student = student.ok_or_else(not_found)?;
            let mut profile = open_profile(&keys, &student)?;
            change.apply(&mut student, &mut profile)?;
            // Else the platform would be told one userID for two students at their next launch.
            if let Some(id) = &student.external_id
                && students::is_anothers(&mut tx, &student, id).await?
            {
                return Err(taken());
            }
            student.profile_sealed = seal_profile(&keys, &student.id, &profile)?;
            let answer = Value::Object(describe(&student, &profile, &paths));
            students::change(&mut tx, student).await.map_err(|error| {
                if error.is_taken() {
                    taken()
                } else {
                    error.into()
                }
            })?;
            Ok::<_, Problem>(answer)
        })
    });
    write.await.map(private)
}

/// `DELETE /api/students/:id`: forgets everything about a student but that they must not come back by themselves.
pub(super) async fn erase(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if !is_id(&id) {
        return Err(not_found());
    }
    let (tool_id, now, keys) = (tool.id.clone(), app.clock.now_ms(), app.clone());
    let student_id = id.clone();
    let write = app.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let student = students::hold(&mut tx, tool_id, student_id, now).await?;
            let mut student = student.ok_or_else(not_found)?;
            enrolments::erase(&mut tx, student.id.clone()).await?;
            let gone = login_links::erase(&mut tx, student.id.clone()).await?;
            for launch in &gone {
                launches::erase(&mut tx, launch.launch_id.clone()).await?;
            }
            student.external_id = None;
            student.user_id = None;
            students::ERASED.clone_into(&mut student.status);
            student.profile_sealed = seal_profile(&keys, &student.id, &Profile::erased())?;
            students::change(&mut tx, student).await?;
            Ok::<_, Problem>(gone)
        })
    });
    for launch in write.await? {
        app.launches.forget(&launch.launch_id);
    }
    tracing::info!(tool_id = tool.id, student_id = id, "student erased");
    Ok(StatusCode::NO_CONTENT)
}
