//! `hallpass export` and `hallpass apply`: the installation's configuration as a file
//! (docs/as-code.md).

use std::io::Read as _;

use anyhow::Context as _;
use clap::{Arg, ArgAction, ArgMatches, Command};
use gateway::ascode::text::{CodeFormat, read, write};
use gateway::ascode::{ApplyOptions, ChangeKind, MemberChange, Plan, PlannedChange, UnnamedThing};
use gateway::kit::clock::Clock;
use gateway::kit::outbound::Outbound;
use gateway::operator::Operator;
use gateway::settings::installation::Config;
use serde_json::Value;

use crate::settings::{self, with_settings};
use crate::terminal::{field, file, note, say};
use crate::unrecorded;

/// The longest value shown to people, in characters; `--json` shows all of it.
const MOST_SHOWN: usize = 1000;
/// How many characters of a longer value are shown.
const START_SHOWN: usize = 100;

/// `hallpass export`.
pub(crate) fn export_command() -> Command {
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .value_parser(["toml", "json"])
        .default_value("toml")
        .help("How it is written");
    let secrets = Arg::new("secrets")
        .long("secrets")
        .action(ArgAction::SetTrue)
        .help("Also write the secrets of webhooks, sealed: only this secret key opens them");
    let export = Command::new("export")
        .about("Write the installation's configuration as one file to standard output")
        .long_about(
            "Write the installation's configuration as one file to standard output.\n\n\
             Tools with their settings, platforms with their deployments, learning paths and webhooks, always in the same \
             order. No secrets, no people, no keys: a backup has those. Only addresses are written as they are, even if one \
             has a secret in it. `hallpass apply` reads the file.",
        )
        .args([format, secrets]);
    with_settings(export)
}

/// `hallpass apply`.
pub(crate) fn apply_command() -> Command {
    let file = Arg::new("file")
        .required(true)
        .value_name("FILE")
        .help("A file as `hallpass export` writes it, TOML or JSON; - reads standard input");
    let dry_run = Arg::new("dry_run")
        .long("dry-run")
        .action(ArgAction::SetTrue)
        .help("Only say what would change");
    let prune = Arg::new("prune")
        .long("prune")
        .action(ArgAction::SetTrue)
        .help("Also remove platforms, deployments, learning paths and webhooks that the file's lists don't name");
    let apply = Command::new("apply")
        .about("Make the installation's configuration what a file says")
        .long_about(
            "Make the installation's configuration what a file says: all of it, or nothing if there is a mistake.\n\n\
             What the file doesn't name stays, unless --prune is given. Applying the same file again changes nothing. Works \
             on the store itself, with the settings that `hallpass serve` runs with, and beside running servers: they see \
             the changes within five seconds.",
        )
        .args([file, dry_run, prune, settings::json()]);
    with_settings(apply)
}

/// Writes the configuration to a file.
pub(crate) async fn export(matches: &ArgMatches) -> anyhow::Result<()> {
    let format = match matches.get_one::<String>("format").map(String::as_str) {
        Some("json") => CodeFormat::Json,
        _ => CodeFormat::Toml,
    };
    let operator = Operator::new(&settings::load(matches)?, Clock::default()).await?;
    let code = operator.export(matches.get_flag("secrets")).await;
    unrecorded::close(operator).await;
    let text = write(&code?, format)?;
    Ok(file(&text)?)
}

/// Reads a file and applies it.
pub(crate) async fn apply(matches: &ArgMatches) -> anyhow::Result<()> {
    let path = matches.get_one::<String>("file").map_or("", String::as_str);
    let code = read(&text_of(path)?).with_context(|| path.to_owned())?;
    let config = settings::load(matches)?;
    let how = ApplyOptions {
        dry_run: matches.get_flag("dry_run"),
        prune: matches.get_flag("prune"),
    };
    let operator = Operator::new(&config, Clock::default()).await?;
    let plan = operator.apply(outbound(&config)?, code, how).await;
    unrecorded::close(operator).await;
    let plan = plan.with_context(|| path.to_owned())?;
    if matches.get_flag("json") {
        return Ok(say(serde_json::to_string(&plan)?)?);
    }
    tell(&plan)
}

