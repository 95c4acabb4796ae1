//! `/api/students`: what the application may know of its students and their history.

use axum::Json;
use axum::extract::{RawQuery, State};
use store::students::{self, StudentCursor, StudentFilter, StudentRow};
use store::{StoreError, Tx, enrolments, login_links};
use studyreel::subject_key;

use super::room::StudyReel;
use super::student_answers::{PastPlacementAnswer, StudentAnswer, StudentHistory, StudentPage};
use super::student_id::{NO_STUDENT, StudentId};
use crate::directory::api_keys::scope::ForServices;
use crate::directory::auth::WithApiKey;
use crate::directory::tools::Tool;
use crate::kit::clock::iso;
use crate::web::paging::{PAGE_SIZE, PageParameters, cut, limit, parameters, time, wrong};
use crate::web::problem::Problem;

/// The query of a list.
#[derive(Default)]
struct StudentQuery {
    filter: StudentFilter,
    subject: Option<String>,
}

impl StudentQuery {
    fn parse(query: &str) -> Result<Self, Problem> {
        let mut asked = Self::default();
        asked.filter.limit = PAGE_SIZE;
        for (name, value) in parameters(query) {
            if value.contains(char::is_control) {
                return Err(wrong(&name, "must be plain text"));
            }
            let filter = &mut asked.filter;
            match &*name {
                "limit" => filter.limit = limit(&value)?,
                "cursor" => filter.after = StudentCursor::parse(&value),
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

/// Lists students.
///
/// Parameters narrow the list; `cursor` turns the page.
#[utoipa::path(
    get, path = "/api/students", tag = "Application: students", operation_id = "listStudents", security(("apiKey" = ["services", "read"])),
    params(
        PageParameters,
        ("issuer" = Option<String>, Query, description = "Only students of this platform."),
        ("subject" = Option<String>, Query, description = "Only the student whom a platform calls this."),
        ("status" = Option<String>, Query, description = "`active` or `disabled`."),
        ("externalId" = Option<String>, Query, description = "Only the student with this id of the application."),
        ("launchedSince" = Option<String>, Query, format = DateTime, description = "Only students who launched since then."),
        ("path" = Option<String>, Query, description = "Only students who are placed in this learning path."),
        ("grade" = Option<i8>, Query, description = "Only students at this grade of `path`."),
    ),
    responses(
        (status = 200, description = "A page of students.", body = StudentPage),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter is unknown or has a wrong value; the description names it."),
    ),
)]
pub(crate) async fn list(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForServices>,
    RawQuery(query): RawQuery,
) -> Result<Json<StudentPage>, Problem> {
    let query = query.unwrap_or_default();
    let StudentQuery {
        mut filter,
        subject,
    } = StudentQuery::parse(&query)?;
    let mut reader = room.db.read().await?;
    let limit = filter.limit;
    filter.limit += 1;
    let mut found = match subject {
        Some(subject) => of_subject(&room, &mut reader.tx(), &tool, &filter, &subject).await?,
        None => students::page(&mut reader.tx(), &tool.id, filter.clone()).await?,
    };
    drop(reader);
    let next_cursor = cut(&mut found, limit, |student| {
        filter.place_of(student).to_string()
    });
    let paths = room.paths.of(&tool.id).await?;
    let answer = |student: &StudentRow| {
        let profile = room.sealer.open_profile(student)?;
        Ok(StudentAnswer::new(student, &profile, &paths))
    };
    let students: Result<_, StoreError> = found.iter().map(answer).collect();
    Ok(Json(StudentPage {
        students: students?,
        next_cursor,
    }))
}

/// The students with a subject: looked up by its hash, under every issuer that ever sent a student.
async fn of_subject(
    room: &StudyReel,
    tx: &mut Tx<'_>,
    tool: &Tool,
    filter: &StudentFilter,
    subject: &str,
) -> Result<Vec<StudentRow>, StoreError> {
    let issuers = match &filter.issuer {
        Some(issuer) => vec![issuer.clone()],
        None => students::issuers(tx, tool.id.clone()).await?,
    };
    let key = subject_key(subject);
    let mut found = Vec::new();
    for issuer in issuers {
        let hash = room.keys.subject_hash(&tool.id, &issuer, &key);
        let theirs = StudentFilter {
            issuer: Some(issuer),
            subject_hash: Some(hash),
            ..filter.clone()
        };
        found.extend(students::page(tx, &tool.id, theirs).await?);
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// Reads a student and their history.
#[utoipa::path(
    get, path = "/api/students/{id}", tag = "Application: students", operation_id = "readStudent", security(("apiKey" = ["services", "read"])),
    params(("id" = String, Path, description = "Our id of a student.")),
    responses(
        (status = 200, description = "The student, their placements so far, and their launches as far as they are still known.", body = StudentHistory),
        (status = 404, description = "`STUDENT_NOT_FOUND`: the tool has no such student."),
    ),
)]
pub(crate) async fn one(
    State(room): State<StudyReel>,
    WithApiKey { tool, .. }: WithApiKey<ForServices>,
    StudentId(id): StudentId,
) -> Result<Json<StudentHistory>, Problem> {
    let mut reader = room.db.read().await?;
    let tx = &mut reader.tx();
    let student = students::by_id(tx, tool.id.clone(), id.clone()).await?;
    let student = student.ok_or_else(|| NO_STUDENT.problem())?;
    let history = enrolments::placements_of(tx, id.clone()).await?;
    let launches = login_links::launches_of(tx, id).await?;
    drop(reader);
    let paths = room.paths.of(&tool.id).await?;
    let profile = room.sealer.open_profile(&student)?;
    let past = history.into_iter().map(|past| {
        Ok(PastPlacementAnswer {
            placement: room.sealer.open_placement(&past)?,
            at: iso(past.created_at),
            outcome: past.outcome,
        })
    });
    let placement_history: Result<_, StoreError> = past.collect();
    Ok(Json(StudentHistory {
        student: StudentAnswer::new(&student, &profile, &paths),
        placement_history: placement_history?,
        launches: launches.into_iter().map(Into::into).collect(),
    }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_list_takes_the_parameters_it_knows() {
        let asked =
            StudentQuery::parse("limit=7&issuer=https%3A%2F%2Fi.example%2F&path=math&grade=-1")
                .unwrap();
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
            assert!(StudentQuery::parse(wrong).is_err(), "{wrong}");
        }
    }
}
