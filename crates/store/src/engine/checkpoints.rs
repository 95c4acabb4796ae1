//! Copies SQLite's log into the database beside the writer, so that a commit doesn't wait for it, and so that the file
//! holds everything soon after the last write.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Writes after which the log is copied: some megabytes where they are launches.
const EVERY: usize = 400;
/// Fewer writes are copied after this time.
const QUIET: Duration = Duration::from_secs(5);

/// Counts writes, and wakes the task that copies.
pub(super) struct Checkpoints {
    /// Since the log was copied.
    written: Arc<AtomicUsize>,
    due: mpsc::Sender<()>,
    copying: JoinHandle<()>,
}

impl Checkpoints {
    /// Starts the task, with a connection of its own.
    pub(super) fn start(connection: SqliteConnection) -> Self {
        let (due, waiting) = mpsc::channel(1);
        let written = Arc::default();
        Self {
            copying: tokio::spawn(copy(connection, Arc::clone(&written), waiting)),
            written,
            due,
        }
    }

    /// Notes that so many writes were committed.
    pub(super) fn committed(&mut self, writes: usize) {
        if self.written.fetch_add(writes, Ordering::Relaxed) + writes >= EVERY {
            // If it is still copying, it continues at once afterwards.
            let _ = self.due.try_send(());
        }
    }

    /// Waits until the connection is closed.
    pub(super) async fn stop(self) {
        drop(self.due);
        let _ = self.copying.await;
    }
}

async fn copy(
    mut connection: SqliteConnection,
    written: Arc<AtomicUsize>,
    mut due: mpsc::Receiver<()>,
) {
    while !matches!(timeout(QUIET, due.recv()).await, Ok(None)) {
        // Called again meanwhile: what was written until now is copied now.
        let _ = due.try_recv();
        if written.swap(0, Ordering::Relaxed) == 0 {
            continue;
        }
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