fn text_of(path: &str) -> anyhow::Result<String> {
    let (source, bytes) = if path == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().read_to_end(&mut bytes);
        ("standard input", read.map(|_| bytes))
    } else {
        (path, std::fs::read(path))
    };
    let bytes = bytes.with_context(|| format!("{source} can't be read"))?;
    String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("{source} can't be read: it is not UTF-8"))
}

/// Only used to decide which addresses may be configured; the rules are those of the server.
fn outbound(config: &Config) -> anyhow::Result<Outbound> {
    let mut allowed = config.outbound_allow.clone();
    if config.public_url.is_developer_mode() {
        allowed = allowed.with_loopback();
    }
    Ok(Outbound::new(allowed)?)
}

fn tell(plan: &Plan) -> anyhow::Result<()> {
    for change in &plan.changes {
        say(line_of(change))?;
        for member in &change.members {
            say(member_of(member))?;
        }
        for warning in &change.warnings {
            note(format_args!("Probably a slip: {warning}"))?;
        }
    }
    for thing in &plan.unnamed {
        note(unnamed(thing))?;
    }
    for thing in &plan.unfinished {
        note(format_args!(
            "Stopped, but not removed yet: {}. Apply the file once more",
            named(thing)
        ))?;
    }
    let number = plan.changes.len();
    let changes = if number == 1 { "change" } else { "changes" };
    let end = match (number, plan.applied) {
        (0, _) => "Nothing to change: the installation is as the file says.".to_owned(),
        (_, true) => format!("{number} {changes} made. Servers see them within five seconds."),
        (_, false) => format!("{number} {changes} would be made. Nothing was changed."),
    };
    Ok(note(end)?)
}

fn line_of(change: &PlannedChange) -> String {
    let sign = match change.action {
        ChangeKind::Create => '+',
        ChangeKind::Change => '~',
        ChangeKind::Remove => '-',
    };
    let name = field(&change.name);
    let tool = change.tool.as_deref().map(of_tool).unwrap_or_default();
    format!("{sign} {} {name}{tool}", change.what)
}

fn member_of(change: &MemberChange) -> String {
    let shown = |value: &Option<Value>| value.as_ref().map_or("(none)".to_owned(), shortened);
    let MemberChange {
        member,
        before,
        after,
    } = change;
    match (before, after) {
        // A secret is never shown.
        (None, None) => format!("    {member}"),
        _ => format!("    {member}: {} -> {}", shown(before), shown(after)),
    }
}

/// A value as JSON, shortened if it is as long as a logo.
fn shortened(value: &Value) -> String {
    let text = value.to_string();
    let number = text.chars().count();
    if number <= MOST_SHOWN {
        return text;
    }
    let start: String = text.chars().take(START_SHOWN).collect();
    format!("{start}… ({number} characters)")
}

fn unnamed(thing: &UnnamedThing) -> String {
    format!("Not in the file, and left as it is: {}", named(thing))
}

fn named(thing: &UnnamedThing) -> String {
    let name = field(&thing.name);
    let tool = thing.tool.as_deref().map(of_tool).unwrap_or_default();
    format!("{} {name}{tool}", thing.what)
}

fn of_tool(host: &str) -> String {
    format!(" (of {})", field(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_cut_and_a_short_value_stays() {
        let logo = format!("data:image/png;base64,{}", "é".repeat(40_000));
        let change = MemberChange {
            member: "theme.logo".to_owned(),
            before: Some(Value::from("data:image/png;base64,short")),
            after: Some(Value::from(logo)),
        };
        let line = member_of(&change);
        let start = "    theme.logo: \"data:image/png;base64,short\" -> \"data:image/png;base64,é";
        assert!(line.starts_with(start), "{line}");
        // 22 characters of its start, the rest, and two quotation marks.
        assert!(line.ends_with("é… (40024 characters)"), "{line}");
        assert!(line.chars().count() < 250, "{line}");
    }
}
