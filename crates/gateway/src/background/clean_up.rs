//! Deletes what has expired, one kind after the other. If one kind fails, the others are still
//! deleted.

use store::{
    StoreError, deliveries, events, first_answers, jobs, launches, line_item_handles, login_links,
    portal_links, portal_sessions, portal_states, registrations, reservations, service_places,
    signing_keys, studyreel_seen, traces,
};

use crate::app::App;
use crate::directory::removed_tools;
use crate::kit::clock::UNNOTICED_MS;

/// No registration takes longer than this.
const ORPHAN_MS: i64 = 60 * 60 * 1000;

/// What could not be deleted, and why. The next attempt follows a minute later.
#[derive(Debug, thiserror::Error)]
#[error("{}", listed(.0))]
pub struct CleanUpError(Vec<(&'static str, StoreError)>);

impl From<StoreError> for CleanUpError {
    fn from(error: StoreError) -> Self {
        Self(vec![("the date", error)])
    }
}

fn listed(failed: &[(&'static str, StoreError)]) -> String {
    let one = |(what, error): &(&'static str, StoreError)| format!("{what}: {error}");
    failed.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Deletes what removed tools have left behind. That may take long, so [`forget`] doesn't wait for
/// it.
///
/// # Errors
/// The store failed for at least one of them; the next call continues.
pub async fn clear_removed_tools(app: &App, now: i64) -> Result<(), StoreError> {
    removed_tools::clear(&app.db, now).await
}

/// Deletes what has expired by `now`, in milliseconds since 1970. The batches are small enough that
/// launches hardly notice. What expires meanwhile has to wait for the next call.
///
/// # Errors
/// The kinds for which the store failed. All others were deleted.
pub async fn forget(app: &App, now: i64) -> Result<(), CleanUpError> {
    let (orphaned, unnoticed) = (now - ORPHAN_MS, now - UNNOTICED_MS);
    let mut failed = Vec::new();
    macro_rules! remove {
        ($what:literal, $removing:expr) => {
            if let Err(error) = $removing.await {
                failed.push(($what, error));
            }
        };
    }
    macro_rules! sweep {
        ($what:literal, $clean_up:path, $until:expr) => {
            let sweep = app.db.sweep(move |mut tx, most| {
                Box::pin(async move { $clean_up(&mut tx, $until, most).await })
            });
            remove!($what, sweep);
        };
    }
    // For tables that may have many rows due.
    macro_rules! sweep_in_order {
        ($what:literal, $clean_up:path, $until:expr) => {
            let sweep = app.db.sweep_in_order(move |mut tx, most, from| {
                Box::pin(async move { $clean_up(&mut tx, $until, from, most).await })
            });
            remove!($what, sweep);
        };
    }
    sweep!("registrations", registrations::clean_up, now);
    sweep!("orphaned keys", signing_keys::delete_orphans, orphaned);
    sweep!("replaced keys", signing_keys::delete_retired, now);
    sweep_in_order!("launches", launches::clean_up, now);
    sweep_in_order!("traces", traces::clean_up, now);
    sweep_in_order!("login links", login_links::clean_up, now);
    sweep_in_order!("jobs", jobs::clean_up, now);
    sweep_in_order!("events", events::clean_up, now);
    sweep_in_order!("deliveries", deliveries::clean_up, now);
    // In this order: a lane stays as long as its last score is recorded.
    sweep_in_order!("last scores", deliveries::forget_lasts, now);
    sweep_in_order!("order of scores", deliveries::forget_lanes, now);
    sweep!("handles of content", reservations::clean_up, now);
    sweep!("places", service_places::clean_up, now);
    sweep_in_order!("first answers", first_answers::clean_up, now);
    sweep!("handles of line items", line_item_handles::clean_up, now);
    sweep!("portal sessions", portal_sessions::clean_up, now);
    sweep!("portal links", portal_links::clean_up, now);
    // Values that must not come twice are kept longer, in case the date was ahead without being
    // noticed.
    sweep_in_order!("StudyReel's numbers", studyreel_seen::clean_up, unnoticed);
    sweep!("portal states", portal_states::clean_up, unnoticed);
    remove!("rosters", app.rosters.forget(now));
    remove!("what webhooks sent", app.webhooks.trim());
    remove!("too many traces", app.traces.trim());
    match failed.is_empty() {
        true => Ok(()),
        false => Err(CleanUpError(failed)),
    }
}
