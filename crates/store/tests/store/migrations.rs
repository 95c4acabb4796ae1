//! Servers that bring one database of an older version up to date at the same moment, and servers
//! of that version that keep running beside it.

use std::path::{Path, PathBuf};

use sqlx::migrate::Migrator;
use store::{Db, Limits, sqlite_file};

use crate::database::{Database, Kind, Plain};

/// The migrations of that kind of database.
fn migrations(kind: Kind) -> Vec<PathBuf> {
    let folder = match kind {
        Kind::Sqlite => concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite"),
        Kind::Postgres => concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres"),
    };
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// A database as the first version that could be installed left it.
async fn old(kind: Kind) -> Database {
    let database = Database::empty(kind).await;
    let first = tempfile::tempdir().unwrap();
    let file = &migrations(kind)[0];
    std::fs::copy(file, first.path().join(file.file_name().unwrap())).unwrap();
    let migrator = Migrator::new(first.path()).await.unwrap();
    if let Some(file) = sqlite_file(&database.url).unwrap() {
        std::fs::write(file, "").unwrap();
    }
    match &mut database.plain().await {
        plain @ Plain::Sqlite(_) => {
            plain.execute("PRAGMA journal_mode = WAL".into()).await;
            let Plain::Sqlite(connection) = plain else {
                unreachable!()
            };
            migrator.run(connection).await.unwrap();
        }
        Plain::Postgres(connection) => migrator.run(connection).await.unwrap(),
    }
    database
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_servers_bring_one_database_up_to_date_together() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = old(kind).await;
        let open = || Db::open(&*database.url, Limits::default());
        let (one, two, three) = tokio::join!(open(), open(), open());
        for opened in [one, two, three] {
            opened.unwrap().close().await;
        }
        let applied = "SELECT COUNT(*) FROM _sqlx_migrations WHERE success";
        let applied = usize::try_from(database.number(applied).await).unwrap();
        assert_eq!(applied, migrations(kind).len(), "{kind:?}");
    }
}

/// What a migration removes or renames, which servers of the version before may be using.
fn removal(file: &Path) -> Option<&'static str> {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| !line.trim().starts_with("--"));
    let statements = lines.collect::<Vec<_>>().join(" ").to_uppercase();
    let removals = ["DROP TABLE", "DROP COLUMN", "RENAME TO", "RENAME COLUMN"];
    removals
        .into_iter()
        .find(|words| statements.contains(*words))
}

/// Decision 0482.
#[test]
fn servers_of_the_version_before_keep_working() {
    // Older than the rule. For anything else listed here, all servers have to be stopped before an
    // update, and the changelog has to say so.
    let known = ["0041_portal.sql"];
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let mut files = migrations(kind);
        files.retain(|file| removal(file).is_some());
        let names = files.iter().filter_map(|file| file.file_name()?.to_str());
        assert_eq!(names.collect::<Vec<_>>(), known, "{kind:?}");
    }
}
