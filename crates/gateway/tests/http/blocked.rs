//! People whose launches an operator stopped (lti.md I-24).

use serde_json::{Value, json};
use simulator::browser::Browser;
use test_case::both_stores;

use crate::registered::{Registered, ltik_of};
use crate::support::{Gateway, Store};

async fn blocked(gateway: &Gateway, platform: &str) -> Vec<Value> {
    let path = format!("/admin/platforms/{platform}/blocked");
    let page = gateway.admin("GET", &path, None).await;
    page.json().unwrap()["blocked"].as_array().unwrap().clone()
}

#[both_stores("TC-161")]
async fn blocking_a_person_refuses_launches_and_ends_sessions(store: Store) {
    let school = Registered::new(store).await;
    let (gateway, platform) = (&school.gateway, &school.platform_id);
    let user = |name: &str| format!("/admin/platforms/{platform}/blocked/{name}");
    let before = ltik_of("before", &school.launch(&school.student()).await);
    let teacher = ltik_of("teacher", &school.launch(&school.teacher()).await);
    school.read(&before).await;

    assert_eq!(gateway.admin("PUT", &user("5"), None).await.status, 204);
    assert_eq!(gateway.admin("PUT", &user("5"), None).await.status, 204);
    let list = blocked(gateway, platform).await;
    assert_eq!(list.len(), 1, "{list:?}");
    assert_eq!(list[0]["userId"], "5");
    school.refuses("TC-161", school.student(), 403, "PERSON_BLOCKED").await;
    for query in ["", "?raw=true"] {
        assert_eq!(gateway.idtoken(&before, query).await.status, 401, "the session ended");
    }
    // Everybody else stays.
    school.read(&teacher).await;
    school.accepts("teacher", school.teacher()).await;

    assert_eq!(gateway.admin("DELETE", &user("5"), None).await.status, 204);
    assert_eq!(gateway.admin("DELETE", &user("5"), None).await.status, 404);
    school.read(&before).await;
    school.accepts("again", school.student()).await;
    // Ids of any form, and people who never came.
    let odd = "a%2Fb%20%3F";
    assert_eq!(gateway.admin("PUT", &user(odd), None).await.status, 204);
    assert_eq!(blocked(gateway, platform).await[0]["userId"], json!("a/b ?"));
    let odd_one = school.student().with("sub", "a/b ?");
    assert_eq!(school.launch(&odd_one).await.status, 403);
    assert_eq!(gateway.admin("PUT", &user(&"x".repeat(256)), None).await.status, 400);
    assert_eq!(
        gateway.admin("PUT", &user("x").replace(platform, "nobody"), None).await.status,
        404
    );
    // With the platform its list goes.
    assert_eq!(
        gateway.admin("DELETE", &format!("/admin/platforms/{platform}"), None).await.status,
        204
    );
    assert_eq!(gateway.number("SELECT COUNT(*) FROM blocked_people").await, 0);
}

#[both_stores("TC-161")]
async fn a_blocked_launch_waiting_for_storage_is_refused_too(store: Store) {
    let school = Registered::new(store).await;
    let login = school.lms.login_request(&school.student()).unwrap();
    let mut fields: Vec<(&str, &str)> =
        login.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("lti_storage_target", "_parent"));
    let browser = Browser::new().unwrap();
    let put = browser.send(crate::registered::form(&login.url, &fields)).await.unwrap();
    let answer = browser.get(put.refresh().unwrap().as_str()).await.unwrap().auto_form().unwrap();
    let path = format!("/admin/platforms/{}/blocked/5", school.platform_id);
    assert_eq!(school.gateway.admin("PUT", &path, None).await.status, 204);
    let posted: Vec<(&str, &str)> =
        answer.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let request = crate::registered::form(&school.gateway.at("/lti/launch"), &posted);
    let page = browser.fresh().send(request).await.unwrap();
    assert_eq!(page.status, 403, "{}", page.text());
    assert!(page.form_to("/lti/launch/verify").is_none());
}
