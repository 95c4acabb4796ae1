//! The platforms of a tool as they will be, to see whether two of them would be alike.

use std::collections::BTreeMap;

use store::platforms::PlatformRow;

use super::super::step::CodeStep;
use crate::directory::alike::{is_moved, is_of_another, places, told};

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
        let places_of = self.by_id.iter().map(|(id, row)| (&**id, places(row)));
        let places_of: BTreeMap<&str, [String; 2]> = places_of.collect();
        // Not every pair is compared: thousands of platforms may have one client id. At one place
        // there is one of each issuer, so another issuer's is soon found.
        let mut at: BTreeMap<(&str, &str), Vec<&PlatformRow>> = BTreeMap::new();
        for row in self.by_id.values() {
            for place in places_of.get(&*row.id).into_iter().flatten() {
                let key = (row.client_id.as_str(), place.as_str());
                at.entry(key).or_default().push(row);
            }
        }
        let problems = moved.into_iter().filter_map(|row| {
            let own = places_of.get(&*row.id)?.iter();
            let mut others = own.filter_map(|place| at.get(&(&*row.client_id, &**place)));
            let known = others.find_map(|all| all.iter().find(|one| is_of_another(one, row)))?;
            let problem = told(known);
            Some(format!(
                "has {} ({}), whose accesstokenEndpoint {problem}",
                row.name, row.issuer
            ))
        });
        problems.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::platform;

    fn at(number: usize, token_endpoint: String) -> PlatformRow {
        PlatformRow {
            id: format!("p{number:05}"),
            issuer: format!("https://{number}.example"),
            token_endpoint,
            authorization_server: None,
            ..platform()
        }
    }

    /// If each were compared with each, this would take minutes.
    #[test]
    fn many_platforms_may_have_one_client_id() {
        let own = |number| at(number, format!("https://{number}.example/token"));
        let mut steps: Vec<CodeStep> = (0..10_000)
            .map(|number| CodeStep::AddPlatform(Box::new(own(number))))
            .collect();
        let alike = |steps: &[CodeStep]| PlatformsAfter::new(std::iter::empty(), 0).alike(steps);
        assert_eq!(alike(&steps), Vec::<String>::new());
        let thief = at(10_000, "https://77.example//TOKEN/".to_owned());
        steps.push(CodeStep::AddPlatform(Box::new(thief)));
        let problems = alike(&steps);
        assert_eq!(problems.len(), 2, "{problems:?}");
        let issuers = ["https://77.example", "https://10000.example"];
        for (problem, issuer) in problems.iter().zip(issuers) {
            assert!(problem.contains(&format!("({issuer}), whose")), "{problem}");
        }
    }
}
