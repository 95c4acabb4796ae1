//! What a page says about the form that was just sent: once, at its top.

use serde::{Deserialize, Serialize};

use crate::web::language::Language;
use crate::web::texts::Phrase;

/// What came of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PortalFlash {
    pub(crate) words: String,
    /// Whether it wasn't done.
    is_refusal: bool,
    /// Whether the words are English on a page in any language.
    pub(crate) is_english: bool,
    /// The field that has to be filled in differently, by its id on the page.
    pub(crate) field: Option<String>,
}

impl PortalFlash {
    /// It was done, in words of the page's language.
    pub(crate) fn said(words: &str) -> Self {
        Self {
            words: words.to_owned(),
            is_refusal: false,
            is_english: false,
            field: None,
        }
    }

    /// It was done.
    pub(crate) fn done(says: impl Into<Phrase>, language: Language) -> Self {
        Self::said(&says.into().to(language))
    }

    /// It wasn't done.
    pub(crate) fn refused(says: impl Into<Phrase>, language: Language) -> Self {
        Self {
            is_refusal: true,
            ..Self::done(says, language)
        }
    }

    /// It wasn't done, in words of the API or of a cause, which are English.
    pub(crate) fn refused_in_english(words: &str) -> Self {
        Self {
            is_refusal: true,
            is_english: true,
            ..Self::said(words)
        }
    }

    /// Because of the field with this id.
    #[must_use]
    pub(crate) fn because_of(self, field: &str) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..self
        }
    }

    /// The class of its note.
    pub(crate) fn kind(&self) -> &'static str {
        if self.is_refusal { "bad" } else { "ok" }
    }

    /// Whether screen readers say it at once or in turn.
    pub(crate) fn role(&self) -> &'static str {
        if self.is_refusal { "alert" } else { "status" }
    }
}
