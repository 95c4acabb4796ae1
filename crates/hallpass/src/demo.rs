//! placeholder
use clap::{ArgMatches, Command};
pub fn command() -> Command {
    Command::new("demo")
}
pub async fn run(_m: &ArgMatches) -> anyhow::Result<()> {
    anyhow::bail!("not built yet")
}
