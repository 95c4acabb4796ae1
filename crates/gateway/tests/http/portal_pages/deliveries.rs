//! Grades on their way: the list, one with its attempts, another attempt, giving up (grades.md
//! GR-26); and the question before a platform is deleted that still waits for some (GR-11).

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use simulator::faults::{Fault, ScoreRefusal};
use simulator::lms::Endpoint;
use test_case::both_stores;

use super::{audit, has, lacks, open, send};
use crate::platform_services::Course;
use crate::platform_services::background::graded;
use crate::portal::{Visitor, first};
use crate::registered::Registered;
use crate::support::{Gateway, Store, fixed, lms};

const LIST: &str = "/portal/deliveries";

/// A course whose LMS has refused a score: the course, the owner of the portal, and the delivery.
async fn refused(store: Store, refusal: ScoreRefusal, state: &str) -> (Course, Visitor, Value) {
    let course = Course::in_background(store, json!({})).await;
    let owner = Visitor::owner(&course.school.gateway).await;
    course.school.lms.faults().next(Endpoint::Scores, 1, refusal.fault());
    let delivery = course.hand_in(graded("5", 7.0)).await;
    let delivery = course.comes_to(&delivery["id"], state).await;
    (course, owner, delivery)
}

fn path_of(delivery: &Value) -> String {
    format!("{LIST}/{}", delivery["id"].as_str().unwrap())
}

#[both_stores("PO-2", "GR-26")]
async fn a_refused_grade_is_looked_at_and_tried_again(store: Store) {
    let (course, owner, delivery) = refused(store, ScoreRefusal::CanvasConcluded, "refused").await;
    let path = path_of(&delivery);
    let (_, text) = open(&owner, LIST).await;
    has(&text, &["7 of 10", "Refused by the LMS", "The course is over", &path]);
    let (_, text) = open(&owner, &format!("{LIST}?state=delivered")).await;
    has(&text, &["No deliveries.", "only your application gets the answer"]);
    lacks(&text, &[&path]);
    let (page, text) = open(&owner, &path).await;
    has(&text, &["7 of 10", "The course is over", "This course has concluded", "Try again"]);
    has(&text, &["<li class=\"bad\">"]);
    // It has ended: there is nothing to give up.
    lacks(&text, &["Give up"]);
    let found = owner.get(&format!("/portal/find?q={}", delivery["id"].as_str().unwrap())).await;
    assert_eq!(found.url.path(), path, "{}", found.text());
    let text = send(&owner, &page, &path, &[("do", "retry")]).await;
    has(&text, &["It is tried again now."]);
    course.comes_to(&delivery["id"], "delivered").await;
    // Once more is too late.
    let text = send(&owner, &page, &path, &[("do", "retry")]).await;
    has(&text, &["Meanwhile it has moved on.", "<li class=\"ok\">"]);
    let noted = audit(&owner).await;
    assert_eq!(noted.matches("delivery.retried").count(), 1, "{noted}");
    has(&noted, &[&format!("<a href=\"{path}\">"), "Entry 1<"]);
}

/// A wrong token endpoint, which answers with a page.
#[both_stores("PO-2", "GR-26")]
async fn a_failed_attempt_says_why_where_and_what_to_do(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let owner = Visitor::owner(&course.school.gateway).await;
    let body = "<!doctype html>\n<html><head><title>Not found</title><style>p {}</style></head>\n\
                <body><p>No such page</p></body></html>";
    let (content_type, body) = ("text/html".to_owned(), body.to_owned());
    let faults = course.school.lms.faults();
    faults.set(Endpoint::Token, Fault::Answer { status: 404, content_type, body });
    let delivery = course.hand_in(graded("5", 7.0)).await;
    let delivery = course.tried(&delivery["id"]).await;
    let issuer = course.school.lms.endpoints().issuer;
    let host = issuer.trim_start_matches("http://").trim_end_matches('/');
    assert_eq!(delivery["attempts"][0]["host"], host, "{delivery}");
    assert_eq!(delivery["cause"], "There is no access token endpoint at this address");
    let advice = "Compare the access token endpoint in the platform’s settings";
    assert!(delivery["advice"].as_str().unwrap().starts_with(advice), "{delivery}");
    let (_, text) = open(&owner, &path_of(&delivery)).await;
    let settings = format!("/portal/platforms/{}/settings\"", course.school.platform_id);
    let told = [host, "There is no access token endpoint", advice, &*settings];
    has(&text, &told);
    has(&text, &["On its way, failed so far", "404 · no access token", "Not found No such page"]);
    lacks(&text, &["doctype html&#62;", "p {}"]);
    has(&open(&owner, LIST).await.1, &["On its way, failed so far"]);
}

