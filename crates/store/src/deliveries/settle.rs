//! Attempts: what is written before a request leaves, and what came of it.

use super::DeliveryState;
use crate::engine::{StoreError, Tx, execute, statements};

statements! {
    // A server that was away for a while may have lost the job to another one, or have taken it once more.
    BEGIN = "UPDATE score_deliveries SET state = 'sending', unsure = TRUE, body_sealed = $2, note = $3, \
             line_item_key = $4, reason = NULL, next_attempt_at = NULL WHERE id = $1 AND ended_at IS NULL \
             AND (SELECT jobs.id FROM jobs WHERE jobs.id = score_deliveries.job_id AND jobs.owner || '' = $5 \
             AND jobs.claim = $6 AND jobs.state || '' = 'running') IS NOT NULL";
    SETTLE = "UPDATE score_deliveries SET state = $2, reason = $3, unsure = $4, failures = $5, attempts_sealed = $6, \
              note = $7, next_attempt_at = $8, give_up_at = $9, held_since = $10, delivered_at = $11, ended_at = $12, \
              delete_at = $13, superseded_by = $14, waiting_for = CASE WHEN CAST($12 AS BIGINT) IS NULL THEN waiting_for END \
              WHERE id = $1 AND ended_at IS NULL";
}

/// What is sent.
#[derive(Clone, Debug)]
pub struct Began {
    /// The delivery's id.
    pub id: String,
    /// The bytes, sealed. They stay what they are.
    pub body_sealed: Vec<u8>,
    /// What else is to be known, in a sentence.
    pub note: Option<String>,
    /// Keyed hash of the line item, which may only be known now.
    pub line_item_key: String,
    /// The worker that has its job.
    pub owner: String,
    /// The number of the claim by which it has the job.
    pub claim: i64,
}

/// Notes that a request is about to leave; false if the delivery has ended meanwhile, or its job is claimed by another worker or
/// once more, so that none may.
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

/// What came of an attempt.
#[derive(Clone, Debug)]
pub struct SettledDelivery {
    /// The delivery's id.
    pub id: String,
    /// Its state now.
    pub state: DeliveryState,
    /// Why it is held, or ended otherwise than delivered.
    pub reason: Option<&'static str>,
    /// Whether a request left whose fate is not known.
    pub unsure: bool,
    /// Attempts that count.
    pub failures: i64,
    /// How all attempts went, sealed.
    pub attempts_sealed: Option<Vec<u8>>,
    /// What else is to be known, in a sentence.
    pub note: Option<String>,
    /// When it is tried next, in milliseconds since 1970.
    pub next_attempt_at: Option<i64>,
    /// After this it is not tried again, in milliseconds since 1970.
    pub give_up_at: i64,
    /// Since when it is held, in milliseconds since 1970.
    pub held_since: Option<i64>,
    /// Milliseconds since 1970.
    pub delivered_at: Option<i64>,
    /// Milliseconds since 1970.
    pub ended_at: Option<i64>,
    /// When its row goes, in milliseconds since 1970, if it has ended.
    pub delete_at: Option<i64>,
    /// The newer delivery that took its place.
    pub superseded_by: Option<String>,
}

/// Writes what came of an attempt; false if the delivery had ended already, or is gone.
///
/// # Errors
/// The store failed.
pub async fn settle(tx: &mut Tx<'_>, settled: SettledDelivery) -> Result<bool, StoreError> {
    let s = settled;
    execute!(
        optional,
        tx,
        SETTLE,
        s.id,
        s.state.as_str(),
        s.reason,
        s.unsure,
        s.failures,
        s.attempts_sealed,
        s.note,
        s.next_attempt_at,
        s.give_up_at,
        s.held_since,
        s.delivered_at,
        s.ended_at,
        s.delete_at,
        s.superseded_by
    )
}
