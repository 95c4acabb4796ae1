//! One attempt at a delivery: from its row to what came of it. Nothing of the outcome is written here.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use lti::ags::{self, LINE_ITEM, LineItem, SCORE, Score};
use lti::claims::scope;
use lti::json::mended_value;
use serde_json::Value;
use store::StoreError;
use store::deliveries::{self, Began, DeliveryRow};
use tokio::time::sleep;
use url::Url;

use super::Deliveries;
use super::details::{self, DeliveryDetails, DeliveryTarget, ScoreHandle};
use super::failure::{JudgedFailure, judged};
use super::handles::{AskedHandle, NoLineItem};
use super::rules::before::{SendingStep, Situation};
use super::rules::body::{self, BodyParts, ScoreBody};
use super::rules::facts::ScoreFacts;
use super::rules::last::LastDelivered;
use super::rules::reason::DeliveryReason;
use super::rules::vendor::Vendor;
use super::rules::verdict::ScoreVerdict;
use crate::directory::platforms::Platform;
use crate::jobs::AttemptNote;
use crate::services::call::Call;
use crate::settings::grades::{GradeSettings, LineItemGone, OverMaximum};

/// Until a platform that counts whole seconds takes another score (lti.md F-30).
const NEXT_SECOND: Duration = Duration::from_millis(1050);

/// A delivery that is tried.
pub(super) struct Attempting {
    pub row: DeliveryRow,
    pub details: DeliveryDetails,
    /// What was last delivered in its lane.
    pub last: Option<LastDelivered>,
    pub platform: Arc<Platform>,
    pub settings: GradeSettings,
    pub vendor: Vendor,
}

impl Attempting {
    fn over_maximum(&self) -> OverMaximum {
        let own = self.platform.grades.over_maximum;
        own.unwrap_or_else(|| self.vendor.over_maximum())
    }

    /// What may be asked for.
    pub(super) fn scopes(&self) -> impl Iterator<Item = &str> {
        let grades = self.details.place.grades.iter();
        grades.flat_map(|grades| grades.scopes.iter().map(String::as_str))
    }
}

/// What came of an attempt.
pub(super) struct AttemptEnd {
    pub fate: AttemptFate,
    pub note: AttemptNote,
    /// What else is to be known of the delivery from now on.
    pub remark: Option<String>,
}

/// What becomes of the delivery.
pub(super) enum AttemptFate {
    /// The platform has it, and why it may show something else nevertheless.
    Delivered(Box<ScoreBody>, Option<DeliveryReason>),
    /// It is not sent, and need not be.
    Superseded(DeliveryReason),
    /// The platform won't take it.
    Refused(DeliveryReason),
    /// It waits for somebody.
    Held(DeliveryReason),
    /// It was too much for the platform.
    Throttled(Duration),
    /// It surely wasn't taken.
    NotTaken,
    /// It may have been taken.
    Unknown,
    /// It was not tried, for a reason of ours.
    NotTried,
    /// It ended meanwhile.
    Nothing,
}

/// Why an attempt goes no further.
pub(super) enum Halt {
    /// The store failed.
    Store(StoreError),
    /// It has an end.
    End(Box<AttemptEnd>),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<AttemptEnd> for Halt {
    fn from(end: AttemptEnd) -> Self {
        Self::End(Box::new(end))
    }
}

impl AttemptEnd {
    fn new(fate: AttemptFate, outcome: &'static str) -> Self {
        Self {
            fate,
            note: AttemptNote {
                outcome,
                ..AttemptNote::default()
            },
            remark: None,
        }
    }

    /// It is not sent, and won't be.
    pub(super) fn refused(reason: DeliveryReason) -> Self {
        Self::new(AttemptFate::Refused(reason), "not sent")
    }

    /// The platform has it.
    fn delivered(body: ScoreBody, reason: Option<DeliveryReason>, outcome: &'static str) -> Self {
        Self::new(AttemptFate::Delivered(Box::new(body), reason), outcome)
    }

    fn answered(self, status: u16) -> Self {
        Self {
            note: AttemptNote {
                status: Some(status),
                ..self.note
            },
            ..self
        }
    }

    fn saying(self, said: String) -> Self {
        Self {
            note: AttemptNote {
                said: Some(said),
                ..self.note
            },
            ..self
        }
    }

