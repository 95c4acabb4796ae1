//! The `hallpass` program: reads the command line and runs the subcommand.

mod api_keys;
mod ascode;
mod backup;
mod completions;
mod config;
#[cfg(feature = "simulator")]
mod conformance;
mod deliveries;
#[cfg(feature = "simulator")]
mod demo;
mod doctor;
#[cfg(feature = "simulator")]
mod http_url;
mod keys;
#[cfg(any(test, not(feature = "simulator")))]
mod left_out;
mod logs;
mod open_files;
mod placement;
mod platforms;
mod portal;
mod reload;
#[cfg(feature = "simulator")]
mod sample_app;
mod serve;
mod service_manager;
mod settings;
#[cfg(feature = "simulator")]
mod simulate;
mod stop;
mod studyreel;
mod terminal;
mod traces;
mod unrecorded;
mod usage;

use std::process::ExitCode;
use std::time::Duration;

use clap::Command;
use mimalloc::MiMalloc;
use tokio::runtime::{Builder, Runtime};

/// A launch allocates a few hundred times. With the system's allocator, that costs more than the
/// signature.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn command() -> Command {
    let command = Command::new("hallpass")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Self-hosted gateway between learning platforms and an education application")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(serve::command())
        .subcommand(platforms::command())
        .subcommand(placement::command())
        .subcommand(keys::command())
        .subcommand(api_keys::command())
        .subcommand(deliveries::command())
        .subcommand(portal::command())
        .subcommand(traces::command())
        .subcommand(ascode::export_command())
        .subcommand(ascode::apply_command())
        .subcommand(backup::backup_command())
        .subcommand(backup::restore_command())
        .subcommand(config::command())
        .subcommand(completions::command())
        .subcommand(doctor::command())
        .subcommand(studyreel::command());
    #[cfg(feature = "simulator")]
    let command = command
        .subcommand(demo::command())
        .subcommand(simulate::command());
    #[cfg(not(feature = "simulator"))]
    let command = command.subcommands(left_out::NAMES.map(left_out::command));
    command
}

fn main() -> ExitCode {
    let matches = usage::matches(&command());
    let serves = matches.subcommand_name() == Some("serve");
    let runtime = match runtime(serves) {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let result = runtime.block_on(async {
        match matches.subcommand() {
            Some(("serve", matches)) => serve::run(matches).await,
            Some(("studyreel", matches)) => studyreel::run(matches).await,
            Some(("platforms", matches)) => platforms::run(matches).await,
            Some(("placement", matches)) => placement::run(matches).await,
            Some(("keys", matches)) => keys::run(matches).await,
            Some(("api-keys", matches)) => api_keys::run(matches).await,
            Some(("deliveries", matches)) => deliveries::run(matches).await,
            Some(("portal", matches)) => portal::run(matches).await,
            Some(("traces", matches)) => traces::run(matches).await,
            Some(("export", matches)) => ascode::export(matches).await,
            Some(("apply", matches)) => ascode::apply(matches).await,
            Some(("backup", matches)) => backup::backup(matches).await,
            Some(("restore", matches)) => backup::restore(matches).await,
            Some(("config", matches)) => config::run(matches),
            Some(("completions", matches)) => completions::run(matches, command()),
            // The exit code is the result.
            Some(("doctor", matches)) => return doctor::run(matches).await,
            #[cfg(feature = "simulator")]
            Some(("demo", matches)) => demo::run(matches).await,
            #[cfg(feature = "simulator")]
            Some(("simulate", matches)) => simulate::run(matches).await,
            #[cfg(not(feature = "simulator"))]
            Some(("demo" | "simulate", _)) => left_out::run(),
            _ => Ok(()),
        }
        .map(|()| ExitCode::SUCCESS)
    });
    // A hanging file system may still block a thread, but that no longer matters.
    runtime.shutdown_timeout(Duration::from_secs(1));
    match result {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

/// On one core, a server's threads would only pass requests to each other.
fn runtime(serves: bool) -> std::io::Result<Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut builder = if serves && cores == 1 {
        Builder::new_current_thread()
    } else {
        Builder::new_multi_thread()
    };
    builder.enable_all().build()
}

fn failed(error: &anyhow::Error) -> ExitCode {
    // The reader of our output has closed the pipe, as `head` does. Other programs are killed by a
    // signal then, which a shell shows as this exit code.
    let is_unread = |error: &std::io::Error| error.kind() == std::io::ErrorKind::BrokenPipe;
    if error.downcast_ref().is_some_and(is_unread) {
        return ExitCode::from(141);
    }
    // If the message can't be printed, the exit code must suffice.
    let _ = terminal::note(format_args!("hallpass: {}", terminal::told(error)));
    ExitCode::FAILURE
}
