//! `hallpass traces`: what happened to launches, live or one by one (docs/traces.md).

mod shown;

use std::collections::BTreeSet;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use gateway::kit::clock::Clock;
use gateway::kit::id::first_of;
use gateway::operator::Operator;
use store::traces::{FAILED, TraceFilter};

use self::shown::{headings, line, whole};
use crate::settings::{self, json, with_settings};
use crate::stop;
use crate::terminal::{Ink, Inked, is_read_by_people, say};

/// How often to check the store for new traces.
const LOOK: Duration = Duration::from_millis(500);
/// How late a trace may reach the store after its own time, in milliseconds.
const LATE_MS: i64 = 10_000;
/// The most traces shown per check.
const MOST_TRACES: i64 = 1000;

/// The subcommand.
pub(crate) fn command() -> Command {
    let tail = Command::new("tail")
        .about("Show the latest traces and go on with new ones, until Ctrl-C")
        .arg(
            Arg::new("failed")
                .long("failed")
                .action(ArgAction::SetTrue)
                .help("Only what failed"),
        )
        .arg(
            Arg::new("lines")
                .short('n')
                .long("lines")
                .value_name("NUMBER")
                .default_value("10")
                .value_parser(value_parser!(i64).range(0..=MOST_TRACES))
                .help("How many earlier ones to begin with"),
        )
        .arg(json());
    let show = Command::new("show")
        .about("Show one trace: what was done, what came of it, and what to do")
        .arg(
            Arg::new("id")
                .required(true)
                .value_name("ID")
                .help("The reference of an error page, or the id of a launch"),
        )
        .arg(json());
    Command::new("traces")
        .about("Show what happened to logins, launches and registrations")
        .long_about(
            "Show what happened to logins, launches and registrations.\n\n\
             Works on the store itself, with the settings that `hallpass serve` runs with, and beside running servers.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(with_settings(tail))
        .subcommand(with_settings(show))
}

/// Runs the subcommand.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let Some((what, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let clock = Clock::default();
    let operator = Operator::new(&settings::load(matches)?, clock.clone()).await?;
    let json = matches.get_flag("json");
    if what == "show" {
        let id = matches.get_one::<String>("id").map_or("", String::as_str);
        let trace = operator.trace(id.trim()).await?;
        let text = if json {
            trace.to_string()
        } else {
            whole(&trace)
        };
        say(text)?;
    } else {
        let failed = matches.get_flag("failed").then(|| FAILED.to_owned());
        let lines = matches.get_one::<i64>("lines").copied().unwrap_or_default();
        follow(&operator, &clock, failed, lines, json).await?;
    }
    operator.close().await;
    Ok(())
}

async fn follow(
    operator: &Operator,
    clock: &Clock,
    outcome: Option<String>,
    lines: i64,
    json: bool,
) -> anyhow::Result<()> {
    let stop = stop::watch()?;
    tokio::pin!(stop);
    let mut filter = TraceFilter {
        outcome,
        limit: MOST_TRACES,
        from_id: Some(first_of(clock.now_ms() - LATE_MS)),
        ..TraceFilter::default()
    };
    // The ids of the last few seconds, in which late traces may still appear. Traces from before
    // the command started are shown only if requested.
    let lately = operator.traces(&filter).await?;
    let mut known: BTreeSet<String> = lately.into_iter().map(|(id, _)| id).collect();
    let earlier = TraceFilter {
        limit: lines,
        from_id: None,
        ..filter.clone()
    };
    let mut latest = if lines > 0 {
        operator.traces(&earlier).await?
    } else {
        Vec::new()
    };
    known.retain(|id| latest.iter().all(|(shown, _)| shown != id));
    if !json && is_read_by_people() {
        Inked::new().add(Ink::Strong, headings()).say()?;
    }
    loop {
        for (id, trace) in latest.into_iter().rev() {
            if known.insert(id) {
                let text = if json {
                    trace.to_string()
                } else {
                    line(&trace, is_read_by_people())
                };
                say(text)?;
            }
        }
        tokio::select! {
            () = &mut stop => return Ok(()),
            () = tokio::time::sleep(LOOK) => {}
        }
        let since = clock.now_ms() - LATE_MS;
        known = known.split_off(&first_of(since));
        filter.from_id = Some(first_of(since));
        latest = operator.traces(&filter).await?;
    }
}
