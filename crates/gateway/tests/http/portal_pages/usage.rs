//! How much a tool is used: over the API, as a page and as a file.

use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use test_case::both_stores;

use super::{has, lacks, open, send};
use crate::portal::Visitor;
use crate::registered::{Registered, ltik_of};
use crate::studyreel::{time, valid_with};
use crate::support::{Gateway, Store};

/// A school that two people have launched from, one of them twice, and a student of StudyReel, all
/// on one day.
async fn used(store: Store) -> Registered {
    let school = Registered::new(store).await;
    // Noon: no day ends while the test runs.
    let ahead = 86_400 - school.gateway.clock.now_seconds() % 86_400 + 43_200;
    school.advance(ahead.unsigned_abs());
    for launch in [school.student(), school.student(), school.teacher()] {
        ltik_of("counted", &school.launch(&launch).await);
    }
    let address = school.gateway.at("/studyreel/launch");
    let request = Request::new("POST".parse().unwrap(), &address).unwrap();
    let times = json!({"iat": time(ahead), "exp": time(ahead + 3600)});
    let launch = valid_with("counted@example.com", times).to_string();
    let request = request.body("application/json", launch);
    let page = Browser::new().unwrap().send(request).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    school.gateway.app.usage.write().await.unwrap();
    school
}

async fn usage(gateway: &Gateway, query: &str) -> Value {
    let page = gateway.admin("GET", &format!("/admin/usage{query}"), None).await;
    assert_eq!(page.status, 200, "{}", page.text());
    page.json().unwrap()
}

/// Launches and people of each line.
fn numbers(report: &Value) -> Vec<(i64, i64)> {
    let lines = report["usage"].as_array().unwrap().iter();
    let number = |line: &Value, name: &str| line[name].as_i64().unwrap();
    lines.map(|line| (number(line, "launches"), number(line, "people"))).collect()
}

#[both_stores("PO-9")]
async fn launches_and_people_are_counted_by_day_month_platform(store: Store) {
    let school = used(store).await;
    let gateway = &school.gateway;
    for query in ["", "?by=month"] {
        assert_eq!(numbers(&usage(gateway, query).await), [(4, 3)], "{query}");
    }
    let report = usage(gateway, "?by=platform").await;
    let month = report["to"].clone();
    assert_eq!(month, report["from"]);
    let name = gateway.platforms().await[0]["name"].clone();
    let (platform, launches) = (&school.platform_id, &report["usage"]);
    let expected = json!([
        {"period": month, "platform": platform, "name": name, "launches": 3, "people": 2},
        {"period": month, "platform": "studyreel", "launches": 1, "people": 1},
    ]);
    assert_eq!(*launches, expected);
    let of = |platform: &str| format!("?platform={platform}");
    assert_eq!(numbers(&usage(gateway, &of(platform)).await), [(3, 2)]);
    assert_eq!(numbers(&usage(gateway, &of("studyreel")).await), [(1, 1)]);
    assert!(numbers(&usage(gateway, &of("no-such-platform")).await).is_empty());
    assert!(numbers(&usage(gateway, "?to=2026-01-01").await).is_empty());
    let page = gateway.admin("GET", "/admin/usage?by=hour", None).await;
    assert_eq!(page.status, 400, "{}", page.text());
    // A stop writes what was counted.
    ltik_of("before the stop", &school.launch(&school.student()).await);
    let gateway = school.gateway.restart().await;
    assert_eq!(numbers(&usage(&gateway, "").await), [(5, 3)]);
}

#[both_stores("PO-2")]
async fn usage_is_a_page_and_a_file(store: Store) {
    let school = used(store).await;
    let gateway = &school.gateway;
    let owner = Visitor::owner(gateway).await;
    let name = gateway.platforms().await[0]["name"].as_str().unwrap().to_owned();
    let month = usage(gateway, "?by=platform").await["to"].as_str().unwrap().to_owned();
    let (_, text) = open(&owner, "/portal/usage").await;
    has(&text, &["Last 30 days", "Launches a day: highest 4", "People a day: highest 3"]);
    has(&text, &[&name, "StudyReel", "<option selected>", &month]);
    let (_, text) = open(&owner, "/portal/usage?month=2026-01").await;
    has(&text, &["No launches in this month."]);
    let file = owner.get("/portal/usage.csv?by=month").await;
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(file.text(), format!("period,launches,people\r\n{month},4,3\r\n"));
    let file = owner.get("/portal/usage.csv?by=platform").await.text();
    let platform = &school.platform_id;
    has(&file, &[&format!("{month},\"{platform}\",\"{name}\",3,2\r\n")]);
    has(&file, &[&format!("{month},\"studyreel\",\"StudyReel\",1,1\r\n")]);
    let file = owner.get("/portal/usage.csv").await.text();
    assert!(file.ends_with(",4,3\r\n"), "{file}");
}

#[both_stores]
async fn usage_counts_what_is_not_written_yet_like_home(store: Store) {
    let school = used(store).await;
    ltik_of("not written", &school.launch(&school.student()).await);
    let owner = Visitor::owner(&school.gateway).await;
    let (_, text) = open(&owner, "/portal/usage").await;
    has(&text, &["Launches today</dt><dd>5<", "Launches this month</dt><dd>5<"]);
    has(&text, &["People today</dt><dd>3<", "Launches a day: highest 5"]);
    // The files and the platforms of this month have only what is written.
    let late = |text: &str| text.matches("<small>up to 5 minutes old</small>").count();
    assert_eq!(late(&text), 3, "{text}");
    let (_, text) = open(&owner, "/portal/usage?month=2026-01").await;
    assert_eq!(late(&text), 2, "{text}");
}

#[both_stores("PO-2")]
async fn usage_shortens_long_names(store: Store) {
    let school = used(store).await;
    let long = format!("UPDATE platforms SET name = '{}'", "\"".repeat(2_000));
    school.gateway.meddle(&long).await;
    let owner = Visitor::owner(&school.gateway).await;
    let (_, text) = open(&owner, "/portal/usage").await;
    has(&text, &["&#34;…&#34;"]);
    lacks(&text, &[&"&#34;".repeat(60)]);
}

#[both_stores("PO-2")]
async fn usage_names_what_is_gone_and_counts_no_test_person(store: Store) {
    let school = used(store).await;
    let gateway = &school.gateway;
    let owner = Visitor::owner(gateway).await;
    let (page, _) = open(&owner, "/portal").await;
    send(&owner, &page, "/portal/trial", &[]).await;
    gateway.app.usage.write().await.unwrap();
    assert_eq!(numbers(&usage(gateway, "?by=month").await), [(4, 3)]);
    let id = &school.platform_id;
    let removed = gateway.admin("DELETE", &format!("/admin/platforms/{id}"), None).await;
    assert!(removed.status < 300, "{}", removed.text());
    let (_, text) = open(&owner, "/portal/usage").await;
    has(&text, &[&format!("A removed platform<span class=\"sub\">{id}</span>")]);
    lacks(&text, &["Test LMS"]);
}

#[both_stores("PO-10")]
async fn another_tools_usage_is_not_shown(store: Store) {
    let school = used(store).await;
    let (_, key) = school.gateway.new_tool("127.0.0.5").await;
    let of = format!("?platform={}", school.platform_id);
    for query in ["", "?by=month", "?by=platform", of.as_str()] {
        let path = format!("/admin/usage{query}");
        let page = school.gateway.as_key(&key, "GET", &path, None).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(numbers(&page.json().unwrap()).is_empty(), "{query}: {}", page.text());
        lacks(&page.text(), &[&format!("\"{}\"", school.platform_id)]);
    }
}
