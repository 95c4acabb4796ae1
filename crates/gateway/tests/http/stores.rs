//! Stores of tests: empty, and with the tables that the migrations make, which only the first test
//! of a program runs.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
use store::{Db, Limits};
use tokio::sync::{Mutex, OnceCell};
use url::Url;

/// Schemas in one database: in a catalogue of thousands of tables every look at it takes long.
const SCHEMAS: u64 = 50;

/// What the migrations would do to PostgreSQL, as one text: one by one they take several times as
/// long. The table of the lease is made beside them (`engine/lease.rs`).
static MIGRATED: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::from(
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
         installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, \
         checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL);\n\
         CREATE TABLE schema_lease \
         (id BIGINT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, beats BIGINT NOT NULL);\n\
         INSERT INTO schema_lease (id, holder, beats) VALUES (1, '', 0);\n",
    );
    for migration in sqlx::migrate!("../store/migrations/postgres").iter() {
        let (version, name) = (migration.version, migration.description.replace('\'', "''"));
        let sum: String = migration.checksum.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(
            text,
            "{}\n;\nINSERT INTO _sqlx_migrations \
             (version, description, success, checksum, execution_time) \
             VALUES ({version}, '{name}', TRUE, '\\x{sum}', 0);",
            migration.sql.as_str()
        )
        .unwrap();
    }
    text
});

/// A file of SQLite with the tables.
async fn migrated_file() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hallpass.db");
    let url = format!("sqlite:{}?mode=rwc", file.display());
    Db::open(&url, Limits::default()).await.unwrap().close().await;
    // What is still in the log, because another connection was not closed yet.
    let mut own = SqliteConnection::connect(&url).await.unwrap();
    loop {
        let copied = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut own).await;
        let (is_busy, _, _): (i64, i64, i64) = copied.unwrap();
        if is_busy == 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
    own.close().await.unwrap();
    std::fs::read(file).unwrap()
}

/// Puts a database with empty tables into a folder, as a server that was stopped would have left it
/// there.
pub async fn put_sqlite(folder: &Path) {
    static FILE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let file = folder.join("hallpass.db");
    std::fs::write(&file, FILE.get_or_init(migrated_file).await).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// The address of a PostgreSQL schema in which nothing is.
pub async fn empty_postgres() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mut url = server();
    url.set_path(&database(number / SCHEMAS).await);
    let schema = format!("s{number}");
    let mut connection = PgConnection::connect(url.as_str()).await.unwrap();
    let create = AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
    connection.execute(create).await.unwrap();
    connection.close().await.unwrap();
    // At the end: tests add more options.
    let joint = if url.query().is_some() { '&' } else { '?' };
    format!("{url}{joint}options=-csearch_path%3D{schema}")
}

/// The same with the tables.
pub async fn migrated_postgres() -> String {
    let url = empty_postgres().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    connection.execute(AssertSqlSafe(MIGRATED.clone())).await.unwrap();
    connection.close().await.unwrap();
    url
}

fn server() -> Url {
    #[expect(clippy::disallowed_methods, reason = "the one setting of the tests themselves")]
    let server = std::env::var("TEST_POSTGRES_URL");
    let server = server.expect(
        "TEST_POSTGRES_URL is not set: run these tests with scripts/test, \
         or under scripts/with-postgres",
    );
    Url::parse(&server).unwrap()
}

/// The name of this program's database of that number, which is made when it is needed first.
async fn database(number: u64) -> String {
    static MADE: Mutex<BTreeSet<u64>> = Mutex::const_new(BTreeSet::new());
    let name = format!("t{}_{number}", std::process::id());
    let mut made = MADE.lock().await;
    if !made.contains(&number) {
        let mut connection = PgConnection::connect(server().as_str()).await.unwrap();
        let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        connection.execute(create).await.unwrap();
        connection.close().await.unwrap();
        made.insert(number);
    }
    name
}
