//! PostgreSQL behind PgBouncer in transaction mode: each transaction may have another connection,
//! which others used before and after.

use std::str::FromStr;

use futures_util::future::join_all;
use gateway::settings::installation::Fixed;
use serde_json::json;
use simulator::browser::Browser;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, Row};
use store::launches::NewLaunch;
use store::{Address, Db, Limits, Pooler, StoreError, tools};

use crate::registered::{Registered, ltik_of};
use crate::studyreel::valid;
use crate::support::{Gateway, Store, fixed, fixed_and_hurried, lms, random};

#[expect(clippy::disallowed_methods, reason = "the settings of the tests themselves")]
fn server(name: &str) -> url::Url {
    let server = std::env::var(name);
    let server = server.unwrap_or_else(|_| panic!("{name} is not set: run scripts/with-postgres"));
    server.parse().unwrap()
}

/// A database of its own: through the pooler, and directly.
async fn database() -> (String, String) {
    let name = format!("pooled_{}", random().replace('-', "_").to_lowercase());
    let mut direct = server("TEST_POSTGRES_URL");
    let mut connection = PgConnection::connect(direct.as_str()).await.unwrap();
    let create = AssertSqlSafe(format!("CREATE DATABASE \"{name}\""));
    connection.execute(create).await.unwrap();
    let mut pooled = server("TEST_PGBOUNCER_URL");
    for url in [&mut direct, &mut pooled] {
        url.set_path(&name);
    }
    (pooled.to_string(), direct.to_string())
}

/// A gateway behind a pooler.
pub(crate) async fn gateway() -> Gateway {
    gateway_with(fixed()).await
}

