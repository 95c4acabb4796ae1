//! What runs beside requests: forgetting what is over, making keys ahead, reading other replicas' changes.

mod clean_up;
pub mod clock_watch;
mod tasks;

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use self::clean_up::{CleanUpError, clear_removed_tools, forget};
use self::clock_watch::ClockWatch;
use self::tasks::{Background, Rhythm};

use crate::app::App;
use crate::directory::{key_rotation, switching};
use crate::jobs::{self, Worker};
use crate::keys::rotation::RotationError;
use crate::studyreel::retention;
use store::StoreError;

const TOOLS: Duration = Duration::from_secs(5);
const CHANGES: Duration = Duration::from_secs(1);
const CLEAN_UP: Duration = Duration::from_secs(60);
/// Another replica may have taken some.
const KEYS: Duration = Duration::from_secs(15);
/// How exact the last use of an API key is, and how long the log waits before it says what it left out.
const USES: Duration = Duration::from_secs(60);
const ROTATION: Duration = Duration::from_secs(60);
/// What a crash loses of it; each time costs a few statements for each platform that launched.
const USAGE: Duration = Duration::from_secs(5 * 60);
/// Days are counted.
const STUDENTS: Duration = Duration::from_secs(60 * 60);
const OLD_USAGE: Duration = Duration::from_secs(60 * 60);
const CLOCK: Duration = Duration::from_secs(60);
/// Events of other servers; of its own, each hears at once.
const EVENTS: Duration = Duration::from_secs(1);
/// How soon a pause that another server learned of, or a change of the settings, counts here.
const DELIVERIES: Duration = Duration::from_secs(2);

/// Runs until `stop` changes. Each sort of work has a task, so that none waits for another's.
pub async fn run(app: App, stop: watch::Receiver<bool>) {
    let quiet = app.config.fixed.quiet_start;
    let watch = ClockWatch::new(app.db.clone(), app.clock.clone());
    let room = Background { app, watch, stop };
    // What is removed is removed in small transactions, so that the rest can wait; a rotation has several steps.
    let rotation = Rhythm::every(ROTATION).after(ROTATION).to_the_end();
    let tasks = [
        // What was taken out of memory is written to its end.
        room.task(Rhythm::every(USES).to_the_end(), note_uses),
        room.task(Rhythm::every(CHANGES), look_for_changes),
        room.task(Rhythm::every(CLOCK), note_date),
        room.task(Rhythm::every(TOOLS), read_tools),
        room.wakeable(Rhythm::every(KEYS), key_wanted, make_keys),
        room.task(rotation, rotate_keys),
        room.task(Rhythm::every(CLEAN_UP).after(quiet), remove_old),
        room.task(Rhythm::every(CLEAN_UP).after(quiet), clear_removed),
        room.task(Rhythm::every(STUDENTS).after(quiet), forget_students),
        room.task(Rhythm::every(USAGE).to_the_end(), note_usage),
        room.task(Rhythm::every(OLD_USAGE).after(quiet), forget_usage),
        room.wakeable(Rhythm::every(EVENTS), event_told, pass_events_on),
        room.task(Rhythm::every(DELIVERIES), look_at_deliveries),
        room.task(Rhythm::every(DELIVERIES), finish_switches),
        room.do_jobs(),
    ];
    for task in tasks {
        let _ = task.await;
    }
    note_uses(room.clone()).await;
    note_usage(room).await;
}

impl Background {
    /// Has durable jobs done, until the stop and a little longer.
    fn do_jobs(&self) -> JoinHandle<()> {
        let rhythm = jobs::WorkRhythm {
            beat: self.app.config.fixed.job_beat,
            ..jobs::WorkRhythm::default()
        };
        let kinds = vec![self.app.webhooks.kind(), self.app.deliveries.kind()];
        let worker = Worker::new(self.app.jobs.clone(), kinds, rhythm);
        tokio::spawn(worker.run(self.stop.clone()))
    }
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
    // Whatever needs the store reports that it is away.
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

/// What requests left, or servers that were ended meanwhile.
async fn finish_switches(Background { app, .. }: Background) {
    if let Err(error) = switching::finish_all(&app.db).await {
        tracing::debug!(%error, "holding and releasing scores failed");
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

/// Begins at once, so that the first platforms of a new installation find keys; a full pool makes none.
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

/// Removes what is over, as [`forget`] does, if the date can be trusted.
///
/// # Errors
/// As there.
pub async fn forget_if_steady(app: &App, watch: &ClockWatch) -> Result<(), CleanUpError> {
    match watch.look().await? {
        Some(now) => forget(app, now).await,
        None => Ok(()),
    }
}

/// Removes what removed tools have left, if the date can be trusted.
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

/// Forgets who used the tool in days and months that are over, and old numbers, if the date can be trusted.
///
/// # Errors
/// The store failed.
pub async fn forget_usage_if_steady(app: &App, watch: &ClockWatch) -> Result<(), StoreError> {
    match watch.look().await? {
        Some(now) => app.usage.forget(now).await,
        None => Ok(()),
    }
}

/// Changes the keys that are due, if the date can be trusted: one that is ahead would change every key.
///
/// # Errors
/// As [`key_rotation::rotate_due`].
pub async fn rotate_if_steady(app: &App, watch: &ClockWatch) -> Result<(), RotationError> {
    match watch.look().await? {
        Some(now) => key_rotation::rotate_due(&app.tools, &app.our_keys, now).await,
        None => Ok(()),
    }
}
