//! A database of either kind for one test, and rows for all its tables.

use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};
use store::{Db, Limits};
use tempfile::TempDir;

/// Which store a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// A database with the tables of a store, and one tool.
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) kind: Kind,
    _folder: TempDir,
}

/// A connection that no store configured, such as an operator has.
pub(crate) enum Plain {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Plain {
    pub(crate) async fn execute(&mut self, sql: String) {
        let done = match self {
            Self::Sqlite(connection) => connection.execute(AssertSqlSafe(sql)).await.map(drop),
            Self::Postgres(connection) => connection.execute(AssertSqlSafe(sql)).await.map(drop),
        };
        done.unwrap();
    }
}

impl Database {
    pub(crate) async fn new(kind: Kind) -> Self {
        let database = Self::empty(kind).await;
        database.open().await.close().await;
        let mut plain = database.plain().await;
        plain
            .execute("INSERT INTO tools (id, settings, created_at, updated_at) VALUES ('tool', '{}', 0, 0)".into())
            .await;
        if kind == Kind::Postgres {
            // Statistics are those that a test asks for.
            for (table, ..) in ROWS {
                let off = format!("ALTER TABLE {table} SET (autovacuum_enabled = false)");
                plain.execute(off).await;
            }
        }
        database
    }

    /// One in which nothing is.
    pub(crate) async fn empty(kind: Kind) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let folder = tempfile::tempdir().unwrap();
        let url = match kind {
            Kind::Sqlite => format!("sqlite:{}", folder.path().join("test.db").display()),
            Kind::Postgres => {
                let server = postgres_server();
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                let schema = format!("store{}_{number}", std::process::id());
                let mut connection = PgConnection::connect(&server).await.unwrap();
                let create = AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
                connection.execute(create).await.unwrap();
                let joint = if server.contains('?') { '&' } else { '?' };
                format!("{server}{joint}options=-csearch_path%3D{schema}")
            }
        };
        Self {
            url,
            kind,
            _folder: folder,
        }
    }

    /// The store in it, as a server opens it.
    pub(crate) async fn open(&self) -> Db {
        Db::open(&self.url, Limits::default()).await.unwrap()
    }

    pub(crate) async fn plain(&self) -> Plain {
        match self.kind {
            Kind::Sqlite => Plain::Sqlite(SqliteConnection::connect(&self.url).await.unwrap()),
            Kind::Postgres => Plain::Postgres(PgConnection::connect(&self.url).await.unwrap()),
        }
    }

    /// The number that a statement finds.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.plain().await {
            Plain::Sqlite(mut connection) => {
                sqlx::query_scalar(sql).fetch_one(&mut connection).await
            }
            Plain::Postgres(mut connection) => {
                sqlx::query_scalar(sql).fetch_one(&mut connection).await
            }
        }
        .unwrap()
    }

    /// The texts that a statement finds.
    pub(crate) async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.plain().await {
            Plain::Sqlite(mut connection) => {
                sqlx::query_scalar(sql).fetch_all(&mut connection).await
            }
            Plain::Postgres(mut connection) => {
                sqlx::query_scalar(sql).fetch_all(&mut connection).await
            }
        }
        .unwrap()
    }

    /// Adds rows `from` to `to`, with these numbers, to each table that grows.
    pub(crate) async fn fill(&self, from: u32, to: u32) {
        self.fill_those(|_| true, from, to).await;
    }

    /// The same for tables of which this is true.
    pub(crate) async fn fill_those(&self, wanted: impl Fn(&str) -> bool, from: u32, to: u32) {
        let (blob, at) = match self.kind {
            Kind::Sqlite => ("CAST(i AS BLOB)", "printf('%08d', i)"),
            Kind::Postgres => ("convert_to(i::text, 'UTF8')", "lpad(i::text, 8, '0')"),
        };
        let mut plain = self.plain().await;
        for (table, columns, values) in ROWS.iter().filter(|(table, ..)| wanted(table)) {
            let values = values.replace("{blob}", blob).replace("{id}", at);
            let rows = format!(
                "WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to}) \
                 INSERT INTO {table} ({columns}) SELECT {values} FROM n"
            );
            plain.execute(rows).await;
        }
    }

    /// Writes statistics of what the tables hold now.
    pub(crate) async fn analyze(&self) {
        let mut plain = self.plain().await;
        plain.execute("ANALYZE".into()).await;
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one setting of the tests themselves"
)]
fn postgres_server() -> String {
    let server = std::env::var("TEST_POSTGRES_URL");
    server.expect("TEST_POSTGRES_URL is not set: run these tests under scripts/with-postgres")
}

