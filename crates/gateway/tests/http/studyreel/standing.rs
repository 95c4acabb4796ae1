//! A session ends with whatever let it begin: the student's account, and the rules of who may
//! launch.

use serde_json::{Value, json};
use test_case::both_stores;

use super::{ISSUER, StudyReel, open, valid, valid_with};
use crate::support::{Gateway, Store};

/// A session as the application has it: its `ltik`, and whose it is.
struct Session {
    ltik: String,
    student: String,
}

impl StudyReel {
    async fn session(&self, launch: &Value) -> Session {
        let ltik = self.redeem(&self.ok(launch).await.link).await;
        let page = self.gateway.idtoken(&ltik, "").await;
        assert_eq!(page.status, 200, "{}", page.text());
        let student = page.json().unwrap()["user"]["id"].as_str().unwrap().to_owned();
        Session { ltik, student }
    }

    async fn change(&self, session: &Session, change: Value) {
        let path = format!("/api/students/{}", session.student);
        let page = self.gateway.admin("PATCH", &path, Some(change)).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }
}

/// Whether the session goes on, both forms of the answer alike.
async fn lives(gateway: &Gateway, session: &Session) -> bool {
    let mut statuses = Vec::new();
    for query in ["", "?raw=true"] {
        let page = gateway.idtoken(&session.ltik, query).await;
        if page.status != 200 {
            assert!(!page.text().contains("Ada"), "{}", page.text());
        }
        statuses.push(page.status);
    }
    assert!(matches!(statuses[..], [200, 200] | [401, 401]), "{statuses:?}");
    statuses[0] == 200
}

#[both_stores]
async fn a_disabled_students_session_ends_at_the_next_question(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let session = studyreel.session(&valid("a@example.com")).await;
    let other = studyreel.session(&valid("b@example.com")).await;
    studyreel.change(&session, json!({"status": "disabled"})).await;
    assert!(!lives(&studyreel.gateway, &session).await);
    assert!(lives(&studyreel.gateway, &other).await, "nobody else's");
    studyreel.change(&session, json!({"status": "active"})).await;
    assert!(lives(&studyreel.gateway, &session).await);
    let page = studyreel
        .gateway
        .admin("DELETE", &format!("/api/students/{}", session.student), None)
        .await;
    assert_eq!(page.status, 204);
    assert!(!lives(&studyreel.gateway, &session).await);
    assert!(lives(&studyreel.gateway, &other).await);
}

/// One file has one writer; replicas share a server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_students_session_ends_on_every_replica() {
    let studyreel = StudyReel::start(Store::Postgres).await;
    let session = studyreel.session(&valid("a@example.com")).await;
    let replica = studyreel.gateway.replica().await;
    assert!(lives(&replica, &session).await, "in memory there from now on");
    studyreel.change(&session, json!({"status": "disabled"})).await;
    assert!(!lives(&replica, &session).await);
}

#[both_stores]
async fn sessions_end_with_what_allowed_their_launch(store: Store) {
    let listed = |ids: &[&str]| {
        let listed = ids.iter().map(|id| json!({"issuer": ISSUER, "id": id}));
        json!({"studyreel": {"deployments": listed.collect::<Vec<_>>()}})
    };
    let studyreel = StudyReel::start(store).await;
    let gateway = &studyreel.gateway;
    gateway.patch_tool(listed(&["d-1", "d-2"])).await;
    let of = |deployment: &str| valid_with("a@example.com", json!({"deployment_id": deployment}));
    let (one, two) = (studyreel.session(&of("d-1")).await, studyreel.session(&of("d-2")).await);
    let link = studyreel.ok(&of("d-1")).await.link;
    gateway.patch_tool(listed(&["d-2"])).await;
    assert!(!lives(gateway, &one).await, "a deployment that left the list");
    assert!(lives(gateway, &two).await);
    assert_eq!(open(&studyreel.browser(), &link).await.status, 410, "its links open no more");
    gateway.patch_tool(listed(&[])).await;
    assert!(lives(gateway, &one).await && lives(gateway, &two).await, "any deployment may");
    for (closed, opened) in [
        (json!({"issuers": ["https://other.example"]}), json!({"issuers": [ISSUER]})),
        (json!({"enabled": false}), json!({"enabled": true})),
    ] {
        gateway.patch_tool(json!({"studyreel": closed})).await;
        assert!(!lives(gateway, &one).await, "{closed}");
        gateway.patch_tool(json!({"studyreel": opened})).await;
        assert!(lives(gateway, &one).await, "{opened}");
    }
}
