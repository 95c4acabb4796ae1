//! Forgets members who left a course long ago, and rosters that are no longer synchronised.

use std::time::Duration;

use store::{StoreError, rosters};
use tokio::time::sleep;

use super::kept::{KnownRoster, REMEMBERED_MS};
use super::room::Rosters;
use crate::kit::clock::Stopwatch;
use crate::web::problem::Problem;

/// How many rosters are checked per run; the rest waits for the next one.
const AT_ONCE: i64 = 1_000;
/// How many times longer the pause after a roster is than its processing took: some are megabytes.
const PAUSE: u32 = 3;
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// When to check an unreadable roster again, in milliseconds, so that it doesn't block the others.
const POSTPONED_MS: i64 = 24 * 60 * 60 * 1000;

impl Rosters {
    /// Removes what has expired at `now`, in milliseconds since 1970. An unreadable roster doesn't
    /// block the others.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn forget(&self, now: i64) -> Result<(), StoreError> {
        let due = rosters::due(&mut self.db.read().await?.tx(), now, AT_ONCE).await?;
        for id in due {
            let begun = Stopwatch::start();
            if let Err(problem) = self.forget_of(id.clone(), now).await {
                let cause = problem.cause.as_deref();
                tracing::warn!(
                    cause,
                    "who left a course long ago was not forgotten; it is tried again in a day"
                );
                // If the store itself fails, it fails for all of them.
                if problem.is_of_the_store() {
                    return Ok(());
                }
                self.postpone(id, now).await?;
            }
            sleep((begun.elapsed() * PAUSE).min(LONGEST_PAUSE)).await;
        }
        Ok(())
    }

    async fn forget_of(&self, id: String, now: i64) -> Result<(), Problem> {
        let row = rosters::by_id(&mut self.db.read().await?.tx(), id).await?;
        let Some(row) = row else {
            return Ok(());
        };
        let taken_at = row.succeeded_at.unwrap_or(row.attempted_at);
        // If it was synchronised meanwhile, it isn't due yet.
        if taken_at <= now - REMEMBERED_MS {
            let delete = self.db.write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { rosters::delete(&mut tx, row.id, row.version).await })
            });
            delete.await?;
            return Ok(());
        }
        let KnownRoster { row, mut snapshot } = self.open(row)?;
        snapshot.forget_long_gone(now);
        let sealed = self.sealed(&row.id, &snapshot);
        let next = snapshot.forget_at(taken_at);
        let keep = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { rosters::keep(&mut tx, row.id, row.version, sealed, next).await })
        });
        keep.await?;
        Ok(())
    }

    async fn postpone(&self, id: String, now: i64) -> Result<(), StoreError> {
        let postpone = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { rosters::postpone(&mut tx, id, now, now + POSTPONED_MS).await })
        });
        postpone.await.map(drop)
    }
}
