//! `hallpass deliveries`: scores on their way to platforms, for operators without access to the API
//! (docs/grades.md).

use clap::{Arg, ArgMatches, Command, value_parser};
use gateway::kit::clock::{Clock, iso};
use gateway::kit::readable::readable_line;
use gateway::operator::Operator;
use serde_json::{Value, json};
use store::deliveries::{DeliveryFilter, DeliveryRow, DeliveryState};

use crate::settings::{self, with_settings};
use crate::terminal::{Cell, Table, field, listed, say};
use crate::unrecorded;

/// How much of a platform's words is shown of an attempt, in characters. `--json` has all that is
/// kept.
const MOST_SAID: usize = 200;

/// The subcommand.
pub(crate) fn command() -> Command {
    let reason = || {
        Arg::new("reason")
            .long("reason")
            .value_name("CODE")
            .help("Only those with this reason, such as COURSE_CONCLUDED")
    };
    let platform = || {
        Arg::new("platform")
            .long("platform")
            .value_name("ID")
            .help("Only those to this platform, by its id")
    };
    let id = || {
        Arg::new("id")
            .value_name("ID")
            .help("The delivery's id, as `hallpass deliveries list` shows it")
    };
    let states: Vec<&str> = DeliveryState::ALL.iter().map(|one| one.as_str()).collect();
    let state = Arg::new("state")
        .long("state")
        .value_name("STATE")
        .value_parser(states)
        .help("Only those in this state");
    let limit = Arg::new("limit")
        .short('n')
        .long("limit")
        .value_name("NUMBER")
        .default_value("50")
        .value_parser(value_parser!(i64).range(1..=10_000))
        .help("How many of the newest");
    let commands = [
        Command::new("list")
            .about("Show the newest deliveries: id, state, reason, platform, course, accepted, next attempt, ended")
            .args([state, reason(), platform(), limit, settings::json()]),
        Command::new("show")
            .about("Show everything about one delivery: what to do, the score, each attempt")
            .args([id().required(true), settings::json()]),
        Command::new("retry")
            .about("Have deliveries tried now: these, or all that have not arrived for a reason or to a platform")
            .args([
                id().num_args(1..).required_unless_present_any(["reason", "platform"]),
                reason().conflicts_with("id"),
                platform().conflicts_with("id"),
            ]),
        Command::new("cancel")
            .about("Give deliveries up: they are not tried any more")
            .arg(id().num_args(1..).required(true)),
    ];
    Command::new("deliveries")
        .about("List, show, retry and cancel deliveries of scores")
        .long_about(
            "List, show, retry and cancel deliveries of scores.\n\n\
             Works on the store itself, with the settings that `hallpass serve` runs with, and beside running servers: one \
             of them tries what is to be tried, within seconds.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(commands.map(with_settings))
}

/// Runs the subcommand.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let Some((what, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let operator = Operator::new(&settings::load(matches)?, Clock::default()).await?;
    let done = match what {
        "show" => show(&operator, matches).await,
        "retry" => retry(&operator, matches).await,
        "cancel" => cancel(&operator, matches).await,
        _ => list(&operator, matches).await,
    };
    unrecorded::close(operator).await;
    done
}

fn text(matches: &ArgMatches, name: &str) -> Option<String> {
    matches.get_one::<String>(name).cloned()
}

async fn list(operator: &Operator, matches: &ArgMatches) -> anyhow::Result<()> {
    let filter = DeliveryFilter {
        state: text(matches, "state").and_then(|name| DeliveryState::named(&name)),
        reason: text(matches, "reason"),
        platform_id: text(matches, "platform"),
        limit: matches.get_one::<i64>("limit").copied().unwrap_or(50),
        ..DeliveryFilter::default()
    };
    let deliveries = operator.deliveries(&filter).await?;
    if matches.get_flag("json") {
        for delivery in &deliveries {
            say(object(delivery))?;
        }
        return Ok(());
    }
    let mut table = Table::new([
        "ID",
        "STATE",
        "REASON",
        "PLATFORM",
        "COURSE",
        "ACCEPTED (UTC)",
        "NEXT ATTEMPT",
        "ENDED",
    ]);
    for delivery in deliveries {
        let [accepted, next, ended] = [
            Some(delivery.created_at),
            delivery.next_attempt_at,
            delivery.ended_at,
        ]
        .map(Cell::Time);
        table.add([
            delivery.id.into(),
            delivery.state.as_str().into(),
            delivery.reason.unwrap_or_default().into(),
            delivery.platform_id.into(),
            delivery.context_id.unwrap_or_default().into(),
            accepted,
            next,
            ended,
        ]);
    }
    Ok(table.say("There are no such deliveries.")?)
}

/// A delivery in a list as JSON, with the API's names. The rest is sealed.
fn object(delivery: &DeliveryRow) -> Value {
    let mut object = json!({
        "id": delivery.id, "state": delivery.state, "platform": delivery.platform_id,
        "deployment": delivery.deployment_id, "createdAt": iso(delivery.created_at),
    });
    let further = [
        ("reason", delivery.reason.clone()),
        ("context", delivery.context_id.clone()),
        ("nextAttemptAt", delivery.next_attempt_at.map(iso)),
        ("deliveredAt", delivery.delivered_at.map(iso)),
        ("supersededBy", delivery.superseded_by.clone()),
        ("note", delivery.note.clone()),
    ];
    for (name, value) in further {
        if let Some(value) = value {
            object[name] = value.into();
        }
    }
    object
}

