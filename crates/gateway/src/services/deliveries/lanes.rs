//! How deliveries use lanes: what was last delivered, which delivery replaces which, and what is
//! recorded about a score that was sent.
//!
//! A score with a handle has a separate lane until the address of the line item is known. Its
//! outcome is recorded in both lanes, so that scores sent either way take each other into account.

use std::collections::HashMap;

use store::deliveries::{self, DeliveryRow, LaneKey};
use store::{StoreError, Tx};

use super::details::{
    DeliveryDetails, DeliveryTarget, open_body, open_details, open_last, seal_last,
};
use super::not_accepted::LastError;
use super::rules::acceptance::takes_place_of;
use super::rules::body::ScoreBody;
use super::rules::facts::ScoreFacts;
use super::rules::last::LastDelivered;
use super::rules::taken::{LaneTurn, TriedScore};
use super::{Deliveries, REMEMBERED_MS};

/// What to record about a score that was sent, and in which lanes.
#[derive(Clone)]
pub(super) struct LastNote {
    /// Sorted by name, so that two transactions that write to several lanes can't deadlock.
    pub lanes: Vec<LaneKey>,
    pub tried: TriedScore,
    pub fate: NotedFate,
    pub now_ms: i64,
}

/// The outcome, as far as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotedFate {
    /// It is being sent at once.
    Leaving,
    /// The platform has it.
    Taken,
    /// The platform may have it.
    Unknown,
    /// The platform certainly doesn't have it.
    NotTaken,
}

impl LastNote {
    fn added_to(&self, last: LastDelivered) -> LastDelivered {
        match self.fate {
            NotedFate::Leaving => last.may_get(&self.tried),
            NotedFate::Taken => last.took(&self.tried, self.now_ms),
            NotedFate::Unknown => last.may_have(&self.tried),
            NotedFate::NotTaken => last.has_not(&self.tried.turn),
        }
    }
}

/// A delivery's place in the order of acceptance.
pub(super) fn turn_of(row: &DeliveryRow) -> LaneTurn {
    LaneTurn {
        lane: row.lane.clone(),
        seq: row.seq,
        accepted_ms: row.created_at,
    }
}

impl Deliveries {
    /// The last delivery, according to the first of these lanes that knows one; the lane of the
    /// address comes first.
    pub(super) async fn last_in(
        &self,
        tx: &mut Tx<'_>,
        lanes: &[String],
    ) -> Result<Option<LastDelivered>, LastError> {
        let mut found = None;
        for lane in lanes {
            let Some(sealed) = deliveries::last(tx, lane).await? else {
                continue;
            };
            let last = open_last(&self.rows, lane, &sealed).map_err(LastError::NotReadable)?;
            if last.is_known() {
                return Ok(Some(last));
            }
            found = found.or(Some(last));
        }
        Ok(found)
    }

    /// The same, from data read for many lanes ([`deliveries::lasts`]).
    pub(super) fn last_among(
        &self,
        read: &HashMap<String, Vec<u8>>,
        lanes: &[String],
    ) -> Result<Option<LastDelivered>, LastError> {
        let mut found = None;
        for lane in lanes {
            let Some(sealed) = read.get(lane) else {
                continue;
            };
            let last = open_last(&self.rows, lane, sealed).map_err(LastError::NotReadable)?;
            if last.is_known() {
                return Ok(Some(last));
            }
            found = found.or(Some(last));
        }
        Ok(found)
    }

    /// The last delivery to the same destination as this one. What may have arrived of this one
    /// itself is left out, as long as its own row and its body say the same.
    pub(super) async fn last_of(
        &self,
        row: &DeliveryRow,
        line_item: &str,
        user: &str,
    ) -> Result<Option<LastDelivered>, LastError> {
        let lanes = self.lanes_to(row, Some(line_item), user);
        let mut reader = self.db.read().await?;
        let last = self.last_in(&mut reader.tx(), &lanes).await?;
        let is_told = row.unsure && row.body_sealed.is_some();
        Ok(match last {
            Some(last) if is_told => Some(last.has_not(&turn_of(row))),
            last => last,
        })
    }

    /// The last delivery to this line item alone: the delivery's own lane may be another one's.
    pub(super) async fn last_at(
        &self,
        row: &DeliveryRow,
        line_item: &str,
        user: &str,
    ) -> Result<Option<LastDelivered>, LastError> {
        let lane = self.lane(&row.platform_id, line_item, user).lane;
        let mut reader = self.db.read().await?;
        self.last_in(&mut reader.tx(), &[lane]).await
    }

    /// The lane of the address, if known, and the delivery's own.
    pub(super) fn lanes_to(
        &self,
        row: &DeliveryRow,
        line_item: Option<&str>,
        user: &str,
    ) -> Vec<String> {
        let there = line_item.map(|url| self.lane(&row.platform_id, url, user).lane);
        let mut lanes: Vec<String> = there.into_iter().collect();
        lanes.push(row.lane.clone());
        lanes.dedup();
        lanes
    }

