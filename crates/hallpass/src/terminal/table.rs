//! Tables: in columns for people, tab-separated for programs.

use std::fmt::Write as _;
use std::io;

use gateway::kit::clock::iso;

use super::ink::{Ink, Inked};
use super::{field, is_read_by_people, say, terminal_width};

/// Rows under headings: a table on a terminal, tab-separated lines for programs.
pub(crate) struct Table<const N: usize> {
    headings: [&'static str; N],
    rows: Vec<[Cell; N]>,
    /// Columns that a narrow terminal doesn't get; the first one is left out first.
    omitted: &'static [usize],
    /// Columns that are shortened on a narrow terminal.
    shortened: &'static [usize],
}

/// What a shortened column should keep before other columns are left out, and what it keeps in any
/// case.
const LEGIBLE: usize = 24;
const LEAST: usize = 8;
/// Between columns.
const GAP: usize = 2;

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
            Self::Time(time) | Self::Last(time) => cut(&time.map(iso).unwrap_or_default(), MINUTE),
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
        Self {
            headings,
            rows: Vec::new(),
            omitted: &[],
            shortened: &[],
        }
    }

    /// On a terminal that is too narrow, leaves columns out, the first of these first, and shortens
    /// others.
    pub(crate) fn narrowed(self, omitted: &'static [usize], shortened: &'static [usize]) -> Self {
        Self {
            omitted,
            shortened,
            ..self
        }
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
                let (text, is_cut) = self.for_people(terminal_width());
                let (headings, rows) = text.split_once('\n').unwrap_or((text.as_str(), ""));
                let hint = if is_cut { CUT } else { "" };
                Inked::new()
                    .add(Ink::Strong, headings)
                    .add(Ink::Plain, format_args!("\n{rows}"))
                    .add(Ink::Soft, hint)
                    .say()
            }
            (false, false) => say(self.for_programs()),
        }
    }

    fn for_programs(&self) -> String {
        let line = |row: &[Cell; N]| row.each_ref().map(Cell::for_programs).join("\t");
        self.rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The table, and whether it was cut to fit into a terminal of this width.
    fn for_people(&self, terminal: Option<usize>) -> (String, bool) {
        let mut lines = vec![self.headings.map(str::to_owned)];
        lines.extend(
            self.rows
                .iter()
                .map(|row| row.each_ref().map(Cell::for_people)),
        );
        let mut natural = [0; N];
        for line in &lines {
            for (width, text) in natural.iter_mut().zip(line) {
                *width = text.chars().count().max(*width);
            }
        }
        let widths = self.fit(natural, terminal);
        let aligned = lines.iter().map(|line| {
            let mut text = String::new();
            for (cell, width) in line.iter().zip(widths) {
                let Some(width) = width else { continue };
                let cell = shorten(cell, width);
                // Writing to a string can't fail.
                let _ = write!(text, "{cell:width$}  ");
            }
            text.trim_end().to_owned()
        });
        let text = aligned.collect::<Vec<_>>().join("\n");
        (text, widths != natural.map(Some))
    }

    /// The width of each column, so that all of them fit into the terminal if they can. `None`
    /// leaves a column out.
    fn fit(&self, natural: [usize; N], terminal: Option<usize>) -> [Option<usize>; N] {
        let mut widths = natural.map(Some);
        let Some(terminal) = terminal else {
            return widths;
        };
        for omitted in self.omitted {
            let mut least = widths;
            for at in self.shortened {
                if let Some(Some(width)) = least.get_mut(*at) {
                    *width = LEGIBLE.min(*width);
                }
            }
            if total(&least) <= terminal {
                break;
            }
            if let Some(width) = widths.get_mut(*omitted) {
                *width = None;
            }
        }
        while total(&widths) > terminal {
            let shortened = self.shortened.iter().copied();
            let shortened = shortened.filter_map(|at| Some(((*widths.get(at)?)?, at)));
            let Some((width, at)) = shortened.max().filter(|(width, _)| *width > LEAST) else {
                break;
            };
            if let Some(widest) = widths.get_mut(at) {
                *widest = Some(width - 1);
            }
        }
        widths
    }
}

/// Said below a table that was cut.
const CUT: &str = "\nCut to fit this terminal. In a pipe, it is whole.";

/// How wide columns of these widths are together.
fn total(widths: &[Option<usize>]) -> usize {
    let shown = widths.iter().flatten();
    shown
        .map(|width| width + GAP)
        .sum::<usize>()
        .saturating_sub(GAP)
}

/// The beginning of a text that is too long.
fn shorten(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept = text.chars().take(width.saturating_sub(1));
    kept.chain(['…']).collect()
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
            table.for_people(None).0,
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

    #[test]
    fn a_table_that_is_too_wide_is_cut_to_the_terminal() {
        let mut table = Table::new(["ID", "URL", "CLIENT"]).narrowed(&[2], &[1]);
        let url = "https://moodle.school.example/a/long/path";
        table.add(["12345678".into(), url.into(), "abcdef".into()]);
        let cut = |width| table.for_people(Some(width));
        let (whole, is_cut) = cut(59);
        assert_eq!((whole.lines().count(), is_cut), (2, false));
        assert!(whole.contains(url) && whole.contains("abcdef"));
        // The address is shortened first, as long as it is legible.
        assert_eq!(
            cut(42),
            (
                "ID        URL                       CLIENT\n\
                 12345678  https://moodle.school.e…  abcdef"
                    .to_owned(),
                true
            )
        );
        assert_eq!(
            cut(41).0,
            "ID        URL\n12345678  https://moodle.school.example/…"
        );
        assert_eq!(cut(1).0, "ID        URL\n12345678  https:/…");
    }
}
