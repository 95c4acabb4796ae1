//! What may be kept at most. Time bounds events and messages; this bounds what anyone can cause within it, and what a long
//! list of sent messages may take.

use store::{StoreError, events, jobs};

use super::Webhooks;

/// Refused launches that are kept as events at most.
const MOST_REFUSED: i64 = 50_000;
/// Jobs that ended and are kept for their history at most: messages, and an hour of scores.
const MOST_ENDED: i64 = 500_000;

impl Webhooks {
    /// Removes what is more than may be kept, the oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn trim(&self) -> Result<(), StoreError> {
        let mut reader = self.db.read().await?;
        let refused = events::excess_refused(&mut reader.tx(), MOST_REFUSED).await?;
        let ended = jobs::excess(&mut reader.tx(), MOST_ENDED).await?;
        drop(reader);
        let mut all = Ok(());
        if let Some(until) = refused {
            let trim = self.db.sweep(move |mut tx, most| {
                Box::pin(async move { events::delete_refused(&mut tx, until, most).await })
            });
            all = trim.await.map(drop);
        }
        if let Some(until) = ended {
            let trim = self.db.sweep(move |mut tx, most| {
                Box::pin(async move { jobs::clean_up(&mut tx, until, most).await })
            });
            all = all.and(trim.await.map(drop));
        }
        all
    }
}
