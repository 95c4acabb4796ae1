//! The demo and the simulators in a build without them. The documentation mentions these commands,
//! so they exist, and explain why they are missing.

use clap::{Arg, Command};

/// The commands of the feature.
pub(crate) const NAMES: [&str; 2] = ["demo", "simulate"];

/// One of the commands, accepting any arguments.
pub(crate) fn command(name: &'static str) -> Command {
    let anything = Arg::new("anything")
        .num_args(0..)
        .trailing_var_arg(true)
        .allow_hyphen_values(true);
    Command::new(name)
        .hide(true)
        .disable_help_flag(true)
        .arg(anything)
}

/// # Errors
/// Always.
pub(crate) fn run() -> anyhow::Result<()> {
    anyhow::bail!(
        "this build has no demo and no simulators: build it without --no-default-features, or run `cargo run -p hallpass \
         --` in the repository"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_out_says_so_whatever_follows() {
        for arguments in [
            &["hallpass", "demo"][..],
            &["hallpass", "demo", "--check"],
            &["hallpass", "simulate", "--help"],
            &["hallpass", "simulate", "lms", "--profile", "canvas"],
        ] {
            let program = Command::new("hallpass").subcommands(NAMES.map(command));
            let found = program.try_get_matches_from(arguments);
            assert!(found.is_ok_and(|found| found.subcommand_name() == Some(arguments[1])));
        }
        let told = run().map_err(|error| error.to_string());
        assert!(told.is_err_and(|told| told.contains("without --no-default-features")));
    }
}
