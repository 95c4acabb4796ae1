//! Scores and results (ltiaas-api.md §2.6).

use std::time::Duration;

use futures_util::future::join;
use gateway::settings::installation::Config;
use serde_json::{Value, json};
use simulator::faults::{Fault, Gate, ScoreRefusal};
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::profiles::course_of;
use super::{Course, assert_error, at};
use crate::support::{API_KEY, Store};

fn graded(user: &str, given: f64) -> Value {
    json!({"userId": user, "scoreGiven": given, "activityProgress": "Completed", "gradingProgress": "FullyGraded"})
}

impl Course {
    fn scores(&self) -> String {
        format!("{}/scores", at(&self.line_item()))
    }

    async fn send(&self, score: Value) -> simulator::browser::Page {
        self.ask("POST", &self.scores(), Some(score)).await
    }

    #[track_caller]
    fn received(&self) -> Vec<Value> {
        self.school.lms.line_items(&self.school.client_id)[0].received.clone()
    }
}

#[both_stores("TC-294", "F-34")]
async fn a_score_arrives_with_what_was_left_out(store: Store) {
    let course = Course::new(store).await;
    let mut score = graded("5", 8.0);
    score["comment"] = Value::Null;
    score["https://canvas.instructure.com/lti/submission"] = json!({"new_submission": true});
    let page = course.send(score).await;
    assert_eq!((page.status, page.text().as_str()), (204, ""));
    let received = course.received().remove(0);
    // The line item's maximum, and a time with zone and fraction.
    assert_eq!((&received["scoreMaximum"], &received["userId"]), (&json!(100), &json!("5")));
    let time = received["timestamp"].as_str().unwrap();
    assert!(time.len() == "2026-11-22T13:34:00.000Z".len() && time.ends_with('Z'), "{time}");
    assert_eq!(received.get("comment"), None);
    assert_eq!(received["https://canvas.instructure.com/lti/submission"]["new_submission"], true);
    let given = "2020-06-02T10:51:08-03:00";
    let status = json!({
        "userId": 6, "activityProgress": "Initiated", "gradingProgress": "NotReady", "timestamp": given,
    });
    assert_eq!(course.send(status).await.status, 204);
    let received = course.received().remove(1);
    assert_eq!(
        received,
        json!({
            "userId": "6", "activityProgress": "Initialized", "gradingProgress": "NotReady", "timestamp": given,
        })
    );
    assert_eq!(course.school.lms.hits(Endpoint::LineItem), 1, "asked for its maximum once");
}

#[both_stores("TC-294")]
async fn numbers_of_a_score_may_come_as_texts(store: Store) {
    let course = Course::new(store).await;
    let mut score = graded("5", 0.0);
    score["scoreGiven"] = json!("7.5");
    score["scoreMaximum"] = json!("10");
    assert_eq!(course.send(score).await.status, 204);
    let received = course.received().remove(0);
    assert_eq!((&received["scoreGiven"], &received["scoreMaximum"]), (&json!(7.5), &json!(10)));
}

#[both_stores("TC-295", "F-30")]
async fn two_scores_within_a_second_end_with_the_later(store: Store) {
    let course = Course::new(store).await;
    for given in [3.0, 4.0] {
        let mut score = graded("5", given);
        score["scoreMaximum"] = json!(10);
        assert_eq!(course.send(score).await.status, 204, "{given}");
    }
    let received = course.received();
    let given: Vec<&Value> = received.iter().map(|score| &score["scoreGiven"]).collect();
    assert_eq!(given, [&json!(3.0), &json!(4.0)]);
    assert!(received[0]["timestamp"].as_str() < received[1]["timestamp"].as_str());
    // Of two at once each is sent, and neither is lost.
    let (one, other) = join(course.send(graded("6", 1.0)), course.send(graded("6", 2.0))).await;
    assert_eq!((one.status, other.status), (204, 204), "{} {}", one.text(), other.text());
    // What is older than the last is the LMS's to refuse.
    let mut old = graded("5", 1.0);
    old["timestamp"] = "2020-06-02T10:51:08.000Z".into();
    let page = course.send(old).await;
    let details = assert_error("older", &page, 409, "PLATFORM_REFUSED");
    assert_eq!(details["bodySent"]["scoreGiven"], 1.0);
}

