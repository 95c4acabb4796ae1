//! The settings of an installation, as every subcommand that works on one takes them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, value_parser};
use gateway::settings::installation::{Config, SETTINGS, Sources};

/// `--config`, and a flag for every setting.
pub(crate) fn args() -> Vec<Arg> {
    let config = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .value_parser(value_parser!(PathBuf))
        .help("Settings file [default: hallpass.toml, where it exists]");
    let settings = SETTINGS.iter().map(|setting| {
        Arg::new(setting.key)
            .long(setting.flag())
            .value_name("VALUE")
            .help(setting.help())
    });
    std::iter::once(config).chain(settings).collect()
}

/// The settings that flags, environment and file add up to.
pub(crate) fn load(matches: &ArgMatches) -> anyhow::Result<Config> {
    read(matches, false)
}

/// The same once more, for a server that runs.
pub(crate) fn load_again(matches: &ArgMatches) -> anyhow::Result<Config> {
    read(matches, true)
}

fn read(matches: &ArgMatches, again: bool) -> anyhow::Result<Config> {
    let flags: BTreeMap<String, String> = SETTINGS
        .iter()
        .filter_map(|setting| {
            Some((
                setting.key.to_owned(),
                matches.get_one::<String>(setting.key)?.clone(),
            ))
        })
        .collect();
    let sources = Sources::of_process(
        flags,
        matches.get_one::<PathBuf>("config").map(PathBuf::as_path),
        again,
    )?;
    Ok(Config::load(&sources)?)
}
