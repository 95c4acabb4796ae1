//! Copies SQLite's log into the database beside the writer, so that a commit doesn't wait for it.

use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Writes after which the log is copied: some megabytes where they are launches.
const EVERY: usize = 400;

/// Counts writes, and wakes the task that copies.
pub(super) struct Checkpoints {
    written: usize,
    due: mpsc::Sender<()>,
    copying: JoinHandle<()>,
}

impl Checkpoints {
    /// Starts the task, with a connection of its own.
    pub(super) fn start(connection: SqliteConnection) -> Self {
        let (due, waiting) = mpsc::channel(1);
        Self {
            written: 0,
            due,
            copying: tokio::spawn(copy(connection, waiting)),
        }
    }

    /// Notes that so many writes were committed.
    pub(super) fn committed(&mut self, writes: usize) {
        self.written += writes;
        if self.written >= EVERY {
            self.written = 0;
            // Where it is still copying, it goes on at once afterwards.
            let _ = self.due.try_send(());
        }
    }

    /// Waits until the connection is closed.
    pub(super) async fn stop(self) {
        drop(self.due);
        let _ = self.copying.await;
    }
}

async fn copy(mut connection: SqliteConnection, mut due: mpsc::Receiver<()>) {
    while due.recv().await.is_some() {
        // Passive: copies what it can without blocking anyone, so the writer's own checkpoint has little to do and the
        // log restarts.
        let copied = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
            .execute(&mut connection)
            .await;
        if let Err(error) = copied {
            tracing::warn!(%error, "the database's log was not copied; the writer does it");
        }
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the database was not closed cleanly");
    }
}