async fn gateway_with(fixed: Fixed) -> Gateway {
    let (pooled, direct) = database().await;
    let settings = [
        ("database_url", pooled.as_str()),
        ("database_direct_url", &direct),
        ("database_pooler", "transaction"),
    ];
    // Whatever store it would have: this one is set.
    Gateway::start_fixed(Store::Sqlite, json!({}), &settings, fixed).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_works_behind_a_pooler_in_transaction_mode() {
    let school = Registered::join(gateway().await, lms().await).await;
    let gateway = &school.gateway;
    let replica = gateway.replica().await;
    // More at once than the pooler has connections, from two servers.
    let launch = async |number: usize| {
        let ltik = ltik_of("pooled", &school.launch(&school.student()).await);
        let read = if number.is_multiple_of(2) { gateway } else { &replica };
        let answer = read.idtoken(&ltik, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let browser = Browser::new().unwrap();
        let to = read.at("/studyreel/launch");
        let page = browser.post_json(&to, &valid(&format!("s{number}"))).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        for path in ["/admin/platforms", "/api/students?status=active", "/admin/traces"] {
            let page = read.admin("GET", path, None).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text());
        }
    };
    for _ in 0..3 {
        join_all((0..12).map(launch)).await;
    }
    assert_eq!(gateway.number("SELECT COUNT(*) FROM launches").await, 72);
    assert_eq!(gateway.number("SELECT COUNT(*) FROM students").await, 12);
    // Changes of settings reach the replica; what is over goes.
    gateway.patch_tool(json!({"name": "Pooled"})).await;
    school.advance(9 * 24 * 3600);
    gateway::background::forget(&gateway.app, gateway.clock.now_ms()).await.unwrap();
    assert_eq!(gateway.number("SELECT COUNT(*) FROM launches").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_hold_in_every_transaction_behind_a_pooler() {
    let gateway = gateway_with(fixed_and_hurried()).await;
    let seen = gateway.texts("SELECT current_setting('statement_timeout')").await;
    assert_eq!(seen, ["3s"]);
    // And no one else who is lent that connection has them.
    let url = &gateway.app.config.database_url;
    let other = PgConnectOptions::from_str(url).unwrap().extra_float_digits(None);
    let mut other = other.connect().await.unwrap();
    let row = other.fetch_one("SHOW statement_timeout").await.unwrap();
    assert_eq!(row.get::<String, _>(0), "0");
}

/// In one transaction a row that can't be stored would take the others with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_fails_takes_no_other_with_it_behind_a_pooler() {
    let gateway = gateway().await;
    let tool_id = gateway.app.tools.at("").unwrap().id.clone();
    let row = |number: u8| NewLaunch {
        // No text of PostgreSQL's has such a byte.
        id: if number == 7 { "\0".to_owned() } else { format!("launch-{number}") },
        tool_id: tool_id.clone(),
        dialect: "lti13",
        platform_id: None,
        deployment_id: None,
        nonce_hash: vec![number],
        document_sealed: None,
        created_at: 0,
        expires_at: 0,
        nonce_until: i64::MAX,
        parked: false,
        trace: None,
    };
    let storing = (0..40).map(|number| gateway.app.db.launch(row(number)));
    let stored = join_all(storing).await;
    for (number, stored) in stored.into_iter().enumerate() {
        assert_eq!(stored.is_ok_and(|stored| stored), number != 7, "row {number}");
    }
    assert_eq!(gateway.number("SELECT COUNT(*) FROM launches").await, 39);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_that_nobody_named_is_told_of() {
    let (pooled, direct) = database().await;
    Db::open(&direct, Limits::default()).await.unwrap().close().await;
    let ask = async |pooler: Pooler| {
        let address = Address { url: pooled.clone(), pooler, direct_url: Some(direct.clone()) };
        let db = Db::attach(address, Limits::default()).await?;
        let mut reader = db.read().await?;
        tools::all(&mut reader.tx()).await.map(drop)
    };
    // The pooler refuses the connection; or it lends one that someone prepared statements on.
    let none = ask(Pooler::None).await;
    let mut session = ask(Pooler::Session).await;
    for _ in 0..20 {
        if session.is_ok() {
            session = ask(Pooler::Session).await;
        }
    }
    for error in [none.unwrap_err(), session.unwrap_err()] {
        assert!(matches!(error, StoreError::Pooler(..)), "{error}");
        let told = error.to_string();
        assert!(told.contains("database_pooler") && told.contains("database_direct_url"), "{told}");
    }
    ask(Pooler::Transaction).await.unwrap();
}

/// In this mode a connection is ours for as long as we keep it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pooler_in_session_mode_needs_no_direct_address() {
    let direct = server("TEST_POSTGRES_URL");
    let mut connection = PgConnection::connect(direct.as_str()).await.unwrap();
    for sql in [
        "DROP DATABASE IF EXISTS hallpass_session WITH (FORCE)",
        "CREATE DATABASE hallpass_session",
    ] {
        connection.execute(sql).await.unwrap();
    }
    let mut url = server("TEST_PGBOUNCER_URL");
    url.set_path("hallpass_session");
    let address =
        Address { url: url.to_string(), pooler: Pooler::Session, direct_url: None };
    let db = Db::open(address, Limits::default()).await.unwrap();
    let mut reader = db.read().await.unwrap();
    assert!(tools::all(&mut reader.tx()).await.unwrap().is_empty());
    drop(reader);
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_direct_address_that_is_not_the_databases_is_refused() {
    let ((pooled, _), (_, other)) = (database().await, database().await);
    let open = async |direct: &str| {
        let direct_url = Some(direct.to_owned());
        let address = Address { url: pooled.clone(), pooler: Pooler::Transaction, direct_url };
        let opened = Db::open(address, Limits::default()).await;
        opened.err().unwrap().to_string()
    };
    let told = open(&other).await;
    let names = [&pooled, &other].map(|url| url.rsplit('/').next().unwrap());
    assert!(names.iter().all(|name| told.contains(name)), "{told}");
    assert!(told.contains("database_direct_url") && told.contains("Nothing was changed"), "{told}");
    let mut connection = PgConnection::connect(&other).await.unwrap();
    let tables = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'";
    let row = connection.fetch_one(tables).await.unwrap();
    assert_eq!(row.get::<i64, _>(0), 0);
    // The pooler is no way past the pooler.
    let told = open(&pooled).await;
    assert!(told.contains("database_direct_url leads to it, too"), "{told}");
}

/// Lines of the server's own source code look like lines of a settings file.
#[tokio::test]
async fn a_refusal_of_the_server_names_no_line_of_its_source() {
    let mut url = server("TEST_POSTGRES_URL");
    url.set_username("nobody_of_that_name").unwrap();
    let refused = Db::open(url.as_str(), Limits::default()).await;
    let told = refused.err().unwrap().to_string();
    assert!(told.contains("nobody_of_that_name") && !told.contains("at line"), "{told}");
}
