//! Holds and releases any number of deliveries in pieces: the first together with the switch that
//! causes it, the others in separate transactions. A platform's switches run one after the other
//! (docs/decisions/0385-scores-are-stopped-in-pieces.md).

use super::hold::{hold, outlast, release, release_admitted};
use super::part::{AcceptedSpan, HeldPart};
use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    PUT = "INSERT INTO delivery_switches (platform_id, number, part, part_id, active, stopped_at, switched_at, done_until) \
           VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM delivery_switches WHERE platform_id = $1), \
           $2, $3, $4, $5, $6, $7)";
    FIRST = "SELECT number, part, part_id, active, stopped_at, switched_at, done_until FROM delivery_switches \
             WHERE platform_id = $1 ORDER BY number LIMIT 1";
    ADVANCE = "UPDATE delivery_switches SET done_until = $3 WHERE platform_id = $1 AND number = $2";
    DONE = "DELETE FROM delivery_switches WHERE platform_id = $1 AND number = $2";
    PLATFORMS = "SELECT DISTINCT platform_id FROM delivery_switches";
    PIECE = "SELECT created_at FROM score_deliveries WHERE waiting_for = $1 AND created_at > $2 \
             ORDER BY created_at LIMIT 1 OFFSET $3";
}

/// How many deliveries are held or released together with the switch itself. More would block
/// SQLite's writer, and launches with it.
const AT_ONCE: i64 = 500;
/// Before any delivery.
const BEGINNING: i64 = i64::MIN;

/// An unfinished switch.
#[derive(Clone, Debug, sqlx::FromRow)]
struct SwitchRow {
    number: i64,
    part: String,
    part_id: String,
    active: bool,
    /// Since when the platform had been inactive.
    stopped_at: Option<i64>,
    switched_at: i64,
    /// Deliveries accepted up to this time are done.
    done_until: i64,
}

impl SwitchRow {
    fn new(what: &HeldPart, active: bool, stopped_at: Option<i64>, now_ms: i64) -> Self {
        Self {
            number: 0,
            part: what.kind().to_owned(),
            part_id: what.ids().1.to_owned(),
            active,
            stopped_at,
            switched_at: now_ms,
            done_until: BEGINNING,
        }
    }

    /// Switches the next `most` deliveries. Returns up to which time of acceptance they are done;
    /// `None` if there are no more.
    async fn piece(
        &self,
        tx: &mut Tx<'_>,
        platform_id: &str,
        most: i64,
    ) -> Result<Option<i64>, StoreError> {
        let what = HeldPart::of(&self.part, platform_id, &self.part_id)?;
        let (after, now_ms) = (self.done_until, self.switched_at);
        // Those accepted in the same millisecond stay together.
        let skipped = most.saturating_sub(1).max(0);
        let end = fetch!(optional, tx, (i64,), PIECE, platform_id, after, skipped)?;
        let end = end.map(|(end,)| end);
        let until = end.unwrap_or(i64::MAX);
        let (of, are_first) = (AcceptedSpan { after, until }, after == BEGINNING);
        if !self.active {
            hold(tx, &what, of, now_ms).await?;
            return Ok(end);
        }
        if let Some(stopped_at) = self.stopped_at {
            outlast(tx, platform_id, of, stopped_at, now_ms).await?;
        }
        release(tx, &what, of, are_first, now_ms).await?;
        if matches!(what, HeldPart::Platform(_)) {
            // Waiting deployments were activated with it.
            release_admitted(tx, platform_id, of, are_first, now_ms).await?;
        }
        Ok(end)
    }

    async fn put(self, tx: &mut Tx<'_>, platform_id: &str) -> Result<(), StoreError> {
        execute!(
            one,
            tx,
            PUT,
            platform_id,
            self.part,
            self.part_id,
            self.active,
            self.stopped_at,
            self.switched_at,
            self.done_until
        )
    }
}

/// Holds or releases the deliveries of a part: the first ones now, all others when [`go_on`] is
/// called. If the platform had been inactive since `stopped_at`, deliveries that were waiting for
/// something else get that time in addition. The platform's row must be locked.
///
/// # Errors
/// The store failed.
pub async fn switch(
    tx: &mut Tx<'_>,
    what: &HeldPart,
    active: bool,
    stopped_at: Option<i64>,
    now_ms: i64,
) -> Result<(), StoreError> {
    let (platform_id, _) = what.ids();
    let mut row = SwitchRow::new(what, active, stopped_at, now_ms);
    // After an unfinished switch, the deliveries aren't yet as that switch will leave them.
    if first(tx, platform_id).await?.is_none() {
        match row.piece(tx, platform_id, AT_ONCE).await? {
            Some(end) => row.done_until = end,
            None => return Ok(()),
        }
    }
    row.put(tx, platform_id).await
}

/// Continues a platform's unfinished switches with about `most` deliveries; fewer than `most` means
/// that none are left. The platform's row must be locked.
///
/// # Errors
/// The store failed.
pub async fn go_on(tx: &mut Tx<'_>, platform_id: &str, most: i64) -> Result<u64, StoreError> {
    let Some(row) = first(tx, platform_id).await? else {
        return Ok(0);
    };
    match row.piece(tx, platform_id, most).await? {
        Some(end) => execute!(one, tx, ADVANCE, platform_id, row.number, end)?,
        None => execute!(one, tx, DONE, platform_id, row.number)?,
    }
    Ok(most.unsigned_abs())
}

/// Whether a platform has an unfinished switch.
///
/// # Errors
/// The store failed.
pub async fn is_switching(tx: &mut Tx<'_>, platform_id: &str) -> Result<bool, StoreError> {
    Ok(first(tx, platform_id).await?.is_some())
}

/// Platforms with an unfinished switch.
///
/// # Errors
/// The store failed.
pub async fn switching_platforms(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let found = fetch!(all, tx, (String,), PLATFORMS)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The oldest unfinished switch of a platform.
async fn first(tx: &mut Tx<'_>, platform_id: &str) -> Result<Option<SwitchRow>, StoreError> {
    fetch!(optional, tx, SwitchRow, FIRST, platform_id)
}
