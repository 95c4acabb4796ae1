//! What surrounds the pages for people who are not signed in: a sheet, and nothing else.

use std::borrow::Borrow;

use super::assets;
use super::look::PortalLook;
use crate::directory::tools::Tool;
use crate::web::language::Language;
use crate::web::texts::{Phrase, Text};

/// What a template that extends `portal/bare.html` needs, as `outside`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outside<'a> {
    pub(super) language: Language,
    /// The tool's name.
    pub(super) tool: &'a str,
    /// The page's heading.
    pub(super) title: Text,
    from: &'a Tool,
}

impl<'a> Outside<'a> {
    pub(super) fn new(tool: &'a Tool, language: Language, title: Text) -> Self {
        Self {
            language,
            tool: tool.name_in(language),
            title,
            from: tool,
        }
    }

    /// A text in the page's language.
    pub(super) fn say(&self, text: impl Borrow<Text>) -> &'static str {
        text.borrow().to(self.language)
    }

    /// A text with values, in the page's language.
    pub(super) fn phrase(&self, phrase: impl Borrow<Phrase>) -> String {
        phrase.borrow().to(self.language).into_owned()
    }

    /// The address of the style sheet.
    pub(super) fn style(&self) -> &'static str {
        assets::style()
    }

    /// How the tool's pages look.
    pub(super) fn look(&self) -> PortalLook {
        PortalLook::of(self.from)
    }

    /// The address of the icon.
    pub(super) fn icon(&self) -> &'static str {
        assets::icon()
    }
}
