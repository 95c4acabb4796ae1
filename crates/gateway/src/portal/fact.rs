//! Facts in a page's list, each with a name and a value.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::texts::portal_pages as texts;

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
