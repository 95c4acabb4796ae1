//! Caches whose keys are two texts, looked up without copying the texts.

use std::borrow::Borrow;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use super::cache::Cache;

/// What `(String, String)` and `(&str, &str)` have in common. A key can be borrowed only as
/// something that it contains, and a pair of texts contains no pair of borrowed ones, but it is one
/// of these.
trait TextPair {
    fn texts(&self) -> (&str, &str);
}

impl TextPair for (String, String) {
    fn texts(&self) -> (&str, &str) {
        (&self.0, &self.1)
    }
}

impl TextPair for (&str, &str) {
    fn texts(&self) -> (&str, &str) {
        (self.0, self.1)
    }
}

impl<'p> Borrow<dyn TextPair + 'p> for (String, String) {
    fn borrow(&self) -> &(dyn TextPair + 'p) {
        self
    }
}

/// As tuples do, because the key in the cache was hashed as one.
impl Hash for dyn TextPair + '_ {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.texts().hash(state);
    }
}

impl PartialEq for dyn TextPair + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.texts() == other.texts()
    }
}

impl Eq for dyn TextPair + '_ {}

impl<V: Clone> Cache<(String, String), V> {
    /// [`Self::get_within`], by two texts.
    pub(crate) fn get_pair_within(&self, key: (&str, &str), age: Duration) -> Option<V> {
        let key: &dyn TextPair = &key;
        self.get_within(key, age)
    }

    /// [`Self::renew`], by two texts.
    pub(crate) fn renew_pair(&self, key: (&str, &str)) -> bool {
        let key: &dyn TextPair = &key;
        self.renew(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_found_by_its_texts() {
        let cache = Cache::new(10);
        cache.insert(("a".to_owned(), "bc".to_owned()), 1);
        cache.insert(("ab".to_owned(), "c".to_owned()), 2);
        let get = |one, other| cache.get_pair_within((one, other), Duration::MAX);
        assert_eq!((get("a", "bc"), get("ab", "c")), (Some(1), Some(2)));
        assert_eq!((get("abc", ""), get("bc", "a")), (None, None));
        assert!(cache.renew_pair(("a", "bc")));
        assert!(!cache.renew_pair(("a", "b")));
    }
}
