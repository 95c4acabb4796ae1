//! Home: the steps to the first launch, what waits, what went wrong.

use serde_json::json;
use test_case::both_stores;

use super::{Visitor, entries_on};
use crate::registered::Registered;
use crate::support::{Gateway, Store};

#[both_stores("PO-5")]
async fn what_waits_is_decided_with_one_click(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let id = &school.platform_id;
    let owner = Visitor::owner(gateway).await;
    let home = owner.get("/portal").await.text();
    assert!(!home.contains("id=\"waiting\""), "nothing waits: {home}");
    let name = "<b>School & \"Co\"</b>";
    let wait = format!(
        "UPDATE platforms SET active = false, stopped_at = NULL, name = '{name}' WHERE id = '{id}'"
    );
    gateway.meddle(&wait).await;
    let page = owner.get("/portal").await;
    let text = page.text();
    assert!(text.contains("<title>(1) Home"), "{text}");
    assert!(
        text.contains("&#60;b&#62;School &#38; &#34;Co&#34;") && !text.contains(name),
        "{text}"
    );
    let path = format!("/portal/waiting/{id}");
    let page = owner.post(&page, &path, &[("do", "refuse")]).await;
    let text = page.text();
    assert!(text.contains("is refused") && !text.contains("id=\"waiting\""), "{text}");
    let shown = gateway.admin("GET", &format!("/admin/platforms/{id}"), None).await.json().unwrap();
    assert_eq!(shown["active"], json!(false));
    // It was said once.
    assert!(!owner.get("/portal").await.text().contains("is refused"));

    gateway.meddle(&wait).await;
    let page = owner.get("/portal").await;
    owner.post(&page, &path, &[("do", "activate")]).await;
    let shown = gateway.admin("GET", &format!("/admin/platforms/{id}"), None).await.json().unwrap();
    assert_eq!(shown["active"], json!(true));
    let audit = entries_on(&owner.get("/portal/audit").await);
    assert!(audit.contains("platform.refused") && audit.contains("platform.activated"), "{audit}");
}

#[both_stores("PO-5")]
async fn what_an_operator_stopped_does_not_wait(store: Store) {
    let school = Registered::new(store).await;
    let owner = Visitor::owner(&school.gateway).await;
    let path = format!("/admin/platforms/{}/deactivate", school.platform_id);
    assert_eq!(school.gateway.admin("POST", &path, None).await.status, 200);
    let home = owner.get("/portal").await.text();
    assert!(!home.contains("id=\"waiting\""), "{home}");
}

#[both_stores("PO-4")]
async fn the_steps_tick_as_they_happen_and_go_with_the_first_launch(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let home = owner.get("/portal").await.text();
    assert!(home.contains("Four steps") && home.contains("/lti/register"), "{home}");
    let school = Registered::new(store).await;
    let owner = Visitor::owner(&school.gateway).await;
    let home = owner.get("/portal").await.text();
    assert!(home.contains("<li class=\"now flow\"><h3>See the first launch"), "{home}");
    school.launch(&school.student()).await;
    let home = owner.get("/portal").await.text();
    assert!(!home.contains("Four steps"), "{home}");
}
