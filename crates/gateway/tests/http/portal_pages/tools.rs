//! Another tool's rows are not there: not on pages, not in the search, and nothing changes them
//! (portal.md PO-10).

use test_case::both_stores;

use super::{Portal, lacks, open};
use crate::portal::first;
use crate::support::Store;

const PLATFORM: &str = "AnothersPlatform0001";
const WEBHOOK: &str = "AnothersWebhook00001";
const STUDENT: &str = "AnothersStudent00001";
const API_KEY: &str = "AnothersApiKey000001";

/// A second tool with a row of each sort.
async fn another(portal: &Portal, store: Store) {
    let blob = match store {
        Store::Sqlite => "x'00'",
        Store::Postgres => "'\\x00'::bytea",
    };
    let gateway = portal.gateway();
    let rows = [
        "INSERT INTO tools (id, host, settings, created_at, updated_at) VALUES ('other', 'other.example', \
         '{\"name\":\"Secret tool\"}', 4102444800000, 1)"
            .to_owned(),
        format!(
            "INSERT INTO platforms (id, tool_id, issuer, client_id, name, authorization_endpoint, token_endpoint, key_method, \
             key_value, scopes, active, created_at, updated_at) VALUES ('{PLATFORM}', 'other', 'https://secret.example', \
             'secret-client', 'Secret school', 'https://secret.example/a', 'https://secret.example/t', 'JWK_SET', \
             'https://secret.example/k', '', TRUE, 1, 1)"
        ),
        "INSERT INTO traces (id, correlation_id, tool_id, kind, outcome, reason, signed, trace, created_at, delete_at) VALUES \
         ('zzzzzzz0000000000001', 'SECRETREF1', 'other', 'launch', 'failed', 'SECRET_REASON', TRUE, '{}', 1, 4102444800000)"
            .to_owned(),
        format!(
            "INSERT INTO api_keys (id, tool_id, key_hash, name, scope, created_at) VALUES ('{API_KEY}', 'other', {blob}, \
             'secret key', 'all', 1)"
        ),
        format!(
            "INSERT INTO webhooks (id, tool_id, url, types, active, secret_sealed, failures, created_at) VALUES ('{WEBHOOK}', \
             'other', 'https://secret.example/hook', '', TRUE, {blob}, 0, 1)"
        ),
        format!(
            "INSERT INTO students (id, tool_id, issuer, subject_hash, profile_sealed, status, created_at, updated_at, \
             last_launch_at, launch_day) VALUES ('{STUDENT}', 'other', 'https://secret.example', {blob}, {blob}, 'active', 1, 1, \
             1, 0)"
        ),
    ];
    for row in rows {
        gateway.meddle(&row).await;
    }
    gateway.app.tools.reload().await.unwrap();
}

#[both_stores("PO-10")]
async fn nothing_of_another_tool_is_shown_found_or_changed(store: Store) {
    let portal = Portal::new(store).await;
    another(&portal, store).await;
    let pages = [
        "/portal/platforms",
        "/portal/platforms?q=secret",
        "/portal/platforms/waiting",
        "/portal/failures?since=168",
        "/portal/failures?since=168&show=all",
        "/portal/find?q=secret-client",
        "/portal/find?q=SECRETREF1",
        "/portal/keys",
        "/portal/keys/webhooks",
        "/portal/keys/events",
        "/portal/people",
        "/portal/connect",
    ];
    let secrets =
        ["Secret school", "secret.example", "SECRET_REASON", "secret key", STUDENT, PLATFORM];
    for path in pages {
        lacks(&open(&portal.owner, path).await.1, &secrets);
    }
    let found = portal.owner.get(&format!("/portal/find?q={PLATFORM}")).await;
    assert_eq!(found.url.path(), "/portal/find");
    for path in [
        format!("/portal/platforms/{PLATFORM}"),
        format!("/portal/platforms/{PLATFORM}/settings"),
        format!("/portal/platforms/{PLATFORM}/launches"),
        format!("/portal/platforms/{PLATFORM}/delete"),
        "/portal/failures/SECRETREF1".to_owned(),
        "/portal/failures/SECRETREF1/report".to_owned(),
        format!("/portal/keys/webhooks/{WEBHOOK}"),
        format!("/portal/people/{STUDENT}"),
    ] {
        let page = portal.owner.get(&path).await;
        assert_eq!(page.status, 404, "{path}: {}", page.text());
        lacks(&page.text(), &["Secret school", "secret.example", "SECRET_REASON"]);
    }
    let (page, _) = open(&portal.owner, "/portal/platforms").await;
    for (path, fields) in [
        (format!("/portal/platforms/{PLATFORM}/deactivate"), &[][..]),
        (format!("/portal/platforms/{PLATFORM}/keys"), &[("do", "now")]),
        (format!("/portal/platforms/{PLATFORM}/delete"), &[("name", "Secret school")]),
        (format!("/portal/keys/{API_KEY}/revoke"), &[]),
        (format!("/portal/keys/webhooks/{WEBHOOK}"), &[("do", "delete")]),
        (format!("/portal/people/{STUDENT}/erase"), &[]),
    ] {
        let answer = portal.owner.post(&page, &path, fields).await;
        assert_eq!(first(&answer), 404, "{path}: {}", answer.text());
    }
    let gateway = portal.gateway();
    let sum = "SELECT (SELECT COUNT(*) FROM platforms WHERE tool_id = 'other' AND active) \
               + (SELECT COUNT(*) FROM api_keys WHERE tool_id = 'other') \
               + (SELECT COUNT(*) FROM webhooks WHERE tool_id = 'other') \
               + (SELECT COUNT(*) FROM students WHERE tool_id = 'other' AND status = 'active')";
    assert_eq!(gateway.number(sum).await, 4);
}
