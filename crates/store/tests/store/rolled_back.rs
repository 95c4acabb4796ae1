//! A transaction that SQLite rolls back by itself, as it does if the disk is full or can't be
//! written: of a write that failed there is nothing.

use futures_util::future::join_all;
use store::{Db, StoreError, studyreel_seen};

use crate::database::{Database, Kind};

/// Rows that end at this time make SQLite roll back.
const POISON: i64 = 13;

async fn insert(db: &Db, number: u8, end: i64, several: bool) -> Result<bool, StoreError> {
    let hash = vec![number];
    if several {
        db.write(move |mut tx| {
            Box::pin(async move { studyreel_seen::insert(&mut tx, hash, end, 0).await })
        })
        .await
    } else {
        db.write_one(move |mut tx| {
            Box::pin(async move { studyreel_seen::insert(&mut tx, hash, end, 0).await })
        })
        .await
    }
}

#[tokio::test]
async fn nothing_is_stored_of_a_group_that_sqlite_rolled_back() {
    for (case, several) in [("one statement", false), ("several statements", true)] {
        let database = Database::new(Kind::Sqlite).await;
        let poison = format!(
            "CREATE TRIGGER poison BEFORE INSERT ON studyreel_seen WHEN NEW.expires_at = {POISON} \
             BEGIN SELECT RAISE(ROLLBACK, 'full'); END"
        );
        database.plain().await.execute(poison).await;
        let db = database.open().await;
        // On one thread all of them are queued before the first is begun: they are one group.
        let writes = (0..9).map(|number| {
            let is_poison = number == 4;
            let end = if is_poison { POISON } else { 100 };
            insert(&db, number, end, is_poison && several)
        });
        let told = join_all(writes).await;
        assert!(told.iter().all(Result::is_err), "{case}: {told:?}");
        assert!(insert(&db, 20, 100, false).await.unwrap(), "{case}");
        db.close().await;
        let stored = database.number("SELECT COUNT(*) FROM studyreel_seen").await;
        assert_eq!(stored, 1, "{case}");
    }
}

#[tokio::test]
async fn a_row_that_is_refused_costs_the_others_nothing() {
    let database = Database::new(Kind::Sqlite).await;
    let refuse = format!(
        "CREATE TRIGGER refuse BEFORE INSERT ON studyreel_seen WHEN NEW.expires_at = {POISON} \
         BEGIN SELECT RAISE(ABORT, 'no'); END"
    );
    database.plain().await.execute(refuse).await;
    let db = database.open().await;
    let writes = (0..9).map(|number| {
        let end = if number == 4 { POISON } else { 100 };
        insert(&db, number, end, number % 2 == 1)
    });
    let told = join_all(writes).await;
    let failed: Vec<usize> = (0..9).filter(|at| told[*at].is_err()).collect();
    assert_eq!(failed, [4], "{told:?}");
    db.close().await;
    assert_eq!(
        database.number("SELECT COUNT(*) FROM studyreel_seen").await,
        8
    );
}

#[tokio::test]
async fn a_write_that_fails_alone_leaves_nothing() {
    let database = Database::new(Kind::Sqlite).await;
    // One that is refused in its middle, and one that SQLite rolls back by itself.
    for (name, end, how) in [
        ("refuse", POISON, "ABORT"),
        ("poison", POISON + 1, "ROLLBACK"),
    ] {
        let trigger = format!(
            "CREATE TRIGGER {name} BEFORE INSERT ON studyreel_seen WHEN NEW.expires_at = {end} \
             BEGIN SELECT RAISE({how}, 'no'); END"
        );
        database.plain().await.execute(trigger).await;
    }
    let db = database.open().await;
    for end in [POISON, POISON + 1] {
        let failed = db.write::<bool, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                studyreel_seen::insert(&mut tx, vec![1], 100, 0).await?;
                studyreel_seen::insert(&mut tx, vec![2], end, 0).await
            })
        });
        assert!(failed.await.is_err(), "{end}");
        assert!(insert(&db, 3, 100, true).await.is_ok(), "{end}");
    }
    db.close().await;
    let stored = database.number("SELECT COUNT(*) FROM studyreel_seen").await;
    assert_eq!(stored, 1);
}
