//! Facts in a page's list, each with a name and a value.

use crate::kit::clock::iso;
use crate::portal::query::ms_of;
use crate::web::texts::Text;

pub(super) struct Fact {
    pub(super) name: Text,
    pub(super) value: String,
}

impl Fact {
    /// The facts that have a value.
    pub(super) fn known(facts: impl IntoIterator<Item = (Text, Option<String>)>) -> Vec<Self> {
        let facts = facts.into_iter();
        let known = facts.filter_map(|(name, value)| value.map(|value| Self { name, value }));
        known.collect()
    }
}

/// A time of the API to the second, for a list of facts: `2026-11-30 23:34:26 UTC`.
pub(super) fn exact(time: &str) -> String {
    match ms_of(time) {
        0 => time.to_owned(),
        ms => iso(ms - ms.rem_euclid(1000))
            .replace('T', " ")
            .replace('Z', " UTC"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::texts::portal_pages as texts;

    #[test]
    fn a_time_among_facts_is_to_the_second() {
        for (time, shown) in [
            ("2026-11-30T23:34:26.123Z", "2026-11-30 23:34:26 UTC"),
            ("2026-11-30T23:34:26+01:00", "2026-11-30 22:34:26 UTC"),
            ("at noon", "at noon"),
        ] {
            assert_eq!(exact(time), shown);
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let facts = [
            (texts::WHEN, Some("now".to_owned())),
            (texts::REFERENCE, None),
        ];
        let known = Fact::known(facts);
        let values: Vec<&str> = known.iter().map(|fact| fact.value.as_str()).collect();
        assert_eq!(values, ["now"]);
    }
}
