//! How the databases carry out each statement: by which indexes, on a store of any size, whatever
//! the statistics say.
//!
//! `plans/sqlite.txt` and `plans/postgres.txt` hold the right plan of every statement; where
//! PostgreSQL chooses among several that are equally good, all of them. After a change of a
//! statement or an index, run with `UPDATE_PLANS=1` and read what changed: each line must be a
//! look-up that doesn't grow with the table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Executor, Row};
use store::{Db, STATEMENTS, Statement, Tx};

use crate::database::{Database, Kind, ROWS};

/// What reads a whole table, or an index from its beginning, and why that may be.
const SCANS: &[(&str, &str)] = &[
    (
        "store::job_workers::ALL",
        "one row a server that has jobs under way",
    ),
    ("store::api_keys::ALL", "a tool has at most 200 API keys"),
    ("store::tools::ALL", "an installation has few tools"),
    ("store::tools::COUNT", "an installation has few tools"),
    ("store::tools::NEWEST", "an installation has few tools"),
    ("store::tools::TO_CLEAR", "an installation has few tools"),
    (
        "store::deliveries::switch::PLATFORMS",
        "a row for each switch of very many scores, for some seconds",
    ),
    (
        "store::waiting::DEPLOYMENTS",
        "an index of those that wait, in the order in which they came",
    ),
];

/// Tables that stay empty here, and why that may be. All others have a row in [`ROWS`].
const EMPTY: &[(&str, &str)] = &[
    ("audit_heads", "one row a tool"),
    ("changes", "one row"),
    ("event_log", "one row"),
    ("installation", "one row"),
    ("job_workers", "one row a server that has jobs under way"),
    ("schema_lease", "one row"),
    ("tools", "an installation has few tools"),
];

/// Rows of each table in a full store: so many that reading all of them is never the best plan.
const FULL: u32 = 3_000;

/// What one statement does on a database: a line for each table it touches.
type Plan = BTreeSet<String>;

/// Right plans, by the name of the statement. Where several are equally good, all their lines.
type Plans = BTreeMap<String, Plan>;

#[tokio::test]
async fn sqlite_looks_rows_up_whatever_the_statistics_say() {
    let mut right = read(Kind::Sqlite);
    let database = Database::new(Kind::Sqlite).await;
    check(&database, "empty", Some(&mut right)).await;
    let mut filled = 0;
    for rows in [1, 5, FULL] {
        database.fill(filled + 1, rows).await;
        filled = rows;
        check(&database, &format!("{rows} rows"), Some(&mut right)).await;
        database.analyze().await;
        check(
            &database,
            &format!("statistics of {rows} rows"),
            Some(&mut right),
        )
        .await;
    }
    write(Kind::Sqlite, &right);
}

/// A server that counted few rows, because someone had it do so, may choose the worse of two
/// indexes until it counts again; it reads no whole table.
#[tokio::test]
async fn postgres_looks_rows_up_whatever_the_statistics_say() {
    let mut right = read(Kind::Postgres);
    for rows in [0, 1, 5] {
        let database = Database::new(Kind::Postgres).await;
        if rows > 0 {
            database.fill(1, rows).await;
            database.analyze().await;
        }
        database.fill(rows + 1, FULL).await;
        let state = format!("full, with statistics of {rows} rows");
        check(&database, &state, (rows == 0).then_some(&mut right)).await;
        database.analyze().await;
        check(&database, "full, with right statistics", Some(&mut right)).await;
    }
    write(Kind::Postgres, &right);
}

/// A table without rows is checked while it is empty, where a scan may be the best plan.
#[tokio::test]
async fn every_table_that_grows_has_rows() {
    let database = Database::new(Kind::Sqlite).await;
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                  AND name NOT LIKE '_sqlx%' ORDER BY name";
    let tables = database.texts(tables).await;
    let tables: BTreeSet<&str> = tables.iter().map(String::as_str).collect();
    let filled = ROWS.iter().map(|(table, ..)| *table);
    let empty = EMPTY.iter().map(|(table, _)| *table);
    let known: BTreeSet<&str> = filled.chain(empty).collect();
    assert_eq!(tables, known, "tables, and those in ROWS or EMPTY");
}

/// The plans of a file that is not in the list go unchecked.
#[test]
fn every_file_with_statements_is_in_the_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if std::fs::read_to_string(&path)
                .unwrap()
                .contains("\nstatements! {")
            {
                let file = path.strip_prefix(&root).unwrap().with_extension("");
                let name = file.to_str().unwrap().replace('/', "::");
                files.insert(format!("store::{}", name.trim_end_matches("::mod")));
            }
        }
    }
    let all = STATEMENTS.iter().copied().flatten();
    let listed: BTreeSet<_> = all
        .map(|statement| statement.name.rsplit_once("::").unwrap().0.to_owned())
        .collect();
    assert!(files.len() > 40, "{files:?}");
    let missing: Vec<_> = files.difference(&listed).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Looks for scans in every plan, and compares it with the right one, if there is to be but one.