#[both_stores("GR-26")]
async fn a_held_grade_is_given_up(store: Store) {
    let (course, owner, delivery) = refused(store, ScoreRefusal::CanvasNoStudent, "held").await;
    let path = path_of(&delivery);
    let (page, text) = open(&owner, &path).await;
    has(&text, &["Held back", "Not in the course", "Give up"]);
    let text = send(&owner, &page, &path, &[("do", "cancel")]).await;
    has(&text, &["It is given up.", "Given up"]);
    course.comes_to(&delivery["id"], "cancelled").await;
    let log = audit(&owner).await;
    has(&log, &["delivery.cancelled", "state: <del>held</del> → <ins>cancelled</ins>"]);
    let page = owner.post(&page, &path, &[("do", "burn")]).await;
    assert_eq!(first(&page), 400, "{}", page.text());
}

#[both_stores("PO-3", "PO-9")]
async fn whose_grade_it_is_is_blocked_by_one_click(store: Store) {
    let (course, owner, delivery) = refused(store, ScoreRefusal::CanvasConcluded, "refused").await;
    let path = path_of(&delivery);
    let (page, _) = open(&owner, &path).await;
    let mut form = page.form_to("/blocked").unwrap();
    assert_eq!(form.field("user"), Some("5"));
    has(&page.text(), &["Block this person", "Their launches from this platform are refused"]);
    form.set("do", "block");
    has(&owner.submit(&page, &form).await.text(), &["<code>5</code>"]);
    has(&audit(&owner).await, &["person.blocked"]);
    let support = Visitor::invited(&course.school.gateway, &owner, "support").await;
    let (page, _) = open(&support, &path).await;
    assert!(page.form_to("/blocked").is_none(), "{}", page.text());
}

#[both_stores("GR-26")]
async fn all_of_a_reason_are_tried_again(store: Store) {
    let (course, owner, delivery) = refused(store, ScoreRefusal::CanvasConcluded, "refused").await;
    let list = format!("{LIST}?reason=COURSE_CONCLUDED");
    let (page, text) = open(&owner, &list).await;
    has(&text, &["Try all of these again", &path_of(&delivery)]);
    let fields = [("reason", "COURSE_CONCLUDED"), ("next", &*list)];
    let text = send(&owner, &page, LIST, &fields).await;
    has(&text, &["Tried again now: 1."]);
    course.comes_to(&delivery["id"], "delivered").await;
    has(&audit(&owner).await, &["deliveries.retried"]);
    // Not all there are, for a form that says nothing.
    let page = owner.post(&page, LIST, &[]).await;
    assert_eq!(first(&page), 400, "{}", page.text());
}

/// A request has no time for more than the first.
#[both_stores("GR-26")]
async fn the_rest_of_many_is_tried_again_by_jobs(store: Store) {
    let settings = json!({"grades": {"delivery": "async"}, "launch": {"showReasons": true}});
    let hurried = Fixed { retrying: Duration::ZERO, ..fixed() };
    let gateway = Gateway::start_fixed(store, settings, &[], hurried).await;
    let school = Registered::join(gateway, lms().await).await;
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    let owner = Visitor::owner(&course.school.gateway).await;
    let mut refused = Vec::new();
    for user in ["5", "6", "7"] {
        let fault = ScoreRefusal::CanvasConcluded.fault();
        course.school.lms.faults().next(Endpoint::Scores, 1, fault);
        let delivery = course.hand_in(graded(user, 7.0)).await;
        course.comes_to(&delivery["id"], "refused").await;
        refused.push(delivery["id"].clone());
    }
    let list = format!("{LIST}?reason=COURSE_CONCLUDED");
    let (page, _) = open(&owner, &list).await;
    let fields = [("reason", "COURSE_CONCLUDED"), ("next", &*list)];
    let text = send(&owner, &page, LIST, &fields).await;
    has(&text, &["Tried again so far: 1. The others follow in the background."]);
    for id in &refused {
        course.comes_to(id, "delivered").await;
    }
    let jobs = "SELECT COUNT(*) FROM jobs WHERE kind = 'retries'";
    assert!(course.school.gateway.number(jobs).await >= 2, "a job for each piece");
}

#[both_stores("GR-26", "PO-9")]
async fn what_api_keys_order_of_grades_is_noted(store: Store) {
    let (course, owner, delivery) = refused(store, ScoreRefusal::CanvasNoStudent, "held").await;
    let gateway = &course.school.gateway;
    let one = format!("/api/deliveries/{}", delivery["id"].as_str().unwrap());
    let order = async |path: &str, body: Option<Value>| {
        let page = gateway.admin("POST", path, body).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
    };
    course.school.lms.faults().next(Endpoint::Scores, 1, ScoreRefusal::CanvasNoStudent.fault());
    order(&format!("{one}/retry"), None).await;
    course.comes_to(&delivery["id"], "held").await;
    course.school.lms.faults().next(Endpoint::Scores, 1, ScoreRefusal::CanvasNoStudent.fault());
    // The first of these finds none, and changes nothing.
    for reason in ["COURSE_CONCLUDED", "NOT_ENROLLED"] {
        order("/api/deliveries/retry", Some(json!({"reason": reason}))).await;
    }
    course.comes_to(&delivery["id"], "held").await;
    order(&format!("{one}/cancel"), None).await;
    for (action, number) in
        [("delivery.retried", 1), ("deliveries.retried", 1), ("delivery.cancelled", 1)]
    {
        let noted = format!("SELECT COUNT(*) FROM audit_entries WHERE action = '{action}'");
        assert_eq!(gateway.number(&noted).await, number, "{action}");
    }
    has(&audit(&owner).await, &["delivery.cancelled", "first key"]);
}

