//! `hallpass simulate studyreel --check`: the 76 cases, run against any application's launch URL.

use clap::Args;
use simulator::studyreel::conformance::{Conformance, ConformanceOptions, Sender};

use crate::http_url::http_url;
use crate::terminal::say;

/// What the cases need to know. --issuer, --deployment-id and --link-origin apply too.
#[derive(Args)]
#[command(next_help_heading = "Checking an application")]
pub(crate) struct CheckOptions {
    /// Runs the 76 cases of the launch contract against this launch URL, prints a table, and stops.
    /// Fails if a case fails.
    ///
    /// The application must be running and allow --issuer and --deployment-id. Every case makes up
    /// students of its own at example.com. What can't be seen from outside, such as placement and
    /// what is stored, needs --inside, and is listed as not run without it.
    #[arg(long, value_name = "LAUNCH-URL", value_parser = http_url, conflicts_with_all = ["launch_url", "listen"])]
    check: Option<String>,
    /// Another issuer that the application allows: its students are others.
    #[arg(long, value_name = "URL", requires = "check")]
    second_issuer: Option<String>,
    /// The second issuer's deployment id, which the first may not use.
    #[arg(long, value_name = "ID", requires = "second_issuer")]
    second_deployment: Option<String>,
    /// The last segment of the launch URL is a secret without which nothing may work.
    #[arg(long, requires = "check")]
    capability_required: bool,
    /// Where the application's test installation describes itself and can be looked into: then
    /// every case can be run, and most other options are needless. `hallpass demo` prints its own;
    /// docs/studyreel.md tells how to offer one.
    #[arg(long, value_name = "URL", requires = "check", value_parser = http_url)]
    inside: Option<String>,
    /// The application takes launches whose time has passed.
    #[arg(long, requires = "check")]
    sandbox: bool,
    /// An address that no student may read; may be given several times.
    #[arg(long, value_name = "URL", value_parser = http_url, requires = "check")]
    private_url: Vec<String>,
    /// What an account that StudyReel did not create signs in with, such as a teacher's address.
    #[arg(long, value_name = "SUB", requires = "check")]
    staff_account: Option<String>,
    /// Runs this case only; may be given several times.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u8).range(1..=76), requires = "check")]
    case: Vec<u8>,
}

impl CheckOptions {
    /// The address for looking into the application.
    pub(crate) fn inside(&self) -> Option<&str> {
        self.inside.as_deref()
    }

    /// The check to run, if any.
    pub(crate) fn read(
        &self,
        issuer: &str,
        deployment_id: &str,
        origins: &[String],
        hmac_secret: Option<&String>,
    ) -> Option<ConformanceOptions> {
        let sender = Sender {
            issuer: issuer.to_owned(),
            deployment_id: deployment_id.to_owned(),
        };
        let second = self.second_issuer.as_ref().map(|issuer| Sender {
            issuer: issuer.clone(),
            deployment_id: self
                .second_deployment
                .clone()
                .unwrap_or_else(|| deployment_id.to_owned()),
        });
        Some(ConformanceOptions {
            capability_required: self.capability_required,
            sender,
            second_sender: second,
            sandbox: self.sandbox,
            hmac_secret: hmac_secret.cloned(),
            origins: origins.to_vec(),
            private_urls: self.private_url.clone(),
            staff_account: self.staff_account.clone(),
            only: self.case.clone(),
            ..ConformanceOptions::new(self.check.as_deref()?)
        })
    }
}

/// Runs the cases and prints a line as each one ends. Cases that disturb others run last.
pub(crate) async fn run(
    mut options: ConformanceOptions,
    inside: Option<&str>,
) -> anyhow::Result<()> {
    if let Some(url) = inside {
        options = options.looking_inside(url).await?;
    }
    let mut printed = Ok(());
    let report = Conformance::run(options, |case| {
        if printed.is_ok() {
            printed = say(case);
        }
    })
    .await?;
    printed?;
    say(report.summary())?;
    if report.passed() {
        Ok(())
    } else {
        anyhow::bail!("the application does not keep the launch contract")
    }
}
