//! What to say about each code in a trace: what it means, what remedies it, what to do. The rules
//! come from every room, and only the top of the program may know all rooms.

use crate::directory::admission;
use crate::keys::theirs::KeyFailure;
use crate::launch::handoff;
use crate::portal::provider::OidcRefusal;
use crate::portal::signed_in as portal;
use crate::registration::RegistrationError;
use crate::services::deep_linking;
use crate::studyreel::{LinkRefusal, StudyReelRefusal};
use crate::web::rule::{Explanation, Rule, explained_among};
use crate::web::{at_once, problem};
use crate::{lti13, render};

/// The rules of every room but the LTI adapter.
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

/// Looks a code up.
pub(crate) fn explained(code: &str) -> Option<Explanation> {
    let mut rules = RULES.iter().chain(&lti13::RULES);
    rules
        .find_map(|rules| explained_among(rules, code))
        .or_else(|| lti13::explained(code))
}

/// All advice there is.
#[cfg(test)]
pub(crate) fn all_advice() -> impl Iterator<Item = &'static str> {
    let rules = RULES.into_iter().chain(lti13::RULES).flatten();
    let protocol = [lti::id_token::Refusal::RULES, lti::login::LoginError::RULES];
    let protocol = protocol.into_iter().flatten();
    let protocol = protocol.filter_map(|(code, _)| explained(code));
    let rules = rules.map(|rule| rule.advice);
    rules.chain(protocol.map(|explained| explained.advice))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::portal::failures::advice::by_meaning;
    use crate::web::language::Language;
    use crate::web::meaning::{Meaning, Remedy};
    use crate::web::texts::meanings;

    fn advice(code: &str) -> Option<&'static str> {
        explained(code).map(|explained| explained.advice)
    }

    fn english(meaning: Meaning) -> &'static str {
        meaning.name.to(Language::English)
    }

    /// A new rule gets words and a remedy, or says that there is none.
    #[test]
    fn every_code_has_words_and_one_meaning() {
        let mut known = HashMap::new();
        for rule in RULES.into_iter().chain(lti13::RULES).flatten() {
            let meaning = rule
                .meaning
                .map(|meaning| (english(meaning), meaning.remedy));
            let (words, remedy) = meaning.unwrap_or_else(|| panic!("{} has no meaning", rule.code));
            let first = *known.entry(rule.code).or_insert((words, remedy));
            assert_eq!(first, (words, remedy), "{}", rule.code);
        }
        let protocol = [lti::id_token::Refusal::RULES, lti::login::LoginError::RULES];
        for (code, _) in protocol.into_iter().flatten() {
            let meaning = explained(code).map(|explained| english(explained.meaning));
            known.insert(*code, (meaning.unwrap_or_default(), Remedy::Nothing));
        }
        let unknown = english(Meaning::UNKNOWN);
        for (code, (words, _)) in known {
            assert!(!words.is_empty() && words != unknown, "{code}: {words}");
        }
    }

    /// These leave no trace that could explain them.
    #[test]
    fn the_guide_says_what_to_do_about_sign_ins_elsewhere() {
        let guide = include_str!("../../../docs/portal.md");
        for rule in OidcRefusal::RULES {
            let row = format!("| `{}` | {} |\n", rule.code, rule.advice);
            let is_told = guide.contains(&row) || rule.code == "STORE_FAILED";
            assert!(is_told, "docs/portal.md lacks {row}");
        }
    }

    #[test]
    fn what_we_refuse_is_not_called_the_lmss_refusal() {
        let ours = explained("PLATFORM_ALREADY_REGISTERED").map(|ours| english(ours.meaning));
        assert_eq!(ours, Some("This platform is registered already"));
        let theirs = explained("PLATFORM_DENIED_ACCESS").map(|theirs| english(theirs.meaning));
        assert_eq!(theirs, Some("The LMS itself refused"));
    }

    /// Owners, teachers and the administrators of LMSs read the same words.
    #[test]
    fn what_a_reason_means_addresses_nobody() {
        let you = [
            "you", "your", "usted", "vous", "votre", "vos", "Sie", "Ihnen", "Ihr", "Ihre", "você",
        ];
        let rules = RULES.into_iter().chain(lti13::RULES).flatten();
        for rule in rules {
            for language in Language::ALL {
                let name = rule.meaning.map_or("", |meaning| meaning.name.to(language));
                let mut words = name.split(|letter: char| !letter.is_alphanumeric());
                assert!(
                    !words.any(|word| you.contains(&word)),
                    "{}: {name}",
                    rule.code
                );
            }
        }
    }

    /// The portal's pages have no English sentence in another language.
    #[test]
    fn advice_without_a_button_is_in_every_language() {
        // Sign-ins elsewhere leave no trace.
        let is_traced =
            |rule: &&Rule| !OidcRefusal::RULES.iter().any(|oidc| oidc.code == rule.code);
        let rules = RULES.into_iter().chain(lti13::RULES).flatten();
        let codes = rules.filter(is_traced).map(|rule| rule.code);
        let protocol = [lti::id_token::Refusal::RULES, lti::login::LoginError::RULES];
        let protocol = protocol.into_iter().flatten().map(|(code, _)| *code);
        for code in codes.chain(protocol) {
            let meaning = explained(code).map_or(Meaning::UNKNOWN, |known| known.meaning);
            let is_said = meaning.remedy.is_here() || by_meaning(meaning.name).is_some();
            assert!(is_said, "{code}: {}", english(meaning));
        }
        assert!(by_meaning(meanings::MANY_REASONS).is_some());
        assert!(by_meaning(Meaning::UNKNOWN.name).is_some());
    }

    /// The administrator of an LMS can't call our API, or run our program.
    #[test]
    fn what_an_lms_can_do_names_nothing_of_ours() {
        let rules = RULES.into_iter().chain(lti13::RULES).flatten();
        let codes = rules.map(|rule| rule.code);
        let protocol = [lti::id_token::Refusal::RULES, lti::login::LoginError::RULES];
        let protocol = protocol.into_iter().flatten().map(|(code, _)| *code);
        for code in codes.chain(protocol) {
            let told = explained(code).map(|explained| explained.meaning.for_lms);
            for language in Language::ALL {
                let told = told.map_or("", |told| told.to(language));
                let ours = ["/admin", "GET ", "PUT ", "PATCH ", "POST ", "hallpass "];
                assert!(!told.is_empty(), "{code}");
                assert!(
                    !ours.iter().any(|ours| told.contains(ours)),
                    "{code}: {told}"
                );
            }
        }
    }

    /// When an LMS registers, no one has opened a course yet.
    #[test]
    fn what_an_lms_can_do_about_a_registration_names_no_course() {
        for rule in RegistrationError::RULES {
            let told = rule
                .meaning
                .map_or("", |meaning| meaning.for_lms.to(Language::English));
            assert!(!told.contains("course"), "{}: {told}", rule.code);
        }
    }

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

    /// Every code named in docs/lms has advice here, or is explained with grades and services.
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
            word.starts_with(|c: char| c.is_ascii_uppercase())
                && word.contains('_')
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
            assert!(explained(code).is_some() || is_explained, "{code}");
        }
        assert!(number > 40, "only {number} codes were found");
    }

    #[test]
    fn advice_is_found_on_the_protocols_codes_too() {
        use lti::id_token::Refusal;
        let clocks = advice("TOKEN_EXPIRED").unwrap_or_default();
        assert!(clocks.contains("launch.leewaySeconds"), "{clocks}");
        for refusal in [
            Refusal::ExpiryMissing,
            Refusal::ExpiryMalformed,
            Refusal::IssuedAtMissing,
            Refusal::IssuedAtMalformed,
            Refusal::NotBeforeMalformed,
        ] {
            let told = advice(refusal.code()).unwrap_or_default().to_lowercase();
            let words = ["clock", "ntp", "leeway"];
            let names_one = words.iter().any(|word| told.contains(word));
            assert!(!told.is_empty() && !names_one, "{refusal}: {told}");
        }
        let keys = advice("KID_UNKNOWN").unwrap_or_default();
        assert!(keys.contains("at most once a minute"), "{keys}");
        for (code, _) in Refusal::RULES {
            assert!(advice(code).is_some(), "{code}");
        }
        assert_eq!(advice("SOMETHING_NEWER"), None);
    }
}
