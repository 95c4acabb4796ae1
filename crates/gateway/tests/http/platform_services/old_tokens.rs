//! Access tokens that a platform doesn't know any more, and says so without 401 (lti.md F-05).

use futures_util::future::join_all;
use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::profiles::lms_of;
use super::{Course, assert_error, at};
use crate::registered::Registered;
use crate::support::{Gateway, Store};

/// A course at an LMS of this kind that refuses tokens as Sakai does: never with 401.
async fn forbidding(store: Store, mut profile: Profile) -> Course {
    profile.services.refuse_access = Profile::sakai().services.refuse_access;
    let settings = json!({"services": {"groups": true}, "launch": {"showReasons": true}});
    let gateway = Gateway::start_with(store, settings).await;
    let school = Registered::join(gateway, lms_of(profile).await).await;
    let launch = school.teacher();
    Course::of(school, launch).await
}

#[both_stores("F-05")]
async fn an_old_token_that_is_refused_with_403_is_replaced(store: Store) {
    let course = forbidding(store, Profile::moodle()).await;
    let item = at(&course.line_item());
    let make = |name: &str| {
        let made = json!({"label": name, "scoreMaximum": 10, "resourceId": name});
        course.ask("POST", "/api/lineitems", Some(made))
    };
    let hits = |endpoint| course.school.lms.hits(endpoint);
    let paths = ["/api/memberships", "/api/lineitems", item.as_str()];
    for path in paths {
        course.read(path).await;
    }
    assert_eq!(make("one").await.status, 201);
    let before = (hits(Endpoint::Token), hits(Endpoint::Memberships));
    course.school.lms.forget_access_tokens();
    for path in paths {
        course.read(path).await;
    }
    // What makes something, too, and makes it once.
    assert_eq!(make("two").await.status, 201);
    assert_eq!(course.school.lms.line_items(&course.school.client_id).len(), 3);
    let after = (hits(Endpoint::Token), hits(Endpoint::Memberships));
    assert_eq!((after.0 - before.0, after.1 - before.1), (3, 2), "one for each scope");
    // Of many at once, they share the new one.
    course.school.lms.forget_access_tokens();
    let answers = join_all((0..5).map(|_| course.get("/api/memberships"))).await;
    assert!(answers.iter().all(|page| page.status == 200));
    assert_eq!(hits(Endpoint::Token), after.0 + 1);

    let course = forbidding(store, Profile::blackboard()).await;
    for tokens in [1, 2] {
        course.read("/api/groups").await;
        assert_eq!(course.school.lms.hits(Endpoint::Token), tokens);
        course.school.lms.forget_access_tokens();
    }
}

#[both_stores("F-05", "GR-7")]
async fn a_403_to_a_fresh_token_is_about_the_request(store: Store) {
    let course = Course::new(store).await;
    let faults = course.school.lms.faults();
    let hits = || {
        let lms = &course.school.lms;
        (lms.hits(Endpoint::Token), lms.hits(Endpoint::Memberships))
    };
    for (seconds, fault, code, told, expected) in [
        (0, Fault::Status(403), "PLATFORM_REFUSED", 403, (1, 1)),
        // A kept one that is young stays.
        (0, Fault::Status(403), "PLATFORM_REFUSED", 403, (1, 2)),
        (61, Fault::Status(403), "PLATFORM_REFUSED", 403, (2, 4)),
        (0, Fault::Status(403), "PLATFORM_REFUSED", 403, (2, 5)),
        (61, Fault::Throttled, "PLATFORM_BUSY", 429, (2, 6)),
        (0, Fault::Status(404), "PLATFORM_REFUSED", 404, (2, 7)),
    ] {
        course.school.advance(seconds);
        faults.set(Endpoint::Memberships, fault.clone());
        let page = course.get("/api/memberships").await;
        assert_error("it is not the token", &page, told, code);
        assert_eq!(hits(), expected, "{fault:?}");
    }
    // Older Sakais name the token, with 400.
    let of_token = Fault::Answer {
        status: 400,
        content_type: "application/json".into(),
        body: r#"{"error":"signature_error"}"#.into(),
    };
    faults.next(Endpoint::Memberships, 1, of_token);
    course.read("/api/memberships").await;
    assert_eq!(hits(), (3, 9));
}
