//! One attempt at a delivery: from its row to the outcome. The outcome is not stored here.

use lti::ags::Score;
use serde_json::Value;
use store::StoreError;
use store::deliveries::DeliveryRow;

use super::Deliveries;
use super::attempting::{AttemptEnd, AttemptFate, DeliveryAttempt, Halt};
use super::details::{self, address};
use super::lanes::turn_of;
use super::look::{unchecked, was_not_shown};
use super::rules::before::{SendingStep, Situation};
use super::rules::body::{self, BodyParts, ScoreBody};
use super::rules::facts::ScoreFacts;
use super::rules::last::LastDelivered;
use super::rules::reading::Reading;
use super::rules::reason::DeliveryReason;
use super::rules::shown::SentGrade;
use super::rules::taken::MaybeTaken;
use super::sending::Sending;

/// A remark about a score that differs when sent again.
const ONCE_MORE: &str = "No answer came to it, so it was sent once more, without a new submission or a comment that may be \
                         there already.";
/// A remark about a score whose comment may have arrived with an earlier one.
const WITHOUT_COMMENT: &str = "It was sent without its comment: an earlier score had the same one, no answer came to it, and the \
                               comment may be there.";

/// A score about to be sent.
struct ReadyScore {
    body: ScoreBody,
    /// Anything else worth knowing about it.
    remark: Option<String>,
    last: Option<LastDelivered>,
}

impl Deliveries {
    /// Attempts a delivery.
    pub(super) async fn attempt(&self, of: &DeliveryAttempt) -> Result<AttemptEnd, Halt> {
        match self.newer(&of.row).await? {
            Some(newer) => self.give_way(of, newer).await,
            None => self.try_to_send(of).await,
        }
    }

    /// The newer delivery that replaces it. Before its first attempt there can't be one, because
    /// that would have ended it.
    async fn newer(&self, row: &DeliveryRow) -> Result<Option<String>, StoreError> {
        let is_begun = row.unsure || row.failures > 0 || row.body_sealed.is_some();
        // One that starts again has nothing left but its log.
        let was_tried = is_begun || row.attempts_sealed.is_some();
        if !was_tried {
            return Ok(None);
        }
        let mut reader = self.db.read().await?;
        self.replaced_by(&mut reader.tx(), row).await
    }

    /// A newer score is waiting behind it, so it is no longer sent. If necessary, looks up whether
    /// it arrived.
    async fn give_way(&self, of: &DeliveryAttempt, newer: String) -> Result<AttemptEnd, Halt> {
        let replaced = AttemptEnd::new(AttemptFate::Replaced(newer), "not sent");
        let body = details::open_body(&self.rows, &of.row)?;
        let Some(body) = body.filter(|_| of.row.unsure) else {
            return Ok(replaced);
        };
        let url = address(&body.line_item)?;
        let last = self.last_of(&of.row, &body.line_item, &of.details.user);
        let last = last.await?;
        let reading = match self.look_first(of, &url, None).await {
            Ok(reading) => reading,
            Err(Halt::End(_)) => return Ok(replaced),
            Err(store) => return Err(store),
        };
        let step = situation(of, &body, last.as_ref(), &[]).step(&reading);
        Ok(match step {
            SendingStep::Confirmed => confirmed(body),
            SendingStep::OverriddenSince => overridden_since(body),
            _ => replaced,
        })
    }

    async fn try_to_send(&self, of: &DeliveryAttempt) -> Result<AttemptEnd, Halt> {
        let ReadyScore { body, remark, last } = self.ready(of).await?;
        let (turn, now) = (turn_of(&of.row), self.clock.now_ms());
        let is_newer = |last: &LastDelivered| last.is_newer_than(&turn, now);
        if last.as_ref().is_some_and(is_newer) {
            return Ok(superseded(DeliveryReason::NewerScore).still_remarking(remark));
        }
        let line_item = address(&body.line_item)?;
        let newer = last.iter().flat_map(|last| last.newer_than(&turn, now));
        let newer: Vec<SentGrade> = newer.filter_map(MaybeTaken::shown).collect();
        let situation = situation(of, &body, last.as_ref(), &newer);
        let before = of.row.note.as_deref();
        let reading = match situation.needs_reading() {
            true => Some(self.look_first(of, &line_item, before).await?),
            false => None,
        };
        let step = reading
            .as_ref()
            .map_or(SendingStep::Send, |reading| situation.step(reading));
        if let Some(end) = unsent(step, &body) {
            return Ok(end.still_remarking(remark));
        }
        let (again, why) = match step {
            SendingStep::SendAgain {
                comment_may_be_there,
            } => (Some(body.once_more(comment_may_be_there)), ONCE_MORE),
            SendingStep::SendWithoutComment => (Some(body.without_comment()), WITHOUT_COMMENT),
            _ => (None, ""),
        };
        let differs = again.as_ref().filter(|again| again.score != body.score);
        let differs = differs.map(|_| why.to_owned());
        let mut remark = differs.or(remark);
        if reading == Some(Reading::Impossible) && was_not_shown(&of.row) {
            remark = Some(unchecked(remark));
        }
        let sending = Sending {
            looked_up: situation.looked_up(reading.as_ref()),
            remark,
            body,
            again,
            last,
        };
        self.send(of, sending).await
    }

