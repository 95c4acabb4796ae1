//! Changes of a webhook that know nothing of each other.

use std::sync::Arc;

use store::webhooks::{self, WebhookRow};
use store::{Db, StoreError};
use tokio::sync::Notify;

use crate::database::{Database, Kind};

/// The webhook that [`Database::fill_those`] makes first.
const ID: &str = "webhook00000001";
const URL: &str = "https://app.example";
/// How many webhooks no transaction has locked.
const FREE: &str = "SELECT COUNT(*) FROM (SELECT id FROM webhooks FOR UPDATE SKIP LOCKED) AS free";

async fn change(db: &Db, types: Option<&'static str>, active: Option<bool>) -> WebhookRow {
    let types = types.map(str::to_owned);
    let change = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { webhooks::change(&mut tx, ID.to_owned(), None, types, active).await })
    });
    change.await.unwrap().unwrap()
}

#[tokio::test]
async fn a_change_leaves_alone_what_it_does_not_name() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        let hooks = |table: &str| table == "webhooks";
        database.fill_those(hooks, 1, 1).await;
        let db = database.open().await;
        assert!(!change(&db, None, Some(false)).await.active);
        let after = change(&db, Some("grade.held"), None).await;
        let shown = (&*after.url, &*after.types, after.active);
        assert_eq!(shown, (URL, "grade.held", false), "{kind:?}");
        let after = change(&db, None, Some(true)).await;
        let shown = (&*after.url, &*after.types, after.active);
        assert_eq!(shown, (URL, "grade.held", true), "{kind:?}");

        let disable = db.write_one::<_, StoreError, _>(|mut tx| {
            Box::pin(async move {
                webhooks::disable(&mut tx, ID.to_owned(), "GONE", URL.to_owned()).await
            })
        });
        assert!(disable.await.unwrap());
        let after = change(&db, Some(""), None).await;
        let shown = (after.active, after.disabled_reason.as_deref());
        assert_eq!(shown, (false, Some("GONE")), "{kind:?}: not on again");
        let after = change(&db, None, Some(true)).await;
        assert_eq!((after.active, after.disabled_reason), (true, None));
        db.close().await;
    }
}

/// So none is given another address while the answer of this one is recorded.
#[tokio::test]
async fn a_webhook_is_locked_until_the_transaction_ends() {
    // SQLite has a single writer.
    let database = Database::new(Kind::Postgres).await;
    let hooks = |table: &str| table == "webhooks";
    database.fill_those(hooks, 1, 1).await;
    let db = database.open().await;
    let (locked, end) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (at_work, ended) = (locked.clone(), end.clone());
    let lock = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            webhooks::lock(&mut tx, ID).await?;
            at_work.notify_one();
            ended.notified().await;
            Ok(())
        })
    });
    let look = async {
        locked.notified().await;
        let free = database.number(FREE).await;
        end.notify_one();
        free
    };
    let (lock, free) = tokio::join!(lock, look);
    lock.unwrap();
    assert_eq!(free, 0);
    assert_eq!(database.number(FREE).await, 1);
    db.close().await;
}
