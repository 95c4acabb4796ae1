//! `hallpass serve`: the gateway itself.

use std::io::{IsTerminal, Write};

use clap::{Arg, ArgAction, ArgMatches, Command};
use gateway::operator::setup::{ADMIN, FirstStart};
use gateway::server::Server;
use gateway::settings::installation::Config;
use gateway::settings::log_format::LogFormat;
use tracing_subscriber::EnvFilter;

use crate::{settings, stop};

/// The subcommand, with a flag for every setting.
pub(crate) fn command() -> Command {
    Command::new("serve")
        .about("Run the gateway")
        .arg(
            Arg::new("new")
                .long("new")
                .action(ArgAction::SetTrue)
                .help("Begin with an empty database although a secret key is there already"),
        )
        .args(settings::args())
}

/// Runs until the process is asked to stop.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let mut config = settings::load(matches)?;
    config.fixed.begins_anew = matches.get_flag("new");
    log_to_stderr(config.log_format, &config.log_level)?;
    let public_url = config.public_url.as_str().to_owned();
    let stop = stop::watch()?;
    let place = place_of(&config)?;
    let server = Server::start(config).await?;
    let [data_dir, database] = place;
    tracing::info!(data_dir, database, "started");
    if let Some(first) = &server.first_start {
        tell(first, &public_url)?;
    }
    writeln!(std::io::stdout(), "hallpass ready on {public_url}")?;
    server.run(stop).await?;
    Ok(())
}

/// Data folder and database as full paths: a relative one is another wherever the program is started from, and an empty one
/// looks like a first start.
fn place_of(config: &Config) -> anyhow::Result<[String; 2]> {
    let database = match store::backup::file_of(&config.database_url)? {
        Some(file) => std::path::absolute(file)?.display().to_string(),
        None => "as database_url says".to_owned(),
    };
    let data_dir = std::path::absolute(&config.data_dir)?;
    Ok([data_dir.display().to_string(), database])
}

/// Logs go to standard error; standard output belongs to the one line that says it is ready.
pub(crate) fn log_to_stderr(format: LogFormat, level: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(level).map_err(|error| {
        anyhow::anyhow!(
            "the setting log_level must be error, warn, info, debug, trace or a filter: {error}"
        )
    })?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let set = match format {
        LogFormat::Text => logs.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
    set.map_err(|error| anyhow::anyhow!("logging can't be started: {error}"))
}

/// Says once what the first start made; none of it can be read back later.
fn tell(first: &FirstStart, public_url: &str) -> std::io::Result<()> {
    let mut out = std::io::stderr().lock();
    let keep = match (&first.admin_password, &first.api_key) {
        (None, None) => "",
        _ => " Keep what follows: it is shown only now.",
    };
    writeln!(out, "\nThis is the first start.{keep}\n")?;
    writeln!(out, "  Address:          {public_url}")?;
    if let Some(password) = &first.admin_password {
        writeln!(out, "  Portal password:  {password}  (user {ADMIN})")?;
    }
    if let Some(api_key) = &first.api_key {
        writeln!(out, "  API key:          {api_key}")?;
    }
    writeln!(
        out,
        "\n  Registration URL for learning platforms:  {public_url}/lti/register"
    )?;
    writeln!(
        out,
        "  Set where launches go:\n    curl -X PATCH {public_url}/admin/tool -H 'Authorization: Bearer <API key>' \\"
    )?;
    writeln!(
        out,
        "      -d '{{\"launchUrl\": \"https://your.application/launch\"}}'\n"
    )
}
