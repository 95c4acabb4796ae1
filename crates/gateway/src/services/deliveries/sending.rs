//! Sends a prepared score: the row records it first, and the answer decides what comes next.

use std::time::Duration;

use axum::http::Method;
use lti::ags::{self, SCORE};
use lti::claims::scope;
use store::StoreError;
use store::deliveries::{self, Began};
use tokio::time::sleep;

use super::attempting::{AttemptEnd, AttemptFate, DeliveryAttempt, Halt};
use super::details::{self, address};
use super::failure::judged_score;
use super::lanes::turn_of;
use super::not_accepted::LastError;
use super::rules::before::LookedUp;
use super::rules::body::ScoreBody;
use super::rules::known::speaks_of_times;
use super::rules::last::LastDelivered;
use super::rules::reason::DeliveryReason;
use super::rules::too_old::{TooOld, TooOldStep};
use super::{Deliveries, LEAVES_WITHIN};
use crate::keys::service_tokens::GivenToken;
use crate::services::call::{Call, SendBy};

/// How long until a platform that counts whole seconds accepts another score (lti.md F-30).
const NEXT_SECOND: Duration = Duration::from_millis(1050);

/// A score that is ready to be sent.
pub(super) struct Sending {
    /// The stored body.
    pub body: ScoreBody,
    /// What to send instead if it was sent before.
    pub again: Option<ScoreBody>,
    /// A remark about it.
    pub remark: Option<String>,
    /// The last delivery.
    pub last: Option<LastDelivered>,
    /// What the latest look into the gradebook says.
    pub looked_up: LookedUp,
}

/// Whether a request may be sent.
enum BeginStep {
    Begun,
    /// The delivery has ended, or its job was claimed again.
    Ended,
    /// A newer score was delivered.
    Newer,
    /// Another score is being sent at once, and the two might arrive in either order.
    Busy,
}

impl BeginStep {
    /// How the attempt ends if no request may be sent.
    fn end(self) -> Option<AttemptEnd> {
        let fate = match self {
            Self::Begun => return None,
            Self::Ended => return Some(AttemptEnd::new(AttemptFate::Nothing, "ended")),
            Self::Newer => AttemptFate::Superseded(DeliveryReason::NewerScore),
            Self::Busy => AttemptFate::NotTried,
        };
        Some(AttemptEnd::new(fate, "not sent"))
    }
}

impl Deliveries {
    /// Sends a score. If the platform calls it too old and its timestamp may change, sends it again
    /// with a later one.
    pub(super) async fn send(
        &self,
        of: &DeliveryAttempt,
        sending: Sending,
    ) -> Result<AttemptEnd, Halt> {
        let mut noted = None;
        match self.send_noting(of, sending, &mut noted).await {
            // A remark about what was sent before the attempt stopped.
            Err(Halt::End(end)) => Ok(end.still_remarking(noted)),
            sent => sent,
        }
    }

    /// The same; `noted` is the remark that is recorded by now.
    async fn send_noting(
        &self,
        of: &DeliveryAttempt,
        mut sending: Sending,
        noted: &mut Option<String>,
    ) -> Result<AttemptEnd, Halt> {
        let again = sending.again.take();
        let mut sent = again.unwrap_or_else(|| sending.body.clone());
        let (mut was_elsewhere, mut has_moved) = (false, false);
        loop {
            let remark = sending.remark.clone();
            // Before the time runs: some platforms take as long for each token as a score has.
            let token = self.token(of).await?;
            if self.is_stopped_meanwhile(&of.row).await? {
                let end = AttemptEnd::new(AttemptFate::NotTried, "not sent");
                return Ok(end.still_remarking(remark));
            }
            // Counted from before it is recorded: a server may be frozen just before it learns that
            // it was.
            let by = SendBy::within(&self.clock, LEAVES_WITHIN);
            let begun = self.begin(of, &sending.body, remark.clone()).await?;
            if let Some(end) = begun.end() {
                return Ok(end.still_remarking(remark));
            }
            noted.clone_from(&remark);
            let end = match self.post(of, &sent, (&token, by)).await? {
                Ok(status) => {
                    let end = AttemptEnd::delivered(sending.body, None, "delivered");
                    return Ok(end.answered(status).still_remarking(remark));
                }
                Err(end) => end,
            };
            if !std::mem::replace(&mut was_elsewhere, true)
                && let Some(url) = self.elsewhere(of, &end, &sending.body).await?
            {
                sending = self.for_another(of, url, sending).await?;
                sent.clone_from(&sending.body);
            } else {
                match self.too_old(of, &sending, &end, has_moved) {
                    None | Some(TooOldStep::Refused) => return Ok(end.still_remarking(remark)),
                    Some(TooOldStep::Arrived) => return Ok(arrived(sending.body, end)),
                    Some(TooOldStep::Wait) => {
                        return Ok(AttemptEnd::not_taken(end.note).still_remarking(remark));
                    }
                    Some(TooOldStep::Move) => {}
                }
                has_moved = true;
                sleep(NEXT_SECOND).await;
                let now_ms = self.clock.now_ms();
                sending.body = sending.body.moved(now_ms);
                sent = sent.moved(now_ms);
            }
            // A teacher may have graded meanwhile.
            self.look_again(of, &mut sending).await?;
        }
    }

