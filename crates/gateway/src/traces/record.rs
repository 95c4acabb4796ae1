//! What a request records while it is processed: steps with their times, and a few facts. Nothing is encoded before it
//! is written, so this costs at most one small allocation.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use store::launches::LaunchTrace;

use super::browser::Browser;
use super::facts::{Failure, TraceFacts};
use super::steps::Step;
use super::{claims, values};
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::clock::{Clock, Stopwatch};
use crate::web::problem::Problem;

/// The kind of attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A login that didn't lead to a launch.
    Login,
    /// An LTI launch, including its login.
    Launch,
    /// A dynamic registration.
    Registration,
    /// A StudyReel launch.
    StudyReel,
}

impl Kind {
    /// The name as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Launch => "launch",
            Self::Registration => "registration",
            Self::StudyReel => "studyreel",
        }
    }
}

/// A trace in progress.
#[derive(Clone, Debug)]
pub struct Recorder {
    /// The kind of attempt.
    pub kind: Kind,
    /// When the request arrived, in milliseconds since 1970.
    pub at: i64,
    /// The tool, if it is known by other means than the platform or the host.
    pub tool_id: Option<String>,
    /// The platform, once it has been found.
    pub platform: Option<Arc<Platform>>,
    /// The deployment, once it is known.
    pub deployment_id: Option<String>,
    /// Whether a platform's signature was verified.
    pub is_signed: bool,
    /// Whether the login came from a page that is allowed to frame ours.
    pub is_framed_by_platform: bool,
    /// What will be stored.
    pub facts: TraceFacts,
    watch: Stopwatch,
}

impl Recorder {
    /// Starts when a request arrives.
    pub fn new(kind: Kind, clock: &Clock, headers: &HeaderMap) -> Self {
        Self {
            kind,
            at: clock.now_ms(),
            tool_id: None,
            platform: None,
            deployment_id: None,
            is_signed: false,
            is_framed_by_platform: false,
            facts: TraceFacts {
                browser: Browser::of(headers),
                ..TraceFacts::default()
            },
            watch: Stopwatch::start(),
        }
    }

    /// Records that a step is completed.
    pub fn done(&mut self, step: Step) {
        self.facts.steps.push(step, self.watch.micros());
    }

    /// Records the content of a signed payload: the names of its claims, and values if the tool's settings keep them.
    pub fn payload(
        &mut self,
        names: impl Iterator<Item = impl AsRef<str>>,
        payload: &str,
        tool: &Tool,
    ) {
        self.facts.claims = claims::names(names);
        if tool.settings.traces.claim_values {
            self.facts.values = values::shown(payload);
        }
    }

    /// Who may frame a page of ours about this attempt: the platform's pages, if the login is known to have come from
    /// one of them. If our policy doesn't name the page around the frame, no one can read ours.
    pub fn known_frame_origins(&self) -> Option<String> {
        let platform = self.platform.as_ref();
        let platform = platform.filter(|_| self.is_framed_by_platform)?;
        Some(FrameOrigins::of(platform).policy())
    }

    /// Microseconds since the request arrived.
    pub fn micros(&self) -> u32 {
        self.watch.micros()
    }

    /// The failure's part, created on first use.
    pub fn failure(&mut self) -> &mut Failure {
        self.facts.failure.get_or_insert_default()
    }

    /// The trace in the row of an accepted launch; `None` if the tool keeps no traces.
    pub fn of_launch(
        &mut self,
        names: impl Iterator<Item = impl AsRef<str>>,
        payload: &str,
        tool: &Tool,
    ) -> Option<LaunchTrace> {
        let minutes = i64::from(tool.settings.retention.trace_minutes);
        if minutes == 0 {
            return None;
        }
        self.payload(names, payload, tool);
        self.done(Step::Stored);
        Some(LaunchTrace {
            text: self.facts.written(),
            until: self.at + minutes * 60_000,
        })
    }

    /// Finishes the request's answer. A problem takes the recorder along, for the trace that its reference finds.
    pub fn close(self, answer: Result<impl IntoResponse, Problem>) -> Response {
        match answer {
            Ok(answer) => answer.into_response(),
            Err(problem) => {
                let mut response = problem.into_response();
                response.extensions_mut().insert(Arc::new(self));
                response
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use crate::keys::theirs::KeySource;
    use crate::traces::claims::ClaimName;
    use crate::traces::login::{Login, LoginMark};

    #[test]
    fn what_is_written_is_short_and_reads_back() {
        let mut trace = Recorder::new(Kind::Launch, &Clock::default(), &HeaderMap::new());
        for step in [Step::FormRead, Step::StateOpened, Step::Stored] {
            trace.done(step);
        }
        trace.facts.login = Some(Login::new(
            LoginMark::new(trace.at, trace.micros(), true, false, true),
            1_700_000_000,
        ));
        trace.facts.claims = claims::names(["iss", "sub", "odd"].into_iter());
        trace.facts.keys = Some(KeySource::Kept);
        let text = serde_json::to_string(&trace.facts).unwrap();
        assert!(text.len() < 200, "{text}");
        let read: TraceFacts = serde_json::from_str(&text).unwrap();
        let steps: Vec<&str> = read.steps.iter().map(|(step, _)| step.words()).collect();
        assert_eq!(steps, ["form read", "state opened", "handed to the store"]);
        let login = read.login.unwrap();
        assert_eq!((login.method(), login.at / 1000), ("POST", 1_700_000_000));
        assert!(login.in_new_window() && !login.at_platforms_url());
        let names: Vec<&str> = read.claims.iter().map(ClaimName::text).collect();
        assert_eq!(names, ["iss", "sub", "odd"]);
    }
}
