//! Which keys the one address for all platforms of a tool has (decision 0093).

use store::signing_keys;

use crate::database::{Database, Kind};

#[tokio::test]
async fn keys_of_platforms_beyond_the_first_hundred_are_left_out() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let database = Database::new(kind).await;
        // Every third was added by hand, also long after the hundredth that registered itself.
        database.fill(1, 240).await;
        let db = database.open().await;
        let keys = signing_keys::published(&mut db.read().await.unwrap().tx(), "tool", 0).await;
        let kids: Vec<String> = keys.unwrap().into_iter().map(|key| key.kid).collect();
        let mut registered = 0;
        let mut wanted = Vec::new();
        for number in 1..=240 {
            let is_by_hand = number % 3 == 0;
            registered += usize::from(!is_by_hand);
            if is_by_hand || registered <= 100 {
                wanted.push(format!("kid{number:08}"));
            }
        }
        assert_eq!((wanted.len(), kids), (180, wanted), "{kind:?}");
        db.close().await;
    }
}
