//! What platforms cost that nobody comes from: a start reads none of them. What those cost that
//! launch is measured by `scripts/bench`.

use sqlx::{ConnectOptions, Connection};

use crate::roster::peak_mb;
use crate::support::serving;

const PLATFORMS: u32 = 20_000;
/// Pages of the database among it, and whatever else differs between two starts. As rows alone, so
/// many platforms take more.
const GROWTH_MB: u64 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_costs_the_same_however_many_platforms_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = serving(folder.path());
    let before = peak_mb(server.id());
    server.stop();

    let file = folder.path().join("data/hallpass.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let mut connection = options.connect().await.unwrap();
    let text = "x".repeat(500);
    let add = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {PLATFORMS}) \
         INSERT INTO platforms (id, tool_id, issuer, client_id, name, authorization_endpoint, token_endpoint, key_method, \
         key_value, scopes, active, created_at, updated_at, configuration) \
         SELECT 'platform' || i, (SELECT id FROM tools), 'https://lms' || i || '.example', 'client' || i, 'School ' || i, \
         'https://lms.example/auth', 'https://lms.example/token', 'JWK_SET', 'https://lms.example/keys', '', TRUE, i, i, \
         '{{\"x\": \"{text}\"}}' FROM n"
    );
    let add = sqlx::AssertSqlSafe(add);
    sqlx::query(add).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();

    let (server, _) = serving(folder.path());
    let after = peak_mb(server.id());
    server.stop();
    assert!(
        after <= before + GROWTH_MB,
        "{before} MB, and {after} MB with {PLATFORMS} platforms"
    );
}
