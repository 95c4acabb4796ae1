//! The figures as Markdown, ready for docs/performance.md.

use std::path::Path;
use std::time::Duration;

use crate::limits::{Commits, Machine};
use crate::load::Figures;
use crate::server::{Server, Store};
use crate::stats::{TraceCost, quartiles};

/// Limits of the core.
pub(crate) fn machine(machine: &Machine) {
    println!("One core of this machine allows, each by itself:");
    println!(
        "- {:.0} RSA-2048 verifications/s (aws-lc-rs, parsed key)",
        machine.verifies
    );
    println!(
        "- {:.0} GET/s and {:.0} POST/s of a launch's size (bare axum server, the same load generator)",
        machine.gets, machine.posts
    );
}

/// Limits of a store.
pub(crate) fn commits(store: &Store, commits: &Commits) {
    println!("\n## {store}\n");
    println!(
        "Rows of a launch's size: {:.0}/s each committed by itself, {:.0}/s committed in groups of 64.",
        commits.single, commits.grouped
    );
}

/// The server before any load.
pub(crate) fn idle(server: &Server, program: &Path, started: Duration) -> anyhow::Result<()> {
    let megabytes = std::fs::metadata(program)?.len() as f64 / 1e6;
    println!(
        "Binary: {megabytes:.1} MB; start on an existing store: {} ms; RSS idle: {} MB\n",
        started.as_millis(),
        server.rss_mb()?
    );
    println!(
        "| store | concurrency | logins/s | launches/s | complete/s | of the limits | idtoken/s | login p50 / p99 ms | launch p50 / p99 ms | CPU µs: login, launch, idtoken |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    Ok(())
}

/// One run.
pub(crate) fn row(
    store: &Store,
    concurrency: usize,
    figures: &Figures,
    machine: &Machine,
    commits: &Commits,
) {
    // A complete launch is one login (GET), one launch (POST), one signature and one row.
    let allowed = 1.0
        / (1.0 / machine.verifies
            + 1.0 / machine.gets
            + 1.0 / machine.posts
            + 1.0 / commits.grouped);
    println!(
        "| {store} | {concurrency} | {:.0} | {:.0} | {:.0} | {:.0} % of {allowed:.0} | {:.0} | {:.1} / {:.1} | {:.1} / {:.1} | {:.0}, {:.0}, {:.0} |",
        figures.logins.rate(),
        figures.launches.rate(),
        figures.complete(),
        figures.complete() / allowed * 100.0,
        figures.id_tokens.rate(),
        figures.logins.quantile_ms(0.5),
        figures.logins.quantile_ms(0.99),
        figures.launches.quantile_ms(0.5),
        figures.launches.quantile_ms(0.99),
        figures.logins.cpu_micros(),
        figures.launches.cpu_micros(),
        figures.id_tokens.cpu_micros(),
    );
}

/// What traces cost.
pub(crate) fn traces(store: &Store, pairs: &[TraceCost]) {
    let [_, with, _] = quartiles(pairs.iter().map(|pair| pair.with));
    let [_, without, _] = quartiles(pairs.iter().map(|pair| pair.without));
    let more = |pair: &TraceCost| (pair.with / pair.without - 1.0) * 100.0;
    let [low, median, high] = quartiles(pairs.iter().map(more));
    println!(
        "CPU of a launch on {store}: {with:.1} µs with its trace, {without:.1} µs without (medians of {count} rounds each); \
         of the pairs of rounds half say {low:+.1} % to {high:+.1} %, the median {median:+.1} %",
        count = pairs.len()
    );
}
