//! Takes dead workers' jobs away from them.

use std::time::Duration;

use store::job_workers::{self, WorkerRow};
use store::{Db, StoreError};

use super::watch::LOOKS;

/// Queues a dead worker's jobs again, due at this time. Does nothing if the worker is alive after
/// all, or is gone.
pub(super) async fn bury(db: &Db, dead: WorkerRow, due_at: i64) -> Result<(), StoreError> {
    let worker = dead.id.clone();
    let bury = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { job_workers::bury(&mut tx, dead, due_at).await })
    });
    if let Some(jobs) = bury.await? {
        tracing::warn!(worker, jobs, "a server died; its jobs are done again");
    }
    Ok(())
}

/// At the start of a server that has the store to itself: all workers are dead, and their jobs are
/// queued at once. A server that is killed again and again would never watch them for long enough.
/// The jobs are due only when another server would have had them, because an LMS may still be busy
/// with a request of the dead one
/// (docs/decisions/0421-a-files-only-server-takes-over-at-its-start.md).
///
/// # Errors
/// The store failed.
pub(crate) async fn after_restart(db: &Db, now_ms: i64, beat: Duration) -> Result<(), StoreError> {
    let missed = i64::try_from((beat * LOOKS).as_millis()).unwrap_or(i64::MAX);
    let all = job_workers::all(&mut db.read().await?.tx()).await?;
    for dead in all {
        bury(db, dead, now_ms.saturating_add(missed)).await?;
    }
    Ok(())
}
