//! A. Happy path and identity.

use std::collections::HashSet;

use serde_json::{Value, json};
use test_case::both_stores;
use url::Url;

use super::{Accepted, ISSUER, StudyReel, valid, valid_with};
use crate::support::Store;

const OTHER_ISSUER: &str = "https://prod-studyreel.alpha1edtech.com";

/// Hands a launch to the service without a connection.
async fn call(service: axum::Router, launch: String) -> (u16, Value) {
    use tower::ServiceExt;
    let request = axum::http::Request::post("/studyreel/launch")
        .header("content-type", "application/json")
        .body(axum::body::Body::from(launch))
        .unwrap();
    let answer = service.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), 65_536).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

#[both_stores("STUDYREEL-01", "STUDYREEL-02", "STUDYREEL-03")]
async fn a_student_is_new_once_and_existing_afterwards(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let first = studyreel.ok(&valid("ada@example.com")).await;
    assert!(first.is_new, "STUDYREEL-01");
    let second = studyreel.ok(&valid("ada@example.com")).await;
    assert_eq!((second.is_new, &second.user), (false, &first.user), "STUDYREEL-02");
    assert_ne!(second.link, first.link, "STUDYREEL-02");
    let other = studyreel.ok(&valid("ben@example.com")).await;
    assert!(other.is_new && other.user != first.user, "STUDYREEL-03");
}

