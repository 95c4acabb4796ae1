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
