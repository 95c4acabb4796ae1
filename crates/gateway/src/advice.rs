//! What to do about each code that a trace may hold: every room's rows, which only the top knows.

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