#[both_stores("STUDYREEL-04")]
async fn a_login_link_is_on_our_origin_and_cannot_be_guessed(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let link = Url::parse(&studyreel.ok(&valid("ada@example.com")).await.link).unwrap();
    assert_eq!(link.origin().ascii_serialization(), studyreel.gateway.url);
    let (name, token) = link.query_pairs().next().unwrap();
    assert_eq!((&*name, token.len()), ("token", 43));
    assert!(token.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
}

#[both_stores("STUDYREEL-05")]
async fn the_link_opens_the_application_as_that_student(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let answer = studyreel.ok(&valid("ada@example.com")).await;
    let seen = studyreel.seen_behind(&answer.link).await;
    assert_eq!(seen["ltiVersion"], "1.3.0");
    assert_eq!(
        seen["user"],
        json!({
            "id": answer.user,
            "roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            "role": "learner",
            "isAdministrator": false, "isInstructor": false, "isContentDeveloper": false,
            "isTeachingAssistant": false, "isMentor": false, "isLearner": true,
            "name": "Ada Moss", "givenName": "Ada", "given_name": "Ada",
            "familyName": "Moss", "family_name": "Moss",
        })
    );
    assert_eq!(
        seen["platform"],
        json!({
            "id": "studyreel", "url": ISSUER, "clientId": "studyreel",
            "deploymentId": "U3BhcnNoJ3MgdGVzdCBhcHAgNjoxLjM=", "name": "StudyReel",
        })
    );
    assert_eq!(seen["launch"]["type"], "LtiResourceLinkRequest");
    assert_eq!(seen["launch"]["resourceLink"], json!({"id": "default"}));
    for (name, service) in seen["services"].as_object().unwrap() {
        assert_eq!(service, &json!({"available": false}), "{name}");
    }
    let student = &seen["student"];
    assert_eq!(
        (&student["id"], &student["subject"]),
        (&json!(answer.user), &json!("ada@example.com"))
    );
    assert_eq!(student["placement"].as_array().unwrap().len(), 4);
}

#[both_stores("STUDYREEL-06")]
async fn email_subjects_ignore_case_and_surrounding_blanks(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let first = studyreel.ok(&valid("ada@example.com")).await;
    let same = studyreel.ok(&valid(" Ada@Example.COM ")).await;
    assert_eq!((same.is_new, &same.user), (false, &first.user));
}

#[both_stores("STUDYREEL-07")]
async fn opaque_subjects_are_case_sensitive(store: Store) {
    let studyreel = StudyReel::start(store).await;
    assert!(studyreel.ok(&valid("stu_0192")).await.is_new);
    assert!(studyreel.ok(&valid("STU_0192")).await.is_new, "another opaque subject");
}

#[both_stores("STUDYREEL-08")]
async fn the_same_subject_of_another_issuer_is_another_student(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let first = studyreel.ok(&valid("ada@example.com")).await;
    let other = studyreel.ok(&valid_with("ada@example.com", json!({"iss": OTHER_ISSUER}))).await;
    assert!(other.is_new && other.user != first.user);
}

#[both_stores("STUDYREEL-09")]
async fn twenty_simultaneous_first_launches_make_one_student(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let launches: Vec<Value> = (0..20).map(|_| valid("ada@example.com")).collect();
    let pages =
        futures_util::future::join_all(launches.iter().map(|launch| studyreel.launch(launch)))
            .await;
    let answers: Vec<Accepted> = pages.iter().map(Accepted::read).collect();
    assert_eq!(answers.iter().filter(|answer| answer.is_new).count(), 1);
    assert_eq!(answers.iter().map(|answer| &answer.user).collect::<HashSet<_>>().len(), 1);
    assert_eq!(answers.iter().map(|answer| &answer.link).collect::<HashSet<_>>().len(), 20);
    assert_eq!((studyreel.rows("students").await, studyreel.rows("enrolments").await), (1, 4));
}

#[both_stores]
async fn a_thousand_launches_of_a_hundred_students_make_a_hundred(store: Store) {
    // Who is who, not how long it may take. What becomes of a launch whose time is over is in
    // `waits` and among the store's own tests.
    let studyreel = StudyReel::start(store).await;
    // Straight into the service: no client's patience ends before a slow computer is done with so
    // many.
    let service = gateway::routes::router(studyreel.gateway.app.clone());
    let patient = |n: usize| {
        let (service, launch) =
            (service.clone(), valid(&format!("student{}@example.com", n % 100)).to_string());
        async move {
            loop {
                let (status, answer) = call(service.clone(), launch.clone()).await;
                // A slow store may have no connection left in time; then nothing was spent either.
                if status != 503 {
                    assert_eq!(status, 200, "{answer}");
                    return answer;
                }
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            }
        }
    };
    // Each in a task of its own, so that they run on both threads and not one after the other.
    let tasks: Vec<_> = (0..1000).map(|n| tokio::spawn(patient(n))).collect();
    let answers = futures_util::future::join_all(tasks).await.into_iter();
    let answers: Vec<Value> = answers.map(Result::unwrap).collect();
    assert_eq!(answers.iter().filter(|answer| answer["userType"] == "new").count(), 100);
    assert_eq!(
        answers.iter().map(|answer| answer["userID"].as_str()).collect::<HashSet<_>>().len(),
        100
    );
    assert_eq!(
        answers.iter().map(|answer| answer["loginLink"].as_str()).collect::<HashSet<_>>().len(),
        1000
    );
    assert_eq!((studyreel.rows("students").await, studyreel.rows("enrolments").await), (100, 400));
    assert_eq!(
        (studyreel.rows("placements").await, studyreel.rows("login_links").await),
        (400, 1000)
    );
}

#[both_stores("STUDYREEL-10")]
async fn names_follow_the_launch(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let first = studyreel.ok(&valid("ada@example.com")).await;
    let renamed = valid_with("ada@example.com", json!({"family_name": "Field"}));
    let second = studyreel.ok(&renamed).await;
    assert_eq!((second.is_new, &second.user), (false, &first.user));
    assert_eq!(studyreel.seen_behind(&second.link).await["user"]["name"], "Ada Field");
    assert_eq!(studyreel.rows("enrolments").await, 4);
}

#[both_stores("STUDYREEL-11")]
async fn a_charset_in_the_content_type_is_accepted(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let launch = valid("ada@example.com").to_string();
    Accepted::read(&studyreel.post("application/json; charset=utf-8", launch).await);
}

#[both_stores("STUDYREEL-12")]
async fn unknown_members_are_ignored(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let first = studyreel.ok(&valid("ada@example.com")).await;
    let unknown =
        json!({"x": 1, "nested": {"sub": "eve", "list": [1, {"iss": null}]}, "user": null});
    let again = studyreel.ok(&valid_with("ada@example.com", unknown)).await;
    assert_eq!((again.is_new, again.user), (false, first.user));
}

#[both_stores("STUDYREEL-13")]
async fn order_and_white_space_do_not_matter(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let first = studyreel.ok(&valid("ada@example.com")).await;
    let launch = valid("ada@example.com");
    let members: Vec<String> = launch
        .as_object()
        .unwrap()
        .iter()
        .rev()
        .map(|(name, value)| format!("\r\n\t {} : {value}", json!(name)))
        .collect();
    let pretty = format!(" \n{{{}\n}}\n", members.join(" ,"));
    let again = Accepted::read(&studyreel.post("application/json", pretty).await);
    assert_eq!((again.is_new, again.user), (false, first.user));
}

#[both_stores]
async fn the_alias_and_a_trailing_slash_accept_launches_too(store: Store) {
    let mut studyreel = StudyReel::start(store).await;
    for path in ["/launch", "/launch/", "/studyreel/launch/"] {
        studyreel.path = path.to_owned();
        studyreel.ok(&valid("ada@example.com")).await;
    }
}

#[both_stores]
async fn the_payload_can_be_read_raw(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let launch = valid("ada@example.com").to_string();
    let odd = launch.replace("\"map_rit_math\":\"null\"", r#""map_rit_math":1e999,"odd":"\ud800""#);
    let answer = Accepted::read(&studyreel.post("application/json", odd).await);
    let ltik = studyreel.redeem(&answer.link).await;
    // As it came in, and as it was stored.
    for _ in 0..2 {
        let page = studyreel.gateway.idtoken(&ltik, "?raw=true").await;
        assert_eq!(page.status, 200, "{}", page.text());
        let raw = page.json().unwrap();
        assert_eq!((&raw["ltiVersion"], &raw["sub"]), (&json!("1.3.0"), &json!("ada@example.com")));
        assert_eq!((&raw["map_rit_math"], &raw["odd"]), (&json!("1e999"), &json!("\\ud800")));
        let app = &studyreel.gateway.app;
        app.launches.forget(&app.ltiks.launch_of(&ltik).unwrap());
    }
    let page = studyreel.gateway.idtoken(&ltik, "").await;
    assert_eq!(page.json().unwrap()["user"]["id"], answer.user.as_str());
}

#[both_stores]
async fn an_email_address_is_never_passed_on_as_verified(store: Store) {
    let studyreel = StudyReel::start(store).await;
    assert!(studyreel.seen(&valid("ada@example.com")).await["user"].get("email").is_none());
}

#[both_stores]
async fn without_a_launch_url_a_launch_is_refused_and_uses_nothing_up(store: Store) {
    let studyreel = StudyReel::start(store).await;
    studyreel.gateway.patch_tool(json!({"launchUrl": null})).await;
    let launch = valid("ada@example.com");
    let page = studyreel.launch(&launch).await;
    assert_eq!((page.status, page.json().unwrap()["code"].clone()), (503, json!("not_set_up")));
    assert_eq!(studyreel.gateway.rows().await["students"], 0);
    // The very same launch is good once there is somewhere to go.
    let url = json!({"launchUrl": "http://127.0.0.3:9/app?own=1"});
    studyreel.gateway.patch_tool(url).await;
    studyreel.redeem(&studyreel.ok(&launch).await.link).await;
}
