//! placeholder
use clap::{ArgMatches, Command};
pub fn command() -> Command {
    Command::new("simulate")
}
pub async fn run(_m: &ArgMatches) -> anyhow::Result<()> {
    anyhow::bail!("not built yet")
}
