//! `hallpass demo`: the gateway, both simulators and a sample application on this machine, for
//! trying it all out.

mod check;
mod gateway;
mod guide;
mod home;
mod inside;
mod log;
mod opening;
mod place;
mod report;
mod world;

use std::net::SocketAddrV4;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use self::guide::guide;
use self::log::Log;
use self::place::DemoPlace;
use self::world::World;
use crate::stop;

/// Run Hallpass with a pretend LMS, a pretend StudyReel and a small sample application on this
/// machine, and say what to click.
///
/// All of it lives in a temporary folder that is removed at the end. Nothing leaves this machine.
#[derive(Args)]
struct Options {
    /// Walk through it all without a person, print each step with its time, and exit 0 only if
    /// every step holds.
    #[arg(long)]
    check: bool,
    /// Open the demo's home page in a browser.
    #[arg(long, conflicts_with = "check")]
    open: bool,
    /// First of six consecutive ports to use; 0 takes free ones [default: 8070, or free ones if
    /// another program has one of the six; with --check free ones].
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(0..=65530))]
    port: Option<u16>,
    /// Address to listen on with all six servers, and the first port, where 0 takes free ones.
    /// 0.0.0.0 lets other machines in, as a container needs it [default: 127.0.0.1, with Hallpass
    /// on 127.0.0.2 and the application on 127.0.0.3, so that browsers see separate sites].
    #[arg(long, value_name = "ADDRESS", value_parser = place::listen_address, conflicts_with = "port")]
    listen: Option<SocketAddrV4>,
    /// What is logged to standard error: error, warn, info, debug or trace, or a filter such as
    /// error,gateway=debug.
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    log_level: String,
}

impl Options {
    /// Where to listen, if specified.
    fn place(&self) -> Option<DemoPlace> {
        if let Some(listen) = self.listen {
            return Some(DemoPlace {
                ip: Some(*listen.ip()),
                first_port: listen.port(),
            });
        }
        let first_port = self.port?;
        Some(DemoPlace {
            ip: None,
            first_port,
        })
    }
}

/// The subcommand.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("demo"))
}

/// Runs the demo until the process is asked to stop, or runs the automatic walk.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let options = Options::from_arg_matches(matches)?;
    let log = Log::start(&options.log_level)?;
    let stop = stop::watch()?;
    let wanted = options.place();
    if options.check {
        return tokio::select! {
            result = check::walk(wanted.unwrap_or(DemoPlace::FREE), log) => result,
            () = stop => anyhow::bail!("stopped before the walk was done"),
        };
    }
    let place = wanted.unwrap_or(DemoPlace::USUAL);
    let (world, has_moved) = match World::start(place, log.clone()).await {
        Ok(world) => (world, false),
        Err(error) if wanted.is_some() => return Err(error),
        // Another demo or program is using the usual ports. If anything else is wrong, this start
        // reports it.
        Err(_) => (World::start(DemoPlace::FREE, log).await?, true),
    };
    guide(&world, place, has_moved).say()?;
    if options.open {
        opening::open(&format!("{}/", world.home.url));
    }
    let ended = tokio::select! {
        () = stop => Ok(()),
        ended = world.ended() => ended,
    };
    world.stop().await?;
    ended
}
