//! The line item of a score: found by its address or its name, and asked for its maximum if the score has none.

use jiff::Timestamp;
use lti::ags::{LINE_ITEM, LineItem, Score};
use lti::claims::scope;
use lti::json::mended_value;
use url::Url;

use super::Deliveries;
use super::attempting::{AttemptEnd, AttemptFate, Attempting, Halt};
use super::details::{DeliveryTarget, ScoreHandle, address};
use super::failure::judged;
use super::handles::{AskedHandle, NoLineItem};
use super::rules::body::ScoreBody;
use super::rules::facts::ScoreFacts;
use super::rules::reason::DeliveryReason;
use super::rules::vendor::Vendor;
use super::rules::verdict::ScoreVerdict;
use crate::services::call::Call;
use crate::settings::grades::LineItemGone;

/// Of a score for a line item whose end is over (GR-19).
const ENDED: &str = "The line item's end is over, and the score doesn't say when the work was submitted: it may count as late. \
                     Send submission.submittedAt with scores.";

impl Deliveries {
    /// Where the score goes, and what is to be known of that. It gets the line item's maximum if it has none.
    pub(super) async fn line_item(
        &self,
        of: &Attempting,
        score: &mut Score,
    ) -> Result<(Url, Option<&'static str>), Halt> {
        let mut warning = None;
        let url = match &of.details.target {
            DeliveryTarget::LineItem(url) => address(url)?,
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
            let known = self.read_line_item(of, &url).await?;
            let maximum = known.score_maximum().ok_or_else(|| {
                let refused = AttemptFate::Refused(DeliveryReason::Other);
                let said = "the score has no scoreMaximum, and the line item has none either";
                AttemptEnd::new(refused, "not sent").saying(said.to_owned())
            })?;
            score.set_maximum(maximum);
            let facts = ScoreFacts::new(score.members(), &of.details.options);
            let is_over = has_ended(&known, of.row.created_at);
            warning = (is_over && facts.submitted_at().is_none()).then_some(ENDED);
        }
        Ok((url, warning))
    }

    /// Where a score goes whose line item the platform doesn't know any more, if another has its handle now, or the settings
    /// say to create it again (GR-24).
    pub(super) async fn elsewhere(
        &self,
        of: &Attempting,
        end: &AttemptEnd,
        body: &ScoreBody,
    ) -> Result<Option<String>, Halt> {
        let is_gone = matches!(end.fate, AttemptFate::Refused(DeliveryReason::LineItemGone));
        let (true, Some(finder), DeliveryTarget::Handle(handle)) =
            (is_gone, &self.handles, &of.details.target)
        else {
            return Ok(None);
        };
        let may_create = of.settings.line_item_gone == LineItemGone::Recreate;
        let url = address(&body.line_item)?;
        let found = finder.gone(asked_handle(of, handle), url.clone(), may_create);
        let found = found.await;
        match found.map_err(|none| without_line_item(of.vendor, none))? {
            None => Ok(None),
            Some(found) if found.url == url => {
                // It is the person that the platform doesn't know.
                let unknown = AttemptFate::Refused(DeliveryReason::UserUnknown);
                let unknown = AttemptEnd {
                    note: end.note.clone(),
                    ..AttemptEnd::new(unknown, "refused")
                };
                Err(unknown.into())
            }
            Some(found) => Ok(Some(found.url.into())),
        }
    }

    async fn read_line_item(&self, of: &Attempting, url: &Url) -> Result<LineItem, Halt> {
        let reading = [scope::LINE_ITEM_READONLY, scope::LINE_ITEM];
        let scope = reading
            .into_iter()
            .find(|wanted| of.scopes().any(|one| one == *wanted));
        let scope = scope.ok_or_else(|| {
            let refused = AttemptFate::Refused(DeliveryReason::ScopeMissing);
            let said = "the score has no scoreMaximum, and the line item may not be read";
            AttemptEnd::new(refused, "not sent").saying(said.to_owned())
        })?;
        let call = Call::get(url, scope, LINE_ITEM);
        let answer = self.client.try_send(&of.platform, &call).await;
        let answer = answer.map_err(|failure| {
            let judged = judged(of.vendor, &failure);
            match judged.verdict {
                // Reading changes nothing.
                ScoreVerdict::Unknown => AttemptEnd::not_taken(judged.note),
                _ => AttemptEnd::failed(judged),
            }
        })?;
        let item = mended_value(&answer.body).ok().and_then(|mut item| {
            let members = item.as_object_mut()?;
            members.insert("id".into(), url.as_str().into());
            LineItem::read(item)
        });
        let unreadable = || AttemptEnd::new(AttemptFate::NotTaken, "unreadable");
        Ok(item.ok_or_else(unreadable)?)
    }
}

/// Whether a line item took work no longer at a time, in milliseconds since 1970.
fn has_ended(item: &LineItem, at_ms: i64) -> bool {
    let end: Option<Timestamp> = item.text("endDateTime").and_then(|end| end.parse().ok());
    end.is_some_and(|end| end.as_millisecond() < at_ms)
}

fn asked_handle(of: &Attempting, handle: &ScoreHandle) -> AskedHandle {
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
        NoLineItem::Failed(failure) => {
            let judged = judged(vendor, &failure);
            match judged.verdict {
                // No score left.
                ScoreVerdict::Unknown => AttemptEnd::not_taken(judged.note),
                _ => AttemptEnd::failed(judged),
            }
        }
    }
}