/// With the application's own times, Moodle can't tell them apart.
#[both_stores("TC-295", "F-30")]
async fn two_servers_send_two_scores_within_a_second(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let other = gateway.replica().await;
    let path = format!("{}/scores", at(&course.line_item()));
    let header = format!("LTIK-AUTH-V2 {API_KEY}:{}", course.ltik);
    let second = gateway.clock.now_seconds() * 1000;
    for (server, given, ms) in [(gateway, 3.0, 100), (&other, 4.0, 200)] {
        let mut score = graded("5", given);
        score["scoreMaximum"] = json!(10);
        let time = jiff::Timestamp::from_millisecond(second + ms).unwrap();
        score["timestamp"] = json!(time.to_string());
        let page = server.with_authorization("POST", &path, Some(score), &header).await;
        assert_eq!(page.status, 204, "{}", page.text());
    }
    let received = course.received();
    let given: Vec<&Value> = received.iter().map(|score| &score["scoreGiven"]).collect();
    assert_eq!(given, [&json!(3.0), &json!(4.0)]);
}

#[both_stores("TC-298", "F-32")]
async fn what_the_lms_refuses_is_told_with_its_reason(store: Store) {
    let course = Course::new(store).await;
    for user in ["3", "nobody"] {
        let details =
            assert_error(user, &course.send(graded(user, 1.0)).await, 400, "PLATFORM_REFUSED");
        assert_eq!(details["bodyReceived"]["reason"], "Incorrect score received");
    }
    assert_eq!(course.school.lms.hits(Endpoint::Scores), 2, "nothing is tried again");
    course
        .school
        .lms
        .delete_line_item(course.school.lms.line_items(&course.school.client_id)[0].id);
    let mut score = graded("5", 1.0);
    score["scoreMaximum"] = json!(10);
    assert_error("TC-308", &course.send(score).await, 404, "PLATFORM_REFUSED");
}

#[both_stores("TC-298", "F-32")]
async fn each_platforms_refusal_of_a_score_is_told_in_its_words(store: Store) {
    let course = Course::new(store).await;
    let mut score = graded("5", 1.0);
    score["scoreMaximum"] = json!(10);
    let (faults, hits) = (course.school.lms.faults(), || course.school.lms.hits(Endpoint::Scores));
    for refusal in ScoreRefusal::ALL {
        faults.set(Endpoint::Scores, refusal.fault());
        let before = hits();
        let (status, code) = match refusal {
            ScoreRefusal::CanvasThrottled => (429, "PLATFORM_BUSY"),
            ScoreRefusal::MoodleLocked => (502, "PLATFORM_FAILED"),
            refusal => (refusal.status(), "PLATFORM_REFUSED"),
        };
        let page = course.send(score.clone()).await;
        let details = assert_error(refusal.words(), &page, status, code);
        assert!(details["bodyReceived"].to_string().contains(refusal.words()), "{details}");
        assert_eq!(details["externalStatus"], refusal.status());
        // With 403 it might be the token, but that is young.
        assert_eq!(hits() - before, 1, "{refusal:?}");
    }
    assert!(course.received().is_empty());
}

#[both_stores("TC-307", "I-25")]
async fn a_browser_says_neither_who_nor_what_is_graded(store: Store) {
    let course = Course::new(store).await;
    let school = &course.school;
    let named = "/lti/launch?lineItemId=https%3A%2F%2Fapp.example%2F1&userId=6";
    let launch = school.student().target(&school.gateway.at(named));
    let (plain, asked) =
        (school.accepts("plain", school.student()).await, school.accepts("named", launch).await);
    assert_eq!(asked["user"]["id"], plain["user"]["id"]);
    assert_eq!(asked["launch"]["lineItemId"], course.line_item());
    // The launch alone grades nobody.
    let header = format!("LTIK-AUTH-V2 :{}", course.ltik);
    let score = Some(graded("6", 1.0));
    let page = school.gateway.with_authorization("POST", &course.scores(), score, &header).await;
    assert_eq!(page.status, 401, "{}", page.text());
    assert!(course.received().is_empty());
}

