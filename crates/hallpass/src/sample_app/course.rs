//! The course as its teacher sees it: its members, and their grades in the column of the link that
//! was opened.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use gateway::kit::clock::Random;
use serde::Deserialize;
use serde_json::Value;

use super::grade::GradeState;
use super::{Client, Facts, Failure, page, text};

/// The course's pages.
pub(super) fn router(client: Arc<Client>) -> Router {
    Router::new()
        .route("/students", post(students))
        .route("/grade", post(grade))
        .with_state(client)
}

/// A member of the course.
struct Member {
    /// Their id in the platform.
    id: String,
    /// Their name, or their id if the platform sends no name.
    name: String,
    /// Their roles in the course, in the platform's words.
    roles: String,
    is_student: bool,
    /// Their grade, such as "4 of 5"; empty if there is none.
    grade: String,
    /// The idempotency key in the form for their grade.
    key: String,
}

impl Member {
    /// Reads a member from `GET /api/memberships`, with their grade from these results.
    fn of(member: &Value, results: &[Value]) -> Self {
        let id = text(&member["userId"]);
        let roles = member["roles"].as_array().into_iter().flatten();
        // Short names, or the ends of URIs.
        let roles: Vec<&str> = roles
            .filter_map(|role| role.as_str()?.rsplit('#').next())
            .collect();
        let result = results.iter().find(|result| result["userId"] == *id);
        let result = result.filter(|result| result["resultScore"].is_number());
        Self {
            name: match member["name"].as_str() {
                Some(name) => name.to_owned(),
                None => id.clone(),
            },
            is_student: roles.contains(&"Learner"),
            roles: roles.join(", "),
            grade: result.map_or_else(String::new, |result| {
                format!("{} of {}", result["resultScore"], result["resultMaximum"])
            }),
            key: Random::default().token(),
            id,
        }
    }
}

/// The roster, with a form for each student's grade.
#[derive(Template)]
#[template(path = "sample_app/course.html")]
struct CoursePage {
    facts: Facts,
    ltik: String,
    members: Vec<Member>,
    /// Who just received a grade, and where it is.
    news: Option<String>,
}

/// A grade that was just given.
struct GivenGrade {
    user: String,
    delivery: Value,
}

impl CoursePage {
    /// A page with these members, one of whom may just have received a grade.
    fn new(facts: Facts, ltik: String, members: Vec<Member>, given: Option<&GivenGrade>) -> Self {
        let news = given.and_then(|given| {
            let member = members.iter().find(|member| member.id == given.user)?;
            let GradeState { grade, .. } = GradeState::of(&given.delivery);
            Some(format!("{} has {grade}", member.name))
        });
        Self {
            news,
            facts,
            ltik,
            members,
        }
    }
}

#[derive(Deserialize)]
struct CourseForm {
    #[serde(default)]
    ltik: String,
}

/// The course's members and their grades.
async fn students(
    State(client): State<Arc<Client>>,
    Form(form): Form<CourseForm>,
) -> Result<Response, Failure> {
    let facts = client.who(&form.ltik).await?;
    course(&client, facts, form.ltik, None).await
}

#[derive(Deserialize)]
struct GradeForm {
    #[serde(default)]
    ltik: String,
    user: String,
    points: f64,
    /// New on each page, so that pressing the button twice has the same effect as once.
    #[serde(default)]
    key: String,
}

/// Sends a grade to the gradebook. Hallpass decides who may send one, not the form.
async fn grade(
    State(client): State<Arc<Client>>,
    Form(form): Form<GradeForm>,
) -> Result<Response, Failure> {
    let facts = client.who(&form.ltik).await?;
    if !facts.teaches {
        return Err(Failure::NoTeacher);
    }
    let GradeForm {
        ltik,
        user,
        points,
        key,
    } = form;
    // Different points are a different grade.
    let key = format!("{key} {points}");
    let sent = client.grade(&ltik, &facts.line_item, &user, points, &key);
    let delivery = sent.await?;
    let given = GivenGrade { user, delivery };
    course(&client, facts, ltik, Some(&given)).await
}

/// The course as its teacher sees it, possibly just after giving a grade.
async fn course(
    client: &Client,
    facts: Facts,
    ltik: String,
    given: Option<&GivenGrade>,
) -> Result<Response, Failure> {
    if !facts.teaches {
        return Err(Failure::NoTeacher);
    }
    let members = client.members(&ltik).await?;
    let results = match &*facts.line_item {
        "" => Vec::new(),
        line_item => client.results(&ltik, line_item).await?,
    };
    let members = members.iter().map(|member| Member::of(member, &results));
    let members = members.collect();
    Ok(page(
        StatusCode::OK,
        &CoursePage::new(facts, ltik, members, given),
    ))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_that_a_platform_says_of_people_becomes_markup() {
        let bad = "<script>alert(1)</script>\"'";
        let results = [json!({"userId": bad, "resultScore": 4.5, "resultMaximum": 5})];
        let member = json!({"userId": bad, "name": bad, "roles": [bad, "Learner"]});
        let facts = Facts::of(&json!({"launch": {"lineItemId": bad, "context": {"title": bad}}}));
        let members = vec![Member::of(&member, &results)];
        let score = json!({"scoreGiven": 4.5, "scoreMaximum": 5});
        let given = GivenGrade {
            user: bad.to_owned(),
            delivery: json!({"state": "queued", "score": score}),
        };
        let html = CoursePage::new(facts, bad.to_owned(), members, Some(&given));
        let html = html.render().unwrap();
        assert!(
            !html.contains("<script") && html.contains("4.5 of 5"),
            "{html}"
        );
        assert!(html.contains("action=\"/grade\""), "{html}");
    }

    #[test]
    fn without_a_name_or_a_column_there_is_still_a_roster() {
        let role = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner";
        let member = Member::of(&json!({"userId": "u7", "roles": [role]}), &[]);
        assert!(member.is_student && member.grade.is_empty());
        let page = CoursePage::new(Facts::of(&json!({})), String::new(), vec![member], None);
        let html = page.render().unwrap();
        assert!(html.contains("u7") && html.contains("Learner"), "{html}");
        assert!(!html.contains("/grade"), "{html}");
    }
}
