//! What runs beside requests: forgetting what is over, making keys ahead, reading other replicas' changes.

pub mod clock_watch;

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use self::clock_watch::ClockWatch;

use crate::app::App;
use crate::directory::key_rotation;
use crate::keys::ours::OurKeys;
use crate::kit::clock::UNNOTICED_MS;
use crate::studyreel::retention;
use store::{
    StoreError, launches, login_links, registrations, signing_keys, studyreel_seen, traces,
};

const TOOLS: Duration = Duration::from_secs(5);
const CHANGES: Duration = Duration::from_secs(1);
const CLEAN_UP: Duration = Duration::from_secs(60);
/// No registration takes that long.
const ORPHAN_MS: i64 = 60 * 60 * 1000;
/// Another replica may have taken some.
const KEYS: Duration = Duration::from_secs(15);
/// How exact the last use of an API key is, and how long the log waits before it says what it left out.
const USES: Duration = Duration::from_secs(60);
const ROTATION: Duration = Duration::from_secs(60);
/// Days are counted.
const STUDENTS: Duration = Duration::from_secs(60 * 60);
const CLOCK: Duration = Duration::from_secs(60);
const AT_ONCE: Duration = Duration::ZERO;

/// Runs until `stop` changes. Each sort of work has a task, so that none waits for another's.
pub async fn run(app: App, stop: watch::Receiver<bool>) {
    let watch = ClockWatch::new(app.db.clone(), app.clock.clone());
    let (cleaned, watched) = (app.clone(), watch.clone());
    let clean_up = move || {
        let (app, watch) = (cleaned.clone(), watched.clone());
        async move { report("cleaning up", forget_if_steady(&app, &watch).await) }
    };
    let (studied, watched) = (app.clone(), watch.clone());
    let students = move || {
        let (app, watch) = (studied.clone(), watched.clone());
        async move {
            report(
                "forgetting students",
                forget_students_if_steady(&app, &watch).await,
            );
        }
    };
    let clock = move || {
        let watch = watch.clone();
        async move {
            report("noting the date", watch.look().await.map(drop));
        }
    };
    let platforms = app.platforms.clone();
    let changes = move || {
        let platforms = platforms.clone();
        async move {
            // A store that is away is reported by whoever needs it.
            if let Err(error) = platforms.look_for_changes().await {
                tracing::debug!(%error, "looking for changes failed");
            }
        }
    };
    let used = app.clone();
    let uses = move || {
        let app = used.clone();
        async move { note_uses(&app).await }
    };
    let last = app.clone();
    let quiet = app.config.fixed.quiet_start;
    let tasks = [
        tokio::spawn(every(USES, AT_ONCE, stop.clone(), uses)),
        tokio::spawn(every(CHANGES, AT_ONCE, stop.clone(), changes)),
        tokio::spawn(every(CLOCK, AT_ONCE, stop.clone(), clock)),
        tokio::spawn(read_tools(app.clone(), stop.clone())),
        tokio::spawn(make_keys(app.our_keys.clone(), stop.clone())),
        tokio::spawn(rotate_keys(app, stop.clone())),
        tokio::spawn(every(CLEAN_UP, quiet, stop.clone(), clean_up)),
        tokio::spawn(every(STUDENTS, quiet, stop, students)),
    ];
    for task in tasks {
        let _ = task.await;
    }
    note_uses(&last).await;
}

async fn note_uses(app: &App) {
    app.failure_log.report();
    app.api_keys.report_failures();
    report("noting uses of API keys", app.api_keys.note_uses().await);
    report("noting platforms' launches", app.visits.write().await);
}

/// Works after some time and then again and again. A stop ends the work where it stands: what is removed is removed in small
/// transactions, and the rest can wait.
async fn every<F>(
    period: Duration,
    first: Duration,
    mut stop: watch::Receiver<bool>,
    work: impl Fn() -> F,
) where
    F: Future<Output = ()>,
{
    let mut tick = interval_at(Instant::now() + first, period);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let once = async {
            tick.tick().await;
            work().await;
        };
        tokio::select! {
            _ = stop.changed() => return,
            () = once => {}
        }
    }
}

/// Not cut short: a rotation has several steps.
async fn rotate_keys(app: App, mut stop: watch::Receiver<bool>) {
    let mut rotation = interval_at(Instant::now() + ROTATION, ROTATION);
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            _ = rotation.tick() => {
                let rotated = key_rotation::rotate_due(&app.tools, &app.our_keys).await;
                report("changing signing keys", rotated);
            }
        }
    }
}

/// Begins at once, so that the first platforms of a new installation find keys; a full pool makes none.
async fn make_keys(our_keys: OurKeys, mut stop: watch::Receiver<bool>) {
    let mut look = tokio::time::interval(KEYS);
    loop {
        let make = async {
            tokio::select! {
                _ = look.tick() => {}
                () = our_keys.wanted() => {}
            }
            report("making keys ahead", our_keys.refill().await);
        };
        tokio::select! {
            // A stop doesn't wait for the rest of the pool.
            _ = stop.changed() => return,
            () = make => {}
        }
    }
}

async fn read_tools(app: App, mut stop: watch::Receiver<bool>) {
    let mut tools = tokio::time::interval(TOOLS);
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            _ = tools.tick() => {
                app.tidy_caches();
                report("reading the tools", app.tools.reload().await);
            }
        }
    }
}

fn report<E: std::fmt::Display>(what: &str, result: Result<(), E>) {
    if let Err(error) = result {
        tracing::warn!(%error, "{what} failed; it is tried again");
    }
}

/// Removes what is over, as [`forget`] does, if the date can be trusted.
///
/// # Errors
/// The store failed.
pub async fn forget_if_steady(app: &App, watch: &ClockWatch) -> Result<(), StoreError> {
    if watch.look().await? {
        forget(app).await?;
    }
    Ok(())
}

/// Removes students who stopped coming, as [`retention::forget`] does, if the date can be trusted.
///
/// # Errors
/// The store failed.
pub async fn forget_students_if_steady(app: &App, watch: &ClockWatch) -> Result<(), StoreError> {
    if watch.look().await? {
        retention::forget(&app.studyreel).await?;
    }
    Ok(())
}

/// Removes what is over, in batches so small that launches hardly notice. What ends meanwhile waits for the next time.
///
/// # Errors
/// The store failed.
pub async fn forget(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now_ms();
    macro_rules! sweep {
        ($clean_up:path, $until:expr) => {
            app.db.sweep(move |mut tx, most| {
                Box::pin(async move { $clean_up(&mut tx, $until, most).await })
            })
        };
    }
    sweep!(registrations::clean_up, now).await?;
    sweep!(signing_keys::delete_orphans, now - ORPHAN_MS).await?;
    sweep!(signing_keys::delete_retired, now).await?;
    sweep!(launches::clean_up, now).await?;
    sweep!(traces::clean_up, now).await?;
    sweep!(login_links::clean_up, now).await?;
    // What may not come twice outlives a date that was ahead without being noticed.
    sweep!(studyreel_seen::clean_up, now - UNNOTICED_MS).await?;
    app.traces.trim().await
}
