//! Indexes that no plan shows: those of parents that go and take their children along.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Row};

use crate::database::{Database, Kind, Plain};

#[tokio::test]
async fn children_are_found_by_index_when_their_parent_goes() {
    let database = Database::new(Kind::Sqlite).await;
    let Plain::Sqlite(mut connection) = database.plain().await else {
        unreachable!()
    };
    let mut found = 0;
    for table in texts(
        &mut connection,
        "SELECT name FROM sqlite_schema WHERE type = 'table'",
    )
    .await
    {
        let keys = AssertSqlSafe(format!(
            "SELECT \"from\", \"table\" FROM pragma_foreign_key_list('{table}')"
        ));
        let keys = sqlx::query(keys).fetch_all(&mut connection).await.unwrap();
        for key in keys {
            let (column, parent) = (key.get::<String, _>(0), key.get::<String, _>(1));
            // A tool never goes.
            if parent == "tools" {
                continue;
            }
            let leading = format!(
                "SELECT c.name FROM pragma_index_list('{table}') i, pragma_index_info(i.name) c \
                 WHERE c.seqno = 0 AND NOT i.partial"
            );
            let leading = texts(&mut connection, &leading).await;
            assert!(
                leading.contains(&column),
                "{table}.{column} needs an index: {leading:?}"
            );
            found += 1;
        }
    }
    assert!(found >= 5, "{found}");
}

async fn texts(connection: &mut SqliteConnection, sql: &str) -> Vec<String> {
    let rows = sqlx::query_as(AssertSqlSafe(sql.to_owned()))
        .fetch_all(connection)
        .await;
    rows.unwrap()
        .into_iter()
        .map(|(text,): (String,)| text)
        .collect()
}

#[tokio::test]
async fn both_databases_have_the_same_indexes() {
    let mut both = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let mut found = BTreeMap::new();
        let rows: Vec<(String, String)> = match Database::new(kind).await.plain().await {
            Plain::Sqlite(mut connection) => {
                sqlx::query_as("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
                    .fetch_all(&mut connection)
                    .await
                    .unwrap()
            }
            Plain::Postgres(mut connection) => sqlx::query_as(
                "SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = current_schema() \
                 AND indexname !~ '_(pkey|key)$'",
            )
            .fetch_all(&mut connection)
            .await
            .unwrap(),
        };
        for (name, sql) in rows {
            // The columns; how conditions are written differs.
            let columns = sql.split_once('(').unwrap().1;
            let columns = columns
                .split_once(" WHERE")
                .map_or(columns, |(columns, _)| columns);
            let columns: String = columns
                .chars()
                .filter(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            found.insert(name, columns.to_lowercase());
        }
        both.push(found);
    }
    assert!(both[0].len() > 10);
    assert_eq!(both[0], both[1]);
}

/// Tables with few rows of a platform: they go with it, in one statement.
const FEW: [&str; 6] = [
    "blocked_people",
    "delivery_paces",
    "delivery_switches",
    "deployments",
    "platform_aliases",
    "platform_visits",
];

/// A platform with half a million rows somewhere could not be deleted: its children must go in
/// batches before it.
#[tokio::test]
async fn what_a_platform_has_many_of_goes_in_batches() {
    let database = Database::new(Kind::Sqlite).await;
    let naming = "SELECT DISTINCT m.name FROM sqlite_schema m, pragma_foreign_key_list(m.name) k \
                  WHERE m.type = 'table' AND k.\"table\" = 'platforms'";
    let naming: BTreeSet<String> = database.texts(naming).await.into_iter().collect();
    let removed = store::platform_children::tables().chain(FEW);
    let removed: BTreeSet<String> = removed.map(str::to_owned).collect();
    assert_eq!(naming, removed, "see platform_children.rs");
}

#[tokio::test]
async fn the_rows_of_one_platform_go_and_those_of_others_stay() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        database.fill(1, 100).await;
        let db = database.open().await;
        let sweep = db.sweep(|mut tx, most| {
            let id = "platform00000007".to_owned();
            Box::pin(async move { store::platform_children::remove(&mut tx, id, most).await })
        });
        let removed = sweep.await.unwrap();
        db.close().await;
        assert!(removed >= 5, "{removed}");
        for table in store::platform_children::tables() {
            let left = |which: &str| {
                format!("SELECT COUNT(*) FROM {table} WHERE platform_id {which} 'platform00000007'")
            };
            // Scores that are not delivered yet go with the platform itself.
            let own = match table {
                "score_deliveries" => format!("{} AND ended_at IS NOT NULL", left("=")),
                _ => left("="),
            };
            assert_eq!(database.number(&own).await, 0, "{table}");
            assert_eq!(database.number(&left("<>")).await, 99, "{table}");
        }
    }
}
