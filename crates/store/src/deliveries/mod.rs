//! Scores that are delivered in the background: a row for each, beside the job that does it, and a lane for each student's
//! line item. What platforms call people and line items is sealed; rows are found by keyed hashes of it.

// Above the files that use it.
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
mod part;
mod settle;
mod several;
mod state;
mod sum;
mod switch;

pub use ask::{Retry, cancel, retry, retryable, supersede};
pub use hold::{is_any_left, stopped_at};
pub use lane::{
    EnteredLane, LaneKey, enter, erase_person, forget_lanes, forget_lasts, hold_last,
    is_any_on_its_way, knows_last, last, lock_lane, set_last, unfinished,
};
pub use list::{DeliveryFilter, page};
pub use part::HeldPart;
pub use settle::{Began, SettledDelivery, begin, settle};
pub use several::{known_line_items, lasts};
pub use state::DeliveryState;
pub use sum::{counts, oldest, oldest_moving, undelivered, undelivered_of_tool, waiting_platforms};
pub use switch::{go_on, is_switching, switch, switching_platforms};

use crate::engine::{StoreError, Tx, execute, fetch, statements};

/// The statements of this folder's other files.
pub(super) const OTHERS: [&[crate::Statement]; 8] = [
    ask::STATEMENTS,
    hold::STATEMENTS,
    lane::STATEMENTS,
    list::STATEMENTS,
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
              (SELECT id FROM score_deliveries WHERE delete_at < $1 ORDER BY delete_at LIMIT $2)";
}

/// A delivery as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeliveryRow {
    /// Its id, which begins with its time.
    pub id: String,
    /// The tool it belongs to.
    pub tool_id: String,
    /// Where the score goes.
    pub platform_id: String,
    /// Through which deployment.
    pub deployment_id: String,
    /// In which course, as the platform names it.
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
    /// When the service key was issued that brought it, in milliseconds since 1970; `None` if an `ltik` did.
    pub key_issued_at: Option<i64>,
    /// The job that does it.
    pub job_id: String,
    /// How far it is.
    #[sqlx(try_from = "String")]
    pub state: DeliveryState,
    /// Why it is held, or ended otherwise than delivered.
    pub reason: Option<String>,
    /// Whether a request left whose fate is not known.
    pub unsure: bool,
    /// Attempts that count.
    pub failures: i64,
    /// What is delivered, and for whom, sealed.
    pub details_sealed: Vec<u8>,
    /// The bytes to send, from the first attempt on, sealed.
    pub body_sealed: Option<Vec<u8>>,
    /// How its attempts went, sealed.
    pub attempts_sealed: Option<Vec<u8>>,
    /// What else is to be known of it, in a sentence.
    pub note: Option<String>,
    /// When the score was accepted, in milliseconds since 1970.
    pub created_at: i64,
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
    /// The newer delivery that took its place.
    pub superseded_by: Option<String>,
    /// Whether it was not sent because the platform has this already.
    pub deduplicated: bool,
}

impl DeliveryRow {
    /// Its lane.
    pub fn lane_key(&self) -> LaneKey {
        LaneKey {
            lane: self.lane.clone(),
            platform_id: self.platform_id.clone(),
            user_key: self.user_key.clone(),
        }
    }
}

/// A delivery to be stored.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// Its row. What only an attempt changes is not looked at.
    pub row: DeliveryRow,
    /// When the row goes, in milliseconds since 1970, if the delivery has ended already.
    pub delete_at: Option<i64>,
}

/// Stores a delivery. The same transaction must have entered its lane ([`enter`]), and stores its job unless it has ended.
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

/// Removes up to `most` deliveries that ended long enough ago; gives how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, DELETE, now_ms, most)
}
