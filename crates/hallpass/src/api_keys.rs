//! `hallpass api-keys`: the keys for the API, for operators who have none (docs/keys.md).

use clap::{Arg, ArgMatches, Command, value_parser};
use gateway::directory::api_keys::scope::Scope;
use gateway::kit::clock::{Clock, iso};
use gateway::operator::{ListedApiKey, Operator};
use serde_json::{Value, json};

use crate::settings::{self, with_settings};
use crate::terminal::{Cell, Table, note, say};
use crate::unrecorded;

/// The subcommand.
pub(crate) fn command() -> Command {
    let name = Arg::new("name")
        .long("name")
        .required(true)
        .value_name("NAME")
        .help("What the key is for: lists and refusals name it");
    let scope = Arg::new("scope")
        .long("scope")
        .required(true)
        .value_name("SCOPE")
        .value_parser(Scope::ALL.map(Scope::as_str))
        .help(
            "all: everything. services: launches, services, students. manage: registrations, platforms, settings. \
             read: reading what shows no secret",
        );
    let days = Arg::new("days")
        .long("days")
        .value_name("NUMBER")
        .value_parser(value_parser!(u32).range(1..=36_500))
        .help("The key expires after this many days [default: never]");
    let tool = Arg::new("tool_host")
        .long("tool-host")
        .value_name("HOST")
        .help("The tool that the key is for, by its host name [default: the first tool]");
    let id = Arg::new("id")
        .required(true)
        .num_args(1..)
        .value_name("ID")
        .help("Ids of keys, as `hallpass api-keys list` shows them");
    Command::new("api-keys")
        .about("List, make and revoke API keys")
        .long_about(
            "List, make and revoke API keys.\n\n\
             Needs no API key: it works on the store itself, with the settings that `hallpass serve` runs with, and beside \
             running servers. They see a change within five seconds.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(with_settings(
            Command::new("list")
                .about("Show every key: id, scope, made, last used, end, name, the tool it is for")
                .arg(settings::json()),
        ))
        .subcommand(with_settings(
            Command::new("create")
                .about("Make a key and print it; it is not shown again")
                .args([name, scope, days, tool]),
        ))
        .subcommand(with_settings(
            Command::new("revoke")
                .about("Have keys refused from now on")
                .arg(id),
        ))
}

/// Runs the subcommand.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let Some((what, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let operator = Operator::new(&settings::load(matches)?, Clock::default()).await?;
    let done = match what {
        "create" => create(&operator, matches).await,
        "revoke" => revoke(&operator, matches).await,
        _ => list(&operator, matches.get_flag("json")).await,
    };
    unrecorded::close(operator).await;
    done
}

async fn list(operator: &Operator, as_json: bool) -> anyhow::Result<()> {
    let keys = operator.listed_api_keys().await?;
    if as_json {
        for key in &keys {
            say(object(key))?;
        }
        return Ok(());
    }
    let mut table = Table::new([
        "ID",
        "SCOPE",
        "MADE (UTC)",
        "LAST USED",
        "ENDS",
        "NAME",
        "TOOL",
    ]);
    for listed in keys {
        let tool = match listed.tool_host {
            Some(host) => format!("{} ({host})", listed.tool),
            None => listed.tool,
        };
        let key = listed.key;
        let [made, end] = [Some(key.created_at), key.expires_at].map(Cell::Time);
        let used = Cell::Last(key.last_used_at);
        table.add([
            key.id.into(),
            key.scope.into(),
            made,
            used,
            end,
            key.name.into(),
            tool.into(),
        ]);
    }
    let none = "There are no API keys yet. `hallpass api-keys create` makes one.";
    Ok(table.say(none)?)
}

/// The same fields as in `GET /admin/api-keys`, plus the tool.
fn object(listed: &ListedApiKey) -> Value {
    let key = &listed.key;
    let mut object = json!({
        "id": key.id, "name": key.name, "scope": key.scope, "createdAt": iso(key.created_at),
        "tool": listed.tool, "toolHost": listed.tool_host,
    });
    for (name, time) in [
        ("lastUsedAt", key.last_used_at),
        ("expiresAt", key.expires_at),
    ] {
        if let Some(time) = time {
            object[name] = iso(time).into();
        }
    }
    object
}

/// Prints only the key to standard output, so that a script can read it.
async fn create(operator: &Operator, matches: &ArgMatches) -> anyhow::Result<()> {
    let text = |name: &str| matches.get_one::<String>(name).map_or("", String::as_str);
    let scope = Scope::named(text("scope")).unwrap_or(Scope::Read);
    let days = matches.get_one::<u32>("days").copied();
    let host = matches.get_one::<String>("tool_host").map(String::as_str);
    let made = operator.create_api_key(host, text("name"), scope, days);
    let (key, row) = made.await?;
    note(format_args!(
        "API key {} made. Servers take it within five seconds. Keep it: it is shown only now.",
        row.id
    ))?;
    say(key)?;
    Ok(())
}

async fn revoke(operator: &Operator, matches: &ArgMatches) -> anyhow::Result<()> {
    for id in matches.get_many::<String>("id").into_iter().flatten() {
        let was_last = operator.revoke_api_key(id).await?;
        say(format_args!(
            "API key {id} revoked. Servers refuse it within five seconds."
        ))?;
        if was_last {
            note(
                "This was the last key with the scope all, or the last that does not end within a day: make another with \
                 `hallpass api-keys create --name <name> --scope all`.",
            )?;
        }
    }
    Ok(())
}
