//! A write whose request ran out of time: what its answer says is what is stored (decision 0210).

use std::sync::Arc;
use std::time::Duration;

use store::{StoreError, studyreel_seen, within_budget};
use tokio::sync::Notify;

use crate::database::{Database, Kind};

const ROWS: &str = "SELECT COUNT(*) FROM studyreel_seen";

#[tokio::test]
async fn a_write_that_waits_for_another_is_called_off() {
    // PostgreSQL has no writer that others wait for.
    let database = Database::new(Kind::Sqlite).await;
    let db = database.open().await;
    let (begun, end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (at_work, ended) = (begun.clone(), end.clone());
    let first = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            at_work.notify_one();
            ended.notified().await;
            studyreel_seen::insert(&mut tx, b"first".to_vec(), 1, 0).await
        })
    });
    let second = async {
        begun.notified().await;
        let write = db.write::<_, StoreError, _>(|mut tx| {
            Box::pin(async move { studyreel_seen::insert(&mut tx, b"second".to_vec(), 1, 0).await })
        });
        let told = within_budget(Duration::from_millis(50), write).await;
        end.notify_one();
        told
    };
    let (first, second) = tokio::join!(first, second);
    assert!(first.unwrap());
    assert!(matches!(second, Err(StoreError::Silent)), "{second:?}");
    // Closing ends what waits: had the second been kept, it would be there now.
    db.close().await;
    assert_eq!(database.number(ROWS).await, 1);
}

#[tokio::test]
async fn a_slow_write_of_sqlite_is_waited_for_once_it_has_begun() {
    let database = Database::new(Kind::Sqlite).await;
    assert!(slow_write(&database).await, "it was begun at once");
    assert_eq!(database.number(ROWS).await, 1);
}

#[tokio::test]
async fn a_slow_transaction_of_postgres_is_given_up_and_not_committed() {
    let database = Database::new(Kind::Postgres).await;
    assert!(!slow_write(&database).await);
    assert_eq!(database.number(ROWS).await, 0);
}

/// Stores a row and then dawdles beyond its request's time; whether the request hears that it is
/// stored.
async fn slow_write(database: &Database) -> bool {
    let db = database.open().await;
    let write = db.write::<_, StoreError, _>(|mut tx| {
        Box::pin(async move {
            let stored = studyreel_seen::insert(&mut tx, b"slow".to_vec(), 1, 0).await;
            tokio::time::sleep(Duration::from_millis(1_200)).await;
            stored
        })
    });
    let told = within_budget(Duration::from_secs(1), write).await;
    db.close().await;
    assert!(
        matches!(told, Ok(true) | Err(StoreError::Silent)),
        "{told:?}"
    );
    told.is_ok()
}
