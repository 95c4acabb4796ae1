//! The cases, one file per group.

mod identity;
mod link;
mod optional;
mod placement;
mod replay;
mod required;
mod transport;

use std::pin::Pin;

use super::{
    bench::Bench,
    checks::{Checks, Step},
};

/// A case: it records its sub-cases and ends early if it must.
type Run = for<'a> fn(&'a Bench, &'a mut Checks) -> RunningCase<'a>;
type RunningCase<'a> = Pin<Box<dyn Future<Output = Step> + Send + 'a>>;

/// One row of the check's table.
pub(super) struct Case {
    pub(super) id: u8,
    pub(super) group: char,
    pub(super) title: &'static str,
    pub(super) run: Run,
}

impl Case {
    /// Whether it disturbs later ones: one moves the application's clock, one exhausts its rate
    /// limit.
    pub(super) fn comes_last(&self) -> bool {
        matches!(self.id, 63 | 68)
    }
}

/// A group's table: number, title, function.
macro_rules! cases {
    ($group:literal: $($id:literal $title:literal => $run:path,)+) => {
        pub(super) const CASES: &[super::Case] = &[$(super::Case {
            id: $id,
            group: $group,
            title: $title,
            run: |bench, checks| Box::pin($run(bench, checks)),
        }),+];
    };
}
use cases;

/// All 76, in order.
pub(super) fn all() -> Vec<&'static Case> {
    [
        identity::CASES,
        optional::CASES,
        placement::CASES,
        required::CASES,
        replay::CASES,
        transport::CASES,
        link::CASES,
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_cases_are_numbered_from_1_to_76() {
        let ids: Vec<u8> = super::all().iter().map(|case| case.id).collect();
        assert_eq!(ids, (1..=76).collect::<Vec<u8>>());
    }
}
