//! What may stand on a terminal. Names, ids and messages come from strangers, who could recolour the screen with them,
//! hide something or let it read backwards: everything a command prints of them goes through here.

use std::ffi::OsStr;
use std::fmt::{Display, Write as _};
use std::io::{self, IsTerminal, Write};

use gateway::kit::clock::iso;
use gateway::kit::text::without_code;

/// Prints a text of one line or several.
pub(crate) fn say(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", lines(text))?;
    out.flush()
}

/// What a piece of text is. A terminal shows it by a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    Plain,
    /// A heading, or what to look at first.
    Strong,
    /// What matters least.
    Soft,
    /// An address to open.
    Link,
    Good,
    /// Something to know.
    Odd,
    Bad,
}

impl Ink {
    /// For the terminal (ECMA-48 SGR). The colours are its own, which fit its background.
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

/// Text for standard output, in colours if a person sees it on a terminal and NO_COLOR doesn't forbid them. Programs get
/// the same text without. What strangers wrote is escaped as everywhere here.
pub(crate) struct Inked {
    text: String,
    has_colours: bool,
}

impl Inked {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self::with(wants_colours())
    }

    fn with(has_colours: bool) -> Self {
        Self {
            text: String::new(),
            has_colours,
        }
    }

    /// Whether a person sees colours, and so may be shown marks in place of words that programs look for.
    #[cfg(feature = "simulator")]
    pub(crate) fn has_colours(&self) -> bool {
        self.has_colours
    }

    /// Adds a piece.
    #[must_use]
    pub(crate) fn add(mut self, ink: Ink, text: impl Display) -> Self {
        let text = lines(text);
        match ink.code() {
            // Writing to a text can't fail.
            Some(code) if self.has_colours && !text.is_empty() => {
                let _ = write!(self.text, "\u{1b}[{code}m{text}\u{1b}[0m");
            }
            _ => self.text.push_str(&text),
        }
        self
    }

    /// Prints it and ends the line.
    pub(crate) fn say(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{}", self.text)?;
        out.flush()
    }

    /// Nothing yet, as programs get it.
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

/// Prints a file as it is, where a program or another file takes it. On a terminal, what can't be seen is written out.
pub(crate) fn file(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        out.write_all(lines(text).as_bytes())?;
    } else {
        out.write_all(text.as_bytes())?;
    }
    out.flush()
}

/// [`say`] on standard error, apart from the requested output.
pub(crate) fn note(text: impl Display) -> io::Result<()> {
    writeln!(io::stderr(), "{}", lines(text))
}

