//! The three services at every LMS that offers them.

use serde_json::json;
use simulator::lms::{Lms, Options};
use simulator::profiles::Profile;
use test_case::both_stores;

use super::{Course, at};
use crate::registered::{Registered, register_at};
use crate::support::{Gateway, Store, lms_options};

/// An LMS of this profile whose pages keep nothing for tools, so that a launch needs no scripts.
pub async fn lms_of(mut profile: Profile) -> Lms {
    profile.launch.storage = None;
    Lms::start(Options { profile, ..lms_options() }).await.unwrap()
}

/// The operator enters whom token requests are for.
pub async fn demand(school: &Registered, audience: &str) {
    let path = format!("/admin/platforms/{}", school.platform_id);
    let mut platform = school.gateway.admin("GET", &path, None).await.json().unwrap();
    for ours in ["id", "publicKey"] {
        platform.as_object_mut().unwrap().shift_remove(ours);
    }
    platform["authorizationServer"] = audience.into();
    let page = school.gateway.admin("PUT", &path, Some(platform)).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

/// A teacher's launch at an LMS of this profile.
pub async fn course_of(store: Store, profile: Profile) -> Course {
    let gateway = Gateway::start_with(store, json!({"launch": {"showReasons": true}})).await;
    let school = Registered::join(gateway, lms_of(profile).await).await;
    let launch = school.teacher();
    Course::of(school, launch).await
}

#[both_stores("TC-283", "TC-290")]
async fn every_lms_gives_a_roster_and_takes_a_score(store: Store) {
    for name in ["moodle", "canvas", "brightspace", "blackboard", "sakai", "ilias"] {
        let gateway = Gateway::start_with(store, json!({"launch": {"showReasons": true}})).await;
        let school = Registered::join(gateway, lms_of(Profile::named(name).unwrap()).await).await;
        let launch = school.teacher();
        uses_its_services(&Course::of(school, launch).await, name).await;
    }
}

/// Its token requests are for another address than the token endpoint.
#[both_stores("TC-282")]
async fn brightspace_works_invited_and_with_its_real_audience(store: Store) {
    for audience in [None, Some("https://api.brightspace.com/auth/token")] {
        let gateway = Gateway::start_with(store, json!({"launch": {"showReasons": true}})).await;
        let lms = lms_of(Profile::brightspace()).await;
        let invite = gateway.admin("POST", "/admin/invites", Some(json!({}))).await;
        let invite = invite.json().unwrap()["url"].as_str().unwrap().to_owned();
        let (client_id, platform_id) = register_at(&gateway, &lms, &invite).await;
        let school = Registered { gateway, lms, client_id, platform_id };
        if let Some(audience) = audience {
            demand(&school, audience).await;
        }
        let launch = school.teacher();
        uses_its_services(&Course::of(school, launch).await, "brightspace").await;
    }
}

/// Reads the roster, makes a line item and sends it a score.
async fn uses_its_services(course: &Course, name: &str) {
    let services = &course.token["services"];
    // These two grant no scope for rosters.
    if services["namesAndRoles"]["available"] == true {
        let roster = course.read("/api/memberships?role=Learner").await;
        assert_eq!(roster["members"].as_array().unwrap().len(), 5, "{name}");
    } else {
        assert!(["blackboard", "ilias"].contains(&name), "{name}");
    }
    let made = json!({"label": "Quiz", "scoreMaximum": 20, "resourceId": "r"});
    let page = course.ask("POST", "/api/lineitems", Some(made)).await;
    assert_eq!(page.status, 201, "{name}: {}", page.text());
    let item = page.json().unwrap()["id"].as_str().unwrap().to_owned();
    let scores = format!("{}/scores", at(&item));
    let score = json!({
        "userId": "5", "scoreGiven": 10, "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    });
    let page = course.ask("POST", &scores, Some(score)).await;
    assert_eq!(page.status, 204, "{name}: {}", page.text());
    let results = course.read(&scores).await;
    assert_eq!(results["scores"][0]["resultScore"], 10, "{name}: {results}");
}
