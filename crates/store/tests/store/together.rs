//! Launches that wait are stored with few statements, and as they are meant to be.

use std::time::Duration;

use futures_util::future::join_all;
use store::launches::NewLaunch;
use store::{Db, Limits};

use crate::database::{Database, Kind};

/// Launches that come at once.
const LAUNCHES: u32 = 640;

fn launch(number: u32) -> NewLaunch {
    NewLaunch {
        id: format!("launch-{number:04}"),
        tool_id: "tool".into(),
        dialect: "lti13",
        platform_id: None,
        deployment_id: None,
        nonce_hash: number.to_be_bytes().to_vec(),
        document_sealed: Some(vec![7; 3_000]),
        created_at: 0,
        expires_at: 0,
        nonce_until: 0,
        parked: false,
        trace: None,
    }
}

/// Has the database note each statement that stores launches.
async fn note_statements(database: &Database) {
    let notes: &[&str] = match database.kind {
        // All rows of one statement have the same time; each takes so long here that two statements have not.
        Kind::Sqlite => &[
            "CREATE TABLE noted (number REAL NOT NULL)",
            "CREATE TRIGGER noting AFTER INSERT ON launches BEGIN \
             INSERT INTO noted SELECT julianday('now') + 0 * length(randomblob(100000)); END",
        ],
        Kind::Postgres => &[
            "CREATE TABLE noted (number BIGINT NOT NULL)",
            "CREATE FUNCTION note_rows() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN INSERT INTO noted SELECT COUNT(*) FROM added; RETURN NULL; END $$",
            "CREATE TRIGGER noting AFTER INSERT ON launches REFERENCING NEW TABLE AS added \
             FOR EACH STATEMENT EXECUTE FUNCTION note_rows()",
        ],
    };
    let mut plain = database.plain().await;
    for sql in notes {
        plain.execute((*sql).to_owned()).await;
    }
}

#[tokio::test]
async fn launches_that_wait_are_stored_with_few_statements() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        note_statements(&database).await;
        // Nothing is refused because the machine is slow.
        let patient = Limits {
            request: Duration::from_secs(60),
            ..Limits::default()
        };
        let db = Db::open(&*database.url, patient).await.unwrap();
        let stored = join_all((0..LAUNCHES).map(|number| db.launch(launch(number)))).await;
        assert!(stored.into_iter().all(|stored| stored.unwrap()), "{kind:?}");
        db.close().await;
        let rows = "SELECT COUNT(*) FROM launches";
        assert_eq!(database.number(rows).await, i64::from(LAUNCHES));
        let statements = match kind {
            Kind::Sqlite => "SELECT COUNT(DISTINCT number) FROM noted",
            Kind::Postgres => "SELECT COUNT(*) FROM noted",
        };
        let statements = database.number(statements).await;
        assert!(
            (1..i64::from(LAUNCHES) / 8).contains(&statements),
            "{kind:?}: {statements} statements, eight rows in each or fewer"
        );
    }
}

/// What is sealed can't be compressed, and stays in its row.
#[tokio::test]
async fn sealed_documents_stay_in_their_rows() {
    let database = Database::new(Kind::Postgres).await;
    let stored = "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
                  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r' \
                  AND a.attstorage = 'e' AND 'toast_tuple_target=8160' = ANY (c.reloptions) ORDER BY 1";
    assert_eq!(
        database.texts(stored).await,
        [
            "launches.document_sealed",
            "placements.placement_sealed",
            "students.profile_sealed"
        ]
    );
}
