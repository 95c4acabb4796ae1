//! The fault matrix: every trouble at every LMS, with a server that is killed in the middle
//! (grades.md GR-29).
//!
//! `scripts/fault-matrix` runs all of it and prints the table; the suite, a few cells.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use simulator::profiles::Profile;
use test_case::both_stores;
use tokio::sync::Semaphore;

use super::cell::{Outcome, run};
use super::cluster::Cluster;
use super::quick_rules;
use super::scenarios::{ALL, Scenario};
use crate::kills::{Store, told};

/// The columns: every LMS that has a gradebook of its own kind.
const PROFILES: [&str; 8] = [
    "moodle",
    "canvas",
    "brightspace",
    "blackboard",
    "sakai",
    "ilias",
    "schoology",
    "openedx",
];
/// What the suite runs.
const FEW_PROFILES: &str = "moodle,canvas";
const FEW_TROUBLES: &str =
    "drop after accept,403 throttle,500 halfway,teacher graded,token dies (403)";
/// Servers on PostgreSQL: in the suite, and for the whole table.
const REPLICAS: [usize; 2] = [2, 3];
/// Cells at once.
const AT_ONCE: usize = 12;
/// How long a server stays dead.
const DEAD: Duration = Duration::from_secs(1);

/// What came of each cell, by trouble and LMS.
type Cells = BTreeMap<(usize, usize), Result<Outcome, String>>;

/// Which rows and columns are run: those that a list names, or all.
fn chosen() -> (Vec<&'static str>, Vec<Scenario>) {
    let named = |list: &str, name: &str| list == "all" || list.split(',').any(|one| one == name);
    let profiles = told("TEST_MATRIX_PROFILES").unwrap_or_else(|| FEW_PROFILES.to_owned());
    let troubles = told("TEST_MATRIX_TROUBLES").unwrap_or_else(|| FEW_TROUBLES.to_owned());
    let columns = PROFILES.into_iter().filter(|name| named(&profiles, name));
    let rows = ALL.into_iter().filter(|row| named(&troubles, row.name));
    (columns.collect(), rows.collect())
}

#[expect(clippy::print_stdout, reason = "the table, for scripts/fault-matrix")]
#[both_stores("GR-29")]
async fn no_fault_loses_a_grade_or_does_harm(store: Store) {
    let (profiles, scenarios) = chosen();
    assert!(
        !profiles.is_empty() && !scenarios.is_empty(),
        "nothing to run"
    );
    let is_whole = usize::from(told("TEST_MATRIX_TROUBLES").is_some());
    let cluster = Cluster::start(store, REPLICAS[is_whole], quick_rules(4)).await;
    let killing = tokio::spawn({
        let cluster = cluster.clone();
        async move { cluster.kill_for_those_who_wait(DEAD).await }
    });
    let cells = run_all(&cluster, &profiles, &scenarios).await;
    killing.abort();
    let killing = killing.await;
    println!("{}", table(&profiles, &scenarios, &cells));
    let sent: usize = cells.values().flatten().map(|cell| cell.sent).sum();
    let wrong = complaints(&profiles, &scenarios, &cells);
    println!(
        "{store:?}: {} cells, {sent} scores, {} kills, {} violations",
        cells.len(),
        cluster.kills(),
        wrong.len()
    );
    // If a server doesn't start again, every cell fails; name the cause first.
    let was_stopped = killing.is_err_and(|error| error.is_cancelled());
    assert!(was_stopped, "the servers broke off: {}", wrong.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cluster.kills() > 0, "no server was killed");
}

async fn run_all(cluster: &Arc<Cluster>, profiles: &[&str], scenarios: &[Scenario]) -> Cells {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = Vec::new();
    for (row, scenario) in scenarios.iter().copied().enumerate() {
        for (column, name) in profiles.iter().enumerate() {
            let profile = Profile::named(name).unwrap();
            let (cluster, turns) = (cluster.clone(), turns.clone());
            let cell = tokio::spawn(async move {
                let _turn = turns.acquire_owned().await.unwrap();
                run(cluster, profile, scenario).await
            });
            running.push(((row, column), cell));
        }
    }
    let mut cells = Cells::new();
    for (place, cell) in running {
        cells.insert(place, cell.await.map_err(|error| error.to_string()));
    }
    cells
}

/// The table as Markdown.
fn table(profiles: &[&str], scenarios: &[Scenario], cells: &Cells) -> String {
    let mut lines = vec![
        format!("| trouble | {} |", profiles.join(" | ")),
        format!("| --- |{}", " --- |".repeat(profiles.len())),
    ];
    for (row, scenario) in scenarios.iter().enumerate() {
        let of_row = (0..profiles.len()).map(|column| said(cells.get(&(row, column))));
        let of_row: Vec<String> = of_row.collect();
        lines.push(format!("| {} | {} |", scenario.name, of_row.join(" | ")));
    }
    lines.join("\n")
}

fn said(cell: Option<&Result<Outcome, String>>) -> String {
    match cell {
        Some(Ok(outcome)) if outcome.harms.is_empty() && outcome.odd.is_empty() => "ok".into(),
        Some(Ok(outcome)) => {
            let mut kinds: Vec<&str> = outcome.harms.iter().map(|harm| harm.kind.title()).collect();
            kinds.dedup();
            if !outcome.odd.is_empty() {
                kinds.push("odd end");
            }
            kinds.join(", ")
        }
        Some(Err(_)) => "broke off".into(),
        None => "-".into(),
    }
}

/// Everything that is wrong, with its place.
fn complaints(profiles: &[&str], scenarios: &[Scenario], cells: &Cells) -> Vec<String> {
    let mut wrong = Vec::new();
    for ((row, column), cell) in cells {
        let place = format!("{} at {}", scenarios[*row].name, profiles[*column]);
        match cell {
            Ok(outcome) => {
                let harms = outcome.harms.iter().map(ToString::to_string);
                let all = harms.chain(outcome.odd.iter().cloned());
                wrong.extend(all.map(|what| format!("{place}: {what}")));
            }
            Err(error) => wrong.push(format!("{place}: {error}")),
        }
    }
    wrong
}
