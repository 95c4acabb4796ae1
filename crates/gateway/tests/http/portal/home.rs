//! Home: the steps to the first launch, what waits, what went wrong.

use serde_json::json;
use simulator::browser::Browser;
use test_case::both_stores;

use super::{Visitor, entries_on};
use crate::registered::{Registered, login};
use crate::support::{Gateway, Store};
use crate::traces::reference;

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

#[both_stores("PO-5", "PO-6")]
async fn a_platform_that_can_not_be_read_is_not_missing(store: Store) {
    let school = Registered::new(store).await;
    let id = &school.platform_id;
    let owner = Visitor::owner(&school.gateway).await;
    let page = owner.get("/portal").await;
    let decisions = |id: &str| {
        [
            (format!("/portal/waiting/{id}"), vec![("do", "activate")]),
            (
                format!("/portal/waiting/{id}/deployment"),
                vec![("do", "allow"), ("deployment", "1")],
            ),
            (format!("/portal/platforms/{id}/fetch-keys"), Vec::new()),
        ]
    };
    for (path, fields) in decisions("00000000000000000000") {
        assert_eq!(owner.post(&page, &path, &fields).await.status, 404, "{path}");
    }
    let spoilt = format!("UPDATE platforms SET launch_rules = '7' WHERE id = '{id}'");
    school.gateway.meddle(&spoilt).await;
    for (path, fields) in decisions(id) {
        assert_eq!(owner.post(&page, &path, &fields).await.status, 500, "{path}");
    }
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
    assert!(home.contains("href=\"/portal/connect\""), "{home}");
    let school = Registered::new(store).await;
    let owner = Visitor::owner(&school.gateway).await;
    let home = owner.get("/portal").await.text();
    assert!(home.contains("<li class=\"now flow\"><h3>See the first launch"), "{home}");
    school.launch(&school.student()).await;
    let home = owner.get("/portal").await.text();
    assert!(!home.contains("Four steps"), "{home}");
    // The test person can be launched later, too.
    for stays in ["Launch me a test person", "Test it", "none in force"] {
        assert!(home.contains(stays), "{stays}: {home}");
    }
}

#[both_stores("PO-7")]
async fn what_went_wrong_most_is_one_click_from_its_remedy(store: Store) {
    let school = Registered::new(store).await;
    let owner = Visitor::owner(&school.gateway).await;
    let path = format!("/admin/platforms/{}/deactivate", school.platform_id);
    assert_eq!(school.gateway.admin("POST", &path, None).await.status, 200);
    let refused = login(&school.lms, &Browser::new().unwrap(), &school.student()).await;
    let one = format!("/portal/failures/{}", reference(&refused));
    let home = owner.get("/portal").await.text();
    assert!(home.contains(&format!("href=\"{one}\"")), "{home}");
    assert!(home.contains("/portal/failures?show=each"), "{home}");
    let failure = owner.get(&one).await.text();
    let remedy = format!("action=\"/portal/platforms/{}/activate\"", school.platform_id);
    assert!(failure.contains(&remedy), "{failure}");
}

#[both_stores("PO-5")]
async fn home_says_if_a_busy_tool_hides_its_launches(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let owner = Visitor::owner(gateway).await;
    let (quiz, _) = gateway.new_tool("127.0.0.6").await;
    school.launch(&school.student()).await;
    let home = owner.get("/portal").await.text();
    assert!(home.contains("<dt>Launches</dt><dd>1</dd>"), "{home}");
    // As many of the other tool as are looked through, and all newer than the one.
    let newest = gateway.texts("SELECT MAX(id) FROM launches").await.remove(0);
    let time = &newest[..7];
    let (padded, hash) = match store {
        Store::Sqlite => ("printf('%09d', i)", "CAST(i AS BLOB)"),
        Store::Postgres => ("lpad(i::text, 9, '0')", "convert_to(i::text, 'UTF8')"),
    };
    let flood = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001) \
         INSERT INTO launches (id, tool_id, dialect, nonce_hash, created_at, expires_at, delete_at, trace) \
         SELECT '{time}zzzz' || {padded}, '{quiz}', 'lti13', {hash}, i, i, 9000000000000, '{{}}' FROM n"
    );
    gateway.meddle(&flood).await;
    let home = owner.get("/portal").await.text();
    let says = "<dt>Launches</dt><dd>0 <small>or more: only the newest are counted</small></dd>";
    assert!(home.contains(says), "{home}");
    // Once its numbers are written, and what is newer can be looked through, none is hidden.
    gateway.app.usage.write().await.unwrap();
    school.advance(60 * 60);
    let home = owner.get("/portal").await.text();
    assert!(home.contains("<dt>Launches</dt><dd>1</dd>"), "{home}");
}
