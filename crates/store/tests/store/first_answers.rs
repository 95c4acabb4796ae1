//! First answers: of many requests with a key one is the first, at whichever server (grades.md GR-4).

use store::first_answers::{self, KnownKey, TakeKey};
use store::{Db, StoreError};

use crate::database::{Database, Kind};

fn key(owner: &str, request: &[u8], now: i64) -> TakeKey {
    TakeKey {
        id: "key".into(),
        tool_id: "tool".into(),
        request_hash: request.to_vec(),
        owner: owner.into(),
        owned_until: now + 60,
        forget_at: now + 1_000,
    }
}

async fn take(db: &Db, owner: &str, request: &[u8], now: i64) -> bool {
    let key = key(owner, request, now);
    let take = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { first_answers::take(&mut tx, key, now).await })
    });
    take.await.unwrap()
}

async fn answer(db: &Db, owner: &'static str) -> bool {
    let answer = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            first_answers::answer(&mut tx, "key".into(), owner.into(), b"answer".to_vec()).await
        })
    });
    answer.await.unwrap()
}

async fn give_back(db: &Db, owner: &'static str) -> bool {
    let give_back = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { first_answers::give_back(&mut tx, "key".into(), owner.into()).await })
    });
    give_back.await.unwrap()
}

async fn known(db: &Db) -> Option<KnownKey> {
    let mut reader = db.read().await.unwrap();
    let known = first_answers::by_id(&mut reader.tx(), "key".into()).await;
    known.unwrap()
}

#[tokio::test]
async fn a_key_belongs_to_one_request_at_a_time() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        let db = database.open().await;
        assert!(take(&db, "a", b"request", 0).await);
        assert!(!take(&db, "b", b"request", 59).await, "it is under way");
        assert!(!take(&db, "b", b"another", 61).await, "another request");
        assert!(take(&db, "b", b"request", 61).await, "its server died");
        assert!(!answer(&db, "a").await && !give_back(&db, "a").await);
        assert!(give_back(&db, "b").await);
        assert_eq!(known(&db).await, None);
        assert!(take(&db, "c", b"another", 62).await, "nothing came of it");
        assert!(answer(&db, "c").await);
        assert!(!give_back(&db, "c").await, "it is answered");
        let kept = known(&db).await.unwrap();
        assert_eq!(kept.answer_sealed.as_deref(), Some(&b"answer"[..]));
        assert!(!take(&db, "d", b"another", 1_061).await, "until its end");
        assert!(take(&db, "d", b"request", 1_062).await);
        assert_eq!(known(&db).await.unwrap().answer_sealed, None);
        let clean_up = db.sweep(|mut tx, most| {
            Box::pin(async move { first_answers::clean_up(&mut tx, 2_063, most).await })
        });
        assert_eq!(clean_up.await.unwrap(), 1);
        db.close().await;
    }
}
