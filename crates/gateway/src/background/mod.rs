//! Work besides requests: deleting what has expired, making keys ahead of time, reading other
//! replicas' changes.

mod clean_up;
pub mod clock_watch;
mod tasks;

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use self::clean_up::{CleanUpError, clear_removed_tools, forget};
use self::clock_watch::ClockWatch;
use self::tasks::{Rhythm, Tasks};

use crate::app::App;
use crate::directory::{key_rotation, switching};
use crate::jobs::{self, Worker};
use crate::keys::rotation::RotationError;
use crate::studyreel::retention;
use store::StoreError;

const TOOLS: Duration = Duration::from_secs(5);
const CHANGES: Duration = Duration::from_secs(1);
const CLEAN_UP: Duration = Duration::from_secs(60);
/// Another replica may have taken some keys.
const KEYS: Duration = Duration::from_secs(15);
/// The precision of an API key's last use, and how often the log reports what it left out.
const USES: Duration = Duration::from_secs(60);
const ROTATION: Duration = Duration::from_secs(60);
/// A crash loses this much usage. Each write costs a few statements per platform that launched.
const USAGE: Duration = Duration::from_secs(5 * 60);
/// Retention is counted in days.
const STUDENTS: Duration = Duration::from_secs(60 * 60);
const OLD_USAGE: Duration = Duration::from_secs(60 * 60);
const CLOCK: Duration = Duration::from_secs(60);
/// For events of other servers; a server's own events wake it at once.
const EVENTS: Duration = Duration::from_secs(1);
/// How soon this server notices a pause that another server has learned of, or a change of the
/// settings.
const DELIVERIES: Duration = Duration::from_secs(2);

/// What the tasks need.
#[derive(Clone)]
struct Background {
    app: App,
    watch: ClockWatch,
}

/// Runs until `stop` changes. Each kind of work has a task, so that none delays another.
pub async fn run(app: App, stop: watch::Receiver<bool>) {
    let quiet = app.config.fixed.quiet_start;
    let watch = ClockWatch::new(app.db.clone(), app.clock.clone());
    let room = Background { app, watch };
    let begin = Tasks { room, stop };
    // Deletions use small transactions, so a stop may interrupt them; a rotation has several steps.
    let rotation = Rhythm::every(ROTATION).after(ROTATION).to_the_end();
    let tasks = [
        // Counts already taken from memory must be written before a stop.
        begin.task(Rhythm::every(USES).to_the_end(), note_uses),
        begin.task(Rhythm::every(CHANGES), look_for_changes),
        begin.task(Rhythm::every(CLOCK), note_date),
        begin.task(Rhythm::every(TOOLS), read_tools),
        begin.wakeable(Rhythm::every(KEYS), key_wanted, make_keys),
        begin.task(rotation, rotate_keys),
        begin.task(Rhythm::every(CLEAN_UP).after(quiet), remove_old),
        begin.task(Rhythm::every(CLEAN_UP).after(quiet), clear_removed),
        begin.task(Rhythm::every(CLEAN_UP).after(quiet), note_changes),
        begin.task(Rhythm::every(STUDENTS).after(quiet), forget_students),
        begin.task(Rhythm::every(USAGE).to_the_end(), note_usage),
        begin.task(Rhythm::every(OLD_USAGE).after(quiet), forget_usage),
        begin.wakeable(Rhythm::every(EVENTS), event_told, pass_events_on),
        begin.task(Rhythm::every(DELIVERIES), look_at_deliveries),
        begin.task(Rhythm::every(DELIVERIES), finish_switches),
        begin.task(Rhythm::every(DELIVERIES), end_overdue),
        do_jobs(&begin),
    ];
    for task in tasks {
        let _ = task.await;
    }
    note_uses(begin.room.clone()).await;
    note_usage(begin.room).await;
}

/// Runs durable jobs until the stop and a little longer.
fn do_jobs(tasks: &Tasks<Background>) -> JoinHandle<()> {
    let app = &tasks.room.app;
    let rhythm = jobs::WorkRhythm {
        beat: app.config.fixed.job_beat,
        ..jobs::WorkRhythm::default()
    };
    let kinds = vec![
        app.webhooks.kind(),
        app.deliveries.kind(),
        app.deliveries.retries(),
    ];
    let worker = Worker::new(app.jobs.clone(), kinds, rhythm);
    tokio::spawn(worker.run(tasks.stop.clone()))
}

async fn note_uses(Background { app, .. }: Background) {
    app.failure_log.report();
    app.api_keys.report_failures();
    app.webhooks.memory.report();
    report("noting uses of API keys", app.api_keys.note_uses().await);
    report("noting platforms' launches", app.visits.write().await);
    let places = app.launches.places();
    report("noting launches of places", places.write_visits().await);
}

async fn note_usage(Background { app, .. }: Background) {
    report("noting launches and people", app.usage.write().await);
}

async fn look_for_changes(Background { app, .. }: Background) {
    // If the store is unavailable, everything that needs it reports that.
    if let Err(error) = app.platforms.look_for_changes().await {
        tracing::debug!(%error, "looking for changes failed");
    }
}

