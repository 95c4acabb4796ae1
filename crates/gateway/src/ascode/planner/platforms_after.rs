//! The platforms of a tool as they will be, to see whether two of them would be alike.

use std::collections::BTreeMap;

use store::platforms::PlatformRow;

use super::super::step::CodeStep;
use crate::directory::alike::{are_alike, is_moved, told};

/// A tool's platforms after the steps of its file.
pub(super) struct PlatformsAfter {
    by_id: BTreeMap<String, PlatformRow>,
    /// How many steps others had planned before.
    from: usize,
}

impl PlatformsAfter {
    /// The platforms as they are now; the first `from` steps are not about them.
    pub(super) fn new(rows: impl Iterator<Item = PlatformRow>, from: usize) -> Self {
        Self {
            by_id: rows.map(|row| (row.id.clone(), row)).collect(),
            from,
        }
    }

    /// One that will be removed.
    pub(super) fn remove(&mut self, id: &str) {
        self.by_id.remove(id);
    }

    /// What is wrong with platforms that the steps add or change: what we send to one of them to
    /// prove who we are could be used at another. Platforms that are alike already stay so.
    pub(super) fn alike(mut self, steps: &[CodeStep]) -> Vec<String> {
        let mut moved = Vec::new();
        for step in steps.iter().skip(self.from) {
            let row = match step {
                CodeStep::AddPlatform(row) => row,
                CodeStep::ReplacePlatform(seen, row) if is_moved(seen, row) => row,
                _ => continue,
            };
            self.by_id.insert(row.id.clone(), (**row).clone());
            moved.push(row);
        }
        let mut by_client: BTreeMap<&str, Vec<&PlatformRow>> = BTreeMap::new();
        for row in self.by_id.values() {
            by_client.entry(&row.client_id).or_default().push(row);
        }
        let problems = moved.into_iter().filter_map(|row| {
            let mut others = by_client.get(&*row.client_id)?.iter();
            let known = others.find(|known| are_alike(known, row))?;
            let problem = told(known);
            Some(format!(
                "has {} ({}), whose accesstokenEndpoint {problem}",
                row.name, row.issuer
            ))
        });
        problems.collect()
    }
}