#[both_stores("GR-26", "PO-10")]
async fn what_is_not_there_is_said_so(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let owner = Visitor::owner(&course.school.gateway).await;
    for path in ["/portal/deliveries/nothing", "/portal/deliveries/00000000000000000000"] {
        assert_eq!(owner.get(path).await.status, 404, "{path}");
    }
    let (page, text) = open(&owner, &format!("{LIST}?platform=x&reason=%3Cb%3E&state=lost")).await;
    has(&text, &["No deliveries.", "Another reason", "value=\"&#60;b&#62;\""]);
    lacks(&text, &["<b>"]);
    let page = owner.post(&page, "/portal/deliveries/00000000000000000000", &[("do", "retry")]);
    assert_eq!(page.await.status, 404);
}

#[both_stores("GR-11")]
async fn a_platform_goes_with_its_grades_only_if_counted(store: Store) {
    let (course, owner, _) = refused(store, ScoreRefusal::CanvasNoStudent, "held").await;
    let platform = format!("/portal/platforms/{}", course.school.platform_id);
    let path = format!("{platform}/delete");
    let read = format!("/admin/platforms/{}", course.school.platform_id);
    let page = course.school.gateway.admin("GET", &read, None).await;
    let known: Value = page.json().unwrap();
    let name = known["name"].as_str().unwrap();
    let (page, text) = open(&owner, &path).await;
    has(&text, &["have not reached the LMS yet: 1"]);
    for number in ["0", "2", "many"] {
        let answer = owner.post(&page, &path, &[("name", name), ("undelivered", number)]).await;
        assert_eq!(first(&answer), 409, "{}", answer.text());
        has(&answer.text(), &["Meanwhile another number of grades waits."]);
    }
    let fields = [("name", name), ("undelivered", "1")];
    let text = send(&owner, &page, &path, &fields).await;
    has(&text, &["is deleted."]);
}

#[both_stores("PO-2", "PO-10")]
async fn what_an_application_writes_stays_text(store: Store) {
    let course = Course::in_background(store, json!({})).await;
    let owner = Visitor::owner(&course.school.gateway).await;
    course.school.lms.faults().next(Endpoint::Scores, 1, ScoreRefusal::CanvasConcluded.fault());
    let delivery = course.hand_in(graded("<script>alert(1)</script>", 7.0)).await;
    let delivery = course.comes_to(&delivery["id"], "refused").await;
    for path in [LIST.to_owned(), path_of(&delivery)] {
        let (_, text) = open(&owner, &path).await;
        has(&text, &["&#60;script&#62;alert(1)"]);
        lacks(&text, &["<script>alert"]);
    }
}

/// "The grade of Mara didn't arrive": by her id, her course, her school.
#[both_stores("GR-26")]
async fn grades_of_a_person_and_of_a_course_are_found(store: Store) {
    let (course, owner, delivery) = refused(store, ScoreRefusal::CanvasConcluded, "refused").await;
    let path = path_of(&delivery);
    let (page, text) = open(&owner, LIST).await;
    has(&text, &["Names can&#39;t be searched", &course.school.platform_id]);
    let of_course = format!("{LIST}?course={}\"", delivery["context"].as_str().unwrap());
    has(&text, &["Student’s id: 5", "only this course", &of_course]);
    let find = format!("{LIST}/person");
    let fields = |user, platform| [("user", user), ("platform", platform)];
    let text = send(&owner, &page, &find, &fields("5", "")).await;
    has(&text, &["7 of 10", &path]);
    let issuer = course.school.lms.endpoints().issuer;
    let text = send(&owner, &page, &find, &fields(" 5 ", &issuer)).await;
    has(&text, &[&path]);
    for (user, platform) in [("6", ""), ("5", "another school"), ("", "")] {
        let text = send(&owner, &page, &find, &fields(user, platform)).await;
        has(&text, &["no grades of this person"]);
        lacks(&text, &[&path]);
    }
    let context = delivery["context"].as_str().unwrap();
    has(&open(&owner, &format!("{LIST}?course={context}")).await.1, &[&path]);
    lacks(&open(&owner, &format!("{LIST}?course=other")).await.1, &[&path]);
    let of_platform = format!("{LIST}?platform={}", course.school.platform_id);
    has(&open(&owner, &of_platform).await.1, &[&path, " selected>"]);
}