/// Rows under headings: a table on a terminal; for programs, lines of fields with tabs between them.
pub(crate) struct Table<const N: usize> {
    headings: [&'static str; N],
    rows: Vec<[Cell; N]>,
}

/// What stands in a table.
pub(crate) enum Cell {
    /// A text, which may be empty.
    Text(String),
    /// A time in milliseconds since 1970, if there is one.
    Time(Option<i64>),
    /// When something last happened, as far as it was noted.
    Last(Option<i64>),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Cell {
    /// As people read it, in UTC and to the minute.
    fn for_people(&self) -> String {
        let text = match self {
            Self::Text(text) => field(text),
            Self::Last(None) => "none noted".to_owned(),
            Self::Time(time) | Self::Last(time) => {
                let time = time.map(iso).unwrap_or_default();
                let minute = time.get(..16).unwrap_or(&time);
                minute.replacen('T', " ", 1)
            }
        };
        if text.is_empty() {
            "-".to_owned()
        } else {
            text
        }
    }

    fn for_programs(&self) -> String {
        match self {
            Self::Text(text) => field(text),
            Self::Time(time) | Self::Last(time) => time.map_or_else(|| "-".to_owned(), iso),
        }
    }
}

impl<const N: usize> Table<N> {
    pub(crate) fn new(headings: [&'static str; N]) -> Self {
        let rows = Vec::new();
        Self { headings, rows }
    }

    pub(crate) fn add(&mut self, row: [Cell; N]) {
        self.rows.push(row);
    }

    /// Prints it. If there is nothing in it, people read so; programs get no line then.
    pub(crate) fn say(&self, if_empty: &str) -> io::Result<()> {
        match (self.rows.is_empty(), is_read_by_people()) {
            (true, true) => say(if_empty),
            (true, false) => Ok(()),
            (false, true) => {
                let text = self.for_people();
                let (headings, rows) = text.split_once('\n').unwrap_or((text.as_str(), ""));
                Inked::new()
                    .add(Ink::Strong, headings)
                    .add(Ink::Plain, format_args!("\n{rows}"))
                    .say()
            }
            (false, false) => say(self.for_programs()),
        }
    }

    fn for_programs(&self) -> String {
        let line = |row: &[Cell; N]| row.each_ref().map(Cell::for_programs).join("\t");
        self.rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn for_people(&self) -> String {
        let mut lines = vec![self.headings.map(str::to_owned)];
        lines.extend(
            self.rows
                .iter()
                .map(|row| row.each_ref().map(Cell::for_people)),
        );
        let mut widths = [0; N];
        for line in &lines {
            for (width, text) in widths.iter_mut().zip(line) {
                *width = text.chars().count().max(*width);
            }
        }
        let aligned = lines.iter().map(|line| {
            let mut text = String::new();
            for (cell, width) in line.iter().zip(widths) {
                // Writing to a text can't fail.
                let _ = write!(text, "{cell:width$}  ");
            }
            text.trim_end().to_owned()
        });
        aligned.collect::<Vec<_>>().join("\n")
    }
}

/// Names and values under each other, for one thing with many.
pub(crate) fn listed(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
    let lines = pairs.map(|(name, value)| format!("{name:width$}  {}", field(value)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Fields of one line, with tabs between them.
pub(crate) fn fields<const N: usize>(fields: [&str; N]) -> String {
    fields.map(field).join("\t")
}

/// The same below each other, for lines that come one by one on a terminal. A longer field moves the rest of its line.
pub(crate) fn columns<const N: usize>(fields: [&str; N], widths: [usize; N]) -> String {
    let mut text = String::new();
    for (cell, width) in fields.map(field).iter().zip(widths) {
        // Writing to a text can't fail.
        let _ = write!(text, "{cell:width$}  ");
    }
    text.trim_end().to_owned()
}

/// Whether a person reads standard output.
pub(crate) fn is_read_by_people() -> bool {
    io::stdout().is_terminal()
}

/// A text that stays within its line and its field.
pub(crate) fn field(text: impl Display) -> String {
    escape(&text.to_string(), |_| false)
}

/// A text whose line breaks and tabs are our own.
fn lines(text: impl Display) -> String {
    escape(&text.to_string(), |c| matches!(c, '\n' | '\t'))
}

/// An error and what led to it. Some say that themselves already; it stands there once.
pub(crate) fn told(error: &anyhow::Error) -> String {
    let mut text = without_code(&error.to_string());
    let causes = error.chain().skip(1);
    for cause in causes.map(|cause| without_code(&cause.to_string())) {
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

/// Writes what can't be seen as JSON does, so that JSON stays what it was.
fn escape(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if stays(c) || !is_unseen(c) => escaped.push(c),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a text can't fail.
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            }
        }
    }
    escaped
}

/// Controls (C0, C1), and what Unicode has to turn, join, split or hide text.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn what_is_not_seen_is_written_out() {
        let hostile = "a\u{1b}[31m\u{9b}2J\u{202e}txt\u{2066}\u{200b}\u{e0041}\r\n\tz\u{7f}";
        let seen = r"a\u001b[31m\u009b2J\u202etxt\u2066\u200b\udb40\udc41\r\n\tz\u007f";
        assert_eq!(field(hostile), seen);
        assert_eq!(fields(["a\tb", "c\nd"]), "a\\tb\tc\\nd");
        assert_eq!(lines("a\tb\nc\r\u{2029}"), "a\tb\nc\\r\\u2029");
        let plain = "Universität 日本語 Ñandú \"quoted\" \\ e\u{301} 🎓 שלום";
        assert_eq!(field(plain), plain);
        // As JSON it is still the same.
        let json = serde_json::json!({"name": hostile}).to_string();
        let escaped = field(&json);
        assert!(!escaped.contains(is_unseen));
        let back: serde_json::Value = serde_json::from_str(&escaped).unwrap();
        assert_eq!(back["name"], hostile);
    }

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

    #[test]
    fn a_table_has_columns_for_people_and_tabs_for_programs() {
        let mut table = Table::new(["NAME", "MADE (UTC)", "LAST USED"]);
        table.add([
            "a\tb".into(),
            Cell::Time(Some(1_790_000_000_000)),
            Cell::Last(None),
        ]);
        table.add(["Universität".into(), Cell::Time(Some(0)), "".into()]);
        assert_eq!(
            table.for_people(),
            "NAME         MADE (UTC)        LAST USED\n\
             a\\tb         2026-09-21 14:13  none noted\n\
             Universität  1970-01-01 00:00  -"
        );
        assert_eq!(
            table.for_programs(),
            "a\\tb\t2026-09-21T14:13:20Z\t-\nUniversität\t1970-01-01T00:00:00Z\t"
        );
    }

    #[test]
    fn lines_that_come_one_by_one_stand_below_each_other() {
        let widths = [4, 6, 0];
        assert_eq!(
            columns(["é", "failed", "a\tb"], widths),
            "é     failed  a\\tb"
        );
        assert_eq!(columns(["longer", "x", ""], widths), "longer  x");
    }

    #[test]
    fn what_has_no_value_is_not_listed() {
        let pairs = [
            ("id", "1".to_owned()),
            ("name", String::new()),
            ("issuer", "x".to_owned()),
        ];
        assert_eq!(listed(&pairs), "id      1\nissuer  x");
    }

    #[test]
    fn an_error_says_each_thing_once() {
        let error = anyhow::anyhow!("it is taken").context("the setting listen: it is taken");
        assert_eq!(told(&error), "the setting listen: it is taken");
        let error = Err::<(), _>(anyhow::anyhow!("no such file"))
            .context("x can't be read")
            .unwrap_err();
        assert_eq!(told(&error), "x can't be read: no such file");
        let refused = anyhow::anyhow!("Connection refused (os error 111)").context("no");
        assert_eq!(told(&refused), "no: Connection refused");
    }
}
