//! Webhooks: addresses that receive events.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

macro_rules! columns {
    () => {
        "id, tool_id, url, types, active, disabled_reason, secret_sealed, former_sealed, former_until, failing_since, \
         failures, missed_at, created_at"
    };
}

statements! {
    INSERT = "INSERT INTO webhooks (id, tool_id, url, types, active, secret_sealed, failures, created_at) \
              VALUES ($1, $2, $3, $4, $5, $6, 0, $7)";
    OF_TOOL = concat!("SELECT ", columns!(), " FROM webhooks WHERE tool_id = $1 ORDER BY created_at, id");
    BY_ID = concat!("SELECT ", columns!(), " FROM webhooks WHERE id = $1");
    DISABLED = concat!("SELECT ", columns!(), " FROM webhooks WHERE disabled_reason > ''");
    // A changed webhook starts afresh, with no failures counted. What is not changed is not written
    // either: it may have been changed since it was read.
    CHANGE = concat!(
        "UPDATE webhooks SET url = COALESCE($2, url), types = COALESCE($3, types), active = COALESCE($4, active), \
         disabled_reason = CASE WHEN COALESCE($4, active) THEN NULL ELSE disabled_reason END, failing_since = NULL, \
         failures = 0, missed_at = NULL WHERE id = $1 RETURNING ",
        columns!()
    );
    ROTATE = "UPDATE webhooks SET secret_sealed = $3, former_sealed = $4, former_until = $5 \
              WHERE id = $1 AND secret_sealed = $2";
    DELETE = "DELETE FROM webhooks WHERE id = $1 AND tool_id = $2";
    SUCCEEDED = "UPDATE webhooks SET failing_since = NULL, failures = 0 WHERE id = $1 AND failing_since IS NOT NULL";
    // If the date is not trusted, each failure counts as the first one.
    FAILED = "UPDATE webhooks SET failing_since = CASE WHEN $3 AND failing_since <= $2 THEN failing_since ELSE $2 END, \
              failures = failures + 1 WHERE id = $1 RETURNING failing_since, failures";
    // Failures at a different address say nothing about this one.
    DISABLE = "UPDATE webhooks SET active = FALSE, disabled_reason = $2 WHERE id = $1 AND active AND url = $3";
    MISSED = "UPDATE webhooks SET missed_at = COALESCE(missed_at, $2) WHERE id = $1";
}

/// SQLite has a single writer and no such clause.
const LOCK_ON_SERVER: &str = "SELECT id FROM webhooks WHERE id = $1 FOR UPDATE";

/// A webhook as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WebhookRow {
    /// Our id, sortable by creation time, as in `/admin/webhooks/<id>`.
    pub id: String,
    /// The tool whose events it receives.
    pub tool_id: String,
    /// Where to post messages.
    pub url: String,
    /// The types of events it receives, separated by spaces; empty for all.
    pub types: String,
    /// Whether messages are sent.
    pub active: bool,
    /// Why not, if we disabled it.
    pub disabled_reason: Option<String>,
    /// The secret that signs messages, sealed.
    pub secret_sealed: Vec<u8>,
    /// The previous secrets, sealed together.
    pub former_sealed: Option<Vec<u8>>,
    /// How long the previous secrets also sign, in milliseconds since 1970.
    pub former_until: Option<i64>,
    /// Since when every attempt has failed, in milliseconds since 1970.
    pub failing_since: Option<i64>,
    /// The number of consecutive failures.
    pub failures: i64,
    /// When the first event was skipped because too many were waiting, in milliseconds since 1970.
    pub missed_at: Option<i64>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// Adds a webhook that was never tried.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, webhook: WebhookRow) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        webhook.id,
        webhook.tool_id,
        webhook.url,
        webhook.types,
        webhook.active,
        webhook.secret_sealed,
        webhook.created_at
    )
}

/// A tool's webhooks, oldest first. There are few.
///
/// # Errors
/// The store failed.
pub async fn of_tool(tx: &mut Tx<'_>, tool_id: String) -> Result<Vec<WebhookRow>, StoreError> {
    fetch!(all, tx, WebhookRow, OF_TOOL, tool_id)
}

/// Locks a webhook until the transaction ends.
///
/// # Errors
/// The store failed.
pub async fn lock(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(_) => fetch!(optional, tx, (String,), LOCK_ON_SERVER, id).map(drop),
    }
}

/// One webhook.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<WebhookRow>, StoreError> {
    fetch!(optional, tx, WebhookRow, BY_ID, id)
}

/// The webhooks that we disabled, of all tools.
///
/// # Errors
/// The store failed.
pub async fn disabled(tx: &mut Tx<'_>) -> Result<Vec<WebhookRow>, StoreError> {
    fetch!(all, tx, WebhookRow, DISABLED)
}

/// Changes the address, the types and whether messages are sent; what is `None` stays. Returns the
/// updated webhook, or `None` if it is gone.
///
/// # Errors
/// The store failed.
pub async fn change(
    tx: &mut Tx<'_>,
    id: String,
    url: Option<String>,
    types: Option<String>,
    active: Option<bool>,
) -> Result<Option<WebhookRow>, StoreError> {
    fetch!(optional, tx, WebhookRow, CHANGE, id, url, types, active)
}

/// Replaces the secret; the previous ones stay valid until that time. Returns false if it was
/// replaced by someone else meanwhile.
///
/// # Errors
/// The store failed.
pub async fn rotate(
    tx: &mut Tx<'_>,
    id: String,
    before: Vec<u8>,
    secret_sealed: Vec<u8>,
    former_sealed: Vec<u8>,
    former_until: i64,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        ROTATE,
        id,
        before,
        secret_sealed,
        former_sealed,
        former_until
    )
}

/// Removes a webhook. Returns false if the tool has no such webhook.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, id: String, tool_id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, DELETE, id, tool_id)
}

/// Records a successful attempt.
///
/// # Errors
/// The store failed.
pub async fn succeeded(tx: &mut Tx<'_>, id: String) -> Result<(), StoreError> {
    execute!(optional, tx, SUCCEEDED, id).map(drop)
}

/// Records a failed attempt. Returns since when attempts have been failing, in milliseconds since
/// 1970, and how many in a row. Returns `None` if the webhook is gone. Earlier failures only count
/// towards the start if the current date is trusted.
///
/// # Errors
/// The store failed.
pub async fn failed(
    tx: &mut Tx<'_>,
    id: String,
    now_ms: i64,
    is_trusted: bool,
) -> Result<Option<(i64, i64)>, StoreError> {
    fetch!(optional, tx, (i64, i64), FAILED, id, now_ms, is_trusted)
}

/// Disables a webhook with this address. Returns false if it already was disabled, or has a
/// different address now.
///
/// # Errors
/// The store failed.
pub async fn disable(
    tx: &mut Tx<'_>,
    id: String,
    reason: &'static str,
    url: String,
) -> Result<bool, StoreError> {
    execute!(optional, tx, DISABLE, id, reason, url)
}

/// Records that an event was skipped.
///
/// # Errors
/// The store failed.
pub async fn missed(tx: &mut Tx<'_>, id: String, now_ms: i64) -> Result<(), StoreError> {
    execute!(any, tx, MISSED, id, now_ms).map(drop)
}
