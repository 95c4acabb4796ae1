//! What is removed from a SQLite file is gone from its bytes.

use store::invites::{self, Invite};
use store::{StoreError, sqlite_file};

use crate::database::{Database, Kind};

#[tokio::test]
async fn what_is_removed_is_not_left_in_free_pages() {
    let database = Database::new(Kind::Sqlite).await;
    let file = sqlite_file(&database.url).unwrap().unwrap();
    let marker = "ada@school.example";
    // Longer than a page, so that it leaves whole pages free.
    let preset = format!("\"{}\"", marker.repeat(2000));
    let holds = || {
        let bytes = std::fs::read(&file).unwrap();
        bytes
            .windows(marker.len())
            .any(|text| text == marker.as_bytes())
    };
    let db = database.open().await;
    let insert = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let invite = Invite {
                id: "invite".into(),
                preset,
                uses_left: None,
                expires_at: None,
                created_at: 1,
            };
            invites::insert(&mut tx, "tool".into(), vec![1], invite).await
        })
    });
    insert.await.unwrap();
    db.close().await;
    assert!(holds(), "stored in clear");

    let db = database.open().await;
    let delete = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { invites::delete(&mut tx, "tool".into(), "invite".into()).await })
    });
    assert!(delete.await.unwrap());
    db.close().await;
    assert!(!holds(), "left in a free page");
}
