//! Handles of line items: of many servers one looks, and what it found is known to all (grades.md
//! GR-22).

use store::line_item_handles::{self, HandleLook, HandleOwner, HandleTarget};
use store::{Db, StoreError};

use crate::database::{Database, Kind};

fn handle() -> HandleOwner {
    HandleOwner {
        id: "handle".into(),
        tool_id: "tool".into(),
        platform_id: "platform00000001".into(),
    }
}

fn target(line_item: &str) -> HandleTarget {
    HandleTarget {
        line_item: line_item.into(),
        score_maximum: Some("10".into()),
    }
}

async fn look(db: &Db, owner: &str, dead: &str) -> bool {
    let look = HandleLook {
        owner: owner.into(),
        until: 60,
        forget_at: 1_000,
    };
    let dead = dead.to_owned();
    let look = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { line_item_handles::look(&mut tx, handle(), look, dead).await })
    });
    look.await.unwrap()
}

async fn found(db: &Db, owner: &'static str) -> bool {
    let found = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let (id, owner) = (handle().id, owner.to_owned());
            line_item_handles::found(&mut tx, id, owner, target("found")).await
        })
    });
    found.await.unwrap()
}

async fn renew(db: &Db, owner: &'static str, renewed: &'static str) -> bool {
    let renew = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let (id, renewed) = (handle().id, (renewed.to_owned(), 60));
            line_item_handles::renew(&mut tx, id, owner.to_owned(), renewed).await
        })
    });
    renew.await.unwrap()
}

async fn line_item(db: &Db) -> Option<String> {
    let mut reader = db.read().await.unwrap();
    let known = line_item_handles::by_id(&mut reader.tx(), handle().id).await;
    known.unwrap()?.line_item
}

async fn replace(db: &Db, old: &'static str, new: &'static str) -> bool {
    let replace = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let (id, old) = (handle().id, old.to_owned());
            line_item_handles::replace(&mut tx, id, old, target(new)).await
        })
    });
    replace.await.unwrap()
}

/// What an application has set meanwhile stays.
#[tokio::test]
async fn a_line_item_is_replaced_only_if_it_is_still_the_one() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        database.fill(1, 1).await;
        let db = database.open().await;
        assert!(!replace(&db, "old", "new").await, "there is none");
        let pin = db.write_one::<_, StoreError, _>(|mut tx| {
            Box::pin(
                async move { line_item_handles::pin(&mut tx, handle(), target("pinned")).await },
            )
        });
        pin.await.unwrap();
        assert!(!replace(&db, "old", "new").await, "{kind:?}");
        assert_eq!(line_item(&db).await.as_deref(), Some("pinned"));
        assert!(replace(&db, "pinned", "new").await, "{kind:?}");
        assert_eq!(line_item(&db).await.as_deref(), Some("new"));
        db.close().await;
    }
}

#[tokio::test]
async fn one_server_looks_for_a_handle_at_a_time() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        database.fill(1, 1).await;
        let db = database.open().await;
        assert!(look(&db, "a", "").await);
        assert!(!look(&db, "b", "").await, "another looks");
        assert!(!look(&db, "b", "c").await, "another one died");
        assert!(look(&db, "b-1", "a").await, "that one died");
        assert!(!renew(&db, "a", "a-2").await, "it has lost it");
        assert!(renew(&db, "b-1", "b").await);
        assert!(!look(&db, "c", "b-1").await, "that one goes on");
        assert!(!found(&db, "a").await && line_item(&db).await.is_none());
        assert!(found(&db, "b").await);
        assert!(!renew(&db, "b", "b-3").await, "it has ended");
        assert!(!look(&db, "c", "b").await, "it is found");
        let lost = db.write::<_, StoreError, _>(|mut tx| {
            Box::pin(async move {
                let (id, other) = (handle().id, String::from("other"));
                assert!(!line_item_handles::lose(&mut tx, id.clone(), other, 5).await?);
                line_item_handles::lose(&mut tx, id, "found".into(), 5).await
            })
        });
        assert!(lost.await.unwrap() && line_item(&db).await.is_none());
        assert!(look(&db, "d", "").await, "it is lost");
        let pin = db.write_one::<_, StoreError, _>(|mut tx| {
            Box::pin(
                async move { line_item_handles::pin(&mut tx, handle(), target("pinned")).await },
            )
        });
        pin.await.unwrap();
        assert!(!found(&db, "d").await, "somebody said which");
        assert_eq!(line_item(&db).await.as_deref(), Some("pinned"));
        let gone = db.write_one::<_, StoreError, _>(|mut tx| {
            Box::pin(async move {
                let (platform, item) = (handle().platform_id, String::from("pinned"));
                line_item_handles::lose_line_item(&mut tx, platform, item, 5).await
            })
        });
        assert_eq!(gone.await.unwrap(), 1);
        let clean_up = db.sweep(|mut tx, most| {
            Box::pin(async move { line_item_handles::clean_up(&mut tx, 6, most).await })
        });
        // And the row that stood there.
        assert_eq!(clean_up.await.unwrap(), 2);
        db.close().await;
    }
}
