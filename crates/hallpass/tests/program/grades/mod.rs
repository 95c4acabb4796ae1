//! Grades that are never lost and never do harm: real servers that are killed, beside LMSs that
//! fail (grades.md GR-29).

mod cell;
mod class;
mod cluster;
mod fault_matrix;
mod flood;
#[cfg(unix)]
mod full_disk;
mod scenarios;
#[cfg(unix)]
mod takeover;

use serde_json::{Value, json};

/// The tool's rules for grades: quick, so that a test sees many attempts.
fn quick_rules(parallel: u32) -> Value {
    let mut schedule = vec![0];
    schedule.extend([1; 48]);
    // The last number is repeated, and must be a minute at least.
    schedule.push(60);
    json!({"schedule": schedule, "parallelPerPlatform": parallel})
}
