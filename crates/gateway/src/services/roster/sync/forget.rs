//! Forgetting who left a course long ago, and rosters that nobody takes any more.

use store::{StoreError, rosters};

use super::kept::{Known, REMEMBERED_MS};
use super::room::Rosters;
use crate::web::problem::Problem;

/// When a roster is looked at again that can't be read, in milliseconds: else it would come first each time.
const PUT_OFF_MS: i64 = 24 * 60 * 60 * 1000;
/// Rosters that are looked at in one go; the rest waits for the next time.
const AT_ONCE: i64 = 1_000;

impl Rosters {
    /// Removes what is over at `now`, in milliseconds since 1970. A roster that can't be read keeps nothing from the others.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn forget(&self, now: i64) -> Result<(), StoreError> {
        let due = rosters::due(&mut self.db.read().await?.tx(), now, AT_ONCE).await?;
        for id in due {
            if let Err(problem) = self.forget_of(id.clone(), now).await {
                let cause = problem.cause.as_deref();
                tracing::warn!(
                    cause,
                    "who left a course long ago was not forgotten; it is tried again in a day"
                );
                let put_off = self.db.write_one::<_, StoreError, _>(move |mut tx| {
                    Box::pin(async move { rosters::put_off(&mut tx, id, now + PUT_OFF_MS).await })
                });
                put_off.await?;
            }
        }
        Ok(())
    }

    async fn forget_of(&self, id: String, now: i64) -> Result<(), Problem> {
        let Some(Known { row, mut snapshot }) = self.find(id).await? else {
            return Ok(());
        };
        let taken_at = row.succeeded_at.unwrap_or(row.attempted_at);
        let is_over = taken_at <= now - REMEMBERED_MS;
        snapshot.forget_long_gone(now);
        let sealed = self.sealed(&row.id, &snapshot)?;
        let next = snapshot.forget_at(taken_at);
        // If it was taken meanwhile, its turn has not come yet.
        let forget = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                match is_over {
                    true => rosters::delete(&mut tx, row.id, row.version).await,
                    false => rosters::keep(&mut tx, row.id, row.version, sealed, next).await,
                }
            })
        });
        forget.await?;
        Ok(())
    }
}
