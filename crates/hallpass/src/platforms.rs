//! `hallpass platforms`: list and switch registered platforms, for operators without access to the API.

use clap::{Arg, ArgMatches, Command};
use gateway::kit::clock::Clock;
use gateway::operator::Operator;
use store::platforms::PlatformRow;

use crate::settings;
use crate::terminal::{fields, say};

/// The subcommand.
pub(crate) fn command() -> Command {
    let id = || {
        Arg::new("id")
            .required(true)
            .value_name("ID")
            .help("The platform's id, as `hallpass platforms list` shows it")
    };
    let with_settings = |command: Command| {
        command
            .args(settings::args())
            .next_help_heading("Settings, the same as the server's")
    };
    Command::new("platforms")
        .about("List, activate and deactivate registered platforms")
        .long_about(
            "List, activate and deactivate registered platforms.\n\n\
             Works on the store itself, with the settings that `hallpass serve` runs with, and beside running servers: \
             they see a change within five seconds.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(with_settings(
            Command::new("list").about("Show every platform, one a line"),
        ))
        .subcommand(with_settings(
            Command::new("activate")
                .about("Let a platform launch")
                .arg(id()),
        ))
        .subcommand(with_settings(
            Command::new("deactivate")
                .about("Refuse a platform's launches")
                .arg(id()),
        ))
}

/// Does what the command line says.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let Some((what, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let operator = Operator::new(&settings::load(matches)?, Clock::default()).await?;
    match matches.try_get_one::<String>("id") {
        Ok(Some(id)) => {
            let platform = operator.switch(id, what == "activate").await?;
            say(line(&platform))?;
        }
        _ => {
            for platform in operator.platforms().await? {
                say(line(&platform))?;
            }
        }
    }
    operator.close().await;
    Ok(())
}

/// Id, state, issuer, client id and name, with tabs between them.
fn line(platform: &PlatformRow) -> String {
    let state = if platform.active {
        "active"
    } else {
        "inactive"
    };
    fields([
        &platform.id,
        state,
        &platform.issuer,
        &platform.client_id,
        &platform.name,
    ])
}
