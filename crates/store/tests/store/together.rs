//! Rows that are stored together take few statements, and are as they are meant to be.

use std::time::Duration;

use futures_util::future::join_all;
use store::enrolments::{self, NewEnrolment, NewPlacement};
use store::launches::NewLaunch;
use store::{Db, Limits, StoreError};

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

/// Has the database note each statement that inserts into a table.
async fn note_statements(database: &Database, table: &str) {
    let notes: &[&str] = match database.kind {
        // All rows of one statement have the same time; each takes so long here that two statements
        // have not.
        Kind::Sqlite => &[
            "CREATE TABLE noted_$ (number REAL NOT NULL)",
            "CREATE TRIGGER noting_$ AFTER INSERT ON $ BEGIN \
             INSERT INTO noted_$ SELECT julianday('now') + 0 * length(randomblob(100000)); END",
        ],
        Kind::Postgres => &[
            "CREATE TABLE noted_$ (number BIGINT NOT NULL)",
            "CREATE FUNCTION note_$() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN INSERT INTO noted_$ SELECT COUNT(*) FROM added; RETURN NULL; END'",
            "CREATE TRIGGER noting_$ AFTER INSERT ON $ REFERENCING NEW TABLE AS added \
             FOR EACH STATEMENT EXECUTE FUNCTION note_$()",
        ],
    };
    let mut plain = database.plain().await;
    for sql in notes {
        plain.execute(sql.replace('$', table)).await;
    }
}

/// How many statements were noted.
async fn noted(database: &Database, table: &str) -> i64 {
    let count = match database.kind {
        Kind::Sqlite => "COUNT(DISTINCT number)",
        Kind::Postgres => "COUNT(*)",
    };
    let statements = format!("SELECT {count} FROM noted_{table}");
    database.number(&statements).await
}

#[tokio::test]
async fn launches_that_wait_are_stored_with_few_statements() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        note_statements(&database, "launches").await;
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
        let statements = noted(&database, "launches").await;
        assert!(
            (1..i64::from(LAUNCHES) / 8).contains(&statements),
            "{kind:?}: {statements} statements, eight rows in each or fewer"
        );
    }
}

/// A StudyReel launch places its student in every subject.
#[tokio::test]
async fn a_students_placements_take_one_statement_per_table() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        database.fill_those(|table| table == "students", 1, 1).await;
        for table in ["placements", "enrolments"] {
            note_statements(&database, table).await;
        }
        let student_id = "student00000001".to_owned();
        let subjects = 0..8;
        let placement = |number: u8| NewPlacement {
            id: format!("placement-{number}"),
            student_id: student_id.clone(),
            subject: format!("subject-{number}"),
            outcome: "placed",
            placement_sealed: vec![number; 300],
            created_at: 0,
        };
        let enrolment = |number: u8| NewEnrolment {
            tool_id: "tool".into(),
            student_id: student_id.clone(),
            subject: format!("subject-{number}"),
            path_id: "path".into(),
            grade: 3,
            updated_at: 0,
        };
        let history: Vec<_> = subjects.clone().map(placement).collect();
        let standing: Vec<_> = subjects.map(enrolment).collect();
        let db = database.open().await;
        let place = db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                enrolments::insert_placements(&mut tx, &history).await?;
                enrolments::save(&mut tx, &standing).await
            })
        });
        place.await.unwrap();
        db.close().await;
        for table in ["placements", "enrolments"] {
            let rows = format!("SELECT COUNT(*) FROM {table}");
            assert_eq!(database.number(&rows).await, 8, "{kind:?}: {table}");
            assert_eq!(noted(&database, table).await, 1, "{kind:?}: {table}");
        }
    }
}

/// The server cleans up after rows that go in large numbers before a fifth of their table is dead.
#[tokio::test]
async fn tables_with_much_turnover_are_vacuumed_early() {
    let database = Database::new(Kind::Postgres).await;
    let early = "SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                 WHERE n.nspname = current_schema() AND c.relkind = 'r' \
                 AND 'autovacuum_vacuum_scale_factor=0.05' = ANY (c.reloptions) ORDER BY 1";
    assert_eq!(
        database.texts(early).await,
        [
            "events",
            "jobs",
            "launches",
            "login_links",
            "score_deliveries",
            "studyreel_seen",
            "traces"
        ]
    );
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
