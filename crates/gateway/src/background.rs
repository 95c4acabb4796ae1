//! What runs beside requests: forgetting what is over, making keys ahead, reading other replicas' changes.

use std::time::Duration;

use tokio::sync::watch;

use crate::app::App;
use crate::directory::key_rotation;
use crate::keys::ours::OurKeys;
use crate::studyreel::retention;
use store::signing_keys as signing_keys_store;
use store::traces as stored_traces;
use store::{StoreError, launches, login_links, registrations, studyreel_seen};

const TOOLS: Duration = Duration::from_secs(5);
const CLEAN_UP: Duration = Duration::from_secs(60);
/// No registration takes that long.
const ORPHAN_MS: i64 = 60 * 60 * 1000;
/// Another replica may have taken some.
const KEYS: Duration = Duration::from_secs(15);
const ROTATION: Duration = Duration::from_secs(60);
/// Days are counted, and every student is looked at.
const STUDENTS: Duration = Duration::from_secs(6 * 60 * 60);

/// Runs until `stop` changes.
pub async fn run(app: App, mut stop: watch::Receiver<bool>) {
    // Separately: removing a great many rows may take long, and must not keep a change from being seen or a platform
    // waiting for its key.
    let reading = tokio::spawn(read_tools(app.clone(), stop.clone()));
    let making = tokio::spawn(make_keys(app.our_keys.clone(), stop.clone()));
    let mut clean_up = tokio::time::interval(CLEAN_UP);
    let mut rotation = tokio::time::interval_at(tokio::time::Instant::now() + ROTATION, ROTATION);
    let mut students = tokio::time::interval(STUDENTS);
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            _ = clean_up.tick() => report("cleaning up", forget(&app).await),
            _ = students.tick() => report("forgetting students", retention::forget(&app.studyreel).await),
            _ = rotation.tick() => report("changing signing keys", key_rotation::rotate_due(&app.tools, &app.our_keys).await),
        }
    }
    let _ = reading.await;
    let _ = making.await;
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

/// Removes what has ended, a thousand rows at a time so that launches get their turn in between.
///
/// # Errors
/// The store failed.
pub async fn forget(app: &App) -> Result<(), StoreError> {
    loop {
        let now = app.clock.now_ms();
        let gone = app.db.write_long::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                registrations::clean_up(&mut tx, now).await?;
                signing_keys_store::delete_orphans(&mut tx, now - ORPHAN_MS).await?;
                signing_keys_store::delete_retired(&mut tx, now).await?;
                Ok(launches::clean_up(&mut tx, now).await?
                    + stored_traces::clean_up(&mut tx, now).await?
                    + login_links::clean_up(&mut tx, now).await?
                    + studyreel_seen::clean_up(&mut tx, now).await?)
            })
        });
        if gone.await? < 1000 {
            return app.traces.trim().await;
        }
    }
}
