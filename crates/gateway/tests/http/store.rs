//! The store: both kinds alike, all SQL in one place, first and later starts.

use std::path::{Path, PathBuf};
use std::time::Duration;

use gateway::kit::supplies::Supplies;
use gateway::server::Server;
use gateway::settings::installation::{Config, Sources};
use simulator::browser::Browser;
use sqlx::Executor;
use store::{STATEMENTS, Tx};
use test_case::both_stores;
use tokio::net::TcpListener;

use crate::registered::{Registered, assert_refused, ltik_of};
use crate::studyreel::{StudyReel, valid};
use crate::support::{API_KEY, Gateway, Store};

#[both_stores]
async fn every_statement_prepares(store: Store) {
    let gateway = Gateway::start(store).await;
    let mut reader = gateway.app.db.read().await.unwrap();
    let mut count = 0;
    for statement in STATEMENTS.iter().copied().flatten() {
        let sql = statement.sql;
        let prepared = match reader.tx() {
            Tx::Sqlite(connection) => {
                connection.prepare(sqlx::SqlStr::from_static(sql)).await.map(drop)
            }
            Tx::Postgres(mut connection) => {
                connection.prepare(sqlx::SqlStr::from_static(sql)).await.map(drop)
            }
        };
        prepared.unwrap_or_else(|error| panic!("{sql}: {error}"));
        count += 1;
    }
    assert!(count > 30, "only {count} statements");
}

#[both_stores]
async fn launches_and_ltiks_survive_a_restart(store: Store) {
    let school = Registered::new(store).await;
    let ltik = ltik_of("before", &school.launch(&school.student()).await);
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    let before = school.read(&ltik).await;
    let Registered { gateway, lms, client_id, platform_id } = school;
    let gateway = gateway.restart().await;
    assert!(gateway.first_start.is_none());
    let school = Registered { gateway, lms, client_id, platform_id };
    assert_eq!(school.read(&ltik).await, before);
    // A login begun before the restart is finished after it, once.
    ltik_of("across", &school.post(&browser, &posted).await);
    assert_eq!(school.gateway.launches().await, 2);
}

#[both_stores]
async fn a_former_setting_leaves_the_store(store: Store) {
    let gateway = Gateway::start(store).await;
    let old = r#"{"name":"Old","legacy":{"enabled":false},"extensions":{"a":{"legacy":1.0}}}"#;
    gateway.meddle(&format!("UPDATE tools SET settings = '{old}'")).await;
    let migration = match store {
        Store::Sqlite => include_str!("../../../store/migrations/sqlite/0013_no_legacy.sql"),
        Store::Postgres => include_str!("../../../store/migrations/postgres/0013_no_legacy.sql"),
    };
    gateway.meddle(migration).await;
    let gateway = gateway.restart().await;
    let tool = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
    assert_eq!(tool["name"], "Old");
    assert_eq!(tool["extensions"], serde_json::json!({"a": {"legacy": 1.0}}));
    assert_eq!(tool.get("legacy"), None);
}

#[both_stores]
async fn older_settings_lose_what_is_gone_and_what_was_never_chosen(store: Store) {
    let old = r#"{"limits":{"loginsPerIssuer":5,"loginsPerAddress":7},
                  "studyreel":{"requireCapability":false,"skewSeconds":99}}"#;
    let migration = match store {
        Store::Sqlite => include_str!("../../../store/migrations/sqlite/0018_gates.sql"),
        Store::Postgres => include_str!("../../../store/migrations/postgres/0018_gates.sql"),
    };
    for has_launched in [false, true] {
        let studyreel = StudyReel::start(store).await;
        if has_launched {
            studyreel.ok(&valid("a")).await;
        }
        let gateway = studyreel.gateway;
        gateway.meddle(&format!("UPDATE tools SET settings = '{old}'")).await;
        for statement in migration.split(";\n").filter(|statement| !statement.is_empty()) {
            gateway.meddle(statement).await;
        }
        let gateway = gateway.restart().await;
        let tool = gateway.admin("GET", "/admin/tool", None).await.json().unwrap();
        assert_eq!(tool["limits"]["loginsPerAddress"], 7);
        assert_eq!(tool["limits"].get("loginsPerIssuer"), None);
        assert_eq!(tool["studyreel"]["skewSeconds"], 99);
        // Launches that StudyReel sends go on; the start warns of it.
        let stays = has_launched.then_some(&serde_json::Value::Bool(false));
        assert_eq!(tool["studyreel"].get("requireCapability"), stays);
    }
}

#[both_stores]
async fn retention_ends_a_launch_and_its_nonce_outlives_the_login(store: Store) {
    let school = Registered::with(
        store,
        serde_json::json!({"retention": {"launchMinutes": 1, "traceMinutes": 30}}),
    )
    .await;
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    let cookies: Vec<String> = browser
        .cookies(&school.gateway.url)
        .iter()
        .map(|c| format!("{}={}", c.name, c.value))
        .collect();
    let ltik = ltik_of("fresh", &school.post(&browser, &posted).await);
    school.advance(61);
    assert_eq!(school.gateway.idtoken(&ltik, "").await.status, 401);
    gateway::background::forget(&school.gateway.app, school.gateway.clock.now_ms()).await.unwrap();
    assert_eq!(school.gateway.launches().await, 0);
    let request = crate::registered::form(&school.gateway.at("/lti/launch"), &posted.fields())
        .header("cookie", &cookies.join("; "));
    assert_refused(
        "replay",
        &browser.fresh().send(request).await.unwrap(),
        401,
        "NONCE_ALREADY_RECEIVED",
    );
    school.advance(3600);
    gateway::background::forget(&school.gateway.app, school.gateway.clock.now_ms()).await.unwrap();
    assert_eq!(school.gateway.number("SELECT COUNT(*) FROM launches").await, 0);
}

