//! Scores delivered in the background: a row for each, beside the job that delivers it, and a lane
//! for each student's line item. Platforms' ids for people and line items are sealed; rows are
//! found by their keyed hashes.

// Must come before the files that use it.
macro_rules! columns {
    () => {
        "id, tool_id, platform_id, deployment_id, context_id, lane, seq, line_item_key, user_key, place_id, key_issued_at, \
         job_id, state, reason, unsure, failures, details_sealed, body_sealed, attempts_sealed, note, created_at, \
         next_attempt_at, give_up_at, held_since, delivered_at, ended_at, superseded_by, deduplicated"
    };
}

mod ask;
mod hold;
mod lane;
mod list;
mod overdue;
mod part;
mod settle;
mod several;
mod state;
mod sum;
mod switch;

pub use ask::{Retry, cancel, newest, outdate, retry, retryable, supersede};
pub use hold::{is_any_left, stopped_at};
pub use lane::{
    EnteredLane, LaneKey, enter, erase_person, forget_lanes, forget_lasts, hold_last,
    is_any_on_its_way, knows_last, last, lock_lane, set_last, unfinished,
};
pub use list::{DeliveryFilter, page};
pub use overdue::{Expiry, expire, is_any_overdue, overdue};
pub use part::HeldPart;
pub use settle::{Began, SettledDelivery, begin, settle};
pub use several::{known_line_items, lasts};
pub use state::DeliveryState;
pub use sum::{counts, oldest, oldest_moving, undelivered, undelivered_of_tool, waiting_platforms};
pub use switch::{go_on, is_switching, switch, switching_platforms};

use crate::engine::{BatchProgress, StoreError, Tx, execute, fetch, statements};

/// The statements of this folder's other files.
pub(super) const OTHERS: [&[crate::Statement]; 9] = [
    ask::STATEMENTS,
    hold::STATEMENTS,
    lane::STATEMENTS,
    list::STATEMENTS,
    overdue::STATEMENTS,
    settle::STATEMENTS,
    several::STATEMENTS,
    sum::STATEMENTS,
    switch::STATEMENTS,
];

statements! {
    INSERT = "INSERT INTO score_deliveries (id, tool_id, platform_id, waiting_for, deployment_id, context_id, lane, seq, \
              line_item_key, user_key, place_id, key_issued_at, job_id, state, reason, unsure, failures, details_sealed, \
              note, created_at, next_attempt_at, give_up_at, delivered_at, ended_at, superseded_by, deduplicated, delete_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, FALSE, 0, $16, $17, $18, $19, $20, \
              $21, $22, $23, $24, $25)";
    BY_ID = concat!("SELECT ", columns!(), " FROM score_deliveries WHERE id = $1");
    DELETE = "DELETE FROM score_deliveries WHERE id IN \
              (SELECT id FROM score_deliveries WHERE delete_at >= $1 AND delete_at < $2 ORDER BY delete_at LIMIT $3) \
              RETURNING delete_at";
}

/// A delivery as stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeliveryRow {
    /// Its id, which begins with its creation time.
    pub id: String,
    /// The tool it belongs to.
    pub tool_id: String,
    /// The platform that receives the score.
    pub platform_id: String,
    /// The deployment it goes through.
    pub deployment_id: String,
    /// The course, by the platform's id.
    pub context_id: Option<String>,
    /// Keyed hash of platform, line item and person.
    pub lane: String,
    /// Its number in the lane.
    pub seq: i64,
    /// Keyed hash of the line item.
    pub line_item_key: String,
    /// Keyed hash of the person.
    pub user_key: String,
    /// The place whose services the score was accepted for.
    pub place_id: String,
    /// When the service key that brought it was issued, in milliseconds since 1970; `None` if an
    /// `ltik` brought it.
    pub key_issued_at: Option<i64>,
    /// The job that delivers it.
    pub job_id: String,
    /// How far it has come.
    #[sqlx(try_from = "String")]
    pub state: DeliveryState,
    /// Why it is held, or ended without being delivered.
    pub reason: Option<String>,
    /// Whether a request was sent whose outcome is unknown.
    pub unsure: bool,
    /// Failed attempts that count towards the limit.
    pub failures: i64,
    /// The score and the person, sealed.
    pub details_sealed: Vec<u8>,
    /// The request body, sealed; fixed from the first attempt on, unless it certainly didn't arrive
    /// and starts again.
    pub body_sealed: Option<Vec<u8>>,
    /// The log of its attempts, sealed.
    pub attempts_sealed: Option<Vec<u8>>,
    /// Anything else worth knowing, in a sentence.
    pub note: Option<String>,
    /// When the score was accepted, in milliseconds since 1970.
    pub created_at: i64,
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
    /// The newer delivery that replaced it.
    pub superseded_by: Option<String>,
    /// Whether it was not sent because the platform already has this score.
    pub deduplicated: bool,
}

impl DeliveryRow {
    /// The queue it is in: one student's scores in one column.
    pub fn lane_key(&self) -> LaneKey {
        LaneKey {
            lane: self.lane.clone(),
            platform_id: self.platform_id.clone(),
            user_key: self.user_key.clone(),
        }
    }
}

/// A delivery to store.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// Its row. Fields that only an attempt changes are ignored.
    pub row: DeliveryRow,
    /// When to remove the row, in milliseconds since 1970, if the delivery has already ended.
    pub delete_at: Option<i64>,
}

/// Stores a delivery. The same transaction must have entered its lane ([`enter`]), and must store
/// its job unless the delivery has ended.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, new: NewDelivery) -> Result<(), StoreError> {
    let NewDelivery { row, delete_at } = new;
    let waiting_for = row.ended_at.is_none().then(|| row.platform_id.clone());
    execute!(
        one,
        tx,
        INSERT,
        row.id,
        row.tool_id,
        row.platform_id,
        waiting_for,
        row.deployment_id,
        row.context_id,
        row.lane,
        row.seq,
        row.line_item_key,
        row.user_key,
        row.place_id,
        row.key_issued_at,
        row.job_id,
        row.state.as_str(),
        row.reason,
        row.details_sealed,
        row.note,
        row.created_at,
        row.next_attempt_at,
        row.give_up_at,
        row.delivered_at,
        row.ended_at,
        row.superseded_by,
        row.deduplicated,
        delete_at
    )
}

/// A delivery by its id.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<DeliveryRow>, StoreError> {
    fetch!(optional, tx, DeliveryRow, BY_ID, id)
}

/// Removes up to `most` deliveries whose retention has expired, from those that expired at `from`
/// on.
///
/// # Errors
/// The store failed.
pub async fn clean_up(
    tx: &mut Tx<'_>,
    now_ms: i64,
    from: i64,
    most: i64,
) -> Result<BatchProgress, StoreError> {
    let ends = fetch!(all, tx, (i64,), DELETE, from, now_ms, most)?;
    Ok(BatchProgress::of(&ends, from))
}
