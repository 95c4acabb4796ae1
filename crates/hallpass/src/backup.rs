//! `hallpass backup` and `hallpass restore`: an embedded database in one file, while a server is
//! running (docs/backup.md).

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use gateway::kit::clock::Clock;
use gateway::operator::backup::{self, Manifest};
use gateway::settings::installation::Config;

use crate::settings::{self, with_settings};
use crate::terminal::say;

fn file() -> Arg {
    Arg::new("file")
        .value_name("FILE")
        .required(true)
        .value_parser(value_parser!(PathBuf))
}

/// `hallpass backup`.
pub(crate) fn backup_command() -> Command {
    with_settings(
        Command::new("backup")
            .about("Copy the database into a new file, beside a running server")
            .long_about(
                "Copy the database into a new file, beside a running server.\n\n\
                 A manifest is written to FILE.json: the file's hash, its schema and how many rows it has. Nothing is \
                 overwritten. The secret key is not in the file: keep it elsewhere, for whoever has both can read \
                 everything. PostgreSQL has commands of its own: docs/backup.md.",
            )
            .arg(file().help("The new file")),
    )
}

/// `hallpass restore`.
pub(crate) fn restore_command() -> Command {
    with_settings(
        Command::new("restore")
            .about("Put a backup in the place of a database that is gone")
            .long_about(
                "Put a backup in the place of a database that is gone.\n\n\
                 The backup is checked against FILE.json and looked through from end to end. Nothing is overwritten: stop \
                 the server and move away what is there first. What was revoked after the backup is in force again; the \
                 portal's sessions and open links end.",
            )
            .arg(file().help("What `hallpass backup` wrote, with FILE.json beside it"))
            .arg(
                Arg::new("verify")
                    .long("verify")
                    .action(ArgAction::SetTrue)
                    .help("Only check the backup, and change nothing"),
            ),
    )
}

fn name(matches: &ArgMatches) -> PathBuf {
    matches
        .get_one::<PathBuf>("file")
        .cloned()
        .unwrap_or_default()
}

/// Runs `hallpass backup FILE`.
pub(crate) async fn backup(matches: &ArgMatches) -> anyhow::Result<()> {
    let (config, file) = (settings::load(matches)?, name(matches));
    let manifest = backup::backup(&config, &Clock::default(), &file).await?;
    say(format_args!("{}: {}", file.display(), told(&manifest)))?;
    Ok(say(format_args!(
        "The secret key is not in it ({}). Keep it apart from the backup: without it nothing can be restored.",
        key(&config)
    ))?)
}

/// Runs `hallpass restore FILE`.
pub(crate) async fn restore(matches: &ArgMatches) -> anyhow::Result<()> {
    let (config, file) = (settings::load(matches)?, name(matches));
    if matches.get_flag("verify") {
        let manifest = backup::verify(&file).await?;
        return Ok(say(format_args!(
            "{} is whole: {}",
            file.display(),
            told(&manifest)
        ))?);
    }
    let manifest = backup::restore(&config, &file).await?;
    say(format_args!("restored: {}", told(&manifest)))?;
    say(
        "API keys, blocked people and the portal's users are as they were then: compare them before you let anyone in. The \
         portal's sessions and open links have ended.",
    )?;
    Ok(say(format_args!(
        "Start the server with the secret key that the backup was made with: {}.",
        kept_key(&config)
    ))?)
}

/// Where the secret key of a restored database has to be. What is there now may be another.
fn kept_key(config: &Config) -> String {
    if config.secret_key.is_some() {
        return "the setting secret_key has to hold it".to_owned();
    }
    let file = config.data_dir.join("secret_key");
    let is_there = file.exists();
    let file = std::path::absolute(&file).unwrap_or(file);
    let file = file.display();
    match is_there {
        true => format!("if {file} is another one, put your copy in its place"),
        false => format!("{file} is missing, so put your copy there"),
    }
}

/// Where the secret key is.
fn key(config: &Config) -> String {
    match config.secret_key {
        Some(_) => "it comes from the setting secret_key".to_owned(),
        None => {
            let file = config.data_dir.join("secret_key");
            let file = std::path::absolute(&file).unwrap_or(file);
            format!("it is in {}", file.display())
        }
    }
}

fn told(manifest: &Manifest) -> String {
    let rows = |table: &str| manifest.rows.get(table).copied().unwrap_or(0);
    format!(
        "{} platforms, {} launches and {} students of {}, schema {}, SHA-256 {}",
        rows("platforms"),
        rows("launches"),
        rows("students"),
        manifest.made_at,
        manifest.schema,
        manifest.sha256
    )
}