/// More rows are due than can be removed within the seconds that this test takes.
#[both_stores]
async fn a_stop_does_not_wait_for_the_clean_up(store: Store) {
    let gateway = Gateway::start(store).await;
    let blob = match store {
        Store::Sqlite => "CAST(i AS BLOB)",
        Store::Postgres => "convert_to(i::text, 'UTF8')",
    };
    gateway
        .meddle(&format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) \
             INSERT INTO launches (id, tool_id, dialect, nonce_hash, document_sealed, created_at, expires_at, delete_at) \
             SELECT 'L' || i, tools.id, 'lti13', {blob}, {blob}, 0, 1, 1 FROM n, tools"
        ))
        .await;
    // It begins with the start.
    let gateway = gateway.restart().await;
    let left = async |gateway: &Gateway| gateway.number("SELECT COUNT(*) FROM launches").await;
    while left(&gateway).await == 60_000 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let gateway = gateway.restart().await;
    assert!(left(&gateway).await > 0, "it waited until all were removed");
}

/// Table and column names with the kind of value, in words that both stores share.
pub async fn columns(gateway: &Gateway) -> Vec<String> {
    let mut columns = Vec::new();
    for table in gateway.tables().await {
        let sql = match gateway.app.db.read().await.unwrap().tx() {
            Tx::Sqlite(_) => format!(
                "SELECT name || ' ' || lower(type) \
                 || CASE \"notnull\" WHEN 1 THEN ' not null' ELSE '' END \
                 FROM pragma_table_info('{table}')"
            ),
            Tx::Postgres(_) => format!(
                "SELECT column_name || ' ' \
                 || CASE data_type WHEN 'bytea' THEN 'blob' ELSE data_type END \
                 || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END \
                 FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name = '{table}'"
            ),
        };
        let found = gateway.texts(&sql).await;
        columns.extend(found.iter().map(|column| format!("{table}.{column}")));
    }
    columns.sort();
    columns
}

#[tokio::test]
async fn both_stores_migrate_to_the_same_tables() {
    let sqlite = columns(&Gateway::start(Store::Sqlite).await).await;
    let postgres = columns(&Gateway::start(Store::Postgres).await).await;
    assert!(sqlite.len() > 50, "{sqlite:?}");
    assert_eq!(sqlite, postgres);
}

/// The program's own sources, with their text.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 40);
    found
}

#[test]
fn sql_is_found_in_the_store_crate_only() {
    for (path, text) in sources() {
        let has_sql = text.contains("sqlx::query")
            || ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "]
                .iter()
                .any(|word| text.contains(&format!("\"{word}")));
        assert!(!has_sql, "{}", path.display());
    }
}

#[test]
fn there_is_a_single_http_client() {
    let made: Vec<(PathBuf, usize)> = sources()
        .into_iter()
        .map(|(path, text)| {
            let builders = text.matches("Client::builder()").count();
            (path, builders + text.matches("Client::new()").count())
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(made.len(), 1, "{made:?}");
    assert!(made[0].0.ends_with("outbound/mod.rs") && made[0].1 == 1, "{made:?}");
}

async fn start(folder: &Path, more: &[(&str, &str)]) -> Result<Server, String> {
    let mut flags = vec![("data_dir".to_owned(), folder.display().to_string())];
    flags.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    let sources = Sources { flags: flags.into_iter().collect(), ..Sources::default() };
    let config = Config::load(&sources).map_err(|error| error.to_string())?;
    let listener = TcpListener::bind("127.0.0.2:0").await.unwrap();
    let started = Server::start_on(listener, config, Supplies::default()).await;
    started.map_err(|error| error.to_string())
}

#[tokio::test]
async fn only_the_first_start_prints_what_it_made() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path(), &[]).await.unwrap();
    let told = first.first_start.as_ref().unwrap();
    assert!(told.api_key.as_ref().unwrap().len() >= 32);
    assert!(told.portal_address.as_ref().unwrap().contains("/portal/welcome/"));
    assert!(
        folder.path().join("secret_key").is_file() && folder.path().join("hallpass.db").is_file()
    );
    first.app.db.close().await;
    let second = start(folder.path(), &[]).await.unwrap();
    assert!(second.first_start.is_none());
    second.app.db.close().await;

    let folder = tempfile::tempdir().unwrap();
    let given = [("bootstrap_api_key", API_KEY), ("bootstrap_admin_password", "correct horse")];
    let given = start(folder.path(), &given).await.unwrap();
    let told = given.first_start.as_ref().unwrap();
    assert_eq!((told.api_key.as_ref(), told.portal_address.as_ref()), (None, None));
}

#[tokio::test]
async fn a_different_secret_key_prevents_the_start() {
    let folder = tempfile::tempdir().unwrap();
    start(folder.path(), &[]).await.unwrap().app.db.close().await;
    let other = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let error = start(folder.path(), &[("secret_key", other)]).await.err().unwrap();
    assert!(error.contains("not the one this database was set up with"), "{error}");
    let error = start(folder.path(), &[("secret_key", "short")]).await.err().unwrap();
    assert!(error.contains("secret_key"), "{error}");
    assert!(start(folder.path(), &[]).await.is_ok());
}
