//! Synchronous scores follow the same rules as those delivered in the background: they have their
//! turn among them, erase no grades, duplicate no attempts or comments, and later scores take them
//! into account (grades.md GR-5, GR-13, GR-14, GR-16 to GR-18, GR-20, GR-21). `sync_look`
//! reads the gradebook for them.

use std::time::Duration;

use lti::ags::Score;
use serde_json::Value;
use store::deliveries::{self, DeliveryRow, DeliveryState, LaneKey};
use store::{StoreError, Tx, jobs};
use tokio::time::sleep;
use url::Url;

use super::details;
use super::failure::judged_score;
use super::lanes::{LastNote, NotedFate};
use super::not_accepted::{LastError, NotAccepted, OUT_OF_RANGE, WOULD_CLEAR};
use super::rules::acceptance::{self, Acceptance, EarlierScores};
use super::rules::body::{self, BodyParts};
use super::rules::facts::{ScoreFacts, ScoreOptions};
use super::rules::last::LastDelivered;
use super::rules::taken::{LaneTurn, TriedScore};
use super::rules::vendor::Vendor;
use super::rules::verdict::ScoreVerdict;
use super::{DAY_MS, Deliveries, LEAVES_WITHIN, REMEMBERED_MS};
use crate::kit::id::new_id;
use crate::launch::WithServices;
use crate::services::call::SendBy;
use crate::services::platform_failure::CallFailure;
use crate::settings::grades::OverMaximum;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

/// How often, and how many times, to check whether an earlier score is still being sent: 17
/// seconds, long enough for the look into the gradebook (four) and a request (twelve). A score left
/// behind by a dead server is not waited for.
const LOOK: Duration = Duration::from_millis(250);
const LOOKS: u32 = 68;

/// A score sent synchronously.
pub(crate) struct SyncScore {
    /// What is sent.
    pub score: Score,
    /// The time of the previous score, in milliseconds since 1970, if one was delivered.
    pub previous_ms: Option<i64>,
    /// Until when it may leave.
    pub by: SendBy,
    pub(super) options: ScoreOptions,
    pub(super) vendor: Vendor,
    pub(super) teacher_wins: bool,
    /// What the gradebook may show of ours.
    pub(super) known: Option<LastDelivered>,
    key: LaneKey,
    turn: LaneTurn,
    /// The piece of work it belongs to.
    work: Option<String>,
    /// Whether the application added a comment.
    has_comment: bool,
    delete_at: i64,
}

/// Why a score can't be sent synchronously.
enum NotBegun {
    NotAccepted(NotAccepted),
    /// An earlier one is being sent, and might arrive after it.
    WouldOvertake,
}

impl From<ApiRule> for NotBegun {
    fn from(rule: ApiRule) -> Self {
        Self::NotAccepted(rule.into())
    }
}

impl From<LastError> for NotBegun {
    fn from(error: LastError) -> Self {
        Self::NotAccepted(error.into())
    }
}

impl From<StoreError> for NotBegun {
    fn from(error: StoreError) -> Self {
        Self::NotAccepted(error.into())
    }
}

/// A request to send a score synchronously.
#[derive(Clone)]
struct AskedSync {
    /// Names the work, if the application doesn't.
    id: String,
    key: LaneKey,
    score: Score,
    options: ScoreOptions,
    vendor: Vendor,
    over_maximum: OverMaximum,
    teacher_wins: bool,
    /// Whether it no longer waits for earlier scores.
    may_overtake: bool,
    /// Until when it may leave.
    by: SendBy,
    now_ms: i64,
    delete_at: i64,
}

impl Deliveries {
    /// Prepares a score for sending synchronously, unless an earlier one is being sent; `None` if
    /// it need not be sent. From here on it may be at the platform, until [`Self::end_sync`],
    /// [`Self::fail_sync`] or [`Self::look_before_sync`] reports the outcome.
    ///
    /// # Errors
    /// 409 `WOULD_CLEAR_GRADE`, 400 `SCORE_OUT_OF_RANGE`, 507 `NO_SPACE`, or the store failed.
    pub(crate) async fn begin_sync(
        &self,
        services: &WithServices,
        line_item: &Url,
        score: Score,
        options: ScoreOptions,
    ) -> Result<Option<SyncScore>, Problem> {
        let platform = &services.platform;
        let settings = Self::rules(&services.tool, platform);
        let vendor = Vendor::of(platform.family.as_deref(), &platform.issuer);
        let own = platform.grades.over_maximum;
        let now_ms = self.clock.now_ms();
        let asked = AskedSync {
            id: new_id(now_ms, &self.random),
            key: self.lane(&platform.id, line_item.as_str(), score.user_id()),
            score,
            options,
            vendor,
            over_maximum: own.unwrap_or_else(|| vendor.over_maximum()),
            teacher_wins: settings.teacher_wins,
            may_overtake: false,
            by: SendBy::within(&self.clock, LEAVES_WITHIN),
            now_ms,
            delete_at: now_ms.saturating_add(i64::from(settings.keep_days) * DAY_MS),
        };
        let mut looks = 0;
        loop {
            let (room, mut trying) = (self.clone(), asked.clone());
            trying.may_overtake = looks >= LOOKS;
            trying.by = SendBy::within(&self.clock, LEAVES_WITHIN);
            let begin = self.db.write::<_, NotBegun, _>(move |mut tx| {
                Box::pin(async move { room.begin_sync_in(&mut tx, trying).await })
            });
            match begin.await {
                Ok(begun) => return Ok(begun),
                Err(NotBegun::NotAccepted(not)) => return Err(not.into()),
                Err(NotBegun::WouldOvertake) => looks = self.until_free(&asked.key, looks).await?,
            }
        }
    }