/// Tables, parents first: the columns, and what row `i` has in them.
pub(crate) const ROWS: &[(&str, &str, &str)] = &[
    (
        "platforms",
        "id, tool_id, issuer, client_id, name, authorization_endpoint, token_endpoint, key_method, key_value, scopes, \
         active, created_at, updated_at, configuration",
        "'platform' || {id}, 'tool', 'https://lms' || (i % 100), 'client' || i, 'A', 'a', 't', 'JWK_SET', 'k', '', \
         i % 10 > 0, i, i, CASE WHEN i % 3 > 0 THEN '{}' END",
    ),
    (
        "known_line_items",
        "id, platform_id, created_at",
        "'item' || {id}, 'platform' || {id}, i",
    ),
    (
        "platform_visits",
        "platform_id, last_launch_at",
        "'platform' || {id}, i",
    ),
    (
        "reservations",
        "id, course_id, tool_id, platform_id, handle, answer_id, reserved_at, reserved_until, forget_at",
        "'reserved' || {id}, 'course' || (i % 200), 'tool', 'platform' || {id}, 'h' || i, 'answer' || i, i, i, i",
    ),
    (
        "platform_aliases",
        "alias, platform_id",
        "'alias' || {id}, 'platform' || {id}",
    ),
    (
        "signing_keys",
        "kid, tool_id, platform_id, public_jwk, public_pem, private_sealed, created_at, assigned_at, signs_from",
        "'kid' || {id}, 'tool', 'platform' || {id}, '{}', 'P', {blob}, i, i, i",
    ),
    (
        "deployments",
        "platform_id, deployment_id, status, first_seen",
        "'platform' || {id}, 'd' || (i % 3), 'active', i",
    ),
    (
        "blocked_people",
        "id, platform_id, subject_sealed, created_at",
        "'blocked' || {id}, 'platform' || {id}, {blob}, i",
    ),
    (
        "api_keys",
        "id, tool_id, key_hash, created_at",
        "'key' || {id}, 'tool', {blob}, i",
    ),
    (
        "invites",
        "id, tool_id, code_hash, preset, created_at",
        "'invite' || {id}, 'tool', {blob}, '{}', i",
    ),
    (
        "registrations",
        "id_hash, tool_id, issuer, status, offer_sealed, created_at, expires_at",
        "{blob}, 'tool', 'https://lms' || (i % 100), 'confirm', {blob}, i, i",
    ),
    (
        "launches",
        "id, tool_id, dialect, platform_id, deployment_id, nonce_hash, document_sealed, created_at, expires_at, delete_at, \
         trace",
        "'launch' || {id}, 'tool', 'lti13', 'platform' || {id}, 'd', {blob}, \
         CASE WHEN i % 2 = 0 THEN {blob} END, i, i, i + 1000, '{}'",
    ),
    (
        "traces",
        "id, correlation_id, tool_id, kind, outcome, reason, signed, trace, created_at, delete_at",
        "'trace' || {id}, 'C' || {id}, 'tool', 'launch', 'failed', 'X', i % 2 = 0, '{}', i, i",
    ),
    (
        "students",
        "id, tool_id, issuer, subject_hash, external_id, profile_sealed, status, created_at, updated_at, last_launch_at, \
         launch_day, user_id",
        "'student' || {id}, 'tool', 'https://reel' || (i % 3), {blob}, 'x' || i, {blob}, \
         CASE WHEN i % 20 = 0 THEN 'disabled' ELSE 'active' END, i, i, i, i / 100, 'student' || {id}",
    ),
    (
        "enrolments",
        "tool_id, student_id, subject, path_id, grade, updated_at",
        "'tool', 'student' || {id}, 'math', 'path' || (i % 2), i % 12, i",
    ),
    (
        "placements",
        "id, student_id, subject, outcome, placement_sealed, created_at",
        "'placement' || {id}, 'student' || {id}, 'math', 'placed', {blob}, i",
    ),
    ("studyreel_seen", "seen_hash, expires_at", "{blob}, i"),
    (
        "login_links",
        "token_hash, tool_id, student_id, launch_id, created_at, expires_at",
        "{blob}, 'tool', 'student' || {id}, 'launch' || {id}, i, i",
    ),
    (
        "studyreel_registrations",
        "id, tool_id, base_url, name, version, asked_at",
        "'reg' || {id}, 'tool', 'https://reel', 'N', 'v' || i, i",
    ),
    (
        "learning_paths",
        "tool_id, id, subject, path, updated_at",
        "'tool', 'path' || i, 'subject' || i, '{}', i",
    ),
    (
        "portal_users",
        "id, tool_id, login_hash, profile_sealed, password_hash, totp_sealed, totp_step, role, created_at, oidc_hash",
        "'user' || {id}, 'tool', {blob}, {blob}, 'h', CASE WHEN i % 2 = 0 THEN {blob} END, 0, 'viewer', i, \
         CASE WHEN i % 2 = 0 THEN {blob} END",
    ),
    ("portal_states", "state_hash, expires_at", "{blob}, i"),
    (
        "portal_sessions",
        "id, token_hash, user_id, agent, created_at, seen_at, confirmed_at, expires_at",
        "'session' || {id}, {blob}, 'user' || {id}, 'Firefox', i, i, i, i",
    ),
    (
        "portal_links",
        "id, tool_id, code_hash, kind, role, mail_sealed, user_id, created_at, expires_at, made_by",
        "'link' || {id}, 'tool', {blob}, 'invitation', 'viewer', CASE WHEN i % 2 = 0 THEN {blob} END, \
         CASE WHEN i % 3 = 0 THEN 'user' || {id} END, i, i, 'user' || {id}",
    ),
    (
        "audit_entries",
        "id, tool_id, number, actor, action, subject, details_sealed, hash, created_at",
        "'entry' || {id}, 'tool', i, 'user', 'a' || (i % 9), 's' || i, {blob}, {blob}, i",
    ),
    (
        "audit_begun",
        "id, tool_id, actor, request, subject, begun_at",
        "'begun' || {id}, 'tool', 'user:u', 'POST /x', 's' || i, i",
    ),
    (
        "service_places",
        "id, tool_id, platform_id, place_sealed, created_at, changed_at, forget_at",
        "'place' || {id}, 'tool', 'platform' || {id}, {blob}, i, i, i",
    ),
    (
        "rosters",
        "id, tool_id, platform_id, roster_sealed, version, attempted_at, attempts, failures, forget_at",
        "'roster' || {id}, 'tool', 'platform' || {id}, {blob}, 1, i, 1, 0, i",
    ),
    (
        "jobs",
        "id, tool_id, kind, share, subject, order_key, head, place, tail, state, due_at, attempts, owner, payload_sealed, \
         history_sealed, created_at, ended_at, delete_at",
        "'job' || {id}, 'tool', 'webhook', 'webhook' || (i % 50), 'event' || i, \
         CASE WHEN i % 4 = 0 THEN 'key' || (i / 8) END, CASE WHEN i % 8 = 0 AND i % 3 = 0 THEN 'key' || (i / 8) END, i, i, \
         CASE WHEN i % 8 = 4 THEN 'behind' WHEN i % 3 = 0 THEN 'queued' WHEN i % 100 = 1 THEN 'running' ELSE 'done' END, i, 1, \
         CASE WHEN i % 100 = 1 THEN 'worker' || (i % 3) END, {blob}, CASE WHEN i % 2 = 0 THEN {blob} END, i, \
         CASE WHEN i % 8 <> 4 AND i % 3 > 0 AND i % 100 <> 1 THEN i END, \
         CASE WHEN i % 8 <> 4 AND i % 3 > 0 AND i % 100 <> 1 THEN i END",
    ),
    (
        "score_lanes",
        "id, platform_id, user_key, seq, last_time, forget_at",
        "'lane' || {id}, 'platform' || {id}, 'user' || (i % 500), 1, i, i",
    ),
    (
        "score_lasts",
        "lane, platform_id, user_key, last_sealed, forget_at",
        "'lane' || {id}, 'platform' || {id}, 'user' || (i % 500), {blob}, i",
    ),
    (
        "score_deliveries",
        "id, tool_id, platform_id, waiting_for, deployment_id, context_id, lane, seq, line_item_key, user_key, place_id, \
         key_issued_at, job_id, state, reason, unsure, failures, details_sealed, body_sealed, attempts_sealed, created_at, \
         give_up_at, held_since, delivered_at, ended_at, deduplicated, delete_at",
        "'delivery' || {id}, 'tool', 'platform' || {id}, CASE WHEN i % 10 = 0 THEN 'platform' || {id} END, 'd' || (i % 3), \
         'course' || (i % 200), 'lane' || {id}, 1, 'item' || (i % 300), 'user' || (i % 500), 'place' || (i % 300), \
         CASE WHEN i % 2 = 0 THEN i END, 'job' || {id}, CASE WHEN i % 20 = 0 THEN 'queued' WHEN i % 10 = 0 THEN 'held' \
         WHEN i % 50 = 1 THEN 'refused' ELSE 'delivered' END, CASE WHEN i % 50 = 1 THEN 'reason' || (i % 7) END, 1 > 2, 0, \
         {blob}, {blob}, {blob}, i, i, CASE WHEN i % 20 = 10 THEN i END, CASE WHEN i % 10 > 0 THEN i END, \
         CASE WHEN i % 10 > 0 THEN i END, 1 > 2, CASE WHEN i % 10 > 0 THEN i END",
    ),
    (
        "delivery_switches",
        "platform_id, number, part, part_id, active, switched_at, done_until",
        "'platform' || {id}, i, 'platform', '', i % 2 > 0, i, i",
    ),
    (
        "delivery_paces",
        "platform_id, paused_until, throttled_at, parallel, failures",
        "'platform' || {id}, i, i, 2, i % 3",
    ),
    (
        "events",
        "id, tool_id, type, data, place, created_at, delete_at",
        "'event' || {id}, 'tool', CASE WHEN i % 5 = 0 THEN 'launch.refused' ELSE 'type' || (i % 5) END, '{}', \
          CASE WHEN i % 100 > 0 THEN i END, i, i",
    ),
    (
        "webhooks",
        "id, tool_id, url, types, active, disabled_reason, secret_sealed, failures, created_at",
        "'webhook' || {id}, 'tool', 'https://app.example', '', i % 5 > 0, CASE WHEN i % 100 = 0 THEN 'GONE' END, {blob}, 0, i",
    ),
    (
        "line_item_handles",
        "id, tool_id, platform_id, line_item, owner, owned_until, forget_at",
        "'handle' || {id}, 'tool', 'platform' || {id}, CASE WHEN i % 10 > 0 THEN 'https://lms.example/' || i END, \
         'search' || i, i, i",
    ),
    (
        "first_answers",
        "id, tool_id, request_hash, owner, owned_until, answer_sealed, forget_at, person_key, platform_id",
        "'once' || {id}, 'tool', {blob}, 'request' || i, i, CASE WHEN i % 10 > 0 THEN {blob} END, i, 'user' || (i % 500), \
         'platform' || {id}",
    ),
    (
        "usage_counts",
        "tool_id, platform_id, period, launches, people, sketch",
        "'tool', CASE WHEN i % 10 > 0 THEN 'platform' || (i % 100) ELSE '' END, 20260000 + i, i, i, \
         CASE WHEN i % 50 = 1 THEN {blob} END",
    ),
];
