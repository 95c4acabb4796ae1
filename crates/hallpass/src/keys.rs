//! `hallpass keys`: our signing keys, and the secret key that seals what is stored (docs/keys.md).

use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command};
use gateway::keys::rotation::{KeyEntry, RotationError};
use gateway::kit::clock::Clock;
use gateway::operator::{Operator, OperatorError};
use serde_json::Value;
use store::platforms::{KeyDelivery, PlatformRow};

use crate::settings::{self, with_settings};
use crate::terminal::{Cell, Table, note, say};
use crate::unrecorded;

const NO_PLATFORMS: &str = "There are no platforms yet, and so no signing keys in use.";

/// The subcommand.
pub(crate) fn command() -> Command {
    let platform = || {
        Arg::new("platform")
            .long("platform")
            .value_name("ID")
            .help("One platform, by its id")
    };
    let all = Arg::new("all")
        .long("all")
        .action(ArgAction::SetTrue)
        .help("Every platform that reads our key set; with --now really every one");
    let now = Arg::new("now")
        .long("now")
        .action(ArgAction::SetTrue)
        .help("In an emergency: the old key is gone at once, without overlap");
    Command::new("keys")
        .about("List and change signing keys and the secret key")
        .long_about(
            "List and change signing keys and the secret key.\n\n\
             Works on the store itself, with the settings that `hallpass serve` runs with, and beside running servers: \
             they see a changed signing key within five seconds, and a changed secret key when they start.",
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(with_settings(
            Command::new("list")
                .about("Show every signing key: platform, kid, state, when it begins to sign and when it goes")
                .args([platform(), settings::json()]),
        ))
        .subcommand(with_settings(
            Command::new("rotate")
                .about("Give a platform, or all, a new signing key")
                .args([platform(), all, now])
                .group(ArgGroup::new("which").args(["platform", "all"]).required(true)),
        ))
        .subcommand(with_settings(
            Command::new("rotate-secret")
                .about("Put a new secret key before the old one in the data folder; servers use it from their next start on"),
        ))
        .subcommand(with_settings(
            Command::new("reseal").about("Seal everything stored with the newest secret key"),
        ))
}

/// Runs the subcommand.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let Some((what, matches)) = matches.subcommand() else {
        return Ok(());
    };
    let operator = Operator::new(&settings::load(matches)?, Clock::default()).await?;
    let done = match what {
        "rotate" => change(&operator, matches).await,
        "rotate-secret" => rotate_secret(&operator).await,
        "reseal" => reseal(&operator).await,
        _ => list(&operator, matches).await,
    };
    unrecorded::close(operator).await;
    done
}

async fn chosen(operator: &Operator, matches: &ArgMatches) -> anyhow::Result<Vec<PlatformRow>> {
    Ok(match matches.get_one::<String>("platform") {
        Some(id) => vec![operator.platform(id).await?],
        None => operator.platforms().await?,
    })
}

async fn list(operator: &Operator, matches: &ArgMatches) -> anyhow::Result<()> {
    let platforms = chosen(operator, matches).await?;
    if matches.get_flag("json") {
        for platform in &platforms {
            for key in operator.keys(platform).await? {
                say(object(platform, &key)?)?;
            }
        }
        return Ok(());
    }
    let mut table = table();
    for platform in &platforms {
        add(&mut table, operator, platform).await?;
    }
    Ok(table.say(NO_PLATFORMS)?)
}

async fn change(operator: &Operator, matches: &ArgMatches) -> anyhow::Result<()> {
    let (all, now) = (matches.get_flag("all"), matches.get_flag("now"));
    if all && now {
        operator.empty_pool().await?;
    }
    let platforms = chosen(operator, matches).await?;
    if platforms.is_empty() {
        return Ok(note(NO_PLATFORMS)?);
    }
    for platform in platforms {
        match operator.rotate(&platform, now).await {
            Ok(()) => {
                let mut table = table();
                add(&mut table, operator, &platform).await?;
                table.say("")?;
            }
            // When changing all keys, platforms that can't change keep their key; for a single
            // platform, it is an error.
            Err(
                error @ OperatorError::Kept(_, RotationError::Pasted | RotationError::UnderWay(_)),
            ) if all => {
                note(error)?;
            }
            Err(error) => return Err(error.into()),
        }
        if now && platform.key_delivery == KeyDelivery::Pasted.as_str() {
            let keys = operator.keys(&platform).await?;
            let pem = keys.last().map_or("", |key| &key.public_key);
            note(format_args!(
                "platform {}: its administrator has to paste the new key:\n{pem}",
                platform.id
            ))?;
        }
    }
    Ok(())
}

async fn rotate_secret(operator: &Operator) -> anyhow::Result<()> {
    let path = operator.rotate_secret_key().await?;
    let next = "Now restart the server, then run `hallpass keys reseal`. Keep the older lines of the file for a day: \
                launches of today depend on them.";
    say(format_args!(
        "{} begins with a new key. {next}",
        path.display()
    ))?;
    Ok(())
}

async fn reseal(operator: &Operator) -> anyhow::Result<()> {
    let done = operator.reseal().await?;
    say(format_args!(
        "{} rows sealed again, {} were sealed with the newest key already",
        done.renewed, done.current
    ))?;
    if done.lost > 0 {
        anyhow::bail!(
            "{} rows can't be opened with any secret key that is set; keep the older keys listed",
            done.lost
        );
    }
    Ok(())
}

/// The table of signing keys.
fn table() -> Table<8> {
    Table::new([
        "PLATFORM",
        "KID",
        "STATE",
        "SIGNS FROM (UTC)",
        "PUBLISHED UNTIL",
        "DELIVERY",
        "ISSUER",
        "NAME",
    ])
}

/// Adds a platform's keys.
async fn add(
    table: &mut Table<8>,
    operator: &Operator,
    platform: &PlatformRow,
) -> anyhow::Result<()> {
    for key in operator.keys(platform).await? {
        table.add([
            platform.id.clone().into(),
            key.kid.into(),
            key.state.into(),
            Cell::Written(Some(key.signs_from)),
            Cell::Written(key.published_until),
            platform.key_delivery.clone().into(),
            platform.issuer.clone().into(),
            platform.name.clone().into(),
        ]);
    }
    Ok(())
}

/// The same fields as in `GET /admin/platforms/<id>/keys`, plus the platform's id.
fn object(platform: &PlatformRow, key: &KeyEntry) -> anyhow::Result<Value> {
    let mut object = serde_json::to_value(key)?;
    object["platform"] = platform.id.clone().into();
    Ok(object)
}
