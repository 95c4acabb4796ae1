//! Accepting a score: everything is checked before anything is written.

use jiff::{SignedDuration, Timestamp};

use super::{Gradebook, LineItem, ScoreRecord, SentScore};
use crate::profiles::{CountedScores, GradeStyle, NotTaken, ScoreOrder};

/// How far in the future a submission's time may be on Canvas.
const AHEAD: SignedDuration = SignedDuration::from_secs(60);
/// With these values, Canvas ignores the score.
const SCORELESS: [&str; 3] = ["Pending", "NotReady", "Failed"];

/// Whom a score is for: their part in the course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScoredPerson {
    Student,
    Staff,
    Nobody,
}

/// The context in which a score is accepted.
pub(crate) struct Taking<'a> {
    pub(crate) style: &'a GradeStyle,
    pub(crate) scored: ScoredPerson,
    pub(crate) now: Timestamp,
    /// Whether to stop after the first half.
    pub(crate) is_half: bool,
}

impl Gradebook {
    /// Accepts a score for this line item, which must exist. The caller records what was received.
    pub(crate) fn take(
        &mut self,
        item: u64,
        sent: &SentScore,
        taking: &Taking<'_>,
    ) -> Result<(), NotTaken> {
        let is_outside = self.outside.contains(&sent.user);
        let Some(item) = self.items.get_mut(&item) else {
            return Ok(());
        };
        if self.concluded.contains(&item.course) {
            return Err(NotTaken::Concluded);
        }
        match taking.scored {
            ScoredPerson::Nobody => return Err(NotTaken::UnknownUser),
            ScoredPerson::Staff => return Err(NotTaken::Staff),
            ScoredPerson::Student if is_outside && !taking.style.takes_outsiders => {
                return Err(NotTaken::NotEnrolled);
            }
            ScoredPerson::Student => {}
        }
        check_order(item.scores.get(&sent.user), sent, taking.style)?;
        let is_attempt = taking.style.submissions && sent.submission.is_new;
        if taking.style.submissions {
            check_submission(item, sent, is_attempt, taking.now)?;
        } else if taking.is_half {
            return Ok(());
        }
        let score = item.kept(sent, taking.style);
        let record = item
            .scores
            .entry(sent.user.clone())
            .or_insert_with(|| ScoreRecord::new(taking.now));
        record.attempts += u32::from(is_attempt);
        if taking.is_half {
            return Ok(());
        }
        record.timestamp = Some(sent.timestamp);
        record.saved = taking.now;
        if taking.style.submissions {
            record.submit(sent, score);
        } else {
            record.set_by_tool(score);
            record.comment.clone_from(&sent.comment);
            record.comments = sent.comment.iter().cloned().collect();
        }
        Ok(())
    }

    /// A teacher grades by hand. Returns false if there is no such line item.
    pub(crate) fn grade_by_hand(
        &mut self,
        item: u64,
        user: &str,
        score: f64,
        now: Timestamp,
    ) -> bool {
        let Some(item) = self.items.get_mut(&item) else {
            return false;
        };
        item.scores
            .entry(user.to_owned())
            .or_insert_with(|| ScoreRecord::new(now))
            .set_by_teacher(score, now);
        true
    }
}

fn check_order(
    last: Option<&ScoreRecord>,
    sent: &SentScore,
    style: &GradeStyle,
) -> Result<(), NotTaken> {
    let Some(last) = last else { return Ok(()) };
    let (new, old) = match (style.order, last.timestamp) {
        (ScoreOrder::LaterSecond, _) => {
            // Compared with the time of the last save, not with the last score's own time.
            let (new, saved) = (sent.timestamp.as_second(), last.saved.as_second());
            return match new.cmp(&saved) {
                std::cmp::Ordering::Less => Err(NotTaken::Earlier),
                std::cmp::Ordering::Equal => Err(NotTaken::SameTime),
                std::cmp::Ordering::Greater => Ok(()),
            };
        }
        (ScoreOrder::Any, _) | (_, None) => return Ok(()),
        (ScoreOrder::NotEarlier | ScoreOrder::Later, Some(old)) => (sent.timestamp, old),
    };
    if new < old {
        Err(NotTaken::Earlier)
    } else if new == old && style.order == ScoreOrder::Later {
        Err(NotTaken::SameTime)
    } else {
        Ok(())
    }
}

fn check_submission(
    item: &LineItem,
    sent: &SentScore,
    is_attempt: bool,
    now: Timestamp,
) -> Result<(), NotTaken> {
    let is_ahead = |time: Timestamp| time.duration_since(now) > AHEAD;
    if sent.submitted_at.is_some_and(is_ahead) {
        return Err(NotTaken::AheadOfTime);
    }
    let attempts = item.scores.get(&sent.user).map_or(0, |last| last.attempts);
    let is_spent = |allowed: u32| attempts >= allowed;
    if is_attempt && item.allowed_attempts.is_some_and(is_spent) {
        return Err(NotTaken::NoAttemptLeft);
    }
    Ok(())
}

impl LineItem {
    /// The score to save from a message. Returns `None` if it has none that counts.
    fn kept(&self, sent: &SentScore, style: &GradeStyle) -> Option<f64> {
        let is_final = sent.grading == "FullyGraded";
        let counts = match style.counts {
            CountedScores::FullyGraded => is_final,
            CountedScores::AllButThree => !SCORELESS.contains(&sent.grading.as_str()),
            CountedScores::FullyGradedInAssignments => is_final || !self.is_links_own(),
        };
        let (given, maximum) = sent.given.zip(sent.maximum).filter(|_| counts)?;
        Some(self.scaled(given, maximum, style))
    }
}

impl ScoreRecord {
    /// Canvas's processing of a score that has an attempt.
    fn submit(&mut self, sent: &SentScore, score: Option<f64>) {
        let members = &sent.submission;
        let is_protected = self.is_teachers && members.prioritize_non_tool_grade;
        let is_preserved = score.is_none() && members.preserve_score;
        if !is_protected && !is_preserved {
            self.set_by_tool(score);
        }
        self.needs_grading = sent.grading == "PendingManual" && !is_protected;
        let in_progress = sent.activity == "InProgress";
        self.launch_url = members.launch_url.clone().filter(|_| !in_progress);
        // The comment of a message without a score is dropped.
        if let (Some(comment), Some(_)) = (&sent.comment, score) {
            self.comments.push(comment.clone());
            self.comment = Some(comment.clone());
        }
    }
}
