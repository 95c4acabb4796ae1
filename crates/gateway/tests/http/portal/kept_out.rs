//! What no entry of the audit log holds, whoever writes it: a student, or an address with a secret
//! in it.

use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use test_case::both_stores;

use super::Visitor;
use crate::studyreel::{StudyReel, valid_with};
use crate::support::{API_KEY, Gateway, Store};

async fn done(gateway: &Gateway, method: &str, path: &str, body: Option<Value>) -> Value {
    let page = gateway.admin(method, path, body).await;
    assert!((200..300).contains(&page.status), "{method} {path}: {}", page.text());
    page.json().unwrap_or_default()
}

/// What entries of an action say, if none of these texts is in the log, whoever reads it.
async fn entries(
    gateway: &Gateway,
    action: &str,
    visitors: [&Visitor; 2],
    out: &[&str],
) -> Vec<Value> {
    let log = done(gateway, "GET", "/admin/audit/export", None).await;
    let mut texts = vec![log.to_string()];
    for visitor in visitors {
        let page = visitor.get(&format!("/portal/audit?action={action}")).await;
        assert_eq!(page.status, 200, "{}", page.text());
        texts.push(page.text());
    }
    for text in texts {
        assert!(text.contains(action), "{action}: {text}");
        for kept_out in out {
            assert!(!text.contains(kept_out), "{kept_out}: {text}");
        }
    }
    let all = log["entries"].as_array().unwrap().iter();
    all.filter(|entry| entry["action"] == action).cloned().collect()
}

#[both_stores("PO-9")]
async fn no_entry_names_a_student(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let gateway = &studyreel.gateway;
    let owner = Visitor::owner(gateway).await;
    let viewer = Visitor::invited(gateway, &owner, "viewer").await;
    let name = json!({"given_name": "Plantedgiven", "family_name": "Plantedfamily"});
    let student = studyreel.ok(&valid_with("planted-first@example.com", name)).await.user;
    let one = format!("/api/students/{student}");
    let external = json!({"externalId": "planted-external"});
    let changed = done(gateway, "PATCH", &one, Some(external)).await;
    assert_eq!(changed["name"], "Plantedgiven Plantedfamily");
    let subject = json!({"subject": "planted-second@example.com"});
    done(gateway, "POST", &format!("{one}/subject"), Some(subject)).await;
    let page = owner.get("/portal/people").await;
    owner.post(&page, &format!("/portal/people/{student}"), &[("do", "disable")]).await;
    done(gateway, "DELETE", &one, None).await;
    let both = [&owner, &viewer];
    let out = ["Plantedgiven", "Plantedfamily", "planted-"];
    assert_eq!(entries(gateway, "student.changed", both, &out).await.len(), 3);
    assert_eq!(entries(gateway, "student.erased", both, &out).await.len(), 1);
}

#[both_stores("PO-9")]
async fn no_entry_holds_an_address_that_is_called(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let viewer = Visitor::invited(&gateway, &owner, "viewer").await;
    let url = |secret: &str| format!("http://127.0.0.3:9/call?key=planted-{secret}");
    let called = |secret: &str| json!({"studyreel": {"provisioning": {"url": url(secret)}}});
    // By the API, by the portal, and with a tool that is made.
    for secret in ["a", "b"] {
        done(&gateway, "PATCH", "/admin/tool", Some(called(secret))).await;
    }
    let page = owner.get("/portal").await;
    let asked = called("c").to_string();
    owner.post(&page, "/portal/settings", &[("do", "json"), ("json", asked.as_str())]).await;
    let kept = done(&gateway, "GET", "/admin/tool", None).await;
    assert_eq!(kept["studyreel"]["provisioning"]["url"], url("c").as_str());
    let mut tool = called("d");
    tool["name"] = "Quiz".into();
    tool["launchUrl"] = "http://127.0.0.3:9/quiz".into();
    let tool = json!({"host": "127.0.0.5", "settings": tool});
    done(&gateway, "POST", "/admin/tools", Some(tool)).await;
    let hook = json!({"url": url("e"), "events": ["webhook.disabled"]});
    done(&gateway, "POST", "/admin/webhooks", Some(hook)).await;
    let other = url("f");
    let fields = [("url", other.as_str()), ("webhook.disabled", "on")];
    owner.post(&page, "/portal/keys/webhooks", &fields).await;

    let both = [&owner, &viewer];
    for (action, number) in [("tool.made", 1), ("webhook.made", 2)] {
        let noted = entries(&gateway, action, both, &["planted-"]).await;
        assert_eq!(noted.len(), number, "{action}");
    }
    // That it was changed is seen. The newest first.
    let noted = entries(&gateway, "settings.changed", both, &["planted-"]).await;
    let shown = noted.iter().map(|entry| &entry["after"]["studyreel"]["provisioning"]["url"]);
    let host = "http://127.0.0.3:9/…";
    let another = "http://127.0.0.3:9/… (another one)";
    assert_eq!(shown.collect::<Vec<_>>(), [another, another, host]);
}

#[both_stores("PO-9")]
async fn what_only_handlers_can_read_is_noted(store: Store) {
    let gateway = Gateway::start(store).await;
    let short = |seconds: u32| format!(r#"{{"launch": {{"leewaySeconds": {seconds}}}}}"#);
    // A mark of the order of bytes, half a sign, and more than is copied of a body.
    let bodies = [
        format!("\u{feff}{}", short(71)),
        r#"{"launch": {"leewaySeconds": 72}, "description": "half \ud83d"}"#.to_owned(),
        format!("{}{}", " ".repeat(17 * 1024), short(73)),
    ];
    for body in &bodies {
        let request = Request::new("PATCH".parse().unwrap(), &gateway.at("/admin/tool")).unwrap();
        let request = request.header("authorization", &format!("Bearer {API_KEY}"));
        let request = request.body("application/json", body.clone());
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
    }
    let log = done(&gateway, "GET", "/admin/audit?action=settings.changed", None).await;
    let noted = log["entries"].as_array().unwrap().iter();
    let noted = noted.map(|entry| &entry["after"]["launch"]["leewaySeconds"]);
    assert_eq!(noted.collect::<Vec<_>>(), [73_i64, 72, 71]);
}
