//! Submission reviews (lti.md F.5): a person looks at a submission from the gradebook.

use serde_json::{Value, json};
use test_case::both_stores;

use super::Course;
use crate::registered::Registered;
use crate::support::Store;

const LIS: &str = "http://purl.imsglobal.org/vocab/lis/v2";

#[both_stores("SV-17", "TC-323", "F-50")]
async fn only_staff_see_the_submissions_of_others(store: Store) {
    let school = Registered::new(store).await;
    let token = school.accepts("a teacher", school.student().review("5")).await;
    assert_eq!(token["launch"]["type"], "LtiSubmissionReviewRequest");
    assert_eq!(
        token["launch"]["forUser"],
        json!({
            "userId": "5", "name": "Sam Rivera", "givenName": "Sam", "familyName": "Rivera",
            "email": "sam@example.com", "roles": [format!("{LIS}/membership#Learner")],
        })
    );
    assert_eq!(
        (&token["user"]["id"], &token["launch"]["resourceLink"]["id"]),
        (&json!("3"), &json!("1"))
    );
    assert!(token["launch"]["lineItemId"].is_string());

    let own = school.student().review("5").user("5");
    school.accepts("one's own", own.clone()).await;
    let others = school.student().review("6").user("5");
    school.refuses("TC-323", others.clone(), 403, "SUBMISSION_OF_ANOTHER_PERSON").await;
    for (role, is_staff) in [
        ("membership/Instructor#TeachingAssistant", true),
        ("membership/Instructor#Grader", true),
        ("membership#ContentDeveloper", true),
        ("membership#Mentor", false),
        ("institution/person#Instructor", false),
        ("membership/Learner#Instructor", false),
    ] {
        let launch = others.clone().with("roles", json!([format!("{LIS}/{role}")]));
        if is_staff {
            school.accepts(role, launch).await;
        } else {
            school.refuses(role, launch, 403, "SUBMISSION_OF_ANOTHER_PERSON").await;
        }
    }
    // Nobody is not the one whose submission it is.
    school.gateway.patch_tool(json!({"launch": {"anonymous": "allow", "showReasons": true}})).await;
    let nobody = own.without("sub").with("for_user", json!({"user_id": "5"}));
    school.refuses("anonymous", nobody, 403, "SUBMISSION_OF_ANOTHER_PERSON").await;
}

#[both_stores("SV-17", "F-50")]
async fn a_review_names_its_submission(store: Store) {
    let school = Registered::new(store).await;
    let review = school.student().review("5");
    for (case, launch, code) in [
        ("nobody", review.clone().without("for_user"), "NO_FOR_USER_CLAIM"),
        ("null", review.clone().with("for_user", Value::Null), "INVALID_FOR_USER_CLAIM"),
        (
            "empty",
            review.clone().with("for_user", json!({"name": "Sam"})),
            "INVALID_FOR_USER_CLAIM",
        ),
        ("a text", review.clone().with("for_user", "5"), "INVALID_FOR_USER_CLAIM"),
        ("no link", review.clone().without("resource_link"), "NO_RESOURCE_LINK_CLAIM"),
    ] {
        school.refuses(case, launch, 401, code).await;
    }
    // With other messages it decides nothing, and is passed on.
    let opened = school.student().with("for_user", json!({"user_id": "6", "name": null}));
    let token = school.accepts("a link", opened).await;
    assert_eq!(token["launch"]["forUser"], json!({"userId": "6"}));
    let odd = school.accepts("odd", school.student().with("for_user", "6")).await;
    assert_eq!(odd["launch"].get("forUser"), None);
}

#[both_stores("SV-17")]
async fn each_line_item_can_offer_reviews(store: Store) {
    let course = Course::new(store).await;
    let gateway = &course.school.gateway;
    let offer = json!({
        "reviewableStatus": ["Submitted", "Completed"], "label": "Look at it",
        "url": gateway.at("/lti/launch?review=quiz"), "custom": {"part": "2"},
    });
    let mut item = json!({
        "label": "Quiz", "scoreMaximum": 10, "resourceLinkId": "1", "submissionReview": offer,
    });
    let page = course.ask("POST", "/api/lineitems", Some(item.clone())).await;
    assert_eq!(page.status, 201, "{}", page.text());
    let created: Value = page.json().unwrap();
    assert_eq!(created["submissionReview"], offer);
    let page = course.school.launch(&course.school.student().review("5")).await;
    let to = page.location().unwrap();
    assert!(to.query_pairs().any(|pair| pair == ("review".into(), "quiz".into())), "{to}");
    let token = course.school.read(&crate::registered::ltik_of("review", &page)).await;
    assert_eq!(token["launch"]["lineItem"], json!({"id": created["id"], "known": true}));
    assert_eq!(token["custom"]["part"], "2");
    for wrong in [json!("yes"), json!({}), json!({"reviewableStatus": "Submitted"})] {
        item["submissionReview"] = wrong;
        let page = course.ask("POST", "/api/lineitems", Some(item.clone())).await;
        super::assert_error("submissionReview", &page, 400, "INVALID_BODY");
    }
}
