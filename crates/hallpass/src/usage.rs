//! Reads the command line. A usage error begins with `error:` and ends the program with exit code
//! 2; what fails later begins with `hallpass:` and ends it with 1.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Command, Error};

/// What the command line says. If it says nothing that can be done, the program ends.
pub(crate) fn matches(command: &Command) -> ArgMatches {
    let read = command.clone().try_get_matches();
    read.unwrap_or_else(|error| with_hint(error, command).exit())
}

/// Names the subcommands, unless one is spelt like the unknown one.
fn with_hint(mut error: Error, command: &Command) -> Error {
    let is_unknown = error.kind() == ErrorKind::InvalidSubcommand;
    if !is_unknown || error.get(ContextKind::SuggestedSubcommand).is_some() {
        return error;
    }
    let usage = error.get(ContextKind::Usage).map(ToString::to_string);
    let usage = usage.unwrap_or_default();
    let mut words = vec!["hallpass"];
    let mut at = command;
    for word in usage.split_whitespace() {
        if let Some(inner) = at.find_subcommand(word) {
            words.push(word);
            at = inner;
        }
    }
    let known = at.get_subcommands().filter(|known| !known.is_hide_set());
    let known: Vec<&str> = known.map(Command::get_name).collect();
    let hint = format!("`{}` has {}", words.join(" "), known.join(", "));
    let hint = ContextValue::StyledStrs(vec![StyledStr::from(hint)]);
    error.insert(ContextKind::Suggested, hint);
    error
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn refused(words: &[&str]) -> String {
        let command = crate::command();
        let read = command.clone().try_get_matches_from(words);
        with_hint(read.unwrap_err(), &command).to_string()
    }

    #[test]
    fn an_unknown_subcommand_is_told_those_that_exist() {
        let error = refused(&["hallpass", "traces", "list"]);
        assert!(error.starts_with("error: "), "{error}");
        assert!(
            error.contains("`hallpass traces` has tail, show"),
            "{error}"
        );
        let error = refused(&["hallpass", "xyz"]);
        assert!(
            error.contains("`hallpass` has serve, platforms, "),
            "{error}"
        );
        let error = refused(&["hallpass", "traces", "tial"]);
        assert!(
            error.contains("'tail'") && !error.contains(" has "),
            "{error}"
        );
    }
}
