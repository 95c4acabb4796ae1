//! Colours, if a person will see them.

use std::ffi::OsStr;
use std::fmt::{Display, Write as _};
use std::io::{self, IsTerminal, Write};

use super::lines;

/// The role of a piece of text. A terminal shows it as a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Plain,
    /// A heading, or something to look at first.
    Strong,
    /// Least important text.
    Soft,
    /// An address to open.
    Link,
    Good,
    /// Something worth noticing.
    Odd,
    Bad,
}

impl Ink {
    /// The escape code (ECMA-48 SGR). Uses the terminal's own palette, which suits its background.
    fn code(self) -> Option<u8> {
        match self {
            Self::Plain => None,
            Self::Strong => Some(1),
            Self::Soft => Some(2),
            Self::Link => Some(4),
            Self::Good => Some(32),
            Self::Odd => Some(33),
            Self::Bad => Some(31),
        }
    }
}

/// Text for standard output, with colours if a person sees it on a terminal and NO_COLOR isn't set.
/// Programs get plain text. Strangers' text is escaped, as everywhere here.
pub(crate) struct Inked {
    text: String,
    has_colours: bool,
}

impl Inked {
    /// Empty text.
    pub(crate) fn new() -> Self {
        Self::with(wants_colours())
    }

    fn with(has_colours: bool) -> Self {
        Self {
            text: String::new(),
            has_colours,
        }
    }

    /// Whether a person sees colours. If so, symbols may replace words that programs would look
    /// for.
    #[cfg(feature = "simulator")]
    pub(crate) fn has_colours(&self) -> bool {
        self.has_colours
    }

    /// Adds a piece.
    #[must_use]
    pub(crate) fn add(mut self, ink: Ink, text: impl Display) -> Self {
        let text = lines(text);
        match ink.code() {
            // Writing to a string can't fail.
            Some(code) if self.has_colours && !text.is_empty() => {
                let _ = write!(self.text, "\u{1b}[{code}m{text}\u{1b}[0m");
            }
            _ => self.text.push_str(&text),
        }
        self
    }

    /// Prints it, with a line break at the end.
    pub(crate) fn say(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{}", self.text)?;
        out.flush()
    }

    /// Empty text without colours, as programs get it.
    #[cfg(all(test, feature = "simulator"))]
    pub(crate) fn without_colours() -> Self {
        Self::with(false)
    }

    /// What would be printed.
    #[cfg(all(test, feature = "simulator"))]
    pub(crate) fn plain(&self) -> &str {
        &self.text
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "these variables are the person's and the terminal's, no settings of ours"
)]
fn wants_colours() -> bool {
    let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb =
        std::env::var_os("TERM").is_some_and(|term| term.as_os_str() == OsStr::new("dumb"));
    io::stdout().is_terminal() && !forbidden && !is_dumb
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_ours_and_only_where_they_are_seen() {
        let written = |has_colours| {
            let inked = Inked::with(has_colours)
                .add(Ink::Good, "ok")
                .add(Ink::Plain, " ")
                .add(Ink::Bad, "a\u{1b}[2Jb")
                .add(Ink::Strong, "");
            inked.text
        };
        assert_eq!(written(false), "ok a\\u001b[2Jb");
        assert_eq!(
            written(true),
            "\u{1b}[32mok\u{1b}[0m \u{1b}[31ma\\u001b[2Jb\u{1b}[0m"
        );
    }
}
