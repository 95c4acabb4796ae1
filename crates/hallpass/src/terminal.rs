//! Makes text safe for a terminal. Names, ids and messages come from strangers, who could use them
//! to recolour the screen, hide text or reverse it, so everything that a command prints goes
//! through here.

mod ink;
mod table;

use std::fmt::{Display, Write as _};
use std::io::{self, IsTerminal, Write};

use gateway::kit::text::without_code;

pub(crate) use ink::{Ink, Inked};
pub(crate) use table::{Cell, SECOND, Table, cut};

/// Prints text of one or more lines.
pub(crate) fn say(text: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", lines(text))?;
    out.flush()
}

/// Prints a file unchanged if the output goes to a program or file. On a terminal, invisible
/// characters are escaped.
pub(crate) fn file(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        out.write_all(lines(text).as_bytes())?;
    } else {
        out.write_all(text.as_bytes())?;
    }
    out.flush()
}

/// Like [`say`], but on standard error.
pub(crate) fn note(text: impl Display) -> io::Result<()> {
    writeln!(io::stderr(), "{}", lines(text))
}

/// Names and values, one pair per line.
pub(crate) fn listed(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let pairs = pairs.iter().filter(|(_, value)| !value.is_empty());
    let lines = pairs.map(|(name, value)| format!("{name:width$}  {}", field(value)));
    lines.collect::<Vec<_>>().join("\n")
}

/// Fields on one line, separated by tabs.
pub(crate) fn fields<const N: usize>(fields: [&str; N]) -> String {
    fields.map(field).join("\t")
}

/// Fields padded into columns, for lines that appear one by one on a terminal. A longer field
/// shifts the rest of its line.
pub(crate) fn columns<const N: usize>(fields: [&str; N], widths: [usize; N]) -> String {
    let mut text = String::new();
    for (cell, width) in fields.map(field).iter().zip(widths) {
        // Writing to a string can't fail.
        let _ = write!(text, "{cell:width$}  ");
    }
    text.trim_end().to_owned()
}

/// Whether standard output goes to a person.
pub(crate) fn is_read_by_people() -> bool {
    io::stdout().is_terminal()
}

/// The width in characters of the terminal that standard output goes to, if it has one.
fn terminal_width() -> Option<usize> {
    #[cfg(unix)]
    let width = rustix::termios::tcgetwinsize(io::stdout()).map(|size| usize::from(size.ws_col));
    #[cfg(not(unix))]
    let width = Err::<usize, ()>(());
    width.ok().filter(|width| *width > 0)
}

/// Text that stays inside its line and field.
pub(crate) fn field(text: impl Display) -> String {
    escape(&text.to_string(), |_| false)
}

/// Text in which line breaks and tabs are kept, because they are our own.
fn lines(text: impl Display) -> String {
    escape(&text.to_string(), |c| matches!(c, '\n' | '\t'))
}

/// An error and its causes. Some errors already include their cause; it is printed only once.
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

/// Escapes invisible characters as JSON does, so that JSON keeps its meaning.
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
                    // Writing to a string can't fail.
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            }
        }
    }
    escaped
}

/// Control characters (C0, C1), and Unicode characters that turn, join, split or hide text.
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
        // As JSON, it still means the same.
        let json = serde_json::json!({"name": hostile}).to_string();
        let escaped = field(&json);
        assert!(!escaped.contains(is_unseen));
        let back: serde_json::Value = serde_json::from_str(&escaped).unwrap();
        assert_eq!(back["name"], hostile);
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
