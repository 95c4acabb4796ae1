//! Home: the steps to the first launch, what waits, what went wrong.

use std::time::Duration;

use serde_json::json;
use simulator::browser::{Browser, Request};
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
    // A name of its own needs no hint.
    assert!(!home.contains("href=\"/portal/settings#name\""), "{home}");
    let person = ["Launch me a test person", "After step 1, a test person"];
    assert!(home.contains(person[0]) && !home.contains(person[1]), "{home}");
    gateway.patch_tool(json!({"name": "Hallpass tool", "launchUrl": null})).await;
    let home = owner.get("/portal").await.text();
    // The test person needs an address to open.
    assert!(home.contains(person[1]) && !home.contains(person[0]), "{home}");
    assert!(home.contains("Teachers read “Hallpass tool” in their LMS"), "{home}");
    assert!(home.contains("href=\"/portal/settings#name\""), "{home}");
    let school = Registered::new(store).await;
    let owner = Visitor::owner(&school.gateway).await;
    let home = owner.get("/portal").await.text();
    assert!(home.contains("<li class=\"now flow\"><h3>See the first launch"), "{home}");
    school.launch(&school.student()).await;
    let home = owner.get("/portal").await.text();
    assert!(!home.contains("Four steps"), "{home}");
    // The test person can be launched later, too.
    for stays in ["Launch me a test person", "Test the launch URL", "none in force"] {
        assert!(home.contains(stays), "{stays}: {home}");
    }
    // What comes next is said for a week.
    assert!(home.contains("id=\"next\"") && home.contains("What comes next?"), "{home}");
    assert!(home.contains("grades sent in the background are listed"), "{home}");
    // After what needs a decision.
    assert!(home.find("id=\"next\"") > home.find("id=\"recent\""), "{home}");
    school.gateway.app.usage.write().await.unwrap();
    school.gateway.clock.advance(Duration::from_secs(9 * 24 * 60 * 60));
    let home = Visitor::owner(&school.gateway).await.get("/portal").await.text();
    assert!(!home.contains("id=\"next\""), "{home}");
}

/// After long holidays a launch isn't the first.
#[both_stores("PO-4")]
async fn launches_long_ago_say_that_a_tool_is_not_new(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let owner = Visitor::owner(gateway).await;
    school.launch(&school.student()).await;
    let home = owner.get("/portal").await.text();
    assert!(home.contains("id=\"next\""), "{home}");
    let long_ago = "INSERT INTO usage_counts (tool_id, platform_id, period, launches, people) \
                    SELECT id, '', 202001, 1, 1 FROM tools";
    gateway.meddle(long_ago).await;
    let home = owner.get("/portal").await.text();
    assert!(!home.contains("id=\"next\""), "{home}");
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
async fn what_is_refused_is_no_launch(store: Store) {
    let school =
        Registered::with(store, json!({"launch": {"unknownDeployments": "pending"}})).await;
    let gateway = &school.gateway;
    let owner = Visitor::owner(gateway).await;
    school.accepts("counted", school.student()).await;
    // Its row contains the nonce of a refused launch.
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "77".into()).unwrap();
    school.refuses("waits", school.student(), 403, "DEPLOYMENT_PENDING").await;
    let launches = "<dt>Launches</dt><dd>1</dd>";
    let refused = "<dt>Refused</dt><dd>1 <small>50 % of attempts</small></dd>";
    let home = owner.get("/portal").await.text();
    assert!(home.contains(launches) && home.contains(refused), "{home}");
    gateway.app.usage.write().await.unwrap();
    let home = owner.get("/portal").await.text();
    assert!(home.contains(launches) && home.contains(refused), "{home}");
}

#[both_stores("PO-5")]
async fn who_types_our_address_attempts_no_launch(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let owner = Visitor::owner(gateway).await;
    for (path, site, number) in
        [("/", "none", 0), ("/lti/launch", "none", 0), ("/lti/launch", "cross-site", 1)]
    {
        let request = Request::new("GET".parse().unwrap(), &gateway.at(path)).unwrap();
        let request = request.header("accept", "text/html").header("sec-fetch-site", site);
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_eq!(page.status, 400, "{path}: {}", page.text());
        let home = owner.get("/portal").await.text();
        let refused = format!("<dt>Refused</dt><dd>{number} ");
        assert!(home.contains(&refused), "{path}, {site}: {home}");
        assert_eq!(home.contains("NOT_A_LAUNCH"), number > 0, "{path}, {site}: {home}");
    }
}
