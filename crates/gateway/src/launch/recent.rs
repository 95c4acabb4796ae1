//! The newest launches at hand, so that the application's first questions need no store.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hashlink::LruCache;

use super::{Launch, Message};
use crate::app::FRESH;

/// Bytes of launches kept at most.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Launches that came in or were asked for lately, each for a limited time.
pub struct RecentLaunches(Mutex<Kept>);

struct Kept {
    launches: LruCache<String, Entry>,
    bytes: usize,
}

struct Entry {
    launch: Arc<Launch>,
    /// Until when it stays at hand, in milliseconds since 1970.
    until: i64,
}

impl Default for RecentLaunches {
    fn default() -> Self {
        Self(Mutex::new(Kept {
            launches: LruCache::new_unbounded(),
            bytes: 0,
        }))
    }
}

impl RecentLaunches {
    /// A launch, where it is at hand.
    pub fn get(&self, id: &str, now_ms: i64) -> Option<Arc<Launch>> {
        let mut kept = self.kept();
        let entry = kept.launches.get(id)?;
        if now_ms < entry.until {
            return Some(Arc::clone(&entry.launch));
        }
        kept.forget(id);
        None
    }

    /// Keeps a launch at hand; the ones longest unused give way.
    pub fn keep(&self, launch: &Arc<Launch>, now_ms: i64) {
        let entry = Entry {
            launch: Arc::clone(launch),
            until: now_ms.saturating_add(life_ms(launch)),
        };
        let mut kept = self.kept();
        kept.forget(&launch.id);
        kept.bytes += launch.weight();
        kept.launches.insert(launch.id.clone(), entry);
        while kept.bytes > MOST_BYTES {
            let Some((_, oldest)) = kept.launches.remove_lru() else {
                return;
            };
            kept.bytes -= oldest.launch.weight();
        }
    }

    /// Forgets a launch, because it was erased.
    pub fn forget(&self, id: &str) {
        self.kept().forget(id);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn forget(&mut self, id: &str) {
        if let Some(entry) = self.launches.remove(id) {
            self.bytes -= entry.launch.weight();
        }
    }
}

/// Of a student no longer than anything else that another replica may change, so that erasing them is complete
/// everywhere within seconds.
fn life_ms(launch: &Launch) -> i64 {
    let life = match launch.message {
        Message::StudyReel(_) => FRESH,
        Message::Lti13(_) => Duration::from_secs(600),
    };
    i64::try_from(life.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn launch(id: &str, bytes: usize) -> Arc<Launch> {
        Arc::new(Launch {
            id: id.into(),
            tool_id: "tool".into(),
            platform_id: None,
            message: Message::Lti13("x".repeat(bytes).into()),
            created_at: 0,
            expires_at: 0,
        })
    }

    #[test]
    fn a_launch_is_at_hand_for_ten_minutes() {
        let recent = RecentLaunches::default();
        recent.keep(&launch("a", 10), 1_000);
        assert_eq!(recent.get("a", 600_999).unwrap().id, "a");
        assert!(recent.get("a", 601_000).is_none());
        assert!(recent.get("b", 1_000).is_none());
        assert_eq!(recent.kept().bytes, 0);
    }

    #[test]
    fn the_longest_unused_give_way_and_every_byte_is_counted() {
        let recent = RecentLaunches::default();
        let size = MOST_BYTES / 4;
        for id in ["a", "b", "c"] {
            recent.keep(&launch(id, size), 0);
        }
        recent.get("a", 0).unwrap();
        recent.keep(&launch("d", size), 0);
        let there = ["a", "b", "c", "d"].map(|id| recent.get(id, 0).is_some());
        assert_eq!(there, [true, false, true, true]);
        // Kept again it is counted once.
        recent.keep(&launch("d", size), 0);
        assert!(recent.get("a", 0).is_some());
        for id in ["a", "c", "d", "unknown"] {
            recent.forget(id);
        }
        assert_eq!(recent.kept().bytes, 0);
        recent.keep(&launch("huge", 2 * MOST_BYTES), 0);
        assert!(recent.get("huge", 0).is_none());
        assert_eq!(recent.kept().bytes, 0);
    }
}
