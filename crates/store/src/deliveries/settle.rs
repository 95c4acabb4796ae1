//! Attempts: what is written before a request is sent, and its outcome.

use super::DeliveryState;
use crate::engine::{StoreError, Tx, execute, statements};

statements! {
    // A server that was away for a while may have lost the job to another one, or may have claimed
    // it again itself.
    BEGIN = "UPDATE score_deliveries SET state = 'sending', unsure = TRUE, body_sealed = $2, note = $3, \
             line_item_key = $4, reason = NULL, next_attempt_at = NULL WHERE id = $1 AND ended_at IS NULL \
             AND (SELECT jobs.id FROM jobs WHERE jobs.id = score_deliveries.job_id AND jobs.owner || '' = $5 \
             AND jobs.claim = $6 AND jobs.state || '' = 'running') IS NOT NULL";
    SETTLE = "UPDATE score_deliveries SET state = $2, reason = $3, unsure = $4, failures = $5, attempts_sealed = $6, \
              note = $7, next_attempt_at = $8, give_up_at = $9, held_since = $10, delivered_at = $11, ended_at = $12, \
              delete_at = $13, superseded_by = $14, waiting_for = CASE WHEN CAST($12 AS BIGINT) IS NULL THEN waiting_for END \
              WHERE id = $1 AND ended_at IS NULL";
}

/// An attempt that is about to start.
#[derive(Clone, Debug)]
pub struct Began {
    /// The delivery's id.
    pub id: String,
    /// The request body, sealed. It never changes afterwards.
    pub body_sealed: Vec<u8>,
    /// Anything else worth knowing, in a sentence.
    pub note: Option<String>,
    /// Keyed hash of the line item, which may not have been known until now.
    pub line_item_key: String,
    /// The worker that has its job.
    pub owner: String,
    /// The number of the claim under which it has the job.
    pub claim: i64,
}

/// Records that a request is about to be sent. Returns false if it must not be: the delivery has
/// ended meanwhile, or its job was claimed again, by this worker or another.
///
/// # Errors
/// The store failed.
pub async fn begin(tx: &mut Tx<'_>, began: Began) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        BEGIN,
        began.id,
        began.body_sealed,
        began.note,
        began.line_item_key,
        began.owner,
        began.claim
    )
}

/// The outcome of an attempt.
#[derive(Clone, Debug)]
pub struct SettledDelivery {
    /// The delivery's id.
    pub id: String,
    /// Its new state.
    pub state: DeliveryState,
    /// Why it is held, or ended without being delivered.
    pub reason: Option<&'static str>,
    /// Whether a request was sent whose outcome is unknown.
    pub unsure: bool,
    /// Failed attempts that count towards the limit.
    pub failures: i64,
    /// The log of all attempts, sealed.
    pub attempts_sealed: Option<Vec<u8>>,
    /// Anything else worth knowing, in a sentence.
    pub note: Option<String>,
    /// When the next attempt is due, in milliseconds since 1970.
    pub next_attempt_at: Option<i64>,
    /// When to stop retrying, in milliseconds since 1970.
    pub give_up_at: i64,
    /// When it was put on hold, in milliseconds since 1970.
    pub held_since: Option<i64>,
    /// Milliseconds since 1970.
    pub delivered_at: Option<i64>,
    /// Milliseconds since 1970.
    pub ended_at: Option<i64>,
    /// When to remove the row, in milliseconds since 1970, if the delivery has ended.
    pub delete_at: Option<i64>,
    /// The newer delivery that replaced it.
    pub superseded_by: Option<String>,
}

/// Records the outcome of an attempt. Returns false if the delivery has already ended or is gone.
///
/// # Errors
/// The store failed.
pub async fn settle(tx: &mut Tx<'_>, settled: SettledDelivery) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        SETTLE,
        settled.id,
        settled.state.as_str(),
        settled.reason,
        settled.unsure,
        settled.failures,
        settled.attempts_sealed,
        settled.note,
        settled.next_attempt_at,
        settled.give_up_at,
        settled.held_since,
        settled.delivered_at,
        settled.ended_at,
        settled.delete_at,
        settled.superseded_by
    )
}
