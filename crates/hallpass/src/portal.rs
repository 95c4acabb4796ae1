//! `hallpass portal`: regains access to the portal, for operators (docs/portal.md).

use clap::{Arg, ArgMatches, Command};
use gateway::kit::clock::{Clock, iso};
use gateway::operator::Operator;
use serde_json::json;

use crate::settings::{self, with_settings};
use crate::terminal::{Cell, Ink, Inked, Table, note, say};
use crate::unrecorded;

/// The subcommand.
pub(crate) fn command() -> Command {
    let login = Arg::new("login")
        .value_name("LOGIN")
        .help("The e-mail address that the person signs in with [default: the only user]");
    let tool = || {
        Arg::new("tool_host")
            .long("tool-host")
            .value_name("HOST")
            .help("Whose portal it is, by the tool's host name [default: the first tool]")
    };
    Command::new("portal")
        .about("Show who may sign in to the portal, and make a way back in")
        .long_about(
            "Show who may sign in to the portal, and make a way back in.\n\n\
             Works on the store itself, with the settings that `hallpass serve` runs with, and beside running servers.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(with_settings(
            Command::new("users")
                .about("Show everybody who may sign in: login, role, second step, made, last seen, name")
                .args([settings::json(), tool()]),
        ))
        .subcommand(with_settings(
            Command::new("reset-password")
                .about("Print an address that works once: to choose a new password, or to become the owner if there is none")
                .args([login, tool()]),
        ))
}

/// Runs the subcommand.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let Some((what, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let operator = Operator::new(&settings::load(matches)?, Clock::default()).await?;
    let done = match what {
        "reset-password" => reset_password(&operator, matches).await,
        _ => users(&operator, matches).await,
    };
    unrecorded::close(operator).await;
    done
}

/// The host name of the tool in question.
fn host(matches: &ArgMatches) -> Option<&str> {
    matches.get_one::<String>("tool_host").map(String::as_str)
}

async fn users(operator: &Operator, matches: &ArgMatches) -> anyhow::Result<()> {
    let users = operator.portal_users_at(host(matches)).await?;
    if matches.get_flag("json") {
        for user in &users {
            say(json!({
                "login": user.login, "name": user.name, "role": user.role,
                "createdAt": iso(user.created_at), "lastSeenAt": user.seen_at.map(iso),
                "secondStep": user.has_second_step,
            }))?;
        }
        return Ok(());
    }
    let mut table = Table::new([
        "LOGIN",
        "ROLE",
        "SECOND STEP",
        "MADE (UTC)",
        "LAST SEEN",
        "NAME",
    ]);
    for user in users {
        let made = Cell::Time(Some(user.created_at));
        let seen = Cell::Last(user.seen_at);
        let step = if user.has_second_step { "yes" } else { "no" };
        table.add([
            user.login.into(),
            user.role.into(),
            step.into(),
            made,
            seen,
            user.name.into(),
        ]);
    }
    let none = "No one can sign in to the portal yet. `hallpass portal reset-password` prints the address that makes its \
                owner.";
    Ok(table.say(none)?)
}

async fn reset_password(operator: &Operator, matches: &ArgMatches) -> anyhow::Result<()> {
    let login = matches.get_one::<String>("login");
    let login = login.map(String::as_str);
    let made = operator.portal_address_at(host(matches), login).await?;
    Inked::new().add(Ink::Link, &made.address).say()?;
    match made.login {
        Some(login) => note(format_args!(
            "{login} chooses a new password there: once, within a day. It ends their sessions and takes their second step \
             and their connection with an identity provider away."
        ))?,
        None => note("The person who opens it becomes the portal's owner: once, within a day.")?,
    }
    if let Some(assumed) = made.assumed {
        note(format_args!(
            "The settings don't say where Hallpass answers; this assumes {assumed}. If it answers elsewhere, run this \
             with --public-url."
        ))?;
    }
    Ok(())
}