    fn remarking(self, remark: impl Into<String>) -> Self {
        Self {
            remark: Some(remark.into()),
            ..self
        }
    }

    /// With what was to be known before, unless there is something newer.
    fn still_remarking(self, before: Option<String>) -> Self {
        Self {
            remark: self.remark.or(before),
            ..self
        }
    }

    /// The platform couldn't be asked what stands in its gradebook.
    pub(super) fn not_taken(note: AttemptNote) -> Self {
        Self {
            fate: AttemptFate::NotTaken,
            note,
            remark: None,
        }
    }

    /// A request came to nothing.
    pub(super) fn failed(judged: JudgedFailure) -> Self {
        let fate = match judged.verdict {
            _ if judged.is_ours => AttemptFate::NotTried,
            ScoreVerdict::Throttled(pause) => AttemptFate::Throttled(pause),
            ScoreVerdict::Refused(reason) => AttemptFate::Refused(reason),
            ScoreVerdict::NotTaken => AttemptFate::NotTaken,
            ScoreVerdict::Unknown => AttemptFate::Unknown,
        };
        Self {
            fate,
            note: judged.note,
            remark: None,
        }
    }
}

impl Deliveries {
    /// Tries a delivery.
    pub(super) async fn attempt(&self, of: &Attempting) -> Result<AttemptEnd, Halt> {
        let last = of.last.as_ref();
        let (body, remark) = match details::open_body(&self.rows, &of.row)? {
            Some(body) => (body, of.row.note.clone()),
            None => self.made(of).await?,
        };
        let line_item = address(&body.line_item)?;
        let situation = Situation {
            score: ScoreFacts::new(&body.score, &of.details.options),
            last,
            is_unsure: of.row.unsure,
            teacher_wins: of.settings.teacher_wins,
            platform_knows: of.vendor.keeps_teachers_grade(),
        };
        let step = match situation.needs_reading() {
            true => situation.step(&self.read_back(of, &line_item).await?),
            false => SendingStep::Send,
        };
        let superseded = |reason| AttemptEnd::new(AttemptFate::Superseded(reason), "not sent");
        let end = match step {
            SendingStep::Send => return self.send(of, body, None, remark).await,
            SendingStep::SendAgain {
                comment_may_be_there,
            } => {
                let again = body.once_more(comment_may_be_there);
                let remark = again_remark(&body, &again).or(remark);
                return self.send(of, body, Some(again), remark).await;
            }
            SendingStep::Confirmed => AttemptEnd::delivered(body, None, "confirmed")
                .remarking("The answer to it was lost; the gradebook shows that it arrived."),
            SendingStep::OverriddenSince => {
                AttemptEnd::delivered(body, Some(DeliveryReason::OverriddenSince), "overridden")
            }
            SendingStep::Overridden => {
                let refused = AttemptFate::Refused(DeliveryReason::OverriddenByTeacher);
                AttemptEnd::new(refused, "not sent")
            }
            SendingStep::AlreadyGraded => superseded(DeliveryReason::AlreadyGraded),
            SendingStep::NotHigher => superseded(DeliveryReason::NotHigher),
        };
        Ok(end.still_remarking(remark))
    }

    /// Makes the bytes, with what else is to be known of them.
    async fn made(&self, of: &Attempting) -> Result<(ScoreBody, Option<String>), Halt> {
        let mut score = Score::read(Value::Object(of.details.score.clone())).map_err(|_| {
            AttemptEnd::new(
                AttemptFate::Refused(DeliveryReason::NotReadable),
                "not sent",
            )
        })?;
        let line_item = self.line_item(of, &mut score).await?;
        let parts = BodyParts {
            delivery: &of.row.id,
            score,
            options: &of.details.options,
            vendor: of.vendor,
            over_maximum: of.over_maximum(),
            teacher_wins: of.settings.teacher_wins,
            last: of.last.as_ref(),
            is_our_time: of.details.is_our_time,
            accepted_ms: of.row.created_at,
            now_ms: self.clock.now_ms(),
        };
        let made = body::make(parts)
            .map_err(|reason| AttemptEnd::new(AttemptFate::Refused(reason), "not sent"))?;
        let mut remarks: Vec<&str> = of.row.note.as_deref().into_iter().collect();
        remarks.extend(made.notes);
        let body = ScoreBody {
            score: made.score,
            work: made.work,
            may_move: made.may_move,
            line_item: line_item.into(),
        };
        Ok((body, (!remarks.is_empty()).then(|| remarks.join(" "))))
    }

