//! `hallpass serve`: the gateway itself.

use std::io::Write;

use clap::{Arg, ArgAction, ArgMatches, Command};
use gateway::operator::setup::FirstStart;
use gateway::server::Server;
use gateway::settings::installation::Config;
use store::installation;
use url::Url;

use crate::reload::Running;
use crate::{logs, open_files, reload, service_manager, settings, stop};

/// The subcommand, with a flag for every setting.
pub(crate) fn command() -> Command {
    let serve = Command::new("serve").about("Run the gateway").arg(
        Arg::new("new")
            .long("new")
            .action(ArgAction::SetTrue)
            .help("Begin with an empty database although a secret key is there already"),
    );
    settings::with_settings(serve)
}

/// Runs until the process is asked to stop.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let sources = settings::sources(matches, false)?;
    let mut config = Config::load(&sources)?;
    config.fixed.begins_anew = matches.get_flag("new");
    let level = logs::to_stderr(config.log_format, &config.log_level)?;
    let wanted = config.fixed.connections;
    let connections = open_files::room_for(wanted);
    config.fixed.connections = connections;
    let (orders, hangups) = (stop::watch()?, reload::watch()?);
    let server = Server::start(config).await?;
    let public_url = server.app.config.public_url.clone();
    if let Some(first) = &server.first_start {
        let given = sources.variable_of("bootstrap_api_key");
        tell(first, public_url.as_str(), given)?;
    }
    let listen = server.address;
    // A relative path would depend on where the program is started, and an empty folder looks like
    // a first start.
    let data_dir = std::path::absolute(&server.app.config.data_dir)?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        %listen,
        data_dir = data_dir.display().to_string(),
        public_url = public_url.as_str(),
        store = place(&server.app.config.database_url),
        schema = installation::schema(&mut server.app.db.read().await?.tx()).await?,
        "started"
    );
    if connections < wanted {
        tracing::warn!(
            "this process may open too few files for {wanted} connections at once, so it serves {connections}. Raise the \
             limit (systemd: LimitNOFILE=)"
        );
    }
    let mut ready = format!("hallpass ready on {}", public_url.as_str());
    if public_url.domain() != listen.to_string() {
        ready.push_str(&format!(", listening on {listen}"));
    }
    // It doesn't matter if no one reads this.
    let _ = writeln!(std::io::stdout(), "{ready}");
    service_manager::ready();
    let running = Running {
        matches: matches.clone(),
        server: server.reload(),
        level,
    };
    server
        .run(async move {
            tokio::select! {
                () = orders => {}
                () = hangups.reload(running) => {}
            }
            service_manager::stopping();
        })
        .await;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), %listen, "stopped");
    Ok(())
}

/// Where a store is, without the password that its address may contain.
fn place(database_url: &str) -> String {
    if let Some(file) = database_url.strip_prefix("sqlite:") {
        let file = file.split('?').next().unwrap_or(file);
        let file = file.strip_prefix("//").unwrap_or(file);
        let whole = std::path::absolute(file).unwrap_or_else(|_| file.into());
        return format!("sqlite:{}", whole.display());
    }
    let Ok(url) = Url::parse(database_url) else {
        return "postgres".to_owned();
    };
    let (host, port) = (url.host_str().unwrap_or(""), url.port().unwrap_or(5432));
    format!("postgres://{host}:{port}{}", url.path())
}

/// Prints once what the first start created; none of it can be read later. `given` is the variable
/// that contained an API key.
fn tell(first: &FirstStart, public_url: &str, given: Option<&str>) -> std::io::Result<()> {
    let mut out = std::io::stderr().lock();
    let keep = first
        .api_key
        .as_ref()
        .map_or("", |_| " Keep its API key, which is shown only now.");
    writeln!(out, "\nThis is the first start.{keep}\n")?;
    writeln!(out, "  Address:  {public_url}")?;
    if let Some(api_key) = &first.api_key {
        writeln!(out, "  API key:  {api_key}")?;
    }
    if let Some(portal) = &first.portal_address {
        writeln!(
            out,
            "  Portal:   {portal}\n            Open it to become the portal's owner. It works once, within a day."
        )?;
    } else {
        writeln!(out, "  Portal:   {public_url}/portal, as admin")?;
    }
    writeln!(
        out,
        "\n  Registration URL for learning platforms:  {public_url}/lti/register"
    )?;
    if !first.has_launch_url {
        // Written as a shell with the same environment would read it.
        let (api_key, insert) = match (&first.api_key, given) {
            (Some(made), _) => (made.clone(), ""),
            (None, Some(file)) if file.ends_with("_FILE") => (format!("$(cat \"${file}\")"), ""),
            (None, Some(variable)) => (format!("${variable}"), ""),
            (None, None) => ("YOUR_API_KEY".to_owned(), "your API key and "),
        };
        writeln!(
            out,
            "  Set where launches go, with {insert}your application's address in place of the last one:\n    \
             curl -X PATCH {public_url}/admin/tool -H \"Authorization: Bearer {api_key}\" \\\n      \
             -H 'Content-Type: application/json' -d '{{\"launchUrl\": \"http://127.0.0.1:3000/launch\"}}'"
        )?;
    }
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_store_has_no_password() {
        for (url, told) in [
            ("sqlite:/var/lib/x.db?mode=rwc", "sqlite:/var/lib/x.db"),
            ("sqlite:///var/lib/x.db", "sqlite:/var/lib/x.db"),
            (
                "postgres://hallpass:s3cret@db.example.com/h?password=s3cret",
                "postgres://db.example.com:5432/h",
            ),
            (
                "postgresql://db.example.com:6432/h",
                "postgres://db.example.com:6432/h",
            ),
        ] {
            assert_eq!(place(url), told);
        }
        let here = place("sqlite:./hallpass-data/hallpass.db");
        assert!(
            here.starts_with("sqlite:/") && here.ends_with("hallpass.db"),
            "{here}"
        );
    }
}
