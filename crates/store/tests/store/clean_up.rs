//! Removing what is over: each row is touched once, and others have their turn meanwhile.

use std::time::Duration;

use store::{Db, StoreError, events, jobs, launches, students, studyreel_seen};
use tokio::time::Instant;

use crate::database::{Database, Kind};

/// Rows of each table.
const ROWS: u32 = 4_000;

async fn filled(kind: Kind) -> (Database, Db) {
    let database = Database::new(kind).await;
    database.fill(1, ROWS).await;
    let db = database.open().await;
    (database, db)
}

async fn clean_up_launches(db: &Db, now: i64) -> u64 {
    let sweep = db.sweep(move |mut tx, most| {
        Box::pin(async move { launches::clean_up(&mut tx, now, most).await })
    });
    sweep.await.unwrap()
}

/// Row `i` has a document until `i` if `i` is even, and is kept until `i + 1000`.
async fn each_row_is_touched_once(kind: Kind) {
    let (database, db) = filled(kind).await;
    // Of the rows before 3000, those before 2000 go; of the others, those with a document lose it.
    assert_eq!(clean_up_launches(&db, 3_000).await, 1_999 + 500);
    assert_eq!(clean_up_launches(&db, 3_000).await, 0);
    assert_eq!(
        database.number("SELECT COUNT(*) FROM launches").await,
        2_001
    );
    let whole = "SELECT COUNT(*) FROM launches WHERE document_sealed IS NOT NULL";
    assert_eq!(database.number(whole).await, 501);
    assert_eq!(clean_up_launches(&db, 3_001).await, 2);
    db.close().await;
}

#[tokio::test]
async fn each_row_is_touched_once_on_sqlite() {
    each_row_is_touched_once(Kind::Sqlite).await;
}

#[tokio::test]
async fn each_row_is_touched_once_on_postgres() {
    each_row_is_touched_once(Kind::Postgres).await;
}

/// Students are last launched on day `i / 100`; every twentieth is disabled and stays.
#[tokio::test]
async fn students_go_by_the_day_of_their_last_launch() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (database, db) = filled(kind).await;
        let since = 10 * 24 * 60 * 60 * 1000 + 1;
        let sweep = db.sweep(move |mut tx, most| {
            Box::pin(async move { students::forget(&mut tx, "tool", since, most).await })
        });
        assert_eq!(sweep.await.unwrap(), 999 - 49);
        for table in ["students", "enrolments", "placements", "login_links"] {
            let left = format!("SELECT COUNT(*) FROM {table}");
            assert_eq!(database.number(&left).await, 4_000 - 950, "{table}");
        }
        db.close().await;
    }
}

/// Time alone doesn't bound what anyone can cause.
#[tokio::test]
async fn of_refused_launches_and_of_ended_jobs_the_newest_stay() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (database, db) = filled(kind).await;
        let mut reader = db.read().await.unwrap();
        let none = events::excess_refused(&mut reader.tx(), 800).await;
        assert_eq!(none.unwrap(), None, "every fifth event is one");
        let until = events::excess_refused(&mut reader.tx(), 300).await;
        let until = until.unwrap().unwrap();
        let ended = jobs::excess(&mut reader.tx(), 100).await.unwrap().unwrap();
        drop(reader);
        let sweep = db.sweep(move |mut tx, most| {
            Box::pin(async move { events::delete_refused(&mut tx, until, most).await })
        });
        assert_eq!(sweep.await.unwrap(), 500);
        let oldest = "SELECT MIN(created_at) FROM events WHERE type = 'launch.refused'";
        assert_eq!(database.number(oldest).await, 2_505);
        let others = "SELECT COUNT(*) FROM events WHERE type <> 'launch.refused'";
        assert_eq!(database.number(others).await, 3_200);
        let unfinished = "SELECT COUNT(*) FROM jobs WHERE delete_at IS NULL";
        let before = database.number(unfinished).await;
        let sweep = db.sweep(move |mut tx, most| {
            Box::pin(async move { jobs::clean_up(&mut tx, ended, most).await })
        });
        assert!(sweep.await.unwrap() > 0);
        let left = "SELECT COUNT(*) FROM jobs WHERE delete_at IS NOT NULL";
        assert_eq!(database.number(left).await, 100);
        assert_eq!(database.number(unfinished).await, before);
        db.close().await;
    }
}

#[tokio::test]
async fn others_have_their_turn_between_two_batches() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (_database, db) = filled(kind).await;
        let sweep = tokio::spawn({
            let db = db.clone();
            async move {
                clean_up_launches(&db, 10_000).await;
                let seen = db.sweep(|mut tx, most| {
                    Box::pin(async move { studyreel_seen::clean_up(&mut tx, 10_000, most).await })
                });
                seen.await.unwrap();
            }
        });
        let (mut turns, mut longest) = (0, Duration::ZERO);
        while !sweep.is_finished() {
            let asked = Instant::now();
            let write = db.write_one::<_, StoreError, _>(|mut tx| {
                Box::pin(async move { launches::erase(&mut tx, "nobody".into()).await })
            });
            write.await.unwrap();
            longest = longest.max(asked.elapsed());
            turns += 1;
        }
        assert!(
            turns > 20,
            "{kind:?}: {turns} writes, the longest took {longest:?}"
        );
        db.close().await;
    }
}
