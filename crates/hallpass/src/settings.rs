//! The settings of an installation, for every subcommand that works on one.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use gateway::settings::installation::{Config, SETTINGS, Sources, shown};

/// Adds `--config` and a flag for every setting. They have their own heading in `--help`, and are
/// hidden in `-h`, where they would bury the command's own options.
pub(crate) fn with_settings(command: Command) -> Command {
    let args = args().into_iter();
    command.args(args.map(|arg| {
        arg.help_heading("Settings of the installation")
            .hide_short_help(true)
    }))
}

/// `--json`: output for programs.
pub(crate) fn json() -> Arg {
    Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .help("Print JSON, one object a line")
}

/// `--config`, and a flag for every setting.
fn args() -> Vec<Arg> {
    let config = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .value_parser(value_parser!(PathBuf))
        .help("Settings file [default: hallpass.toml, if it exists]");
    let settings = SETTINGS.iter().map(|setting| {
        Arg::new(setting.key)
            .long(setting.flag())
            .value_name("VALUE")
            .help(setting.help())
    });
    std::iter::once(config).chain(settings).collect()
}

/// The settings resulting from flags, environment and file.
pub(crate) fn load(matches: &ArgMatches) -> anyhow::Result<Config> {
    Ok(Config::load(&sources(matches, false)?)?)
}

/// Loads them again, for a running server.
pub(crate) fn load_again(matches: &ArgMatches) -> anyhow::Result<Config> {
    Ok(Config::load(&sources(matches, true)?)?)
}

/// Where a setting's value comes from: a flag, a variable, a file or `default`.
pub(crate) fn origin(matches: &ArgMatches, key: &str) -> anyhow::Result<String> {
    let settings = shown(&sources(matches, false)?)?;
    let setting = settings.into_iter().find(|setting| setting.key == key);
    Ok(setting.map(|setting| setting.origin).unwrap_or_default())
}

/// Their sources; `again` if a running server rereads them.
pub(crate) fn sources(matches: &ArgMatches, again: bool) -> anyhow::Result<Sources> {
    let flags: BTreeMap<String, String> = SETTINGS
        .iter()
        .filter_map(|setting| {
            Some((
                setting.key.to_owned(),
                matches.get_one::<String>(setting.key)?.clone(),
            ))
        })
        .collect();
    let config = matches.get_one::<PathBuf>("config");
    let config = config.map(PathBuf::as_path);
    Ok(Sources::of_process(flags, config, again)?)
}
