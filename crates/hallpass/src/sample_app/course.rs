//! The course as its teacher sees it: its members, and their grades in the column of the link that
//! was opened.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use gateway::kit::clock::Random;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::sleep;

use super::grade::GradeState;
use super::{Client, Facts, Failure, page, text};

/// How often to look whether a grade has arrived, before the page says that it is on its way.
const LOOKS: u32 = 10;
/// How long to wait before each look.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

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
    /// The most points, if the platform tells.
    maximum: Option<f64>,
    /// Who just received a grade.
    news: Option<String>,
    /// Whether that grade is in the gradebook.
    has_arrived: bool,
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
            has_arrived: given.is_some_and(|given| given.delivery["state"] == "delivered"),
            maximum: None,
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
    let maximum = maximum(&client, &ltik, &facts).await;
    if let Some(refused) = too_many(points, maximum) {
        return Err(Failure::Refused(refused));
    }
    // Different points are a different grade.
    let key = format!("{key} {points}");
    let sent = client.grade(&ltik, &facts.line_item, &user, points, &key);
    let delivery = arriving(&client, sent.await?).await;
    let given = GivenGrade { user, delivery };
    course(&client, facts, ltik, Some(&given)).await
}

/// The most points in the launch's column. Not every platform lets its columns be read.
async fn maximum(client: &Client, ltik: &str, facts: &Facts) -> Option<f64> {
    if facts.line_item.is_empty() {
        return None;
    }
    let maximum = client.maximum(ltik, &facts.line_item).await;
    maximum.unwrap_or_default()
}

/// Why so many points are refused. Hallpass would deliver them: in many gradebooks they are extra
/// credit.
fn too_many(points: f64, maximum: Option<f64>) -> Option<String> {
    let maximum = maximum.filter(|maximum| points > *maximum)?;
    Some(format!("This exercise has at most {maximum} points."))
}

/// A grade once it is in the gradebook, which rarely takes a second; or as it is after two.
async fn arriving(client: &Client, mut delivery: Value) -> Value {
    let id = text(&delivery["id"]);
    for _ in 0..LOOKS {
        if !matches!(delivery["state"].as_str(), Some("queued" | "sending")) {
            break;
        }
        sleep(BETWEEN_LOOKS).await;
        match client.delivery(&id).await {
            Ok(now) => delivery = now,
            Err(_) => break,
        }
    }
    delivery
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
    let maximum = maximum(client, &ltik, &facts).await;
    let shown = CoursePage {
        maximum,
        ..CoursePage::new(facts, ltik, members, given)
    };
    Ok(page(StatusCode::OK, &shown))
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
    fn points_have_a_maximum_and_a_grade_says_where_it_is() {
        let facts = || Facts::of(&json!({"launch": {"lineItemId": "https://lms.example/1"}}));
        let member = json!({"userId": "5", "name": "Sam Rivera", "roles": ["#Learner"]});
        let html = |state: &str| {
            let score = json!({"scoreGiven": 4, "scoreMaximum": 5});
            let given = GivenGrade {
                user: "5".to_owned(),
                delivery: json!({"state": state, "score": score}),
            };
            let members = vec![Member::of(&member, &[])];
            let shown = CoursePage {
                maximum: Some(5.0),
                ..CoursePage::new(facts(), String::new(), members, Some(&given))
            };
            shown.render().unwrap()
        };
        let (waits, arrived) = (html("queued"), html("delivered"));
        assert!(waits.contains("Points of Sam Rivera, of 5"), "{waits}");
        assert!(waits.contains("max=\"5\"") && waits.contains("on its way"));
        assert!(waits.contains("Look again") && !arrived.contains("Look again"));
        assert!(
            arrived.contains("The grade is in the gradebook"),
            "{arrived}"
        );
        assert_eq!(too_many(5.0, Some(5.0)), None);
        assert_eq!(too_many(55.0, None), None);
        assert!(too_many(5.5, Some(5.0)).is_some_and(|refused| refused.contains("at most 5")));
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
