//! A message about the form that was just sent, shown once at the top of the next page.

use serde::{Deserialize, Serialize};

use crate::kit::text::cut;
use crate::web::language::Language;
use crate::web::texts::Phrase;

/// Its maximum size in bytes, so that the cookie has room for it, sealed and encoded in base64.
const MOST_BYTES: usize = 1400;
/// Bytes of text that certainly fit, however they are encoded.
const FEW_WORDS: usize = 600;

/// The result of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PortalFlash {
    pub(crate) words: String,
    /// Whether the action was refused.
    is_refusal: bool,
    /// Whether the text is English whatever the page's language is.
    pub(crate) is_english: bool,
    /// The id of the field that has to be changed.
    pub(crate) field: Option<String>,
}

impl PortalFlash {
    /// Success, in a text in the page's language.
    pub(crate) fn said(words: &str) -> Self {
        Self {
            words: words.to_owned(),
            is_refusal: false,
            is_english: false,
            field: None,
        }
    }

    /// Success.
    pub(crate) fn done(says: impl Into<Phrase>, language: Language) -> Self {
        Self::said(&says.into().to(language))
    }

    /// A refusal.
    pub(crate) fn refused(says: impl Into<Phrase>, language: Language) -> Self {
        Self {
            is_refusal: true,
            ..Self::done(says, language)
        }
    }

    /// A refusal in the words of the API or of a cause, which are English.
    pub(crate) fn refused_in_english(words: &str) -> Self {
        Self {
            is_refusal: true,
            is_english: true,
            ..Self::said(words)
        }
    }

    /// Names the field that caused it.
    #[must_use]
    pub(crate) fn because_of(self, field: &str) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..self
        }
    }

    /// The cookie's value: only the beginning, if it contains a name that is too long.
    pub(super) fn to_cookie(&self) -> Vec<u8> {
        let whole = serde_json::to_vec(self).unwrap_or_default();
        if whole.len() <= MOST_BYTES {
            return whole;
        }
        let words = cut(&self.words, FEW_WORDS).replace(char::is_control, " ");
        let short = Self {
            words: words + "…",
            ..self.clone()
        };
        serde_json::to_vec(&short).unwrap_or_default()
    }

    /// The CSS class of the message.
    pub(crate) fn kind(&self) -> &'static str {
        if self.is_refusal { "bad" } else { "ok" }
    }

    /// Its ARIA role: whether screen readers announce it at once or in turn.
    pub(crate) fn role(&self) -> &'static str {
        if self.is_refusal { "alert" } else { "status" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_length_fit_into_a_cookie() {
        let read = |flash: &PortalFlash| {
            let cookie = flash.to_cookie();
            assert!(cookie.len() <= MOST_BYTES, "{}", cookie.len());
            serde_json::from_slice::<PortalFlash>(&cookie).ok()
        };
        let short = PortalFlash::said("“North” is registered.").because_of("name");
        assert_eq!(read(&short), Some(short));
        for name in ["x", "ü", "\"", "\u{1}", "😀"] {
            let long = PortalFlash::refused_in_english(&name.repeat(4000));
            let words = read(&long).map(|read| read.words).unwrap_or_default();
            assert!(words.ends_with('…') && words.len() > 500, "{words}");
        }
    }
}
