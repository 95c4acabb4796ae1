//! One attempt at a delivery: from its row to what came of it. Nothing of the outcome is written here.

use std::time::Duration;

use axum::http::Method;
use lti::ags::{self, SCORE, Score};
use lti::claims::scope;
use serde_json::Value;
use store::StoreError;
use store::deliveries::{self, Began};
use tokio::time::sleep;

use super::Deliveries;
use super::attempting::{AttemptEnd, AttemptFate, Attempting, Halt};
use super::details::{self, address};
use super::failure::judged;
use super::rules::before::{SendingStep, Situation};
use super::rules::body::{self, BodyParts, ScoreBody};
use super::rules::facts::ScoreFacts;
use super::rules::reason::DeliveryReason;
use crate::services::call::Call;

/// Until a platform that counts whole seconds takes another score (lti.md F-30).
const NEXT_SECOND: Duration = Duration::from_millis(1050);

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
        let (line_item, warning) = self.line_item(of, &mut score).await?;
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
        remarks.extend(warning);
        let body = ScoreBody {
            score: made.score,
            work: made.work,
            may_move: made.may_move,
            line_item: line_item.into(),
        };
        Ok((body, (!remarks.is_empty()).then(|| remarks.join(" "))))
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
