//! What depends on the product that a platform is.

use serde_json::{Value, json};
use simulator::profiles::Profile;
use test_case::both_stores;

use super::graded;
use super::ways::{course_at, with_comment};
use crate::platform_services::profiles::lms_of;
use crate::platform_services::{Course, at};
use crate::portal::Visitor;
use crate::registered::Registered;
use crate::support::{Gateway, Store, register_by_hand};

const CANVAS: &str = "https://canvas.instructure.com/lti/submission";

/// A Canvas that two administrators entered, each on their side, before its first launch.
async fn canvas_by_hand(store: Store) -> Registered {
    let gateway = Gateway::start_with(store, json!({"launch": {"showReasons": true}})).await;
    let lms = lms_of(Profile::canvas()).await;
    let client_id = register_by_hand(&gateway, &lms, &gateway.url).await;
    let platform_id = gateway.platforms().await[0]["id"].as_str().unwrap().to_owned();
    Registered { gateway, lms, client_id, platform_id }
}

impl Registered {
    async fn platform(&self) -> Value {
        let path = format!("/admin/platforms/{}", self.platform_id);
        self.gateway.admin("GET", &path, None).await.json().unwrap()
    }
}

#[both_stores("GR-13", "GR-16", "GR-17")]
async fn a_canvas_entered_by_hand_is_known_by_its_launches(store: Store) {
    let school = canvas_by_hand(store).await;
    assert_eq!(school.platform().await.get("productFamilyCode"), None);
    let launch = school.teacher();
    let course = Course::of(school, launch).await;
    let mut platform = course.school.platform().await;
    assert_eq!(platform["productFamilyCode"], "canvas");
    // The first score already keeps a teacher's grade, and no second one is another attempt.
    for given in [5.0, 6.0] {
        course.sends(&with_comment(given)).await;
        course.school.advance(2);
    }
    for score in course.taken() {
        let told = &score[CANVAS];
        assert_eq!(told["prioritize_non_tool_grade"], true, "{score}");
        assert_eq!(told["preserve_score"], true, "{score}");
    }
    let stands = course.stands();
    assert_eq!((stands.score, stands.attempts), (Some(60.0), 1));
    assert_eq!(stands.comments, ["good"]);
    // What operators change of it doesn't change that.
    platform["name"] = json!("North");
    let path = format!("/admin/platforms/{}", course.school.platform_id);
    let page = course.school.gateway.admin("PUT", &path, Some(platform)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(course.school.platform().await["productFamilyCode"], "canvas");
}

#[both_stores("GR-2", "GR-20")]
async fn brightspace_gets_a_bonus_and_cuts_it_off_itself(store: Store) {
    let course = course_at(store, Profile::brightspace()).await;
    let (gateway, lms) = (&course.school.gateway, &course.school.lms);
    let stands = || course.quiz().scores["5"].score;
    let cut = course.to_quiz(graded(11.0)).await;
    gateway.until(&cut, "delivered").await;
    assert_eq!(stands(), Some(10.0));
    let shown = course.shown_delivery(&json!(cut)).await;
    let note = shown["note"].as_str().unwrap();
    assert!(note.contains("Can Exceed"), "{shown}");
    // What it cut off is no teacher's, and from now on the grade item takes more.
    lms.gradebook().may_exceed(course.quiz().id, true).unwrap();
    course.school.advance(2);
    let kept = course.to_quiz(graded(12.0)).await;
    gateway.until(&kept, "delivered").await;
    assert_eq!(stands(), Some(12.0));
    // At once as well.
    course.school.advance(2);
    let item = course.shown_delivery(&json!(kept)).await;
    let path = format!("{}/scores", at(item["lineItem"].as_str().unwrap()));
    let page = course.ask("POST", &path, Some(graded(13.0))).await;
    assert_eq!(page.status, 204, "{}", page.text());
    assert_eq!(stands(), Some(13.0));
}

#[both_stores("GR-30")]
async fn a_zero_at_canvas_says_how_it_looks(store: Store) {
    for (profile, hides) in [(Profile::canvas(), true), (Profile::moodle(), false)] {
        let course = course_at(store, profile).await;
        let gateway = &course.school.gateway;
        let is_said = |shown: &Value| {
            let advice = shown["advice"].as_str().unwrap_or_default();
            assert!(advice.is_empty() || advice.contains("as if nothing was graded"), "{shown}");
            !advice.is_empty()
        };
        let id = course.delivery(graded(0.0)).await;
        gateway.until(&id, "delivered").await;
        assert_eq!(is_said(&course.shown_delivery(&json!(id)).await), hides);
        let owner = Visitor::owner(gateway).await;
        let page = owner.get(&format!("/portal/deliveries/{id}")).await;
        assert_eq!(page.text().contains("as if nothing was graded"), hides, "{}", page.text());
        // So it is if Canvas has it already.
        let same = course.deliver(graded(0.0)).await;
        assert_eq!((&same["deduplicated"], is_said(&same)), (&json!(true), hides), "{same}");
        let listed = gateway.admin("GET", "/api/deliveries", None).await.json().unwrap();
        let listed = listed["deliveries"].as_array().unwrap();
        assert_eq!(listed.len(), 2, "{listed:?}");
        assert!(listed.iter().all(|one| is_said(one) == hides), "{listed:?}");
        // Any other score is seen.
        course.school.advance(2);
        let id = course.delivery(graded(1.0)).await;
        gateway.until(&id, "delivered").await;
        assert!(!is_said(&course.shown_delivery(&json!(id)).await));
    }
}
