//! `hallpass demo`: the gateway, both simulators and a sample application on this machine, for trying it all out.

mod check;
mod gateway;
mod inside;
mod log;
mod report;
mod world;

use std::io::Write;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use self::log::Log;
use self::world::World;
use crate::stop;

/// Runs Hallpass with a pretend LMS, a pretend StudyReel and a small sample application on this machine, and says what
/// to click.
///
/// All of it lives in a temporary folder that is removed at the end. Nothing leaves this machine.
#[derive(Args)]
struct Options {
    /// Walk through it all without a person, print each step with its time, and exit 0 only if every step holds.
    #[arg(long)]
    check: bool,
    /// First of five consecutive ports to use [default: any free ones].
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..=65531))]
    port: Option<u16>,
    /// What is logged to standard error: error, warn, info, debug or trace, or a filter such as gateway=debug.
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    log_level: String,
}

/// The subcommand.
pub(crate) fn command() -> Command {
    Options::augment_args(Command::new("demo"))
}

/// Runs the demo until the process is asked to stop, or walks through it.
pub(crate) async fn run(matches: &ArgMatches) -> anyhow::Result<()> {
    let options = Options::from_arg_matches(matches)?;
    let log = Log::start(&options.log_level)?;
    let stop = stop::watch()?;
    if options.check {
        return tokio::select! {
            result = check::walk(options.port, log) => result,
            () = stop => anyhow::bail!("stopped before the walk was done"),
        };
    }
    let world = World::start(options.port, log).await?;
    write!(std::io::stdout(), "{}", guide(&world))?;
    let ended = tokio::select! {
        () = stop => Ok(()),
        ended = world.ended() => ended,
    };
    world.stop().await?;
    ended
}

/// What is running, and what to click.
fn guide(world: &World) -> String {
    let (lms, studyreel) = (world.lms.url(), world.studyreel.url());
    let (app, gateway, api_key) = (&world.app_url, &world.gateway_url, &world.api_key);
    let (launch_url, inside) = (&world.launch_url, &world.inside.url);
    let (further_url, further) = (&world.further_launch_url, &world.inside.further);
    format!(
        "\
The demo is running, on this machine only. Everybody in it is invented, and all of it is gone when you stop it.

  Pretend LMS         {lms}/
  Sample application  {app}/
  Pretend StudyReel   {studyreel}/
  Hallpass            {gateway}

What to click:

  1. Register     {lms}/tools/new
                  Paste {gateway}/lti/register
                  and let the tool register itself. Click Close this window, then Activate:
                  that is the LMS's side.
  2. Activate     {app}/platforms
                  Click Activate: that is the side of the application's owner.
  3. Launch       In the LMS, open the tool as Maria Okafor (teacher), then as Sam Rivera (student).
                  The application shows name, course and role.
  4. Content      On the tool's page in the LMS, click Select content and choose an exercise.
  5. Grades       On the tool's page in the LMS, set From to the exercise and open it as the teacher.
                  Click Students and grades, and grade Sam Rivera.
  6. StudyReel    {studyreel}/
                  Launch John Doe and open the login link. The application has made an
                  account for him, and shows where he starts in each subject.

To run the 76 cases of StudyReel's launch contract against it, in another window:

  hallpass simulate studyreel --check {launch_url} --inside {inside}

The same for lti-magic-link, as TimeBack and AlphaLearn launch:

  hallpass simulate studyreel --check {further_url} --inside {further}

To ask Hallpass yourself:

  curl {gateway}/admin/platforms -H 'Authorization: Bearer {api_key}'

Why something failed, by the reference on the page that says so:

  curl {gateway}/admin/traces/<reference> -H 'Authorization: Bearer {api_key}'

Ctrl-C stops it.
"
    )
}
