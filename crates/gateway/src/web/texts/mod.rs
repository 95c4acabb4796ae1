//! Everything a page says, in every language.
//!
//! A text is one entry of [`texts!`] in the file of its room, with all five languages side by side;
//! a missing language doesn't compile. Placeholders are in braces and are filled in with
//! [`Text::with`]. Write as to a stranger you respect: what happened, then what to do. No names of
//! people, no jargon; German with Sie, Spanish with usted, French with vous, Portuguese as in
//! Brazil, where most of its readers are. Technical detail stays English and has its own place on
//! the page.

use std::borrow::Cow;

use crate::web::language::Language;

pub(crate) mod delivery_advice;
pub(crate) mod delivery_causes;
pub(crate) mod for_lms;
pub(crate) mod launch;
pub(crate) mod meanings;
pub(crate) mod page;
pub(crate) mod platform_check;
pub(crate) mod portal;
pub(crate) mod portal_access;
pub(crate) mod portal_advice;
pub(crate) mod portal_attempts;
pub(crate) mod portal_audit;
pub(crate) mod portal_backup;
pub(crate) mod portal_connect;
pub(crate) mod portal_deliveries;
pub(crate) mod portal_events;
pub(crate) mod portal_failures;
pub(crate) mod portal_health;
pub(crate) mod portal_home;
pub(crate) mod portal_keys;
pub(crate) mod portal_log;
pub(crate) mod portal_look;
pub(crate) mod portal_oidc;
pub(crate) mod portal_pages;
pub(crate) mod portal_platforms;
pub(crate) mod portal_settings;
pub(crate) mod portal_sign_in;
pub(crate) mod portal_students;
pub(crate) mod portal_tools;
pub(crate) mod portal_trial;
pub(crate) mod portal_usage;
pub(crate) mod portal_users;
pub(crate) mod portal_walk;
pub(crate) mod registration;
pub(crate) mod student;

/// One text in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    en: &'static str,
    es: &'static str,
    fr: &'static str,
    de: &'static str,
    pt: &'static str,
}

impl Text {
    /// The text in this language.
    pub const fn to(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Spanish => self.es,
            Language::French => self.fr,
            Language::German => self.de,
            Language::Portuguese => self.pt,
        }
    }

    /// Replaces `{name}` with a value.
    pub fn with(self, name: &'static str, value: impl Into<String>) -> Phrase {
        Phrase::from(self).with(name, value)
    }
}

/// A text and its values.
#[derive(Clone, Debug)]
pub struct Phrase {
    text: Text,
    values: Vec<(&'static str, String)>,
}

impl From<Text> for Phrase {
    fn from(text: Text) -> Self {
        Self {
            text,
            values: Vec::new(),
        }
    }
}

impl Phrase {
    /// Adds one more value, for `{name}`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// The text in this language. Values are inserted unchanged, including any braces.
    pub fn to(&self, language: Language) -> Cow<'static, str> {
        let mut rest = self.text.to(language);
        if self.values.is_empty() {
            return rest.into();
        }
        let mut filled = String::new();
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
        {
            filled.push_str(before);
            let value = self.values.iter().find(|(known, _)| *known == name);
            filled.push_str(value.map_or("", |(_, value)| value));
            rest = after;
        }
        filled.push_str(rest);
        filled.into()
    }
}

