//! How long traces stay, and how many.

use std::time::Duration;

use futures_util::future::join_all;
use gateway::background;
use serde_json::json;
use simulator::browser::Browser;
use test_case::both_stores;

use super::reference;
use crate::registered::{Registered, form, ltik_of};
use crate::support::{Gateway, PATIENCE, Store};

/// Runs a statement that prepares a test, on a connection of its own, which has no time limit: it
/// writes hundreds of thousands of rows.
async fn execute(gateway: &Gateway, sql: String) {
    use sqlx::{Connection, Executor};
    let (url, sql) = (&gateway.app.config.database_url, sqlx::AssertSqlSafe(sql));
    let done = if gateway.app.db.is_embedded() {
        let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
        connection.execute(sql).await.map(drop)
    } else {
        let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
        connection.execute(sql).await.map(drop)
    };
    done.unwrap();
}

#[both_stores]
async fn traces_expire_after_their_documents(store: Store) {
    let school =
        Registered::with(store, json!({"retention": {"launchMinutes": 1, "traceMinutes": 60}}))
            .await;
    let ltik = ltik_of("good", &school.launch(&school.student()).await);
    school.launch(&school.student().without("roles")).await;
    school.advance(20 * 60);
    background::forget(&school.gateway.app, school.gateway.clock.now_ms()).await.unwrap();
    assert_eq!(
        (school.gateway.launches().await, school.gateway.idtoken(&ltik, "").await.status),
        (0, 401)
    );
    assert_eq!(school.gateway.traces("kind=launch").await.0.len(), 2);
    school.advance(41 * 60);
    background::forget(&school.gateway.app, school.gateway.clock.now_ms()).await.unwrap();
    assert!(school.gateway.traces("").await.0.is_empty());
    for table in ["launches", "traces"] {
        assert_eq!(
            school.gateway.number(&format!("SELECT COUNT(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
    // None at all, where the tool wants none.
    school.gateway.patch_tool(json!({"retention": {"traceMinutes": 0}})).await;
    ltik_of("untraced", &school.launch(&school.student()).await);
    school.launch(&school.student().without("roles")).await;
    assert!(school.gateway.traces("").await.0.is_empty());
    assert_eq!(
        school.gateway.number("SELECT COUNT(*) FROM launches WHERE trace IS NOT NULL").await,
        0
    );
}

#[both_stores]
async fn a_flood_is_sampled_and_counted_but_hides_nothing(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let bad = |number: usize| {
        let (browser, state) = (&browser, format!("flood{number}"));
        let request =
            form(&school.gateway.at("/lti/launch"), &[("id_token", "x"), ("state", &state)]);
        async move { browser.send(request).await.unwrap().status }
    };
    for begin in (0..300).step_by(50) {
        let flood = join_all((begin..begin + 50).map(bad));
        // Between them a launch is taken and one fails for a reason of its own, which is found.
        let student = school.student();
        let (statuses, good) = tokio::join!(flood, school.launch(&student));
        assert!(statuses.iter().all(|status| *status == 401));
        ltik_of("beside a flood", &good);
    }
    let other = school.launch(&school.student().without("roles")).await;
    assert_eq!(school.gateway.trace(&reference(&other)).await["reason"]["code"], "NO_ROLES_CLAIM");
    let (kept, _) = school.gateway.traces("reason=STATE_UNKNOWN&limit=200").await;
    // The flood may lie in two windows.
    assert!((20..=40).contains(&kept.len()), "{}", kept.len());
    school.gateway.clock.advance(Duration::from_secs(61));
    let told = async {
        loop {
            let (traces, _) = school.gateway.traces("reason=STATE_UNKNOWN&limit=200").await;
            let more: i64 = traces.iter().filter_map(|trace| trace["more"].as_i64()).sum();
            let whole = traces.iter().filter(|trace| trace.get("more").is_none()).count();
            if more + i64::try_from(whole).unwrap() == 300 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, told).await.unwrap();
}

#[both_stores]
async fn the_number_of_traces_is_limited_and_the_oldest_go_first(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let tool = gateway.newest("").await["tool"].as_str().unwrap().to_owned();
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25010)";
    let padded = match store {
        Store::Sqlite => "printf('%013d', i)",
        Store::Postgres => "lpad(i::text, 13, '0')",
    };
    for (signed, prefix) in [("FALSE", "AAAAAAA"), ("TRUE", "BBBBBBB")] {
        execute(
            gateway,
            format!(
                "{numbers} INSERT INTO traces (id, correlation_id, tool_id, kind, outcome, \
              reason, signed, trace, created_at, delete_at) \
             SELECT '{prefix}' || {padded}, '{prefix}' || i, '{tool}', 'launch', 'failed', 'X', \
              {signed}, '{{}}', 1, 9000000000000 FROM n"
            ),
        )
        .await;
    }
    background::forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    let of = |signed: &str| format!("SELECT COUNT(*) FROM traces WHERE signed = {signed}");
    assert_eq!(gateway.number(&of("TRUE")).await, 25_000);
    assert_eq!(gateway.number(&of("FALSE")).await, 25_000);
    let oldest = gateway.texts("SELECT MIN(id) FROM traces WHERE signed = TRUE").await;
    assert_eq!(oldest, ["BBBBBBB0000000000011"]);
    // The registration of this test is among those that stay: it is the newest of its sort.
    assert_eq!(gateway.traces("kind=registration").await.0.len(), 1);
    // Launches that are there for their trace alone, beside one that has its document still.
    ltik_of("good", &school.launch(&school.student()).await);
    let numbers = numbers.replace("25010", "200015");
    let hash = match store {
        Store::Sqlite => "CAST(i AS BLOB)",
        Store::Postgres => "convert_to(i::text, 'UTF8')",
    };
    execute(gateway, format!(
        "{numbers} INSERT INTO launches (id, tool_id, dialect, nonce_hash, created_at, expires_at, \
          delete_at, trace) \
         SELECT 'AAAAAAA' || {padded}, '{tool}', 'lti13', {hash}, i, i, \
          9000000000000, '{{}}' FROM n"
    )).await;
    background::forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    assert_eq!(gateway.number("SELECT COUNT(*) FROM launches").await, 200_001);
    assert_eq!(gateway.number("SELECT MIN(created_at) FROM launches").await, 16);
    assert_eq!(gateway.launches().await, 1);
    // A filter that fits few still answers, a part at a time.
    let (mut found, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    while pages < 60 {
        let (page, next) = gateway.traces(&format!("kind=studyreel{cursor}")).await;
        found.extend(page);
        pages += 1;
        match next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(found.is_empty() && (39..=42).contains(&pages), "{pages} pages");
}

#[both_stores]
async fn a_failure_just_before_shutdown_is_written(store: Store) {
    let school = Registered::new(store).await;
    let page = school.launch(&school.student().without("roles")).await;
    let Registered { gateway, .. } = school;
    let gateway = gateway.restart().await;
    assert_eq!(gateway.trace(&reference(&page)).await["reason"]["code"], "NO_ROLES_CLAIM");
}