    /// Reads the gradebook before a score is sent differently than planned. The attempt ends if the
    /// score must not be sent after all.
    pub(super) async fn look_again(
        &self,
        of: &DeliveryAttempt,
        sending: &mut Sending,
    ) -> Result<(), Halt> {
        let body = &sending.body;
        let last = self.last_of(&of.row, &body.line_item, &of.details.user);
        let last = last.await?;
        let situation = situation(of, body, last.as_ref(), &[]);
        if !situation.needs_reading() {
            return Ok(());
        }
        let (url, remark) = (address(&body.line_item)?, sending.remark.as_deref());
        let reading = self.look_first(of, &url, remark).await?;
        if let Some(end) = unsent(situation.step(&reading), body) {
            return Err(end.into());
        }
        sending.looked_up = situation.looked_up(Some(&reading));
        Ok(())
    }

    /// The request body, which is created only once, and the last delivery.
    async fn ready(&self, of: &DeliveryAttempt) -> Result<ReadyScore, Halt> {
        let user = of.details.user.as_str();
        let Some(body) = details::open_body(&self.rows, &of.row)? else {
            return self.made(of, false, of.row.note.as_deref()).await;
        };
        Ok(ReadyScore {
            last: self.last_of(&of.row, &body.line_item, user).await?,
            remark: of.row.note.clone(),
            body,
        })
    }

    /// The score for the line item that took the place of its own. What that one had, this one
    /// lacks, so work and comment are new there.
    pub(super) async fn for_another(
        &self,
        of: &DeliveryAttempt,
        line_item: String,
        sending: Sending,
    ) -> Result<Sending, Halt> {
        let before = sending.remark.as_deref();
        let ReadyScore { body, remark, last } = self.made(of, true, before).await?;
        Ok(Sending {
            body: ScoreBody { line_item, ..body },
            again: None,
            remark,
            last,
            ..sending
        })
    }

    /// Creates the request body, and remarks about it besides those from before. `takes_place` says
    /// that its line item took the place of another one.
    async fn made(
        &self,
        of: &DeliveryAttempt,
        takes_place: bool,
        before: Option<&str>,
    ) -> Result<ReadyScore, Halt> {
        let mut score = Score::read(Value::Object(of.details.score.clone())).map_err(|_| {
            AttemptEnd::new(
                AttemptFate::Refused(DeliveryReason::NotReadable),
                "not sent",
            )
        })?;
        let (line_item, warning) = self.line_item(of, &mut score).await?;
        let (url, user) = (line_item.as_str(), &of.details.user);
        let last = match takes_place {
            true => self.last_at(&of.row, url, user).await?,
            false => self.last_of(&of.row, url, user).await?,
        };
        let parts = BodyParts {
            delivery: &of.row.id,
            score,
            options: &of.details.options,
            vendor: of.vendor,
            over_maximum: of.over_maximum(),
            teacher_wins: of.settings.teacher_wins,
            last: last.as_ref(),
            is_our_time: of.details.is_our_time,
            accepted_ms: of.row.created_at,
            now_ms: self.clock.now_ms(),
        };
        let made = body::make(parts)
            .map_err(|reason| AttemptEnd::new(AttemptFate::Refused(reason), "not sent"))?;
        // A body that is made again brings the same remarks.
        let is_new = |remark: &&str| before.is_none_or(|before| !before.contains(*remark));
        let mut remarks: Vec<&str> = before.into_iter().collect();
        remarks.extend(made.notes.into_iter().chain(warning).filter(is_new));
        let body = ScoreBody {
            score: made.score,
            work: made.work,
            may_move: made.may_move,
            line_item: line_item.into(),
            too_old_since: None,
        };
        Ok(ReadyScore {
            body,
            remark: (!remarks.is_empty()).then(|| remarks.join(" ")),
            last,
        })
    }
}

fn situation<'a>(
    of: &'a DeliveryAttempt,
    body: &'a ScoreBody,
    last: Option<&'a LastDelivered>,
    newer: &'a [SentGrade],
) -> Situation<'a> {
    Situation {
        score: ScoreFacts::new(&body.score, &of.details.options),
        last,
        newer,
        is_unsure: of.row.unsure,
        teacher_wins: of.settings.teacher_wins,
        vendor: of.vendor,
    }
}

/// How an attempt ends without a request; `None` if the score is to be sent.
fn unsent(step: SendingStep, body: &ScoreBody) -> Option<AttemptEnd> {
    match step {
        SendingStep::Send | SendingStep::SendAgain { .. } | SendingStep::SendWithoutComment => None,
        SendingStep::Confirmed => Some(confirmed(body.clone())),
        SendingStep::OverriddenSince => Some(overridden_since(body.clone())),
        SendingStep::Overridden => Some(AttemptEnd::refused(DeliveryReason::OverriddenByTeacher)),
        SendingStep::Overtaken => Some(superseded(DeliveryReason::NewerScore)),
        SendingStep::AlreadyGraded => Some(superseded(DeliveryReason::AlreadyGraded)),
        SendingStep::NotHigher => Some(superseded(DeliveryReason::NotHigher)),
    }
}

fn superseded(reason: DeliveryReason) -> AttemptEnd {
    AttemptEnd::new(AttemptFate::Superseded(reason), "not sent")
}

fn confirmed(body: ScoreBody) -> AttemptEnd {
    AttemptEnd::delivered(body, None, "confirmed")
        .remarking("The answer to it was lost; the gradebook shows that it arrived.")
}

fn overridden_since(body: ScoreBody) -> AttemptEnd {
    AttemptEnd::delivered(body, Some(DeliveryReason::OverriddenSince), "overridden")
}
