//! The line item of a score: found by address or handle, and read if the score lacks a maximum.

use jiff::Timestamp;
use lti::ags::{LINE_ITEM, LineItem, NewLineItem, Score};
use lti::claims::scope;
use serde_json::{Number, Value};
use url::Url;

use super::Deliveries;
use super::attempting::{AttemptEnd, AttemptFate, DeliveryAttempt, Halt};
use super::details::{DeliveryTarget, ScoreHandle, address};
use super::failure::{JudgedFailure, judged};
use super::handles::{AskedHandle, NoLineItem};
use super::rules::body::ScoreBody;
use super::rules::facts::ScoreFacts;
use super::rules::reason::DeliveryReason;
use super::rules::vendor::Vendor;
use super::rules::verdict::ScoreVerdict;
use crate::services::call::Call;
use crate::services::line_item::{LineItemPut, read_line_item};
use crate::settings::grades::LineItemGone;

/// Why a line item has to be read.
const NO_MAXIMUM: &str = "the score has no scoreMaximum, and the line item may not be read";
const NOT_IN_STEP: &str =
    "the score says syncLineItem, and the line item may not be read or changed";
/// The remark about a score for a line item whose deadline has passed (GR-19).
const ENDED: &str = "The line item's end is over, and the score doesn't say when the work was submitted: it may count as late. \
                     Send submission.submittedAt with scores.";

impl Deliveries {
    /// The score's destination, and remarks about it. Adds the line item's maximum to the score if
    /// it has none.
    pub(super) async fn line_item(
        &self,
        of: &DeliveryAttempt,
        score: &mut Score,
    ) -> Result<(Url, Option<&'static str>), Halt> {
        let url = match &of.details.target {
            DeliveryTarget::LineItem(url) => {
                let url = address(url)?;
                self.in_step(of, &url, score).await?;
                url
            }
            DeliveryTarget::Handle(handle) => {
                let Some(finder) = &self.handles else {
                    let refused = AttemptFate::Refused(DeliveryReason::LineItemGone);
                    return Err(AttemptEnd::new(refused, "not sent").into());
                };
                let found = finder.find(asked_handle(of, handle)).await;
                let found = found.map_err(|none| without_line_item(of.vendor, none))?;
                if let (true, Some(maximum)) = (score.needs_maximum(), found.score_maximum) {
                    score.set_maximum(maximum);
                }
                found.url
            }
        };
        if score.needs_maximum() {
            let known = self.read_line_item(of, &url, NO_MAXIMUM).await?;
            let maximum = known.score_maximum().ok_or_else(|| {
                let refused = AttemptFate::Refused(DeliveryReason::Other);
                let said = "the score has no scoreMaximum, and the line item has none either";
                AttemptEnd::new(refused, "not sent").saying(said.to_owned())
            })?;
            score.set_maximum(maximum);
        }
        let warning = self.has_ended(of, &url, score).await.then_some(ENDED);
        Ok((url, warning))
    }

    /// Whether the work may count as late, because the score has no submission time (GR-19). The
    /// line item is read only from time to time; if it can't be read, there is no remark.
    async fn has_ended(&self, of: &DeliveryAttempt, url: &Url, score: &Score) -> bool {
        let facts = ScoreFacts::new(score.members(), &of.details.options);
        if facts.given().is_none() || facts.submitted_at().is_some() {
            return false;
        }
        let key = self.keys.line_item(&of.platform.id, url.as_str());
        let end = match self.ends.get(&key) {
            Some(end) => end,
            None => {
                let read = self.read_line_item(of, url, "").await;
                let end = read.ok().as_ref().and_then(end_of);
                self.ends.insert(key, end);
                end
            }
        };
        end.is_some_and(|end| end < of.row.created_at)
    }

    /// Another destination for a score whose line item the platform no longer knows: the line item
    /// that has its handle now, or a new one if the settings allow that (GR-24).
    pub(super) async fn elsewhere(
        &self,
        of: &DeliveryAttempt,
        end: &AttemptEnd,
        body: &ScoreBody,
    ) -> Result<Option<String>, Halt> {
        let is_gone = matches!(end.fate, AttemptFate::Refused(DeliveryReason::LineItemGone));
        if !is_gone {
            return Ok(None);
        }
        let url = address(&body.line_item)?;
        let (Some(finder), DeliveryTarget::Handle(handle)) = (&self.handles, &of.details.target)
        else {
            return match self.is_there(of, &url).await? {
                true => Err(unknown_user(end).into()),
                false => Ok(None),
            };
        };
        let may_create = of.settings.line_item_gone == LineItemGone::Recreate;
        let found = finder.gone(asked_handle(of, handle), url.clone(), may_create);
        let found = found.await;
        match found.map_err(|none| without_line_item(of.vendor, none))? {
            None => Ok(None),
            Some(found) if found.url == url => Err(unknown_user(end).into()),
            Some(found) => Ok(Some(found.url.into())),
        }
    }