#[both_stores("TC-305", "F-35")]
async fn every_success_of_an_lms_is_one(store: Store) {
    let course = Course::new(store).await;
    let faults = course.school.lms.faults();
    let mut score = graded("5", 1.0);
    score["scoreMaximum"] = json!(10);
    for (given, (status, body)) in
        [(200, ""), (200, r#"{"resultUrl": "x"}"#), (201, ""), (202, ""), (204, "")]
            .into_iter()
            .enumerate()
    {
        // An equal score is not sent a second time.
        score["scoreGiven"] = json!(given);
        let content_type = "application/json".to_owned();
        faults.next(Endpoint::Scores, 1, Fault::Answer { status, content_type, body: body.into() });
        assert_eq!(course.send(score.clone()).await.status, 204, "{status} {body}");
    }
    score["scoreGiven"] = json!(9);
    // A page for people is none.
    let page = Fault::Answer {
        status: 200,
        content_type: "text/html".into(),
        body: "<title>Sign in</title>".into(),
    };
    faults.next(Endpoint::Scores, 1, page);
    let page = course.send(score.clone()).await;
    assert_error("a sign-in page", &page, 502, "PLATFORM_ANSWER_UNREADABLE");
    faults.next(Endpoint::Scores, 1, Fault::Cut);
    assert_error("no answer", &course.send(score).await, 502, "PLATFORM_NOT_REACHED");
}

#[both_stores]
async fn a_wrong_score_is_not_sent(store: Store) {
    let course = Course::new(store).await;
    for (member, value) in [
        ("activityProgress", json!("Done")),
        ("gradingProgress", Value::Null),
        ("scoreGiven", json!(-1)),
        ("scoreMaximum", json!(0)),
    ] {
        let mut score = graded("5", 1.0);
        score[member] = value;
        let details = assert_error(member, &course.send(score).await, 400, "INVALID_BODY");
        assert_eq!(details["errors"][0]["field"], member);
    }
    let page = course.ask("POST", &at(&course.line_item()), Some(graded("5", 1.0))).await;
    assert_eq!(page.status, 405, "{}", page.text());
    assert_eq!(course.school.lms.hits(Endpoint::Scores), 0);
    // With an ltik, a score of nobody is of the person of the launch: here a teacher, whom Moodle
    // refuses.
    let mut score = graded("5", 1.0);
    score.as_object_mut().unwrap().shift_remove("userId");
    assert_error("of the teacher", &course.send(score.clone()).await, 400, "PLATFORM_REFUSED");
    // A service key is nobody's.
    let page = course.with_key(&course.service_key(), "POST", &course.scores(), Some(score)).await;
    assert_error("of nobody", &page, 400, "INVALID_BODY");
}

#[both_stores("TC-306")]
async fn results_are_what_stands_in_the_gradebook(store: Store) {
    let course = Course::new(store).await;
    for (user, given) in [("5", 83.0), ("6", 0.0), ("7", 150.0)] {
        let mut score = graded(user, given);
        score["comment"] = "Well done".into();
        assert_eq!(course.send(score).await.status, 204);
    }
    let all = course.read(&course.scores()).await;
    let scores = all["scores"].as_array().unwrap();
    let found: Vec<(&Value, &Value)> =
        scores.iter().map(|score| (&score["userId"], &score["resultScore"])).collect();
    assert_eq!(
        found,
        [(&json!("5"), &json!(83)), (&json!("6"), &json!(0)), (&json!("7"), &json!(100))]
    );
    assert_eq!(
        (&scores[0]["scoreOf"], &scores[0]["comment"]),
        (&json!(course.line_item()), &json!("Well done"))
    );
    for query in ["userId=6", "user_id=6"] {
        course.school.lms.faults().next(Endpoint::Results, 1, Fault::IgnoreFilters);
        let one = course.read(&format!("{}?{query}", course.scores())).await;
        assert_eq!(one["scores"].as_array().unwrap().len(), 1, "{query}");
        assert_eq!(one["scores"][0]["userId"], "6");
    }
    // Three pages, of which the last one has it.
    course.school.lms.faults().next(Endpoint::Results, 3, Fault::Paged(1));
    let one = course.read(&format!("{}?userId=7", course.scores())).await;
    assert_eq!((one["scores"][0]["userId"].clone(), one.get("next")), (json!("7"), None));
    let page = course.read(&format!("{}?limit=2", course.scores())).await;
    let next = super::encoded(page["next"].as_str().unwrap());
    let page = course.read(&format!("{}?url={next}", course.scores())).await;
    assert_eq!(page["scores"][0]["userId"], "7");
    let absent = Fault::Change(vec![
        ("/0/resultMaximum".into(), None),
        ("/0/comment".into(), Some(Value::Null)),
        ("/0/timestamp".into(), None),
    ]);
    course.school.lms.faults().next(Endpoint::Results, 1, absent);
    let all = course.read(&course.scores()).await;
    let first = &all["scores"][0];
    assert_eq!(
        (&first["resultMaximum"], first.get("comment"), first.get("timestamp")),
        (&json!(1), None, None)
    );
}

#[both_stores("TC-306")]
async fn one_persons_result_at_blackboard_has_its_comment(store: Store) {
    let mut course = course_of(store, Profile::blackboard()).await;
    let item = json!({"label": "Quiz", "scoreMaximum": 100});
    let page = course.ask("POST", "/api/lineitems", Some(item)).await;
    assert_eq!(page.status, 201, "{}", page.text());
    let scores = format!("{}/scores", at(page.json().unwrap()["id"].as_str().unwrap()));
    for user in ["5", "6"] {
        let mut score = graded(user, 83.0);
        score["comment"] = "Well done".into();
        let page = course.ask("POST", &scores, Some(score)).await;
        assert_eq!(page.status, 204, "{}", page.text());
    }
    let one = course.read(&format!("{scores}?userId=6")).await;
    assert_eq!(one["scores"].as_array().unwrap().len(), 1, "{one}");
    let one = &one["scores"][0];
    assert_eq!((&one["userId"], &one["comment"]), (&json!("6"), &json!("Well done")));
    // If it isn't on the pages that there is time for, the result alone.
    let gateway = course.school.gateway;
    let impatient = |config: &mut Config| config.fixed.paging = Duration::ZERO;
    course.school.gateway = gateway.restart_changed(impatient).await;
    course.school.lms.faults().next(Endpoint::Results, 1, Fault::Paged(1));
    let page = course.read(&format!("{scores}?userId=6")).await;
    let one = &page["scores"][0];
    assert_eq!((&one["userId"], one.get("comment")), (&json!("6"), None), "{page}");
    assert_eq!(page.get("next"), None, "{page}");
}

#[both_stores("F-30")]
async fn students_do_not_wait_for_each_other(store: Store) {
    let course = Course::new(store).await;
    let mut slow = graded("5", 1.0);
    slow["scoreMaximum"] = json!(10);
    let mut other = slow.clone();
    other["userId"] = "6".into();
    let gate = Gate::default();
    course.school.lms.faults().next(Endpoint::Scores, 1, Fault::Gated(gate.clone()));
    let first = course.send(slow);
    let second = async {
        while course.school.lms.hits(Endpoint::Scores) == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let answer = course.send(other).await;
        let found = (answer.status, course.received().len());
        gate.open();
        found
    };
    let (first, second) = join(first, second).await;
    assert_eq!(second, (204, 1), "the first has not arrived yet");
    assert_eq!(first.status, 204);
}