async fn event_told(Background { app, .. }: Background) {
    app.events.woken().await;
}

async fn pass_events_on(Background { app, .. }: Background) {
    report("passing events on", app.webhooks.keep_passing_on().await);
}

async fn look_at_deliveries(Background { app, .. }: Background) {
    // As above.
    if let Err(error) = app.deliveries.look().await {
        tracing::debug!(%error, "looking at deliveries failed");
    }
}

/// Finishes what requests, or servers that were stopped, left unfinished.
async fn finish_switches(Background { app, .. }: Background) {
    if let Err(error) = switching::finish_all(&app.db).await {
        tracing::debug!(%error, "holding and releasing scores failed");
    }
}

/// Ends what no platform will take in time.
async fn end_overdue(Background { app, .. }: Background) {
    if let Err(error) = app.deliveries.end_overdue().await {
        tracing::debug!(%error, "ending overdue scores failed");
    }
}

async fn note_date(Background { watch, .. }: Background) {
    report("noting the date", watch.look().await.map(drop));
}

async fn read_tools(Background { app, .. }: Background) {
    app.tidy_caches();
    report("reading the tools", app.tools.reload().await);
}

async fn key_wanted(Background { app, .. }: Background) {
    app.our_keys.wanted().await;
}

/// Starts at once, so that the first platforms of a new installation find keys. Does nothing if the
/// pool is full.
async fn make_keys(Background { app, .. }: Background) {
    report("making keys ahead", app.our_keys.refill().await);
}

async fn rotate_keys(Background { app, watch, .. }: Background) {
    let rotated = rotate_if_steady(&app, &watch).await;
    report("changing signing keys", rotated);
}

async fn remove_old(Background { app, watch, .. }: Background) {
    report("cleaning up", forget_if_steady(&app, &watch).await);
}

async fn note_changes(Background { app, .. }: Background) {
    report("noting unfinished changes", note_unfinished(&app).await);
}

async fn clear_removed(Background { app, watch, .. }: Background) {
    let cleared = clear_removed_if_steady(&app, &watch).await;
    report("clearing removed tools", cleared);
}

async fn forget_students(Background { app, watch, .. }: Background) {
    let forgotten = forget_students_if_steady(&app, &watch).await;
    report("forgetting students", forgotten);
}

async fn forget_usage(Background { app, watch, .. }: Background) {
    let forgotten = forget_usage_if_steady(&app, &watch).await;
    report("forgetting old numbers of launches", forgotten);
}

fn report<E: std::fmt::Display>(what: &str, result: Result<(), E>) {
    if let Err(error) = result {
        tracing::warn!(%error, "{what} failed; it is tried again");
    }
}

/// Records changes in the audit that a request began ten minutes ago or earlier and never finished,
/// because its server crashed.
///
/// # Errors
/// The store failed; the next call continues.
pub async fn note_unfinished(app: &App) -> Result<(), StoreError> {
    app.audit.note_unfinished(&app.db).await
}

/// Deletes what has expired, as [`forget`] does, if the date can be trusted.
///
/// # Errors
/// As there.
pub async fn forget_if_steady(app: &App, watch: &ClockWatch) -> Result<(), CleanUpError> {
    match watch.look().await? {
        Some(now) => forget(app, now).await,
        None => Ok(()),
    }
}

/// Deletes what removed tools have left behind, if the date can be trusted.
async fn clear_removed_if_steady(app: &App, watch: &ClockWatch) -> Result<(), StoreError> {
    match watch.look().await? {
        Some(now) => clear_removed_tools(app, now).await,
        None => Ok(()),
    }
}

/// Removes students who stopped coming, as [`retention::forget`] does, if the date can be trusted.
///
/// # Errors
/// The store failed.
pub async fn forget_students_if_steady(app: &App, watch: &ClockWatch) -> Result<(), StoreError> {
    match watch.look().await? {
        Some(now) => retention::forget(&app.studyreel, now).await,
        None => Ok(()),
    }
}

/// Deletes the sketches of past days and months, and old numbers, if the date can be trusted.
///
/// # Errors
/// The store failed.
pub async fn forget_usage_if_steady(app: &App, watch: &ClockWatch) -> Result<(), StoreError> {
    match watch.look().await? {
        Some(now) => app.usage.forget(now).await,
        None => Ok(()),
    }
}

/// Rotates the keys that are due, if the date can be trusted: a date that is ahead would rotate all
/// of them.
///
/// # Errors
/// As [`rotate_due`].
pub async fn rotate_if_steady(app: &App, watch: &ClockWatch) -> Result<(), RotationError> {
    match watch.look().await? {
        Some(now) => rotate_due(app, now).await,
        None => Ok(()),
    }
}

/// Rotates the keys that are due at `now`, in milliseconds since 1970.
///
/// # Errors
/// No key could be made, or the store failed.
pub async fn rotate_due(app: &App, now: i64) -> Result<(), RotationError> {
    key_rotation::rotate_due(&app.tools, &app.our_keys, &app.audit, now).await
}
