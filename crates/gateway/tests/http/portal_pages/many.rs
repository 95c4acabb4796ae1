//! Beside many rows: pages stay small, and lead on.

use serde_json::json;
use test_case::both_stores;

use super::{has, lacks, open};
use crate::portal::Visitor;
use crate::support::{Gateway, Store};

/// An id of 20 letters and digits with this number at its end.
fn id(store: Store, start: &str) -> String {
    let width = 20 - start.len();
    match store {
        Store::Sqlite => format!("'{start}' || printf('%0{width}d', i)"),
        Store::Postgres => format!("'{start}' || lpad(i::text, {width}, '0')"),
    }
}

async fn fill(gateway: &Gateway, table: &str, columns: &str, values: &str, number: u32) {
    let rows = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {number}) \
         INSERT INTO {table} ({columns}) SELECT {values} FROM n"
    );
    gateway.meddle(&rows).await;
}

const COLUMNS: &str = "id, tool_id, issuer, client_id, name, authorization_endpoint, token_endpoint, key_method, key_value, \
                       scopes, active, created_at, updated_at";

#[both_stores("PO-2", "PO-6")]
async fn ten_thousand_platforms_are_paged_and_searched(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let values = format!(
        "{}, (SELECT id FROM tools), 'https://lms' || i || '.example.edu', 'client-' || i, \
         'School number ' || i || ' with a name that is as long as names of schools are', 'https://l.example/auth', \
         'https://l.example/token', 'JWK_SET', 'https://l.example/keys', '', i % 100 > 0, i, i",
        id(store, "Platform")
    );
    fill(&gateway, "platforms", COLUMNS, &values, 10_000).await;
    let (_, text) = open(&owner, "/portal/platforms").await;
    has(
        &text,
        &["10000 in all", "School number 100 ", "School number 1 ", "All that are not active"],
    );
    let mut seen = 0;
    let mut path = "/portal/platforms?state=active".to_owned();
    for _ in 0..3 {
        let (_, text) = open(&owner, &path).await;
        seen += text.matches("<tr role=\"row\">").count() - 1;
        let (_, rest) = text.rsplit_once("href=\"/portal/platforms?state=active").unwrap();
        let (query, _) = rest.split_once('"').unwrap();
        path = format!("/portal/platforms?state=active{}", query.replace("&#38;", "&"));
    }
    assert_eq!(seen, 45);
    lacks(&open(&owner, &path).await.1, &["School number 1 ", "School number 45 "]);
    let (_, text) = open(&owner, "/portal/platforms?q=LMS9999.").await;
    has(&text, &["School number 9999 "]);
    assert_eq!(text.matches("<tr role=\"row\">").count(), 2);
    let (_, text) = open(&owner, "/portal/platforms/waiting").await;
    has(&text, &["School number 100 ", "href=\"/portal/platforms/waiting?from=6\">Next"]);
    let (_, text) = open(&owner, "/portal").await;
    has(&text, &["School number 100 ", "<a href=\"/portal/platforms/waiting\">All that wait</a>"]);
}

#[both_stores("PO-2")]
async fn many_failures_are_grouped_and_paged(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let start = gateway::kit::id::first_of(gateway.clock.now_ms() - 60_000);
    let start = start.get(..7).unwrap();
    let values = format!(
        "{}, 'R' || {}, (SELECT id FROM tools), 'launch', 'failed', \
         CASE WHEN i % 2 = 0 THEN 'KID_UNKNOWN' ELSE 'REASON_' || (i % 200) END, TRUE, '{{}}', 1, 4102444800000",
        id(store, start),
        match store {
            Store::Sqlite => "printf('%09d', i)",
            Store::Postgres => "lpad(i::text, 9, '0')",
        }
    );
    let columns =
        "id, correlation_id, tool_id, kind, outcome, reason, signed, trace, created_at, delete_at";
    fill(&gateway, "traces", columns, &values, 3_000).await;
    let (_, text) = open(&owner, "/portal/failures").await;
    has(&text, &["<b class=\"big\">1500</b>", "KID_UNKNOWN"]);
    assert_eq!(text.matches("<b class=\"big\">").count(), 20);
    let (_, text) = open(&owner, "/portal/failures?show=each&reason=KID_UNKNOWN").await;
    assert_eq!(text.matches("<tr role=\"row\">").count(), 21);
    has(&text, &["after="]);
}

/// The address of the next page.
fn next(text: &str) -> String {
    let (_, pages) = text.split_once("<nav class=\"pages\"").unwrap();
    let (pages, _) = pages.split_once("</nav>").unwrap();
    let (_, link) = pages.rsplit_once("href=\"").unwrap();
    link.split_once('"').unwrap().0.replace("&#38;", "&")
}

#[both_stores("PO-9")]
async fn every_invitation_and_key_can_be_found_and_taken_back(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let lists = [("invites", "/portal/connect", 16), ("keys", "/portal/keys", 26)];
    for (kind, path, number) in lists {
        for place in 1..=number {
            let name = format!("Number {place} of {kind}");
            let body = match kind {
                "invites" => json!({"preset": {"platformName": name}}),
                _ => json!({"name": name, "scope": "read"}),
            };
            let list = match kind {
                "invites" => "/admin/invites",
                _ => "/admin/api-keys",
            };
            let made = gateway.admin("POST", list, Some(body)).await;
            assert_eq!(made.status, 201, "{}", made.text());
            gateway.clock.set_by(1);
        }
        let (_, text) = open(&owner, path).await;
        has(&text, &[&format!("Number {number} of {kind}"), &format!("Number 2 of {kind}")]);
        lacks(&text, &[&format!("Number 1 of {kind}")]);
        let (_, text) = open(&owner, &next(&text)).await;
        has(&text, &[&format!("Number 1 of {kind}"), "/revoke\"", "First page"]);
        lacks(&text, &[&format!("Number 2 of {kind}")]);
    }
}
