//! Which keys the one address for all platforms of a tool has (decisions 0093 and 0498).

use store::signing_keys;

use crate::database::{Database, Kind};

#[tokio::test]
async fn only_platforms_added_by_hand_share_a_key_set() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        // Every third was added by hand.
        database.fill(1, 240).await;
        let db = database.open().await;
        let keys = signing_keys::published(&mut db.read().await.unwrap().tx(), "tool", 0).await;
        let kids: Vec<String> = keys.unwrap().into_iter().map(|key| key.kid).collect();
        let by_hand = (1..=240).filter(|number| number % 3 == 0);
        let wanted: Vec<String> = by_hand.map(|number| format!("kid{number:08}")).collect();
        assert_eq!((wanted.len(), kids), (80, wanted), "{kind:?}");
        db.close().await;
    }
}
