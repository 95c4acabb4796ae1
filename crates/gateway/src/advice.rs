//! What to do about each code in a trace. Its rows are those of every room, which only the top may know.

use crate::directory::admission;
use crate::keys::theirs::KeyFailure;
use crate::launch::handoff;
use crate::portal::provider::OidcRefusal;
use crate::portal::signed_in as portal;
use crate::registration::RegistrationError;
use crate::services::deep_linking;
use crate::studyreel::{LinkRefusal, StudyReelRefusal};
use crate::web::rule::{Rule, advice_among};
use crate::web::{at_once, problem};
use crate::{lti13, render};

/// The rows of every room but the LTI adapter.
const RULES: [&[Rule]; 12] = [
    problem::RULES,
    at_once::RULES,
    render::RULES,
    KeyFailure::RULES,
    admission::RULES,
    handoff::RULES,
    RegistrationError::RULES,
    LinkRefusal::RULES,
    deep_linking::RULES,
    StudyReelRefusal::RULES,
    portal::RULES,
    OidcRefusal::RULES,
];

/// The advice on a code.
pub(crate) fn advice(code: &str) -> Option<&'static str> {
    let mut rules = RULES.iter().chain(&lti13::RULES);
    rules
        .find_map(|rules| advice_among(rules, code))
        .or_else(|| lti13::advice_on(code))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn a_code_has_one_advice_wherever_it_stands() {
        let mut known = HashMap::new();
        let rules = RULES.into_iter().chain(lti13::RULES).flatten();
        for rule in rules {
            let first = *known.entry(rule.code).or_insert(rule.advice);
            assert_eq!(first, rule.advice, "{}", rule.code);
            assert_eq!(advice(rule.code), Some(rule.advice), "{}", rule.code);
        }
        assert!(known.len() > 80, "{}", known.len());
    }

    /// A code that docs/lms names has advice here, or is explained where grades and services are.
    #[test]
    fn codes_in_the_guides_exist() {
        let guides = [
            include_str!("../../../docs/lms/README.md"),
            include_str!("../../../docs/lms/moodle.md"),
            include_str!("../../../docs/lms/canvas.md"),
            include_str!("../../../docs/lms/brightspace.md"),
            include_str!("../../../docs/lms/blackboard.md"),
            include_str!("../../../docs/lms/sakai.md"),
            include_str!("../../../docs/lms/schoology.md"),
            include_str!("../../../docs/lms/openedx.md"),
        ];
        let services = [
            include_str!("../../../docs/grades.md"),
            include_str!("../../../docs/services.md"),
        ];
        let is_code = |word: &&str| {
            let mut letters = word.chars();
            word.contains('_')
                && letters.all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        };
        let words = guides
            .iter()
            .flat_map(|guide| guide.split('`').skip(1).step_by(2));
        let mut number = 0;
        for code in words.filter(is_code) {
            number += 1;
            let is_explained = services
                .iter()
                .any(|page| page.contains(&format!("`{code}`")));
            assert!(advice(code).is_some() || is_explained, "{code}");
        }
        assert!(number > 40, "only {number} codes were found");
    }

    #[test]
    fn advice_is_found_on_the_protocols_codes_too() {
        let clocks = advice("TOKEN_EXPIRED").unwrap_or_default();
        assert!(clocks.contains("launch.leewaySeconds"), "{clocks}");
        for (code, _) in lti::id_token::Refusal::RULES {
            assert!(advice(code).is_some(), "{code}");
        }
        assert_eq!(advice("SOMETHING_NEWER"), None);
    }
}
