//! `hallpass completions`: a script for shell completion of commands and settings.

use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::{Shell, generate};

/// The subcommand.
pub(crate) fn command() -> Command {
    let shell = Arg::new("shell")
        .required(true)
        .value_name("SHELL")
        .value_parser(value_parser!(Shell));
    Command::new("completions")
        .about("Print a script that completes commands in your shell")
        .long_about(
            "Print a script that completes commands in your shell. For bash:\n\n  \
             hallpass completions bash > ~/.local/share/bash-completion/completions/hallpass",
        )
        .arg(shell)
}

/// Prints the script.
pub(crate) fn run(matches: &ArgMatches, mut program: Command) -> anyhow::Result<()> {
    if let Some(shell) = matches.get_one::<Shell>("shell").copied() {
        // The generator can't report a closed pipe, so it writes into memory.
        let mut script = Vec::new();
        generate(shell, &mut program, "hallpass", &mut script);
        std::io::Write::write_all(&mut std::io::stdout(), &script)?;
    }
    Ok(())
}
