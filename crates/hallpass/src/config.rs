//! `hallpass config`: the resulting settings, before a server runs with them.

use clap::{ArgMatches, Command};
use gateway::operator::setup::{self, secret_key_file};
use gateway::settings::installation::{Config, ShownSetting, shown};
use serde_json::json;

use crate::logs;
use crate::settings::{self, with_settings};
use crate::terminal::{Table, note, say};

/// The subcommand.
pub(crate) fn command() -> Command {
    let commands = [
        Command::new("check").about(
            "Check the settings and the files they name; nothing is started or stored, and the database is not opened",
        ),
        Command::new("show")
            .about(
                "Show every setting: its value and where that comes from. Secrets are never shown",
            )
            .arg(settings::json()),
    ];
    Command::new("config")
        .about("Check and show the settings of the installation")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(commands.map(with_settings))
}

/// Runs the subcommand.
pub(crate) fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    match matches.subcommand() {
        Some(("check", matches)) => check(&settings::load(matches)?),
        Some((_, matches)) => show(matches),
        None => Ok(()),
    }
}

fn check(config: &Config) -> anyhow::Result<()> {
    logs::filter(&config.log_level)?;
    gateway::server::check(config)?;
    #[cfg(unix)]
    may_write(config)?;
    let open = setup::open_files(config);
    for warning in config.warnings().into_iter().chain(open) {
        note(warning)?;
    }
    Ok(say(format_args!(
        "The settings are valid. The database was not opened. A server would listen on {}, and its public address would \
         be {}.",
        config.listen,
        config.public_url.as_str()
    ))?)
}

/// Whether the system lets us write to the folders that a start writes to. Nothing is made there.
#[cfg(unix)]
fn may_write(config: &Config) -> anyhow::Result<()> {
    use rustix::fs::{Access, access};

    for folder in setup::written_folders(config)? {
        access(&folder, Access::WRITE_OK | Access::EXEC_OK)
            .map_err(|error| setup::denied_folder(&folder, error.into()))?;
    }
    Ok(())
}

fn show(matches: &ArgMatches) -> anyhow::Result<()> {
    let mut settings = shown(&settings::sources(matches, false)?)?;
    let kept = secret_key_file(&settings::load(matches)?);
    for setting in &mut settings {
        if let (Some(file), "secret_key", "default") = (&kept, setting.key, &*setting.origin) {
            setting.value = format!("(in {})", file.display());
        }
    }
    if matches.get_flag("json") {
        for ShownSetting { key, value, origin } in settings {
            say(json!({"setting": key, "value": value, "from": origin}))?;
        }
        return Ok(());
    }
    let mut table = Table::new(["SETTING", "VALUE", "FROM"]);
    for ShownSetting { key, value, origin } in settings {
        table.add([key.into(), value.into(), origin.into()]);
    }
    Ok(table.say("")?)
}
