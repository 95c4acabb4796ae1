//! `hallpass openapi`: the API's document, as `/openapi.json` serves it.

use clap::Command;

use crate::terminal::say;

/// The subcommand.
pub(crate) fn command() -> Command {
    Command::new("openapi").about("Print the OpenAPI 3.1 document of the API")
}

/// Prints it.
pub(crate) fn run() -> anyhow::Result<()> {
    Ok(say(gateway::openapi::document_text().trim_end())?)
}
