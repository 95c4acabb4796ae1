//! Launches that wait for the platform's storage.

use serde_json::json;
use simulator::browser::{Browser, Page};
use test_case::both_stores;

use super::reference;
use crate::registered::{Registered, assert_refused, form};
use crate::support::Store;

/// A launch without cookies that waits for the platform's window: its token, and the value that was
/// put there.
async fn waits(school: &Registered) -> (String, String) {
    let login = school.lms.login_request(&school.student()).unwrap();
    let fields = login.fields.iter();
    let mut fields: Vec<(&str, &str)> = fields.map(|(name, value)| (&**name, &**value)).collect();
    fields.push(("lti_storage_target", "_parent"));
    let page = Browser::new().unwrap().send(form(&login.url, &fields)).await.unwrap();
    let text = page.text();
    let told = |name: &str| {
        let after = text.split(&format!("\"{name}\":\"")).nth(1).unwrap();
        after.split('"').next().unwrap().replace("\\u0026", "&")
    };
    let page = Browser::new().unwrap().get(&told("next")).await.unwrap();
    let auto = page.auto_form().unwrap();
    let posted = ["id_token", "state"].map(|name| (name, auto.field(name).unwrap()));
    let request = form(&school.gateway.at("/lti/launch"), &posted);
    let page = Browser::new().unwrap().send(request).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let verify = page.form_to("/lti/launch/verify").unwrap();
    let token = verify.field("verify_token").unwrap().to_owned();
    (token, told("value"))
}

/// The platform's window answers with these fields.
async fn answer_storage(school: &Registered, fields: &[(&str, &str)], site: Option<&str>) -> Page {
    let mut request = form(&school.gateway.at("/lti/launch/verify"), fields);
    if let Some(site) = site {
        request = request.header("sec-fetch-site", site);
    }
    Browser::new().unwrap().send(request).await.unwrap()
}

#[both_stores]
async fn a_launch_waiting_for_storage_is_named_by_each_failure(store: Store) {
    let school = Registered::new(store).await;
    let (verify, _) = waits(&school).await;
    let trace = school.gateway.newest("outcome=waiting").await;
    assert_eq!((&trace["binding"], trace.get("reason")), (&json!("platform storage"), None));
    let wrong = [("verify_token", verify.as_str()), ("value", "another")];
    for (site, code) in
        [("cross-site", "STORAGE_ANSWER_FOREIGN"), ("same-origin", "STORAGE_OTHER_VALUE")]
    {
        let refused = answer_storage(&school, &wrong, Some(site)).await;
        let failed = school.gateway.trace(&reference(&refused)).await;
        let found = (&failed["reason"]["code"], &failed["launchId"]);
        assert_eq!(found, (&json!(code), &trace["id"]));
        if site == "same-origin" {
            let again = refused.form_to(&format!("/lti/login/{}", school.platform_id));
            assert!(again.is_none(), "the login is used up: {}", refused.text());
            assert_eq!(failed["platform"]["id"], school.platform_id.as_str());
        }
    }
    // A word of someone else's says nothing.
    let bored = [("verify_token", verify.as_str()), ("why", "<b>bored</b>")];
    let refused = answer_storage(&school, &bored, Some("same-origin")).await;
    let failed = school.gateway.trace(&reference(&refused)).await;
    assert_eq!(failed["reason"]["code"], "STORAGE_OTHER_VALUE");
    assert!(!school.gateway.all_traces().await.contains("bored"));
    let nobodys = [("verify_token", "AAAA"), ("value", "x")];
    let refused = answer_storage(&school, &nobodys, None).await;
    assert_eq!(school.gateway.trace(&reference(&refused)).await["reason"]["code"], "STATE_UNKNOWN");
}

/// The page says why; it tells the person to begin in the course, and has a reference.
#[both_stores]
async fn a_storage_window_that_gives_nothing_says_why(store: Store) {
    let school = Registered::new(store).await;
    let (verify, _) = waits(&school).await;
    let trace = school.gateway.newest("outcome=waiting").await;
    for (why, code) in [
        ("silent", "STORAGE_NOT_ANSWERED"),
        ("no-frame", "STORAGE_FRAME_MISSING"),
        ("error", "STORAGE_REFUSED"),
        ("empty", "STORAGE_EMPTY"),
    ] {
        let fields = [("verify_token", verify.as_str()), ("value", ""), ("why", why)];
        let refused = answer_storage(&school, &fields, None).await;
        assert_eq!(refused.status, 401, "{}", refused.text());
        let again = refused.form_to(&format!("/lti/login/{}", school.platform_id));
        assert!(again.is_none(), "the login is used up: {}", refused.text());
        assert!(refused.text().contains("again from your course"), "{}", refused.text());
        let failed = school.gateway.trace(&reference(&refused)).await;
        let found = (&failed["reason"]["code"], &failed["launchId"]);
        assert_eq!(found, (&json!(code), &trace["id"]), "{failed}");
        assert_eq!(
            (&failed["kind"], &failed["outcome"], &failed["binding"]),
            (&json!("launch"), &json!("failed"), &json!("platform storage"))
        );
        assert_eq!(
            (&failed["platform"]["id"], &failed["login"]["method"]),
            (&json!(school.platform_id), &json!("POST"))
        );
        assert!(failed["reason"]["advice"].as_str().unwrap().contains("new window"), "{failed}");
    }
}

#[both_stores]
async fn a_storage_answer_is_missed_and_too_late_in_two_minutes(store: Store) {
    let school = Registered::new(store).await;
    let (verify, value) = waits(&school).await;
    // If the page never comes back, the launch itself says so.
    school.advance(121);
    let trace = school.gateway.newest("outcome=waiting").await;
    assert_eq!(trace["reason"]["code"], "STORAGE_NOT_ANSWERED", "{trace}");
    let right = [("verify_token", verify.as_str()), ("value", value.as_str())];
    let refused = answer_storage(&school, &right, Some("same-origin")).await;
    let failed = school.gateway.trace(&reference(&refused)).await;
    assert_eq!(failed["reason"]["code"], "STORAGE_ANSWER_LATE");
}

#[both_stores]
async fn a_launch_forgotten_while_waiting_is_refused(store: Store) {
    let school = Registered::with(store, json!({"retention": {"launchMinutes": 1}})).await;
    let (verify, about) = waits(&school).await;
    school.advance(90);
    let answer = [("verify_token", verify.as_str()), ("value", about.as_str())];
    let refused = Browser::new()
        .unwrap()
        .send(
            form(&school.gateway.at("/lti/launch/verify"), &answer)
                .header("sec-fetch-site", "same-origin"),
        )
        .await
        .unwrap();
    assert_refused("too late", &refused, 401, "STATE_EXPIRED");
}
