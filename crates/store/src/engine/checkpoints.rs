//! Copies SQLite's log into the database, beside the writer, so that commits don't have to wait for
//! it and the file is complete soon after the last write. In quiet moments the log is also emptied,
//! because data erased from the file would survive there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Writes after which the log is copied: some megabytes, if they are launches.
const EVERY: usize = 400;
/// After this time, the log is copied even if there were fewer writes.
const QUIET: Duration = Duration::from_secs(5);

/// Counts writes, and wakes the task that copies.
pub(super) struct Checkpoints {
    /// Writes since the log was last copied.
    written: Arc<AtomicUsize>,
    due: mpsc::Sender<()>,
    copying: JoinHandle<()>,
}

impl Checkpoints {
    /// Starts the task, with its own connection.
    pub(super) fn start(connection: SqliteConnection) -> Self {
        let (due, waiting) = mpsc::channel(1);
        let written = Arc::default();
        Self {
            copying: tokio::spawn(copy(connection, Arc::clone(&written), waiting)),
            written,
            due,
        }
    }

    /// Records that this many writes were committed.
    pub(super) fn committed(&mut self, writes: usize) {
        if self.written.fetch_add(writes, Ordering::Relaxed) + writes >= EVERY {
            // If it is still copying, it will continue straight away.
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
    // Never wait for a reader: the writer would have to wait just as long.
    let at_once = sqlx::query("PRAGMA busy_timeout = 0");
    if let Err(error) = at_once.execute(&mut connection).await {
        tracing::warn!(%error, "the database's log will not be copied beside the writer");
    }
    // Whether the log contains pages.
    let mut is_left = false;
    loop {
        let is_quiet = match timeout(QUIET, due.recv()).await {
            Ok(None) => break,
            Ok(Some(())) => false,
            Err(_) => true,
        };
        // Clear any signal that arrived meanwhile: everything written so far is copied now.
        let _ = due.try_recv();
        if written.swap(0, Ordering::Relaxed) > 0 {
            // Passive: copies what it can without blocking other connections, so the writer's own
            // checkpoint has little to do and the log restarts.
            is_left = true;
            checkpoint(&mut connection, "PRAGMA wal_checkpoint(PASSIVE)").await;
        }
        if is_quiet && is_left {
            // Everything has been copied, so this takes only a moment. It is put off while a reader
            // uses the log.
            is_left = !checkpoint(&mut connection, "PRAGMA wal_checkpoint(TRUNCATE)").await;
        }
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the database was not closed cleanly");
    }
}

/// Runs a checkpoint. Returns whether nothing blocked it.
async fn checkpoint(connection: &mut SqliteConnection, pragma: &'static str) -> bool {
    let done = sqlx::query_as::<_, (i64, i64, i64)>(pragma);
    match done.fetch_one(connection).await {
        Ok((busy, _, _)) => busy == 0,
        Err(error) => {
            tracing::warn!(%error, "the database's log was not copied; the writer does it");
            false
        }
    }
}
