//! What a plan is based on. Planning doesn't lock anything, so whatever a step depends on is checked again in the
//! transaction that carries the plan out: rows of platforms and deployments by their steps, and here the things that a
//! tool has few of.

use store::learning_paths::{self, PathRow};
use store::tools::{self, ToolRow};
use store::webhooks::{self, WebhookRow};
use store::{StoreError, Tx};

/// A tool's state when a plan was made.
pub(super) struct ToolGround {
    pub(super) row: ToolRow,
    /// Its learning paths, if the file names them.
    pub(super) paths: Option<Vec<PathRow>>,
    /// Its webhooks, if the file names them.
    pub(super) webhooks: Option<Vec<WebhookRow>>,
}

impl ToolGround {
    pub(super) fn of(row: ToolRow) -> Self {
        Self {
            row,
            paths: None,
            webhooks: None,
        }
    }

    /// Locks the tool until the transaction ends. Returns false if it has been changed since.
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

/// The configured part of webhooks, without the state of sending to them.
fn configured(rows: &[WebhookRow]) -> impl Iterator<Item = (&str, &str, &str, bool, &[u8])> {
    rows.iter().map(|row| {
        let secret = row.secret_sealed.as_slice();
        (&*row.id, &*row.url, &*row.types, row.active, secret)
    })
}