    /// The same, from the delivery's stored data.
    pub(super) fn lanes_of(&self, row: &DeliveryRow) -> Vec<String> {
        let Ok(details) = open_details(&self.rows, row) else {
            return vec![row.lane.clone()];
        };
        let body = open_body(&self.rows, row).ok().flatten();
        let line_item = line_item_of(&details, body.as_ref());
        self.lanes_to(row, line_item, &details.user)
    }

    /// The newest of the waiting deliveries. One that can't be read is never sent.
    pub(super) fn newest_readable(&self, waiting: &[DeliveryRow]) -> Option<DeliveryDetails> {
        let mut newest_first = waiting.iter().rev();
        newest_first.find_map(|row| open_details(&self.rows, row).ok())
    }

    /// Whether a score replaces a delivery that is waiting before it.
    pub(super) fn replaces(&self, new: ScoreFacts<'_>, older: &DeliveryRow) -> bool {
        if !new.options().only_if_higher {
            return true;
        }
        // One that can't be read ends for that reason.
        let older = open_details(&self.rows, older);
        older.is_ok_and(|older| takes_place_of(new, ScoreFacts::new(&older.score, &older.options)))
    }

    /// The id of the newer waiting delivery that replaces this one, if any.
    pub(super) async fn replaced_by(
        &self,
        tx: &mut Tx<'_>,
        row: &DeliveryRow,
    ) -> Result<Option<String>, StoreError> {
        let waiting = deliveries::unfinished(tx, &row.lane).await?;
        for newer in waiting.iter().rev().filter(|one| one.seq > row.seq) {
            // One that can't be read ends for that reason, and replaces nothing.
            let Ok(details) = open_details(&self.rows, newer) else {
                continue;
            };
            let score = ScoreFacts::new(&details.score, &details.options);
            if self.replaces(score, row) {
                return Ok(Some(newer.id.clone()));
            }
        }
        Ok(None)
    }

    /// What to record about a delivery that was sent, or may have been.
    pub(super) fn note_of(
        &self,
        row: &DeliveryRow,
        details: &DeliveryDetails,
        body: Option<&ScoreBody>,
        fate: NotedFate,
    ) -> LastNote {
        let mut lanes = vec![row.lane_key()];
        if let Some(url) = line_item_of(details, body) {
            let there = self.lane(&row.platform_id, url, &details.user);
            if there.lane != row.lane {
                lanes.push(there);
            }
        }
        lanes.sort_unstable_by(|one, other| one.lane.cmp(&other.lane));
        let accepted = ScoreFacts::new(&details.score, &details.options);
        LastNote {
            lanes,
            tried: TriedScore {
                turn: turn_of(row),
                members: body.map_or(&details.score, |body| &body.score).clone(),
                options: details.options.clone(),
                work: match body {
                    Some(body) => body.work.clone(),
                    None => Some(accepted.work(&row.id)),
                },
                has_comment: accepted.comment().is_some(),
                time_ms: body.map_or(row.created_at, ScoreBody::time_ms),
            },
            fate,
            now_ms: self.clock.now_ms(),
        }
    }

    /// What to record about a delivery that ends although it may have arrived; `None` if it
    /// certainly didn't.
    pub(super) fn note_of_unsure(&self, row: &DeliveryRow) -> Option<LastNote> {
        if !row.unsure {
            return None;
        }
        let details = open_details(&self.rows, row).ok()?;
        let body = open_body(&self.rows, row).ok().flatten();
        Some(self.note_of(row, &details, body.as_ref(), NotedFate::Unknown))
    }

    /// Writes the record. One that can't be read stays: it keeps every later score of its lane from
    /// being sent.
    pub(super) async fn note(&self, tx: &mut Tx<'_>, note: &LastNote) -> Result<(), StoreError> {
        let forget_at = note.now_ms.saturating_add(REMEMBERED_MS);
        let names: Vec<String> = note.lanes.iter().map(|key| key.lane.clone()).collect();
        // A new lane starts with what the other one knows.
        let before = match names.len() {
            1 => None,
            _ => match self.last_in(tx, &names).await {
                Err(LastError::NotReadable(_)) => None,
                found => found?,
            },
        };
        let begun = note.added_to(before.unwrap_or_default());
        for key in &note.lanes {
            let sealed = seal_last(&self.rows, &key.lane, &begun)?;
            let stands = deliveries::hold_last(tx, key, &sealed, forget_at).await?;
            if stands != sealed {
                let last = match open_last(&self.rows, &key.lane, &stands) {
                    Ok(last) => last,
                    Err(error) => {
                        tracing::error!(%error, "the record of a last score can't be read");
                        continue;
                    }
                };
                let sealed = seal_last(&self.rows, &key.lane, &note.added_to(last))?;
                deliveries::set_last(tx, &key.lane, sealed).await?;
            }
        }
        Ok(())
    }
}

/// The address of a delivery's line item, if known.
fn line_item_of<'a>(details: &'a DeliveryDetails, body: Option<&'a ScoreBody>) -> Option<&'a str> {
    match (body, &details.target) {
        (Some(body), _) => Some(&body.line_item),
        (None, DeliveryTarget::LineItem(url)) => Some(url),
        (None, DeliveryTarget::Handle(_)) => None,
    }
}
