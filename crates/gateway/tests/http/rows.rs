//! What lies in the store, counted past the gateway's own code.

use std::collections::BTreeMap;
use store::{Db, Tx};

use crate::support::Gateway;

impl Gateway {
    /// Runs a statement that no part of the service has.
    pub async fn meddle(&self, sql: &str) {
        use sqlx::Connection;
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match &self.app.db {
            Db::Sqlite { .. } => {
                let url = &self.app.config.database_url;
                let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
                sqlx::query(sql).execute(&mut connection).await.unwrap();
            }
            Db::Postgres { .. } => {
                let url = &self.app.config.database_url;
                let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
                sqlx::query(sql).execute(&mut connection).await.unwrap();
            }
        }
    }

    /// Rows of a statement with one text column.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match self.app.db.read().await.unwrap().tx() {
            Tx::Sqlite(connection) => sqlx::query_scalar(sql).fetch_all(connection).await,
            Tx::Postgres(mut connection) => {
                sqlx::query_scalar(sql).persistent(false).fetch_all(&mut *connection).await
            }
        }
        .unwrap()
    }

    /// The one number a statement gives.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match self.app.db.read().await.unwrap().tx() {
            Tx::Sqlite(connection) => sqlx::query_scalar(sql).fetch_one(connection).await,
            Tx::Postgres(mut connection) => {
                sqlx::query_scalar(sql).persistent(false).fetch_one(&mut *connection).await
            }
        }
        .unwrap()
    }

    /// The service's tables.
    pub async fn tables(&self) -> Vec<String> {
        let sql = match self.app.db.read().await.unwrap().tx() {
            Tx::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
            Tx::Postgres(_) => {
                "SELECT relname::text FROM pg_class WHERE relkind = 'r' \
                 AND relnamespace = current_schema()::text::regnamespace ORDER BY 1"
            }
        };
        let mut tables = self.texts(sql).await;
        tables.retain(|name| !name.starts_with("sqlite_") && !name.starts_with("_sqlx"));
        tables
    }

    /// How many rows each table has. Keys that wait in the pool don't count, nor do traces of what
    /// failed and what is told of it: they are written in the background.
    pub async fn rows(&self) -> BTreeMap<String, i64> {
        let mut rows = BTreeMap::new();
        for table in self.tables().await {
            if table == "traces" {
                continue;
            }
            let only = match table.as_str() {
                "signing_keys" => " WHERE platform_id IS NOT NULL",
                "events" => " WHERE type <> 'launch.refused'",
                _ => "",
            };
            let count = self.number(&format!("SELECT COUNT(*) FROM {table}{only}")).await;
            rows.insert(table, count);
        }
        rows
    }

    /// Launches that an application could read; a spent nonce alone is none.
    pub async fn launches(&self) -> i64 {
        self.number("SELECT COUNT(*) FROM launches WHERE document_sealed IS NOT NULL").await
    }
}
