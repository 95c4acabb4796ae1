//! The table that `bench --growth` prints.

use crate::server::Store;

/// Figures by what was measured, a column for each build.
pub(super) struct Table {
    builds: Vec<&'static str>,
    rows: Vec<(String, Vec<Vec<f64>>)>,
}

impl Table {
    pub(super) fn new(builds: impl Iterator<Item = &'static str>) -> Self {
        Self {
            builds: builds.collect(),
            rows: Vec::new(),
        }
    }

    /// Notes a figure, once more if it was measured before.
    pub(super) fn note(&mut self, what: &str, build: &str, value: f64) {
        let at = self.rows.iter().position(|(known, _)| known == what);
        let at = at.unwrap_or_else(|| {
            let columns = vec![Vec::new(); self.builds.len()];
            self.rows.push((what.to_owned(), columns));
            self.rows.len() - 1
        });
        let column = self.builds.iter().position(|known| *known == build);
        let row = self.rows.get_mut(at).map(|(_, columns)| columns);
        let cell = row
            .zip(column)
            .and_then(|(row, column)| row.get_mut(column));
        if let Some(cell) = cell {
            cell.push(value);
        }
    }

    /// Prints it as Markdown, with medians.
    pub(super) fn print(&self, store: &Store) {
        println!("\n## {store}\n\n| | {} |", self.builds.join(" | "));
        println!("| --- |{}", " --- |".repeat(self.builds.len()));
        for (what, columns) in &self.rows {
            let cells: Vec<String> = columns.iter().map(|values| median(values)).collect();
            println!("| {what} | {} |", cells.join(" | "));
        }
    }
}

fn median(values: &[f64]) -> String {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    match sorted.get(sorted.len() / 2) {
        None => "-".to_owned(),
        Some(value) if value.is_nan() => "no answer".to_owned(),
        Some(value) if *value < 100.0 => format!("{value:.1}"),
        Some(value) => format!("{value:.0}"),
    }
}
