//! What a plan is based on. Others may change things while it is made, so the transaction that
//! carries it out checks everything a step depends on: the steps check the rows of platforms and
//! deployments, and this module the things that a tool has few of.

use store::learning_paths::{self, PathRow};
use store::tools::{self, ToolRow};
use store::webhooks::{self, WebhookRow};
use store::{StoreError, Tx};

/// A tool as it was when the plan was made.
pub(super) struct ToolSnapshot {
    pub(super) row: ToolRow,
    /// Its learning paths, if the file names them.
    pub(super) paths: Option<Vec<PathRow>>,
    /// Its webhooks, if the file names them.
    pub(super) webhooks: Option<Vec<WebhookRow>>,
}

impl ToolSnapshot {
    pub(super) fn of(row: ToolRow) -> Self {
        Self {
            row,
            paths: None,
            webhooks: None,
        }
    }

    /// Locks the tool until the transaction ends. False if it has changed since.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn holds(&self, tx: &mut Tx<'_>) -> Result<bool, StoreError> {
        let id = &self.row.id;
        tools::lock(tx, id.clone()).await?;
        if !tools::all(tx).await?.contains(&self.row) {
            return Ok(false);
        }
        if let Some(paths) = &self.paths
            && learning_paths::of_tool(tx, id.clone()).await? != *paths
        {
            return Ok(false);
        }
        let Some(before) = &self.webhooks else {
            return Ok(true);
        };
        let now = webhooks::of_tool(tx, id.clone()).await?;
        Ok(configured(&now).eq(configured(before)))
    }
}

/// The configured part of webhooks, without how sending to them goes.
fn configured(rows: &[WebhookRow]) -> impl Iterator<Item = (&str, &str, &str, bool, &[u8])> {
    rows.iter().map(|row| {
        let secret = row.secret_sealed.as_slice();
        (&*row.id, &*row.url, &*row.types, row.active, secret)
    })
}
