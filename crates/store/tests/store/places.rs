//! Places of service keys: two servers that keep addresses of different launches don't cross.

use store::service_places::{self, SavePlace};
use store::{Db, StoreError};

use crate::database::{Database, Kind};

async fn save(db: &Db, sealed: &[u8], before: Option<&[u8]>) -> bool {
    let place = SavePlace {
        id: "place".into(),
        tool_id: "tool".into(),
        platform_id: "platform00000001".into(),
        place_sealed: sealed.to_vec(),
        before: before.map(<[u8]>::to_vec),
    };
    let saved = db.write_one::<_, StoreError, _>(|mut tx| {
        Box::pin(async move { service_places::save(&mut tx, place, 1).await })
    });
    saved.await.unwrap()
}

#[tokio::test]
async fn a_place_is_saved_over_what_was_read_and_nothing_else() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        database.fill(1, 1).await;
        let db = database.open().await;
        assert!(save(&db, b"a", None).await);
        assert!(!save(&db, b"b", None).await, "another was first");
        assert!(save(&db, b"b", Some(b"a")).await);
        assert!(
            !save(&db, b"c", Some(b"a")).await,
            "another came in between"
        );
        assert!(save(&db, b"c", Some(b"b")).await);
        db.close().await;
        let found =
            "SELECT COUNT(*) FROM service_places WHERE id = 'place' AND length(place_sealed) = 1";
        assert_eq!(database.number(found).await, 1);
    }
}

async fn keep(db: &Db, now_ms: i64) -> bool {
    let visit = db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { service_places::visit(&mut tx, "place".into(), now_ms).await })
    });
    visit.await.unwrap()
}

async fn forget(db: &Db, now_ms: i64) -> u64 {
    let sweep = db.sweep(move |mut tx, most| {
        Box::pin(async move { service_places::clean_up(&mut tx, now_ms, most).await })
    });
    sweep.await.unwrap()
}

#[tokio::test]
async fn a_place_goes_unless_it_is_visited_or_its_keys_were_revoked() {
    const MONTH: i64 = 30 * 24 * 60 * 60 * 1000;
    const KEPT: i64 = service_places::KEPT_MS;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        database
            .fill_those(|table: &str| table == "platforms", 1, 1)
            .await;
        let db = database.open().await;
        assert!(save(&db, b"a", None).await);
        // A visit of the first month is worth no write.
        assert!(!keep(&db, MONTH).await);
        assert_eq!(forget(&db, KEPT + 1).await, 0);
        assert!(keep(&db, MONTH + 2).await);
        assert_eq!(forget(&db, KEPT + MONTH + 2).await, 0);
        assert_eq!(forget(&db, KEPT + MONTH + 3).await, 1);
        assert!(save(&db, b"a", None).await, "it is gone");
        let revoke = db.write_one::<_, StoreError, _>(|mut tx| {
            Box::pin(async move {
                service_places::revoke(&mut tx, "tool".into(), "place".into(), 2).await
            })
        });
        assert!(revoke.await.unwrap());
        assert!(!keep(&db, 5 * KEPT).await);
        assert_eq!(forget(&db, 10 * KEPT).await, 0);
        db.close().await;
    }
}
