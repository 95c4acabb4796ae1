//! When a failed job is retried.

use std::time::Duration;

use crate::kit::clock::Random;

/// How far a pause may deviate, in per cent, so that jobs that failed together aren't retried
/// together.
const JITTER: u64 = 20;

/// The pauses between attempts, and when to give up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Seconds before the first attempt, the second and so on; the last value is repeated.
    pub seconds: Vec<u32>,
    /// How long a job may take from its start to its last attempt.
    pub patience: Duration,
}

impl Schedule {
    /// The pause after this many attempts.
    pub(crate) fn pause(&self, attempts: i64, random: &Random) -> Duration {
        let at = usize::try_from(attempts).unwrap_or(usize::MAX);
        let seconds = self.seconds.get(at).or(self.seconds.last());
        let ms = u64::from(seconds.copied().unwrap_or_default()) * 1000;
        let most = ms * JITTER / 100;
        let lot = u64::from_le_bytes(random.bytes()) % (2 * most + 1);
        Duration::from_millis(ms - most + lot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_follow_the_list_and_repeat_its_last() {
        let schedule = Schedule {
            seconds: vec![0, 5, 100],
            patience: Duration::ZERO,
        };
        let random = Random::default();
        for (attempts, seconds) in [(0, 0), (1, 5), (2, 100), (3, 100), (1000, 100)] {
            let mut different = Vec::new();
            for _ in 0..50 {
                let pause = schedule.pause(attempts, &random).as_millis();
                let (least, most) = (seconds * 800, seconds * 1200);
                assert!((least..=most).contains(&pause), "{attempts}: {pause}");
                different.push(pause);
            }
            different.dedup();
            assert_eq!(different.len() > 1, seconds > 0, "{attempts}");
        }
    }
}