/// Declares texts: a name, then each language in this order.
macro_rules! texts {
    ($($name:ident {
        en: $en:literal,
        es: $es:literal,
        fr: $fr:literal,
        de: $de:literal,
        pt: $pt:literal $(,)?
    })+) => {
        $(pub(crate) const $name: $crate::web::texts::Text = $crate::web::texts::Text {
            en: $en,
            es: $es,
            fr: $fr,
            de: $de,
            pt: $pt,
        };)+

        #[cfg(test)]
        pub(super) const ALL: &[(&str, $crate::web::texts::Text)] = &[$((stringify!($name), $name)),+];
    };
}
use texts;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn all() -> impl Iterator<Item = &'static (&'static str, Text)> {
        [
            page::ALL,
            launch::ALL,
            delivery_advice::ALL,
            delivery_causes::ALL,
            for_lms::ALL,
            registration::ALL,
            student::ALL,
            portal_connect::ALL,
            portal_deliveries::ALL,
            portal_events::ALL,
            portal_failures::ALL,
            meanings::ALL,
            platform_check::ALL,
            portal_pages::ALL,
            portal_platforms::ALL,
            portal_settings::ALL,
            portal_students::ALL,
            portal::ALL,
            portal_access::ALL,
            portal_advice::ALL,
            portal_attempts::ALL,
            portal_audit::ALL,
            portal_backup::ALL,
            portal_health::ALL,
            portal_home::ALL,
            portal_keys::ALL,
            portal_log::ALL,
            portal_look::ALL,
            portal_oidc::ALL,
            portal_sign_in::ALL,
            portal_tools::ALL,
            portal_trial::ALL,
            portal_usage::ALL,
            portal_users::ALL,
            portal_walk::ALL,
        ]
        .into_iter()
        .flatten()
    }

    fn values(text: &str) -> BTreeSet<&str> {
        let names = text.split('{').skip(1);
        names
            .filter_map(|rest| Some(rest.split_once('}')?.0))
            .collect()
    }

    #[test]
    fn every_text_is_whole_in_every_language() {
        for (name, text) in all() {
            let english = text.to(Language::English);
            let paragraphs = |text: &str| text.lines().count();
            for language in Language::ALL {
                let said = text.to(language);
                assert_eq!(said.trim(), said, "{name} in {language:?}");
                assert!(
                    said.len() * 3 >= english.len() && said.len() <= english.len() * 3,
                    "{name} in {language:?}"
                );
                assert_eq!(values(said), values(english), "{name} in {language:?}");
                assert_eq!(
                    paragraphs(said),
                    paragraphs(english),
                    "{name} in {language:?}"
                );
                let end = |text: &str| {
                    text.ends_with(['.', '?', '…', ':'])
                        .then(|| text.chars().last())
                };
                assert_eq!(end(said), end(english), "{name} in {language:?}");
                assert!(
                    !said.contains("  ") && !said.contains(" ."),
                    "{name} in {language:?}"
                );
                if language != Language::English && english.contains(' ') {
                    assert_ne!(said, english, "{name} in {language:?}");
                }
            }
        }
    }

    /// The words that are not used, because another one is (decision 0441).
    #[test]
    fn a_thing_has_one_word_in_a_language() {
        let unused = [
            (
                Language::German,
                &["Bewertung", "Inhaber", "Gesundheit", "Key Set", "Keyset"][..],
            ),
            (
                Language::Spanish,
                &["alumno", "Alumno", "calificación", "key set", "keyset p"],
            ),
            (Language::French, &["key set", "keyset p"]),
            (
                Language::Portuguese,
                &["aluno", "Aluno", "livro de notas", "key set", "keyset p"],
            ),
        ];
        for (language, words) in unused {
            for (name, text) in all() {
                let said = text.to(language);
                let word = words.iter().find(|word| said.contains(**word));
                assert_eq!(word, None, "{name} in {language:?}");
            }
        }
    }

    /// docs/lms quotes our pages, so that people recognise what they see.
    #[test]
    fn pages_say_what_the_guides_quote() {
        let guide = include_str!("../../../../../docs/lms/README.md");
        let rows = guide.lines().filter(|line| line.starts_with("| “"));
        let cells = rows.filter_map(|row| row.split(" | ").next());
        let quotes = cells.flat_map(|cell| cell.split('“').skip(1));
        let mut number = 0;
        for quote in quotes.filter_map(|rest| Some(rest.split_once('”')?.0)) {
            number += 1;
            let is_said = all().any(|(_, text)| text.to(Language::English).contains(quote));
            assert!(is_said, "no page says: {quote}");
        }
        assert!(number > 20, "only {number} quotes were found");
    }

    #[test]
    fn values_are_filled_in_and_never_read_again() {
        const GREETING: Text = Text {
            en: "{name} and {other}.",
            es: "{other} y {name}.",
            fr: "",
            de: "",
            pt: "",
        };
        let phrase = GREETING.with("name", "{other}").with("other", "B");
        assert_eq!(phrase.to(Language::English), "{other} and B.");
        assert_eq!(phrase.to(Language::Spanish), "B y {other}.");
    }
}
