//! What is removed from a SQLite file is gone from its bytes, and from those of its log.

use std::time::Duration;

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
    let mut log = file.clone().into_os_string();
    log.push("-wal");
    let holds = |path: &std::ffi::OsStr| {
        // The log is removed when the store is closed.
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes
            .windows(marker.len())
            .any(|text| text == marker.as_bytes())
    };
    let holds = || holds(file.as_os_str()) || holds(&log);
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
    // While the store stays open: soon after the last write the log is empty.
    for _ in 0..120 {
        if !holds() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert!(!holds(), "left in a free page, or in the log");
    db.close().await;
    assert!(!holds(), "left in a free page");
}