    /// Looks until no earlier score of a lane is on its way, or often enough; gives how often it
    /// has looked so far. It only reads: all waits of a request for a busy writer add up, and there
    /// would be dozens.
    async fn until_free(&self, key: &LaneKey, mut looks: u32) -> Result<u32, LastError> {
        while looks < LOOKS {
            looks += 1;
            sleep(LOOK).await;
            let mut reader = self.db.read().await?;
            let tx = &mut reader.tx();
            let waiting = deliveries::unfinished(tx, &key.lane).await?;
            let last = self.last_in(tx, std::slice::from_ref(&key.lane)).await?;
            if !self.is_any_on_its_way(tx, &waiting, last.as_ref()).await? {
                break;
            }
        }
        Ok(looks)
    }

    async fn begin_sync_in(
        &self,
        tx: &mut Tx<'_>,
        asked: AskedSync,
    ) -> Result<Option<SyncScore>, NotBegun> {
        let (now_ms, key) = (asked.now_ms, &asked.key);
        let forget_at = now_ms.saturating_add(REMEMBERED_MS);
        let entered = deliveries::enter(tx, key, now_ms, forget_at).await?;
        let waiting = deliveries::unfinished(tx, &key.lane).await?;
        let last = self.last_in(tx, std::slice::from_ref(&key.lane)).await?;
        if !asked.may_overtake && self.is_any_on_its_way(tx, &waiting, last.as_ref()).await? {
            return Err(NotBegun::WouldOvertake);
        }
        let newest = self.newest_readable(&waiting);
        let earlier = EarlierScores {
            last: last.as_ref(),
            waiting: newest
                .as_ref()
                .map(|details| ScoreFacts::new(&details.score, &details.options)),
            is_unread: newest.is_none() && !waiting.is_empty(),
            overtakes: match asked.options.only_if_higher {
                true => self.highest(&waiting, asked.vendor),
                false => None,
            },
        };
        let facts = ScoreFacts::new(asked.score.members(), &asked.options);
        match acceptance::of(facts, earlier, asked.vendor, asked.over_maximum) {
            Acceptance::Deliver => {}
            Acceptance::Equal | Acceptance::NotHigher => return Ok(None),
            Acceptance::WouldClear => return Err(WOULD_CLEAR.into()),
            Acceptance::OutOfRange => return Err(OUT_OF_RANGE.into()),
        }
        let turn = LaneTurn {
            lane: key.lane.clone(),
            seq: entered.seq,
            accepted_ms: now_ms,
        };
        let known = self.with_unsure(last, &waiting);
        let sync = asked.made(turn, known);
        let sync = sync.ok_or(OUT_OF_RANGE)?;
        self.note(tx, &sync.note(NotedFate::Leaving, now_ms))
            .await?;
        Ok(Some(sync))
    }

    /// The highest of the waiting scores that count, as a part of its maximum.
    fn highest(&self, waiting: &[DeliveryRow], vendor: Vendor) -> Option<f64> {
        // What can't be read is never sent.
        let all = waiting
            .iter()
            .filter_map(|row| details::open_details(&self.rows, row).ok());
        let parts = all.filter_map(|details| {
            let facts = ScoreFacts::new(&details.score, &details.options);
            facts.fraction().filter(|_| !facts.is_status_only(vendor))
        });
        parts.reduce(f64::max)
    }

    /// The last delivery, and the waiting scores that may have arrived. The gradebook may show each
    /// of them.
    fn with_unsure(
        &self,
        last: Option<LastDelivered>,
        waiting: &[DeliveryRow],
    ) -> Option<LastDelivered> {
        let unsure = waiting.iter().filter_map(|row| self.note_of_unsure(row));
        unsure.fold(last, |last, note| {
            Some(last.unwrap_or_default().may_have(&note.tried))
        })
    }