    /// Where the score goes. It gets the line item's maximum if it has none.
    async fn line_item(&self, of: &Attempting, score: &mut Score) -> Result<Url, Halt> {
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
        }
        Ok(url)
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

    /// Sends a body, or `again` in its place; once more with a later time if the platform calls it too old, and it may have
    /// another time.
    async fn send(
        &self,
        of: &Attempting,
        mut body: ScoreBody,
        again: Option<ScoreBody>,
        remark: Option<String>,
    ) -> Result<AttemptEnd, Halt> {
        let mut sent = again.unwrap_or_else(|| body.clone());
        let mut has_moved = false;
        loop {
            if !self.begin(of, &body, remark.clone()).await? {
                return Ok(AttemptEnd::new(AttemptFate::Nothing, "ended"));
            }
            let end = match self.post(of, &sent).await? {
                Ok(status) => {
                    let end = AttemptEnd::delivered(body, None, "delivered");
                    return Ok(end.answered(status).still_remarking(remark));
                }
                Err(end) => end,
            };
            if !std::mem::replace(&mut has_moved, true)
                && let Some(url) = self.elsewhere(of, &end, &body).await?
            {
                body.line_item.clone_from(&url);
                sent.line_item = url;
                continue;
            }
            let is_too_old = matches!(
                end.fate,
                AttemptFate::Refused(DeliveryReason::OlderThanStored)
            );
            if is_too_old && of.row.unsure {
                let delivered = AttemptEnd::delivered(body, None, end.note.outcome);
                let end = AttemptEnd {
                    note: end.note,
                    ..delivered
                };
                return Ok(end.remarking(
                    "The answer to it was lost; the platform refused to take it again, because it has it, or a newer one.",
                ));
            }
            if !is_too_old || !body.may_move {
                return Ok(end.still_remarking(remark));
            }
            sleep(NEXT_SECOND).await;
            body = body.moved(self.clock.now_ms());
            sent = body.clone();
        }
    }

    /// Where a score goes whose line item the platform doesn't know any more, if another has its handle now, or the settings
    /// say to create it again (GR-24).
    async fn elsewhere(
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

    /// Notes that a request is about to leave; false if the delivery has ended meanwhile.
    async fn begin(
        &self,
        of: &Attempting,
        body: &ScoreBody,
        note: Option<String>,
    ) -> Result<bool, StoreError> {
        let began = Began {
            id: of.row.id.clone(),
            body_sealed: details::seal_body(&self.rows, &of.row.id, body)?,
            note,
            line_item_key: self.keys.line_item(&of.row.platform_id, &body.line_item),
        };
        let begin = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { deliveries::begin(&mut tx, began).await })
        });
        begin.await
    }

    /// Posts a body; gives the status of an answer that is a success.
    async fn post(
        &self,
        of: &Attempting,
        body: &ScoreBody,
    ) -> Result<Result<u16, AttemptEnd>, StoreError> {
        let url = ags::scores_url(&address(&body.line_item)?);
        let call = Call {
            method: Method::POST,
            body: Some((SCORE, body.bytes())),
            ..Call::get(&url, scope::SCORE, "*/*")
        };
        match self.client.try_send(&of.platform, &call).await {
            Ok(answer) => {
                let known = self.launches.line_items();
                known.used(&of.row.platform_id, &body.line_item).await;
                Ok(Ok(answer.status))
            }
            Err(failure) => Ok(Err(AttemptEnd::failed(judged(of.vendor, &failure)))),
        }
    }
}

/// What is to be known of a score that differs the second time.
fn again_remark(body: &ScoreBody, again: &ScoreBody) -> Option<String> {
    (body.score != again.score).then(|| {
        "No answer came to it, so it was sent once more, without a new submission or a comment that may be there already."
            .to_owned()
    })
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

fn address(text: &str) -> Result<Url, StoreError> {
    Url::parse(text).map_err(|error| StoreError::Corrupt(format!("a line item's address: {error}")))
}
