//! `hallpass platforms`: registered platforms, for operators without access to the API.

mod whole;

use clap::{Arg, ArgAction, ArgMatches, Command};
use gateway::kit::clock::{Clock, iso};
use gateway::operator::{KnownPlatform, Operator};
use serde_json::{Value, json};
use store::platforms::PlatformRow;

use self::whole::WholePlatform;
use crate::settings::{self, with_settings};
use crate::terminal::{Cell, Table, listed, say};
use crate::unrecorded;

/// The subcommand.
pub(crate) fn command() -> Command {
    let id = || {
        Arg::new("id")
            .required(true)
            .value_name("ID")
            .help("The platform's id, as `hallpass platforms list` shows it")
    };
    let yes = Arg::new("yes")
        .long("yes")
        .action(ArgAction::SetTrue)
        .help("Really remove it; without this the command only says what would go");
    let undelivered = Arg::new("undelivered")
        .long("undelivered")
        .value_name("NUMBER")
        .value_parser(clap::value_parser!(i64))
        .help("How many undelivered scores may be lost with it, as the command says without this");
    let commands = [
        Command::new("list")
            .about("Show every platform: id, state, issuer, client id, name, registered, last launch, the LMS's own name")
            .long_about(
                "Show every platform: id, state, issuer, client id, name, registered, last launch, the LMS's own name. A \
                 narrow terminal gets the columns that fit; a pipe and --json get all of them.",
            )
            .arg(settings::json()),
        Command::new("show")
            .about("Show everything about one platform: addresses, its own rules, deployments, keys")
            .args([id(), settings::json()]),
        Command::new("activate").about("Let a platform launch").arg(id()),
        Command::new("deactivate").about("Refuse a platform's launches").arg(id()),
        Command::new("remove")
            .about("Remove a platform with its deployments and keys")
            .args([id(), yes, undelivered]),
    ];
    Command::new("platforms")
        .about("List, show, activate, deactivate and remove registered platforms")
        .long_about(
            "List, show, activate, deactivate and remove registered platforms.\n\n\
             Works on the store itself, with the settings that `hallpass serve` runs with, and beside running servers: \
             they see a change within five seconds.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(commands.map(with_settings))
}

/// Runs the subcommand.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let Some((what, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let operator = Operator::new(&settings::load(matches)?, Clock::default()).await?;
    let id = matches.try_get_one::<String>("id").ok().flatten();
    let id = id.map_or("", String::as_str);
    let done = match what {
        "list" => list(&operator, matches.get_flag("json")).await,
        "show" => show(&operator, id, matches).await,
        "remove" => {
            let lost = matches.get_one::<i64>("undelivered").copied();
            remove(&operator, id, matches.get_flag("yes"), lost).await
        }
        _ => switch(&operator, id, what == "activate").await,
    };
    unrecorded::close(operator).await;
    done
}

async fn list(operator: &Operator, as_json: bool) -> anyhow::Result<()> {
    let platforms = operator.known_platforms().await?;
    if as_json {
        for platform in &platforms {
            say(object(platform))?;
        }
        return Ok(());
    }
    let mut table = table();
    for platform in platforms {
        add(&mut table, platform);
    }
    Ok(table.say("No platform is registered yet.")?)
}

async fn switch(operator: &Operator, id: &str, active: bool) -> anyhow::Result<()> {
    let platform = operator.switch(id, active).await?;
    let mut table = table();
    let visit = operator.visit(&platform).await?;
    add(&mut table, KnownPlatform { platform, visit });
    Ok(table.say("")?)
}

/// The table of platforms.
fn table() -> Table<8> {
    Table::new([
        "ID",
        "STATE",
        "ISSUER",
        "CLIENT ID",
        "NAME",
        "REGISTERED (UTC)",
        "LAST LAUNCH",
        "CALLS ITSELF",
    ])
    // 80 columns hold id, state, issuer and name.
    .narrowed(&[7, 5, 3, 6], &[2, 4, 7])
}

fn add(table: &mut Table<8>, KnownPlatform { platform, visit }: KnownPlatform) {
    let (last_launch, own_name) = match visit {
        Some(visit) => (Some(visit.last_launch_at), visit.own_name),
        None => (None, None),
    };
    let state = state(&platform);
    table.add([
        platform.id.into(),
        state.into(),
        platform.issuer.into(),
        platform.client_id.into(),
        platform.name.into(),
        Cell::Time(Some(platform.created_at)),
        Cell::Last(last_launch),
        own_name.unwrap_or_default().into(),
    ]);
}

fn state(platform: &PlatformRow) -> &'static str {
    if platform.active {
        "active"
    } else {
        "inactive"
    }
}

/// A platform as JSON, with the API's names.
fn object(KnownPlatform { platform, visit }: &KnownPlatform) -> Value {
    let mut object = json!({
        "id": platform.id, "url": platform.issuer, "clientId": platform.client_id, "name": platform.name,
        "active": platform.active, "createdAt": iso(platform.created_at),
    });
    let visit = visit.as_ref();
    let further = [
        ("productFamilyCode", platform.family.clone()),
        ("version", platform.version.clone()),
        ("lastLaunchAt", visit.map(|visit| iso(visit.last_launch_at))),
        ("ownName", visit.and_then(|visit| visit.own_name.clone())),
    ];
    for (name, value) in further {
        if let Some(value) = value {
            object[name] = value.into();
        }
    }
    object
}

async fn show(operator: &Operator, id: &str, matches: &ArgMatches) -> anyhow::Result<()> {
    let platform = operator.platform(id).await?;
    let visit = operator.visit(&platform).await?;
    let public_url = operator.address(&platform).await?;
    let at = |path: &str| public_url.join(path);
    let whole = WholePlatform {
        deployments: operator.deployments(&platform).await?,
        keys: operator.keys(&platform).await?,
        login: at(&format!("/lti/login/{}", platform.address_id())),
        launch: at("/lti/launch"),
        key_set: at(&format!("/lti/keys/{}", platform.address_id())),
        addresses_from: settings::origin(matches, "public_url")?,
        known: KnownPlatform { platform, visit },
    };
    if matches.get_flag("json") {
        return Ok(say(whole.object()?)?);
    }
    Ok(say(listed(&whole.pairs()))?)
}

async fn remove(
    operator: &Operator,
    id: &str,
    really: bool,
    lost: Option<i64>,
) -> anyhow::Result<()> {
    let platform = operator.platform(id).await?;
    let deployments = operator.deployments(&platform).await?.len();
    let (name, issuer) = (&platform.name, &platform.issuer);
    let what = format!(
        "platform {id} ({name}, {issuer}) with {deployments} deployment{} and our keys for it",
        if deployments == 1 { "" } else { "s" }
    );
    anyhow::ensure!(
        really,
        "this would remove {what}. Its launches could no longer be read, and it would have to register again; the entry in the \
         LMS would stay. Nothing has been removed: repeat it with --yes"
    );
    let undelivered = operator.undelivered(&platform).await?;
    anyhow::ensure!(
        undelivered == 0 || lost == Some(undelivered),
        "{undelivered} scores for this platform are not delivered yet, and would be lost. Nothing has been removed: repeat it \
         with --yes --undelivered {undelivered}"
    );
    operator.remove(&platform).await?;
    Ok(say(format_args!(
        "Removed {what}. Servers refuse its launches within five seconds."
    ))?)
}
