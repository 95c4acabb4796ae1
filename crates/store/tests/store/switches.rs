//! Stopping and releasing very many scores: in pieces, and one switch after the other.

use store::deliveries::{self, HeldPart};
use store::{Db, StoreError};

use crate::database::{Database, Kind};

const PLATFORM: &str = "platform00000001";

/// A platform that 2,000 scores wait for, three of which were accepted in each millisecond.
async fn filled(kind: Kind) -> (Database, Db) {
    let database = Database::new(kind).await;
    database
        .fill_those(|table| table == "platforms", 1, 1)
        .await;
    let blob = match kind {
        Kind::Sqlite => "CAST(i AS BLOB)",
        Kind::Postgres => "convert_to(i::text, 'UTF8')",
    };
    let waiting = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
         INSERT INTO score_deliveries (id, tool_id, platform_id, waiting_for, deployment_id, lane, seq, line_item_key, \
         user_key, place_id, job_id, state, unsure, failures, details_sealed, created_at, give_up_at, deduplicated) \
         SELECT 'waits' || i, 'tool', '{PLATFORM}', '{PLATFORM}', 'd', 'lane' || i, 1, 'item', 'user', 'place', 'job' || i, \
         'queued', 1 > 2, 0, {blob}, 1000 + i / 3, 1000000, 1 > 2 FROM n"
    );
    database.plain().await.execute(waiting).await;
    let db = database.open().await;
    (database, db)
}

async fn switch(db: &Db, active: bool, at: i64) {
    let switch = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let what = HeldPart::Platform(PLATFORM.to_owned());
            deliveries::switch(&mut tx, &what, active, None, at).await
        })
    });
    switch.await.unwrap();
}

async fn go_on(db: &Db, most: i64) -> u64 {
    let go_on = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { deliveries::go_on(&mut tx, PLATFORM, most).await })
    });
    go_on.await.unwrap()
}

async fn is_switching(db: &Db) -> bool {
    let mut reader = db.read().await.unwrap();
    let found = deliveries::is_switching(&mut reader.tx(), PLATFORM).await;
    found.unwrap()
}

/// Scores in this state.
async fn number(database: &Database, state: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM score_deliveries WHERE state = '{state}'");
    database.number(&sql).await
}

#[tokio::test]
async fn a_stop_holds_a_part_of_the_scores_at_a_time() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (database, db) = filled(kind).await;
        switch(&db, false, 5_000).await;
        assert_eq!(number(&database, "held").await, 500);
        assert!(is_switching(&db).await);
        assert_eq!(go_on(&db, 100).await, 100);
        // Those of one millisecond stay together.
        assert_eq!(number(&database, "held").await, 602);
        let sweep = db.sweep(|mut tx, most| {
            Box::pin(async move { deliveries::go_on(&mut tx, PLATFORM, most).await })
        });
        sweep.await.unwrap();
        assert_eq!(number(&database, "held").await, 2_000);
        assert!(!is_switching(&db).await);
        db.close().await;
    }
}

#[tokio::test]
async fn one_switch_follows_the_other() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (database, db) = filled(kind).await;
        switch(&db, false, 5_000).await;
        switch(&db, true, 6_000).await;
        assert_eq!(number(&database, "held").await, 500);
        while go_on(&db, 700).await > 0 {}
        assert_eq!(number(&database, "queued").await, 2_000);
        // Each was held for a second, which doesn't count.
        let given = "SELECT COUNT(*) FROM score_deliveries WHERE give_up_at = 1001000";
        assert_eq!(database.number(given).await, 2_000);
        assert!(!is_switching(&db).await);
        db.close().await;
    }
}