    /// What to do if the platform calls it too old; `None` if it says something else.
    fn too_old(
        &self,
        of: &DeliveryAttempt,
        sending: &Sending,
        end: &AttemptEnd,
        has_moved: bool,
    ) -> Option<TooOldStep> {
        let AttemptFate::Refused(DeliveryReason::OlderThanStored) = end.fate else {
            return None;
        };
        let old = TooOld {
            is_our_time: of.details.is_our_time,
            may_move: sending.body.may_move,
            has_moved,
            is_unsure: of.row.unsure,
            is_missing: sending.looked_up.is_missing,
            speaks_of_times: end.note.said.as_deref().is_some_and(speaks_of_times),
            may_be_a_teachers: sending.looked_up.may_be_a_teachers,
            last: sending.last.as_ref(),
            time_ms: sending.body.time_ms(),
            since_ms: sending.body.too_old_since,
            now_ms: self.clock.now_ms(),
        };
        Some(old.step())
    }

    /// Records that a request is about to be sent.
    async fn begin(
        &self,
        of: &DeliveryAttempt,
        body: &ScoreBody,
        note: Option<String>,
    ) -> Result<BeginStep, LastError> {
        let began = Began {
            id: of.row.id.clone(),
            body_sealed: details::seal_body(&self.rows, &of.row.id, body)?,
            note,
            line_item_key: self.keys.line_item(&of.row.platform_id, &body.line_item),
            owner: of.owner.clone(),
            claim: of.claim,
        };
        let lanes = self.lanes_to(&of.row, Some(&body.line_item), &of.details.user);
        let (room, turn, now_ms) = (self.clone(), turn_of(&of.row), self.clock.now_ms());
        let begin = self.db.write::<_, LastError, _>(move |mut tx| {
            Box::pin(async move {
                // A synchronous score also enters the lane first, so that each of the two knows
                // about the other.
                deliveries::lock_lane(&mut tx, &turn.lane).await?;
                if let Some(last) = room.last_in(&mut tx, &lanes).await? {
                    if last.is_newer_than(&turn, now_ms) {
                        return Ok(BeginStep::Newer);
                    }
                    let mut newer = last.newer_than(&turn, now_ms);
                    let is_overtaken = newer.any(|one| one.is_on_its_way(now_ms));
                    if is_overtaken || last.is_any_leaving(now_ms) {
                        return Ok(BeginStep::Busy);
                    }
                }
                Ok(match deliveries::begin(&mut tx, began).await? {
                    true => BeginStep::Begun,
                    false => BeginStep::Ended,
                })
            })
        });
        begin.await
    }

    /// A token for scores. Without one, nothing is recorded, because nothing is sent.
    async fn token(&self, of: &DeliveryAttempt) -> Result<GivenToken, Halt> {
        let token = self.client.token(&of.platform, scope::SCORE).await;
        token.map_err(|failure| AttemptEnd::failed(judged_score(of.vendor, &failure)).into())
    }

    /// Posts a body. Returns the status if the answer is a success.
    async fn post(
        &self,
        of: &DeliveryAttempt,
        body: &ScoreBody,
        (token, by): (&GivenToken, SendBy),
    ) -> Result<Result<u16, AttemptEnd>, StoreError> {
        let url = ags::scores_url(&address(&body.line_item)?);
        let call = Call {
            method: Method::POST,
            body: Some((SCORE, body.bytes())),
            by: Some(by),
            token: Some(token),
            ..Call::get(&url, scope::SCORE, "*/*")
        };
        match self.client.try_send(&of.platform, &call).await {
            Ok(answer) => {
                let known = self.launches.line_items();
                known.used(&of.row.platform_id, &body.line_item).await;
                Ok(Ok(answer.status))
            }
            Err(failure) => Ok(Err(AttemptEnd::failed(judged_score(of.vendor, &failure)))),
        }
    }
}

/// The platform refuses to accept it again.
fn arrived(body: ScoreBody, end: AttemptEnd) -> AttemptEnd {
    let delivered = AttemptEnd::delivered(body, None, end.note.outcome);
    let arrived = AttemptEnd {
        note: end.note,
        ..delivered
    };
    arrived.remarking(
        "The answer to it was lost; the platform refused to take it again, because it has it, or a newer one.",
    )
}
