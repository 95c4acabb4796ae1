//! Caps how much is kept. Age limits events and messages; these caps limit how much anyone can
//! cause within that time, and how long the list of sent messages can grow.

use store::{StoreError, events, jobs, tools};

use super::Webhooks;

/// How many refused launches of each tool are kept as events
/// (docs/decisions/0466-each-tool-keeps-its-own-refused-launches.md).
const MOST_REFUSED: i64 = 50_000;
/// How many finished jobs are kept for their history: messages, and an hour of scores.
const MOST_ENDED: i64 = 500_000;

impl Webhooks {
    /// Removes what exceeds the caps, oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn trim(&self) -> Result<(), StoreError> {
        let tools = tools::all(&mut self.db.read().await?.tx()).await?;
        let mut all = Ok(());
        for tool in tools {
            all = all.and(self.trim_refused(tool.id).await);
        }
        all.and(self.trim_ended().await)
    }

    async fn trim_refused(&self, tool_id: String) -> Result<(), StoreError> {
        let mut reader = self.db.read().await?;
        let until = events::excess_refused(&mut reader.tx(), &tool_id, MOST_REFUSED).await?;
        drop(reader);
        let Some(until) = until else {
            return Ok(());
        };
        let trim = self.db.sweep(move |mut tx, most| {
            let id = tool_id.clone();
            Box::pin(async move { events::delete_refused(&mut tx, &id, until, most).await })
        });
        trim.await.map(drop)
    }

    async fn trim_ended(&self) -> Result<(), StoreError> {
        let mut reader = self.db.read().await?;
        let until = jobs::excess(&mut reader.tx(), MOST_ENDED).await?;
        drop(reader);
        let Some(until) = until else {
            return Ok(());
        };
        let trim = self.db.sweep_in_order(move |mut tx, most, from| {
            Box::pin(async move { jobs::clean_up(&mut tx, until, from, most).await })
        });
        trim.await.map(drop)
    }
}
