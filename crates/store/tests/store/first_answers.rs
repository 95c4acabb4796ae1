//! First answers: of many requests with a key one is the first, at whichever server (grades.md
//! GR-4).

use store::first_answers::{self, DeadRequest, KeptAnswer, KnownKey, TakeKey};
use store::{Db, StoreError};

use crate::database::{Database, Kind};

/// The number that every request here begins with.
const HELD: i64 = 60;

fn key(owner: &str, request: &[u8], now: i64) -> TakeKey {
    TakeKey {
        id: "key".into(),
        tool_id: "tool".into(),
        request_hash: request.to_vec(),
        owner: owner.into(),
        owned_until: HELD,
        forget_at: now + 1_000,
        person_key: Some("ada".into()),
        platform_id: None,
    }
}

async fn take_from(db: &Db, owner: &str, request: &[u8], now: i64, dead: (&str, i64)) -> bool {
    let key = key(owner, request, now);
    let dead = DeadRequest {
        owner: dead.0.into(),
        owned_until: dead.1,
    };
    let take = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { first_answers::take(&mut tx, key, dead, now).await })
    });
    take.await.unwrap()
}

async fn take(db: &Db, owner: &str, request: &[u8], now: i64) -> bool {
    take_from(db, owner, request, now, ("", 0)).await
}

async fn hold(db: &Db, owner: &'static str, until: i64) -> bool {
    let hold = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(
            async move { first_answers::hold(&mut tx, "key".into(), owner.into(), until).await },
        )
    });
    hold.await.unwrap()
}

async fn answer(db: &Db, owner: &'static str) -> bool {
    let kept = KeptAnswer {
        sealed: b"answer".to_vec(),
        person_key: None,
        platform_id: None,
    };
    let answer = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(
            async move { first_answers::answer(&mut tx, "key".into(), owner.into(), kept).await },
        )
    });
    answer.await.unwrap()
}

async fn give_back(db: &Db, owner: &'static str) -> bool {
    let give_back = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { first_answers::give_back(&mut tx, "key".into(), owner.into()).await })
    });
    give_back.await.unwrap()
}

async fn erase(db: &Db, person: &'static str) -> u64 {
    let erase = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { first_answers::erase(&mut tx, person, 7).await })
    });
    erase.await.unwrap()
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
        assert!(!take(&db, "b", b"request", 999).await, "it is under way");
        let dead = ("a", HELD);
        assert!(!take_from(&db, "b", b"another", 61, dead).await, "another");
        assert!(hold(&db, "a", 1).await, "the date was set back");
        assert_eq!(known(&db).await.unwrap().owned_until, HELD + 1, "it moved");
        assert!(!take_from(&db, "b", b"request", 61, dead).await, "it lives");
        let dead = ("a", HELD + 1);
        assert!(take_from(&db, "b", b"request", 61, dead).await, "it died");
        assert!(!answer(&db, "a").await && !give_back(&db, "a").await);
        assert!(give_back(&db, "b").await);
        assert_eq!(known(&db).await, None);
        assert!(take(&db, "c", b"another", 62).await, "nothing came of it");
        assert!(answer(&db, "c").await);
        assert!(!give_back(&db, "c").await, "it is answered");
        let kept = known(&db).await.unwrap();
        assert_eq!(kept.answer_sealed.as_deref(), Some(&b"answer"[..]));
        assert!(!take(&db, "d", b"another", 1_061).await, "until its end");
        assert!(!take(&db, "d", b"another", i64::MIN).await, "or for ever");
        assert!(take(&db, "d", b"request", 1_062).await);
        assert_eq!(known(&db).await.unwrap().answer_sealed, None);
        let clean_up = db.sweep_in_order(|mut tx, most, from| {
            Box::pin(async move { first_answers::clean_up(&mut tx, 2_063, from, most).await })
        });
        assert_eq!(clean_up.await.unwrap(), 1);
        db.close().await;
    }
}

#[tokio::test]
async fn an_erased_answer_is_gone_and_its_key_stays_taken() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        let db = database.open().await;
        assert!(take(&db, "a", b"request", 0).await && answer(&db, "a").await);
        assert_eq!(
            (erase(&db, "bob").await, erase(&db, "ada").await),
            (0, 1),
            "hers alone"
        );
        let gone = known(&db).await.unwrap();
        assert_eq!((gone.answer_sealed, gone.erased_at), (None, Some(7)));
        let dead = ("a", HELD);
        assert!(
            !take_from(&db, "b", b"request", 1, dead).await,
            "it was done"
        );
        assert!(take(&db, "b", b"request", 1_000).await);
        // While it is under way: what it will be answered is not kept.
        assert_eq!(erase(&db, "ada").await, 1);
        assert!(!answer(&db, "b").await && !give_back(&db, "b").await);
        let mut reader = db.read().await.unwrap();
        for (most, counted) in [(9, 1), (0, 0)] {
            let count = first_answers::count(&mut reader.tx(), "tool".into(), most).await;
            assert_eq!(count.unwrap(), counted);
        }
        drop(reader);
        db.close().await;
    }
}
