//! Tables: in columns for people, tab-separated for programs.

use std::fmt::Write as _;
use std::io;

use gateway::kit::clock::iso;

use super::ink::{Ink, Inked};
use super::{field, is_read_by_people, say};

/// Rows under headings: a table on a terminal, tab-separated lines for programs.
pub(crate) struct Table<const N: usize> {
    headings: [&'static str; N],
    rows: Vec<[Cell; N]>,
}

/// The content of a cell.
pub(crate) enum Cell {
    /// Text, possibly empty.
    Text(String),
    /// A time in milliseconds since 1970, if there is one.
    Time(Option<i64>),
    /// When something last happened, if recorded.
    Last(Option<i64>),
    /// A time as the API writes it, if there is one.
    Written(Option<String>),
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
    /// In readable form: UTC, to the minute.
    fn for_people(&self) -> String {
        let text = match self {
            Self::Text(text) => field(text),
            Self::Last(None) => "none noted".to_owned(),
            Self::Time(time) | Self::Last(time) => {
                cut(&time.map(iso).unwrap_or_default(), MINUTE)
            }
            Self::Written(time) => cut(time.as_deref().unwrap_or_default(), MINUTE),
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
            Self::Written(time) => time.clone().unwrap_or_else(|| "-".to_owned()),
        }
    }
}

/// The length of a time to the minute, and to the second.
const MINUTE: usize = 16;
pub(crate) const SECOND: usize = 19;

/// A time as the API writes it, for people: UTC, to the minute or the second.
pub(crate) fn cut(time: &str, length: usize) -> String {
    time.get(..length).unwrap_or(time).replacen('T', " ", 1)
}

impl<const N: usize> Table<N> {
    pub(crate) fn new(headings: [&'static str; N]) -> Self {
        let rows = Vec::new();
        Self { headings, rows }
    }

    pub(crate) fn add(&mut self, row: [Cell; N]) {
        self.rows.push(row);
    }

    /// Prints it. If it is empty, people see `if_empty`, and programs get no output.
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
                // Writing to a string can't fail.
                let _ = write!(text, "{cell:width$}  ");
            }
            text.trim_end().to_owned()
        });
        aligned.collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_columns_for_people_and_tabs_for_programs() {
        let mut table = Table::new(["NAME", "MADE (UTC)", "LAST USED"]);
        table.add([
            "a\tb".into(),
            Cell::Time(Some(1_790_000_000_000)),
            Cell::Last(None),
        ]);
        table.add(["Universität".into(), Cell::Time(Some(0)), "".into()]);
        let written = Cell::Written(Some("2026-09-21T14:13:20.123Z".to_owned()));
        table.add(["c".into(), written, Cell::Written(None)]);
        assert_eq!(
            table.for_people(),
            "NAME         MADE (UTC)        LAST USED\n\
             a\\tb         2026-09-21 14:13  none noted\n\
             Universität  1970-01-01 00:00  -\n\
             c            2026-09-21 14:13  -"
        );
        assert_eq!(
            table.for_programs(),
            "a\\tb\t2026-09-21T14:13:20Z\t-\nUniversität\t1970-01-01T00:00:00Z\t\n\
             c\t2026-09-21T14:13:20.123Z\t-"
        );
    }
}
