//! What SQLite's file holds by itself, without its log, soon after the last write: a copy of it
//! alone, or a crash that loses the log, would cost no more.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Row};
use store::invites::{self, Invite};
use store::{StoreError, sqlite_file};

use crate::database::{Database, Kind};

async fn invites_in(file: &Path) -> Result<i64, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(file);
    let mut connection: SqliteConnection = options.connect().await?;
    let row = sqlx::query("SELECT COUNT(*) FROM invites")
        .fetch_one(&mut connection)
        .await?;
    row.try_get(0)
}

#[tokio::test]
async fn the_file_holds_everything_soon_after_the_last_write() {
    let database = Database::new(Kind::Sqlite).await;
    let file = sqlite_file(&database.url).unwrap().unwrap();
    let db = database.open().await;
    let insert = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let invite = Invite {
                id: "invite".into(),
                preset: "{}".into(),
                uses_left: None,
                expires_at: None,
                created_at: 1,
            };
            invites::insert(&mut tx, "tool".into(), vec![1], invite).await
        })
    });
    insert.await.unwrap();
    // Nothing is written any more, and the store stays open. It copies after 5 seconds.
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let mut found = Ok(0);
    for _ in 0..120 {
        std::fs::copy(&file, &copy).unwrap();
        // A copy of a file that is just being written is of no use.
        found = invites_in(&copy).await;
        if found.as_ref().is_ok_and(|number| *number == 1) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(found.unwrap(), 1, "30 seconds later it is in the log only");
    let mut log = file.into_os_string();
    log.push("-wal");
    let length = std::fs::metadata(log).unwrap().len();
    assert!(length < 4_000_000, "{length}");
    db.close().await;
}
