//! Sends the scores of a student in a line item one at a time.
//!
//! Platforms refuse a score that isn't later than the last one, and Moodle compares whole seconds
//! (lti.md F-30). So a student's scores wait for each other, a timestamp that we set is always
//! later than the previous one, and a score that is newer by less than a second is sent again in
//! the next second.

use std::sync::Arc;
use std::time::Duration;

use lti::ags::Score;
use tokio::sync::{Mutex, OwnedMutexGuard};
use url::Url;

use crate::kit::cache::Cache;
use crate::kit::clock::Clock;

/// The most students whose last score is remembered.
const MOST_STUDENTS: usize = 50_000;
/// How long it is remembered, from the score's turn: longer than a request may take, otherwise
/// another score would not wait for it.
const REMEMBERED: Duration = Duration::from_secs(120);
/// How long until a platform that counts whole seconds accepts another score.
const NEXT_SECOND: Duration = Duration::from_millis(1050);

/// The last scores. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Pace {
    clock: Clock,
    /// By line item and student: the timestamp of the last score, in milliseconds since 1970.
    last: Arc<Cache<(String, String), Last>>,
}

type Last = Arc<Mutex<Option<i64>>>;

/// A score's turn: until it is dropped, no other score is sent for this student.
pub(super) struct Turn {
    clock: Clock,
    last: OwnedMutexGuard<Option<i64>>,
    /// Whether the score may be sent with another timestamp.
    may_move: bool,
}

impl Pace {
    pub(crate) fn new(clock: Clock) -> Self {
        let last = Cache::new(MOST_STUDENTS).living(|_| REMEMBERED);
        Self {
            clock,
            last: Arc::new(last),
        }
    }

    /// Removes outdated entries from memory.
    pub(crate) fn tidy(&self) {
        self.last.tidy();
    }

    /// Waits for this score's turn, and sets a timestamp if it has none.
    pub(super) async fn turn(&self, line_item: &Url, score: &mut Score) -> Turn {
        let key = (line_item.as_str().to_owned(), score.user_id().to_owned());
        let place = self.last.get_or_insert_with(key.clone(), Arc::default);
        // Scores that are waiting, or arrive while this one is being sent, find the same entry.
        self.last.insert(key.clone(), place.clone());
        let last = place.clone().lock_owned().await;
        self.last.insert(key, place);
        let may_move = match score.timestamp() {
            None => {
                let after = last.map_or(i64::MIN, |last| last.saturating_add(1));
                score.set_timestamp(self.clock.now_ms().max(after));
                true
            }
            // Only what a platform with whole seconds can't distinguish: after that, a 409 means
            // that someone else's score was newer.
            Some(given) => last.is_some_and(|last| is_within_the_second_of(given, last)),
        };
        Turn {
            clock: self.clock.clone(),
            last,
            may_move,
        }
    }
}

impl Turn {
    /// Another server may have sent the last score; according to the store, this is its timestamp,
    /// in milliseconds since 1970.
    pub(super) fn follows(&mut self, score: &Score, last: Option<i64>) {
        if let (Some(given), Some(last)) = (score.timestamp(), last) {
            self.may_move |= is_within_the_second_of(given, last);
        }
    }

    /// The platform refused the score as too old. If it is newer than the last one after all, waits
    /// for the next second. Returns whether to send it again.
    pub(super) async fn again(&mut self, score: &mut Score) -> bool {
        if !std::mem::take(&mut self.may_move) {
            return false;
        }
        tokio::time::sleep(NEXT_SECOND).await;
        let after = score.timestamp().unwrap_or_default().saturating_add(1);
        score.set_timestamp(self.clock.now_ms().max(after));
        true
    }

    /// The platform accepted the score.
    pub(super) fn done(mut self, score: &Score) {
        *self.last = score.timestamp();
    }
}

/// Whether a score is newer than the last one by less than a second.
const fn is_within_the_second_of(given: i64, last: i64) -> bool {
    given > last && given.div_euclid(1000) == last.div_euclid(1000)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use futures_util::FutureExt;
    use serde_json::json;
    use test_case::cases;

    use super::*;

    #[cases("F-30")]
    #[tokio::test]
    async fn a_score_waits_however_long_ago_the_first_one_was() {
        let last = Cache::new(MOST_STUDENTS).living(|_| Duration::from_secs(2));
        let pace = Pace {
            clock: Clock::default(),
            last: Arc::new(last),
        };
        let item = Url::parse("https://lms.example/items/1").unwrap();
        let score = || {
            let score = json!({"userId": "5", "activityProgress": "Started", "gradingProgress": "NotReady"});
            Score::read(score).unwrap()
        };
        let mut first = score();
        pace.turn(&item, &mut first).await.done(&first);
        tokio::time::sleep(Duration::from_millis(1200)).await;
        let mut second = score();
        let on_its_way = pace.turn(&item, &mut second).await;
        tokio::time::sleep(Duration::from_millis(1200)).await;
        let (mut third, another) = (score(), Url::parse("https://lms.example/items/2").unwrap());
        assert!(pace.turn(&item, &mut third).now_or_never().is_none());
        assert!(pace.turn(&another, &mut third).now_or_never().is_some());
        on_its_way.done(&second);
        assert!(pace.turn(&item, &mut third).now_or_never().is_some());
        assert!(third.timestamp() > second.timestamp());
    }
}
