//! Caps how much is kept. Age limits events and messages; these caps limit how much anyone can
//! cause within that time, and how long the list of sent messages can grow.

use store::{StoreError, events, jobs};

use super::Webhooks;

/// How many refused launches are kept as events.
const MOST_REFUSED: i64 = 50_000;
/// How many finished jobs are kept for their history: messages, and an hour of scores.
const MOST_ENDED: i64 = 500_000;

impl Webhooks {
    /// Removes what exceeds the caps, oldest first.
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
            let trim = self.db.sweep_in_order(move |mut tx, most, from| {
                Box::pin(async move { jobs::clean_up(&mut tx, until, from, most).await })
            });
            all = all.and(trim.await.map(drop));
        }
        all
    }
}
