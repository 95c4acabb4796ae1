//! The 76 black-box cases that an application's launch endpoint has to pass, run against any launch
//! URL.
//!
//! Every case invents its own students at `example.com`, so that runs don't disturb each other and
//! can be repeated. Nothing waits for time to pass. What can't be seen from outside needs an
//! [`Insight`] into the application. Without it, a case is judged by its launches and then reported
//! as not run, never as passed.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use simulator::studyreel::conformance::{Conformance, ConformanceOptions};
//!
//! let options = ConformanceOptions::new("http://127.0.0.1:8080/studyreel/launch");
//! let report = Conformance::run(options, |case| println!("{case}")).await?;
//! assert!(report.passed(), "{report}");
//! # Ok(()) }
//! ```

mod answers;
mod bench;
mod cases;
mod checks;
mod end;
mod inside;
mod insight;
mod looking;
mod report;
mod visit;

use std::{fmt, sync::Arc};

use reqwest::Method;
use serde::{Deserialize, Serialize};

use self::{
    bench::Bench,
    cases::Case,
    checks::{Checks, Stop},
};
pub use self::{
    end::End,
    inside::About,
    insight::{Basis, Census, Insight, Later, Placed, Seen},
    report::{CaseReport, Outcome, Report},
};
use super::{DOCUMENTED_DEPLOYMENT, DOCUMENTED_ISSUER};
use crate::{
    Error,
    browser::{Browser, Request},
};

/// What is known about the application under test.
#[derive(Clone)]
pub struct ConformanceOptions {
    /// Where to post launches, with the capability if the application requires one.
    pub launch_url: String,
    /// Whether the last segment of the launch URL's path is a secret without which nothing works.
    pub capability_required: bool,
    /// The issuer and deployment that may launch.
    pub sender: Sender,
    /// Another issuer that may launch, with its own deployment.
    pub second_sender: Option<Sender>,
    /// Whether the application accepts launches whose time has passed.
    pub sandbox: bool,
    /// The secret that signs launches; the application refuses those without a signature.
    pub hmac_secret: Option<String>,
    /// Origins other than the launch URL's on which login links and their pages may be.
    pub origins: Vec<String>,
    /// Addresses that no student may read.
    pub private_urls: Vec<String>,
    /// The login of an account that StudyReel did not create, such as a teacher's address.
    pub staff_account: Option<String>,
    /// The cases to run, by number; all if empty.
    pub only: Vec<u8>,
    /// What can be inspected and controlled inside the application.
    pub insight: Option<Arc<dyn Insight>>,
}

/// The sender of launches.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sender {
    /// `iss`.
    pub issuer: String,
    /// `deployment_id`, which belongs to the issuer.
    pub deployment_id: String,
}

impl ConformanceOptions {
    /// An application that accepts the documented issuer and deployment, seen only from outside.
    pub fn new(launch_url: &str) -> Self {
        Self {
            launch_url: launch_url.to_owned(),
            capability_required: false,
            sender: Sender {
                issuer: DOCUMENTED_ISSUER.to_owned(),
                deployment_id: DOCUMENTED_DEPLOYMENT.to_owned(),
            },
            second_sender: None,
            sandbox: false,
            hmac_secret: None,
            origins: Vec::new(),
            private_urls: Vec::new(),
            staff_account: None,
            only: Vec::new(),
            insight: None,
        }
    }
}

/// Omits secrets.
impl fmt::Debug for ConformanceOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConformanceOptions")
            .field("sender", &self.sender)
            .field("second_sender", &self.second_sender)
            .field("sandbox", &self.sandbox)
            .finish_non_exhaustive()
    }
}

/// The cases.
pub struct Conformance;

impl Conformance {
    /// Runs them one after the other, and calls `progress` as each one ends. Those that exhaust the
    /// application's rate limit or move its clock come last; the report is in order.
    ///
    /// # Errors
    /// The launch URL is invalid, or nothing answers there.
    pub async fn run(
        options: ConformanceOptions,
        mut progress: impl FnMut(&CaseReport),
    ) -> Result<Report, Error> {
        let mut hello = Request::new(Method::OPTIONS, &options.launch_url)?;
        hello.redirects = 0;
        Browser::new()?.send(hello).await?;
        let bench = Bench::new(options)?;
        let mut cases = cases::all();
        cases.retain(|case| bench.options.only.is_empty() || bench.options.only.contains(&case.id));
        cases.sort_by_key(|case| (case.comes_last(), case.id));
        let mut reports = Vec::with_capacity(cases.len());
        for case in cases {
            let report = run(case, &bench).await;
            progress(&report);
            reports.push(report);
        }
        if let Some(later) = bench.insight().and_then(Insight::done) {
            later.await.map_err(Error::Inside)?;
        }
        reports.sort_by_key(|report| report.id);
        Ok(Report { cases: reports })
    }
}

async fn run(case: &Case, bench: &Bench) -> CaseReport {
    let mut checks = Checks::default();
    let ended = (case.run)(bench, &mut checks).await;
    match ended {
        Ok(()) => {}
        Err(Stop::Failed(why)) => checks.fail(why),
        Err(Stop::NotRun(why)) => checks.unseen(why),
    }
    let (outcome, reason) = checks.verdict();
    CaseReport {
        id: case.id,
        group: case.group,
        title: case.title,
        outcome,
        reason,
    }
}
