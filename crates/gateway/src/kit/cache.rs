//! Bounded caches in front of slower sources. The least recently used value goes first.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hashlink::LruCache;

use crate::kit::clock::Stopwatch;

/// How long a change on another replica may go unnoticed here.
pub(crate) const FRESH: Duration = Duration::from_secs(5);

/// Values by key. Never waits for anything while holding its lock.
pub(crate) struct Cache<K, V> {
    most: usize,
    weigh: fn(&V) -> usize,
    life: fn(&V) -> Duration,
    kept: Mutex<CacheInner<K, V>>,
}

struct CacheInner<K, V> {
    entries: LruCache<K, Entry<V>>,
    weight: usize,
    /// How often the cache was cleared.
    clearings: u64,
}

struct Entry<V> {
    value: V,
    since: Stopwatch,
    weight: usize,
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    /// Holds at most this many values, each for [`FRESH`].
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            weigh: |_| 1,
            life: |_| FRESH,
            kept: Mutex::new(CacheInner {
                entries: LruCache::new_unbounded(),
                weight: 0,
                clearings: 0,
            }),
        }
    }

    /// Makes the limit count sizes in bytes, with this function for a value's size.
    #[must_use]
    pub(crate) fn weighing(mut self, weigh: fn(&V) -> usize) -> Self {
        self.weigh = weigh;
        self
    }

    /// Keeps each value for as long as this function says.
    #[must_use]
    pub(crate) fn living(mut self, life: fn(&V) -> Duration) -> Self {
        self.life = life;
        self
    }

    /// A cached value, unless it is too old.
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.get_within(key, Duration::MAX)
    }

    /// The same, but the value must also be younger than this.
    pub(crate) fn get_within<Q: Eq + Hash + ?Sized>(&self, key: &Q, age: Duration) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let mut kept = self.kept();
        let entry = kept.entries.get(key)?;
        if entry.since.elapsed() < (self.life)(&entry.value).min(age) {
            return Some(entry.value.clone());
        }
        kept.forget(key);
        None
    }

    /// Whether there is a value that isn't too old. If so, its life begins again.
    pub(crate) fn renew<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        let mut kept = self.kept();
        let Some(entry) = kept.entries.get_mut(key) else {
            return false;
        };
        if entry.since.elapsed() < (self.life)(&entry.value) {
            entry.since = Stopwatch::start();
            return true;
        }
        kept.forget(key);
        false
    }

    /// How often the cache was cleared, for [`Self::insert_unless_cleared`].
    pub(crate) fn clearings(&self) -> u64 {
        self.kept().clearings
    }

    /// Stores a value read at this clearing count, unless the cache was cleared since: the value
    /// may then be outdated.
    pub(crate) fn insert_unless_cleared(&self, clearings: u64, key: K, value: V) {
        let mut kept = self.kept();
        if kept.clearings == clearings {
            self.keep(&mut kept, key, value);
        }
    }

    /// The value of a key. If there is none, or it is too old, `make` makes one, only once for
    /// concurrent callers.
    pub(crate) fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> V) -> V {
        let mut kept = self.kept();
        if let Some(entry) = kept.entries.get(&key)
            && entry.since.elapsed() < (self.life)(&entry.value)
        {
            return entry.value.clone();
        }
        let value = make();
        self.keep(&mut kept, key, value.clone());
        value
    }

    /// Stores a value, replacing any other with this key.
    pub(crate) fn insert(&self, key: K, value: V) {
        self.keep(&mut self.kept(), key, value);
    }

    fn keep(&self, kept: &mut CacheInner<K, V>, key: K, value: V) {
        let entry = Entry {
            weight: (self.weigh)(&value),
            since: Stopwatch::start(),
            value,
        };
        kept.weight += entry.weight;
        if let Some(before) = kept.entries.insert(key, entry) {
            kept.weight -= before.weight;
        }
        while kept.weight > self.most {
            let Some((_, oldest)) = kept.entries.remove_lru() else {
                return;
            };
            kept.weight -= oldest.weight;
        }
    }

    /// Removes one value.
    pub(crate) fn forget<Q: Eq + Hash + ?Sized>(&self, key: &Q)
    where
        K: Borrow<Q>,
    {
        self.kept().forget(key);
    }

    /// Removes every value for which this is true. Looks at all of them.
    pub(crate) fn forget_where(&self, is_gone: impl Fn(&K, &V) -> bool) {
        let mut kept = self.kept();
        let CacheInner {
            entries, weight, ..
        } = &mut *kept;
        entries.retain(|key, entry| {
            let stays = !is_gone(key, &entry.value);
            if !stays {
                *weight -= entry.weight;
            }
            stays
        });
    }

    /// Removes expired values: they are never returned, but use memory and may be personal.
    pub(crate) fn tidy(&self) {
        let mut kept = self.kept();
        let CacheInner {
            entries, weight, ..
        } = &mut *kept;
        entries.retain(|_, entry| {
            let is_good = entry.since.elapsed() < (self.life)(&entry.value);
            if !is_good {
                *weight -= entry.weight;
            }
            is_good
        });
    }

    /// Removes all values.
    pub(crate) fn clear(&self) {
        let mut kept = self.kept();
        kept.entries.clear();
        kept.weight = 0;
        kept.clearings += 1;
    }

    fn kept(&self) -> MutexGuard<'_, CacheInner<K, V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> CacheInner<K, V> {
    fn forget<Q: Eq + Hash + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        if let Some(entry) = self.entries.remove(key) {
            self.weight -= entry.weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there<V: Clone>(cache: &Cache<&str, V>, keys: &[&str]) -> Vec<bool> {
        let there = |key: &&str| cache.get(*key).is_some();
        keys.iter().map(there).collect()
    }

    #[test]
    fn the_longest_unused_gives_way() {
        let cache = Cache::new(3);
        for key in ["a", "b", "c"] {
            cache.insert(key, ());
        }
        assert!(cache.get("a").is_some());
        cache.insert("d", ());
        assert_eq!(
            there(&cache, &["a", "b", "c", "d"]),
            [true, false, true, true]
        );
        // Replacing itself needs no more room.
        cache.insert("d", ());
        assert_eq!(there(&cache, &["a", "c", "d"]), [true; 3]);
        cache.forget("a");
        cache.insert("e", ());
        assert_eq!(
            there(&cache, &["a", "c", "d", "e"]),
            [false, true, true, true]
        );
        cache.clear();
        assert_eq!(there(&cache, &["c", "d", "e"]), [false; 3]);
    }

    #[test]
    fn a_missing_value_is_made_once() {
        let cache = Cache::new(2).living(|value: &u64| Duration::from_secs(*value));
        assert_eq!(cache.get_or_insert_with("a", || 60), 60);
        assert_eq!(cache.get_or_insert_with("a", || 61), 60);
        cache.insert("b", 0);
        assert_eq!(cache.get_or_insert_with("b", || 62), 62, "it was too old");
        assert_eq!(cache.kept().weight, 2);
    }

    #[test]
    fn every_byte_is_counted() {
        let cache = Cache::new(10).weighing(|text: &String| text.len());
        for (key, bytes) in [("a", 4), ("b", 4), ("a", 6)] {
            cache.insert(key, "x".repeat(bytes));
        }
        assert_eq!(there(&cache, &["a", "b"]), [true, true]);
        cache.insert("c", "x".into());
        assert_eq!(there(&cache, &["a", "b", "c"]), [false, true, true]);
        cache.insert("more than there is room for", "x".repeat(11));
        assert_eq!(cache.kept().weight, 0);
        cache.insert("a", "x".repeat(10));
        cache.forget("a");
        cache.forget("a");
        assert_eq!(cache.kept().weight, 0);
    }

    #[test]
    fn what_is_too_old_is_not_given_out() {
        let life = |value: &u64| Duration::from_secs(*value);
        let cache = Cache::new(10).living(life);
        cache.insert("a", 0);
        cache.insert("b", 60);
        assert_eq!(there(&cache, &["a", "b"]), [false, true]);
        assert_eq!(cache.kept().weight, 1);
        cache.insert("a", 0);
        let renewed = ["a", "b", "c"].map(|key| cache.renew(key));
        assert_eq!(renewed, [false, true, false]);
        assert_eq!(cache.kept().weight, 1, "what is too old is gone");
        for key in ["c", "d"] {
            cache.insert(key, 0);
        }
        cache.tidy();
        let kept = cache.kept();
        assert_eq!((kept.weight, kept.entries.len()), (1, 1));
        drop(kept);
        assert_eq!(there(&cache, &["b"]), [true]);
    }
}