async fn show(operator: &Operator, matches: &ArgMatches) -> anyhow::Result<()> {
    let id = text(matches, "id").unwrap_or_default();
    let delivery = operator.delivery(id.trim()).await?;
    let shown = if matches.get_flag("json") {
        delivery.to_string()
    } else {
        whole(&delivery)
    };
    Ok(say(shown)?)
}

/// A delivery for people: its data, then its attempts.
fn whole(delivery: &Value) -> String {
    let of = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let score = &delivery["score"];
    let grade = match (score["scoreGiven"].as_f64(), score["scoreMaximum"].as_f64()) {
        (Some(given), Some(maximum)) => format!("{given} of {maximum}"),
        (Some(given), None) => given.to_string(),
        (None, _) => String::new(),
    };
    let pairs = [
        ("id", of(&delivery["id"])),
        ("state", of(&delivery["state"])),
        ("reason", of(&delivery["reason"])),
        ("last attempt", of(&delivery["cause"])),
        ("what to do", of(&delivery["advice"])),
        ("note", of(&delivery["note"])),
        ("platform", of(&delivery["platform"])),
        ("deployment", of(&delivery["deployment"])),
        ("course", of(&delivery["context"])),
        ("line item", of(&delivery["lineItem"])),
        ("user", of(&delivery["user"])),
        ("score", grade),
        ("progress", of(&score["activityProgress"])),
        ("grading", of(&score["gradingProgress"])),
        ("timestamp", of(&score["timestamp"])),
        ("accepted", of(&delivery["createdAt"])),
        ("next attempt", of(&delivery["nextAttemptAt"])),
        ("delivered", of(&delivery["deliveredAt"])),
        ("superseded by", of(&delivery["supersededBy"])),
    ];
    let mut lines = vec![listed(&pairs)];
    let attempts = delivery["attempts"].as_array().into_iter().flatten();
    lines.extend(attempts.map(|attempt| {
        let [at, millis, status] = ["at", "millis", "status"].map(|name| of(&attempt[name]));
        let [outcome, host, said] = ["outcome", "host", "said"].map(|name| of(&attempt[name]));
        let words = [outcome, host, readable_line(&said, MOST_SAID)];
        let words = words.join(" ");
        let words: Vec<&str> = words.split_whitespace().collect();
        let line = format!("  {at}  {millis:>6} ms  {status:<3} {}", words.join(" "));
        field(&line)
    }));
    lines.join("\n")
}

async fn retry(operator: &Operator, matches: &ArgMatches) -> anyhow::Result<()> {
    let Some(ids) = matches.get_many::<String>("id") else {
        let (reason, platform) = (text(matches, "reason"), text(matches, "platform"));
        let retried = operator.retry_deliveries(reason, platform).await?;
        let deliveries = if retried == 1 {
            "delivery is"
        } else {
            "deliveries are"
        };
        return Ok(say(format_args!("{retried} {deliveries} tried now."))?);
    };
    for id in ids {
        operator.retry_delivery(id).await?;
        say(format_args!("Delivery {id} is tried now."))?;
    }
    Ok(())
}

async fn cancel(operator: &Operator, matches: &ArgMatches) -> anyhow::Result<()> {
    for id in matches.get_many::<String>("id").into_iter().flatten() {
        operator.cancel_delivery(id).await?;
        say(format_args!("Delivery {id} is cancelled."))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_shown_with_what_to_do_and_its_attempts() {
        let delivery = json!({
            "id": "d1", "state": "refused", "reason": "OTHER", "advice": "Look.", "user": "5",
            "score": {"scoreGiven": 8.0, "scoreMaximum": 10, "activityProgress": "Completed"},
            "attempts": [{"at": "2026-11-30T09:00:00Z", "millis": 62, "status": 422, "outcome": "refused", "said": "no\n\u{1b}[2J"}],
        });
        let shown = whole(&delivery);
        for part in ["what to do", "Look.", "8 of 10", "62 ms  422 refused no"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(
            !shown.contains('\u{1b}') && !shown.contains("deployment"),
            "{shown}"
        );
        command().debug_assert();
    }

    #[test]
    fn a_failed_attempt_is_told_with_its_cause_and_host() {
        let page = "<!doctype html>\n<html><style>p {}</style>\n<h1>Not Found</h1>\n</html>";
        let delivery = json!({
            "id": "d1", "state": "queued", "cause": "There is no endpoint", "advice": "Compare it.",
            "attempts": [{
                "at": "2026-11-30T09:00:00Z", "millis": 1, "status": 404, "outcome": "no token",
                "host": "lms.example", "said": page,
            }],
        });
        let shown = whole(&delivery);
        for part in [
            "last attempt",
            "There is no endpoint",
            "Compare it.",
            "404 no token lms.example Not Found",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(
            !shown.contains("html") && !shown.contains("p {}"),
            "{shown}"
        );
    }
}
