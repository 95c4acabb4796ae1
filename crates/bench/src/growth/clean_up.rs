//! Launches while others are forgotten, and a stop in the middle of that. The clocks start when
//! rows begin to go.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::report::Table;
use super::wait::{BEGINS, fallen};
use super::{Build, CONCURRENCY, PATIENCE, fill, millis, note};
use crate::Args;
use crate::load::{Figures, Load};
use crate::platform::Platform;

/// What is over for so long should be gone: clean-up comes once a minute.
const LATE_MS: i64 = 120_000;
/// How often one counts what is left: that reads an index of all of it, on the database's core.
const COUNTS: Duration = Duration::from_secs(2);

/// Load while this many launches are forgotten.
pub(super) async fn under_load(
    build: &mut Build,
    platform: &Platform,
    due: u32,
    table: &mut Table,
) -> anyhow::Result<()> {
    begun(build, due).await?;
    let begun = Instant::now();
    let mut figures = Figures::default();
    let load = Load::new(&build.server, platform);
    let mut database = build.database().await?;
    let mut counted = begun;
    let took = loop {
        figures.add(load.run(2_000, CONCURRENCY).await?);
        if counted.elapsed() < COUNTS {
            continue;
        }
        counted = Instant::now();
        let took = begun.elapsed();
        let left = fill::due(&mut database, fill::ENDED_MS).await?;
        if left == 0 {
            break took;
        }
        anyhow::ensure!(
            took < PATIENCE,
            "{left} of {due} launches are still due after {took:?}"
        );
    };
    let state = format!("while {due} are forgotten");
    table.note(&format!("seconds: {state}"), build.name, took.as_secs_f64());
    figures.complain()?;
    note(table, build, &state, &figures);
    Ok(())
}

/// A stop while this many launches are forgotten.
pub(super) async fn stopped(build: &mut Build, due: u32, table: &mut Table) -> anyhow::Result<()> {
    begun(build, due).await?;
    let stopped = build.server.end().await?;
    let left = fill::due(&mut build.database().await?, fill::ENDED_MS).await?;
    // If nothing was left, it was no stop in the middle, and no figure.
    let took = if left > 0 { millis(stopped) } else { f64::NAN };
    table.note(
        &format!("stop while {due} are forgotten, ms"),
        build.name,
        took,
    );
    // Or the next start would begin with them.
    fill::spare_launches(build.database().await?).await?;
    build.server.start_again().await.map(drop)
}

/// Full load on launches that are kept for one minute: as many are forgotten as come.
pub(super) async fn of_the_minute(
    args: &Args,
    build: &mut Build,
    platform: &Platform,
    table: &mut Table,
) -> anyhow::Result<()> {
    // Past the quiet minutes after a start: one launch that is due shows it.
    begun(build, 1).await?;
    build.server.keep_launches_for_minutes(1).await?;
    let load = Load::new(&build.server, platform);
    let begun = Instant::now();
    let mut figures = Figures::default();
    while begun.elapsed() < Duration::from_secs(args.minute) {
        figures.add(load.run(2_000, CONCURRENCY).await?);
    }
    figures.complain()?;
    note(
        table,
        build,
        "a minute's retention under full load",
        &figures,
    );
    let mut database = build.database().await?;
    let late = now_ms()? - LATE_MS;
    let overdue = fill::due(&mut database, late).await?;
    table.note(
        "launches that should have been gone after it",
        build.name,
        overdue as f64,
    );
    // And those go as well.
    fallen(async || fill::due(&mut database, late).await, 1, PATIENCE).await?;
    build.server.keep_launches_for_minutes(24 * 60).await
}

/// Lets this many launches expire, and waits until the first of them are removed.
async fn begun(build: &mut Build, due: u32) -> anyhow::Result<()> {
    let mut before = 0;
    build
        .meddle(async |database| {
            before = fill::end_launches(database, due).await?;
            Ok(())
        })
        .await?;
    anyhow::ensure!(before > 0, "no launch is due, so nothing shows a clean-up");
    let mut database = build.database().await?;
    fallen(
        async || fill::due(&mut database, fill::ENDED_MS).await,
        before,
        BEGINS,
    )
    .await?;
    Ok(())
}

fn now_ms() -> anyhow::Result<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(i64::try_from(since.as_millis())?)
}