    /// Whether an earlier score of a lane is being sent: in the background, or at once by another
    /// server.
    async fn is_any_on_its_way(
        &self,
        tx: &mut Tx<'_>,
        waiting: &[DeliveryRow],
        last: Option<&LastDelivered>,
    ) -> Result<bool, StoreError> {
        if last.is_some_and(|last| last.is_any_leaving(self.clock.now_ms())) {
            return Ok(true);
        }
        let mut sending = waiting
            .iter()
            .filter(|row| row.state == DeliveryState::Sending);
        match sending.next() {
            Some(row) => deliveries::is_any_on_its_way(tx, &row.lane).await,
            None => Ok(false),
        }
    }

    /// The platform took a score. It takes the place of those that wait before it. The grade is at
    /// the platform, so a store that fails is no reason to say otherwise.
    pub(crate) async fn end_sync(&self, sent: SyncScore) {
        if let Err(error) = self.keep_sync(sent).await {
            tracing::warn!(%error, "a score that was sent is not noted as delivered");
        }
    }

    async fn keep_sync(&self, sent: SyncScore) -> Result<(), StoreError> {
        let (room, now) = (self.clone(), self.clock.now_ms());
        let keep = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let tx = &mut tx;
                let facts = ScoreFacts::new(sent.score.members(), &sent.options);
                for other in deliveries::unfinished(tx, &sent.key.lane).await? {
                    if other.seq > sent.turn.seq {
                        // It may have been put off because of this one.
                        jobs::hasten(tx, &other.job_id, now).await?;
                    } else if room.replaces(facts, &other) {
                        deliveries::supersede(tx, &other, None, now, sent.delete_at).await?;
                    }
                }
                room.note_again(tx, &sent.note(NotedFate::Taken, now)).await
            })
        });
        keep.await?;
        self.jobs.wake();
        Ok(())
    }

    /// A request with a score came to nothing. If that is for sure, it is not at the platform; else
    /// it is at least on its way no more.
    pub(crate) async fn fail_sync(&self, sent: &SyncScore, failure: &CallFailure) {
        let fate = match judged_score(sent.vendor, failure).verdict {
            ScoreVerdict::Unknown => NotedFate::Unknown,
            _ => NotedFate::NotTaken,
        };
        self.note_fate(sent, fate).await;
    }

    /// Records what came of a score: `NotTaken` also if it is not sent after all.
    pub(super) async fn note_fate(&self, sync: &SyncScore, fate: NotedFate) {
        let (room, note) = (self.clone(), sync.note(fate, self.clock.now_ms()));
        let noted = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { room.note_again(&mut tx, &note).await })
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, ?fate, "what came of a score is not noted: it may have arrived");
        }
    }

    /// Updates the record of a score, unless the person was erased meanwhile.
    async fn note_again(&self, tx: &mut Tx<'_>, note: &LastNote) -> Result<(), StoreError> {
        for key in &note.lanes {
            if !deliveries::knows_last(tx, &key.lane).await? {
                return Ok(());
            }
        }
        self.note(tx, note).await
    }
}

impl AskedSync {
    /// Builds what is sent; `None` if it is above its maximum and the platform doesn't accept that.
    /// What is known includes what may have arrived, so that it gets no second submission.
    fn made(self, turn: LaneTurn, known: Option<LastDelivered>) -> Option<SyncScore> {
        let facts = ScoreFacts::new(self.score.members(), &self.options);
        let has_comment = facts.comment().is_some();
        let made = body::make(BodyParts {
            delivery: &self.id,
            score: self.score,
            options: &self.options,
            vendor: self.vendor,
            over_maximum: self.over_maximum,
            teacher_wins: self.teacher_wins,
            last: known.as_ref(),
            // It already has a timestamp, set when its turn came.
            is_our_time: false,
            accepted_ms: self.now_ms,
            now_ms: self.now_ms,
        });
        let made = made.ok()?;
        let mut members = made.score;
        // No comment is looked up for it, so one that may already be there isn't sent again.
        let sent = ScoreFacts::new(&members, &self.options);
        let before = known.as_ref();
        if before.is_some_and(|before| before.may_double_comment(sent)) {
            members.shift_remove("comment");
        }
        let previous = before.filter(|before| before.is_known());
        Some(SyncScore {
            score: Score::read(Value::Object(members)).ok()?,
            previous_ms: previous.map(|previous| previous.time_ms),
            by: self.by,
            options: self.options,
            vendor: self.vendor,
            teacher_wins: self.teacher_wins,
            known,
            key: self.key,
            turn,
            work: made.work,
            has_comment,
            delete_at: self.delete_at,
        })
    }
}

impl SyncScore {
    fn note(&self, fate: NotedFate, now_ms: i64) -> LastNote {
        LastNote {
            lanes: vec![self.key.clone()],
            tried: TriedScore {
                turn: self.turn.clone(),
                members: self.score.members().clone(),
                options: self.options.clone(),
                work: self.work.clone(),
                has_comment: self.has_comment,
                time_ms: self.score.timestamp().unwrap_or(now_ms),
            },
            fate,
            now_ms,
        }
    }
}