async fn check(database: &Database, state: &str, mut right: Option<&mut Plans>) {
    let db = database.open().await;
    let (mut scans, mut others) = (Vec::new(), Vec::new());
    for statement in STATEMENTS.iter().copied().flatten() {
        let plan = plan(&db, statement).await;
        let may_scan = SCANS.iter().any(|(name, _)| *name == statement.name);
        if !may_scan && plan.iter().any(|line| line.starts_with("scan ")) {
            scans.push((statement.name, plan.clone()));
        }
        let Some(right) = right.as_mut() else {
            continue;
        };
        let known = right.entry(statement.name.to_owned()).or_default();
        if updates() {
            known.extend(plan);
        } else if !plan.is_subset(known) {
            others.push((statement.name, plan));
        }
    }
    db.close().await;
    assert!(scans.is_empty(), "{state}: reads everything: {scans:#?}");
    assert!(
        others.is_empty(),
        "{state}: not as in {}: {others:#?}",
        file(database.kind)
    );
}

fn file(kind: Kind) -> String {
    let name = match kind {
        Kind::Sqlite => "sqlite",
        Kind::Postgres => "postgres",
    };
    format!(
        "{}/tests/store/plans/{name}.txt",
        env!("CARGO_MANIFEST_DIR")
    )
}

fn read(kind: Kind) -> Plans {
    let mut plans = Plans::new();
    let mut name = "";
    let text = std::fs::read_to_string(file(kind)).unwrap_or_default();
    for line in text.lines().filter(|_| !updates()) {
        match line.strip_prefix("    ") {
            Some(line) => {
                plans
                    .entry(name.to_owned())
                    .or_default()
                    .insert(line.to_owned());
            }
            None => name = line,
        }
    }
    let all = STATEMENTS.iter().copied().flatten();
    let named: BTreeSet<_> = all.map(|statement| statement.name).collect();
    let gone = plans.keys().filter(|name| !named.contains(name.as_str()));
    let gone: Vec<_> = gone.collect();
    assert!(gone.is_empty(), "not in store::STATEMENTS: {gone:?}");
    plans
}

fn write(kind: Kind, plans: &Plans) {
    let mut text = String::new();
    for (name, plan) in plans.iter().filter(|(_, plan)| !plan.is_empty()) {
        writeln!(text, "{name}").unwrap();
        for line in plan {
            writeln!(text, "    {line}").unwrap();
        }
    }
    if updates() {
        std::fs::create_dir_all(Path::new(&file(kind)).parent().unwrap()).unwrap();
        std::fs::write(file(kind), &text).unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "a setting of this test")]
fn updates() -> bool {
    std::env::var("UPDATE_PLANS").is_ok()
}

async fn plan(db: &Db, statement: &Statement) -> Plan {
    match db.read().await.unwrap().tx() {
        Tx::Sqlite(connection) => sqlite_plan(connection, statement.sql).await,
        Tx::Postgres(mut connection) => postgres_plan(&mut connection, statement.sql).await,
    }
}

async fn sqlite_plan(connection: &mut SqliteConnection, sql: &str) -> Plan {
    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = sqlx::query(explain).fetch_all(connection).await.unwrap();
    let details = rows.iter().map(|row| row.get::<String, _>("detail"));
    details
        .filter_map(|detail| {
            if let Some(scan) = detail.strip_prefix("SCAN ") {
                // Rows that another line of the plan found, or that the statement itself names.
                let is_table = ![
                    "found",
                    "due",
                    "first",
                    "CONSTANT ROW",
                    "(subquery",
                    "3-ROW VALUES",
                    "9-ROW VALUES",
                    "16-ROW VALUES",
                ]
                .iter()
                .any(|other| scan.starts_with(other));
                return is_table.then(|| format!("scan {scan}"));
            }
            let search = detail.strip_prefix("SEARCH ")?;
            Some(search.replace(" COVERING INDEX", " INDEX"))
        })
        .collect()
}

/// With a plan that holds for any values, which is what a connection uses from a statement's sixth
/// time on.
async fn postgres_plan(connection: &mut PgConnection, sql: &str) -> Plan {
    let prepare = AssertSqlSafe(format!("PREPARE planned AS {sql}"));
    connection
        .execute("SET plan_cache_mode = force_generic_plan")
        .await
        .unwrap();
    connection.execute(prepare).await.unwrap();
    let (parameters,): (i32,) = sqlx::query_as(
        "SELECT COALESCE(array_length(parameter_types, 1), 0) FROM pg_prepared_statements WHERE name = 'planned'",
    )
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    let nulls = vec!["NULL"; usize::try_from(parameters).unwrap()].join(", ");
    let values = if nulls.is_empty() {
        nulls
    } else {
        format!("({nulls})")
    };
    let explain = AssertSqlSafe(format!("EXPLAIN (COSTS OFF) EXECUTE planned{values}"));
    let rows: Vec<(String,)> = sqlx::query_as(explain)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    connection.execute("DEALLOCATE planned").await.unwrap();
    let lines: Vec<&str> = rows.iter().map(|(line,)| line.trim_start()).collect();
    let mut plan = Plan::new();
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim_start_matches("->").trim_start();
        if let Some(table) = line.strip_prefix("Seq Scan on ") {
            plan.insert(format!("scan {table}"));
        }
        let by_index = [
            "Index Scan using ",
            "Index Only Scan using ",
            "Index Scan Backward using ",
            "Index Only Scan Backward using ",
            "Bitmap Index Scan on ",
        ];
        if let Some(index) = by_index.iter().find_map(|kind| line.strip_prefix(kind)) {
            let index = index.split_once(" on ").map_or(index, |(index, _)| index);
            let condition = lines
                .get(at + 1)
                .and_then(|next| next.strip_prefix("Index Cond: "));
            plan.insert(match condition {
                Some(condition) => format!("{index}: {condition}"),
                None => format!("scan {index}"),
            });
        }
    }
    plan
}