    /// Whether the platform has the line item. If we may not read it, we can't know, and believe
    /// the platform.
    async fn is_there(&self, of: &DeliveryAttempt, url: &Url) -> Result<bool, Halt> {
        let Some(scope) = reading(of) else {
            return Ok(false);
        };
        let call = Call::get(url, scope, LINE_ITEM);
        let Err(failure) = self.client.try_send(&of.platform, &call).await else {
            return Ok(true);
        };
        let judged = judged(of.vendor, &failure);
        match judged.verdict {
            ScoreVerdict::Refused(_) => Ok(false),
            ScoreVerdict::Unknown => Err(AttemptEnd::not_taken(judged.note).into()),
            _ => Err(AttemptEnd::failed(judged).into()),
        }
    }

    /// Changes the line item's maximum to the score's, if requested (GR-25): reads it, changes it,
    /// and writes it back whole.
    async fn in_step(&self, of: &DeliveryAttempt, url: &Url, score: &Score) -> Result<(), Halt> {
        let wanted = score.members().get("scoreMaximum").cloned();
        let (true, Some(Value::Number(wanted))) = (of.details.options.sync_line_item, wanted)
        else {
            return Ok(());
        };
        let known = self.read_line_item(of, url, NOT_IN_STEP).await?;
        let Some(item) = with_maximum(known, wanted) else {
            return Ok(());
        };
        let may_write = of.scopes().any(|one| one == scope::LINE_ITEM);
        if !may_write {
            let refused = AttemptEnd::refused(DeliveryReason::ScopeMissing);
            return Err(refused.saying(NOT_IN_STEP.to_owned()).into());
        }
        let put = LineItemPut {
            url,
            item: &item,
            spelling: of.vendor.spelling(),
        };
        let answer = self.client.put_line_item(&of.platform, &put).await;
        answer.map_err(|failure| no_score_left(judged(of.vendor, &failure)))?;
        Ok(())
    }

    async fn read_line_item(
        &self,
        of: &DeliveryAttempt,
        url: &Url,
        why: &'static str,
    ) -> Result<LineItem, Halt> {
        let scope = reading(of).ok_or_else(|| {
            AttemptEnd::refused(DeliveryReason::ScopeMissing).saying(why.to_owned())
        })?;
        let call = Call::get(url, scope, LINE_ITEM);
        let answer = self.client.try_send(&of.platform, &call).await;
        let answer = answer.map_err(|failure| no_score_left(judged(of.vendor, &failure)))?;
        let item = read_line_item(&answer.body, Some(url));
        let unreadable = || AttemptEnd::new(AttemptFate::NotTaken, "unreadable");
        Ok(item.ok_or_else(unreadable)?)
    }
}

/// The scope for reading line items, if granted.
fn reading(of: &DeliveryAttempt) -> Option<&'static str> {
    let reading = [scope::LINE_ITEM_READONLY, scope::LINE_ITEM];
    let is_granted = |wanted: &&str| of.scopes().any(|one| one == *wanted);
    reading.into_iter().find(is_granted)
}

/// The platform has the line item, so it is the person that it doesn't know, or doesn't know yet:
/// rosters lag behind.
fn unknown_user(end: &AttemptEnd) -> AttemptEnd {
    AttemptEnd {
        note: end.note.clone(),
        ..AttemptEnd::new(AttemptFate::Held(DeliveryReason::UserUnknown), "refused")
    }
}

/// A line item with another maximum; `None` if it already has this one.
fn with_maximum(item: LineItem, wanted: Number) -> Option<NewLineItem> {
    let is_same = |now: Number| now.as_f64() == wanted.as_f64();
    if item.score_maximum().is_some_and(is_same) {
        return None;
    }
    let mut members = item.into_members();
    members.insert("scoreMaximum".into(), wanted.into());
    // A line item that can't be written back unchanged is left alone.
    NewLineItem::read(Value::Object(members)).ok()
}

/// The outcome of a request that doesn't affect scores.
fn no_score_left(judged: JudgedFailure) -> AttemptEnd {
    match judged.verdict {
        ScoreVerdict::Unknown => AttemptEnd::not_taken(judged.note),
        _ => AttemptEnd::failed(judged),
    }
}

/// When a line item stops accepting work, in milliseconds since 1970.
fn end_of(item: &LineItem) -> Option<i64> {
    let end: Timestamp = item.text("endDateTime")?.parse().ok()?;
    Some(end.as_millisecond())
}

fn asked_handle(of: &DeliveryAttempt, handle: &ScoreHandle) -> AskedHandle {
    AskedHandle {
        tool_id: of.row.tool_id.clone(),
        platform: of.platform.clone(),
        place: of.details.place.clone(),
        handle: handle.clone(),
    }
}

fn without_line_item(vendor: Vendor, none: NoLineItem) -> AttemptEnd {
    match none {
        NoLineItem::Refused(reason, said) => {
            AttemptEnd::new(AttemptFate::Refused(reason), "not sent").saying(said)
        }
        NoLineItem::Held(reason, said) => {
            AttemptEnd::new(AttemptFate::Held(reason), "not sent").saying(said)
        }
        NoLineItem::NotNow(said) => AttemptEnd::new(AttemptFate::NotTried, "not sent").saying(said),
        NoLineItem::Failed(failure) => no_score_left(judged(vendor, &failure)),
    }
}
