//! What a request records on its way: steps with their times, and a few facts. Nothing is encoded
//! until it is written, and recording costs at most one small allocation.

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

/// What kind of attempt it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A login that did not lead to a launch.
    Login,
    /// An LTI launch, including its login.
    Launch,
    /// A dynamic registration.
    Registration,
    /// A StudyReel launch.
    StudyReel,
}

impl Kind {
    /// The name to store and show.
    pub fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Launch => "launch",
            Self::Registration => "registration",
            Self::StudyReel => "studyreel",
        }
    }
}

/// A trace in the making.
#[derive(Clone, Debug)]
pub struct Recorder {
    /// What kind of attempt it is.
    pub kind: Kind,
    /// When the request arrived, in milliseconds since 1970.
    pub at: i64,
    /// The tool, if something other than the platform or the host determines it.
    pub tool_id: Option<String>,
    /// The platform, once it is found.
    pub platform: Option<Arc<Platform>>,
    /// The deployment, once it is known.
    pub deployment_id: Option<String>,
    /// Whether a platform's signature was verified.
    pub is_signed: bool,
    /// Whether the login was framed by a page that may frame ours.
    pub is_framed_by_platform: bool,
    /// What will be stored.
    pub facts: TraceFacts,
    watch: Stopwatch,
}

impl Recorder {
    /// Starts with the arrival of a request.
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

    /// Records a completed step.
    pub fn done(&mut self, step: Step) {
        self.facts.steps.push(step, self.watch.micros());
    }

    /// Records what a signed payload contains: the names of its claims, and values if the tool
    /// wants them.
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

    /// The origins that may frame our page about this attempt: the platform's, if we know that one
    /// of its pages framed the login. A framed page is blank if our policy doesn't name the frame's
    /// origin.
    pub fn known_frame_origins(&self) -> Option<String> {
        let platform = self.platform.as_ref();
        let platform = platform.filter(|_| self.is_framed_by_platform)?;
        Some(FrameOrigins::of(platform).policy())
    }

    /// Microseconds since the request arrived.
    pub fn micros(&self) -> u32 {
        self.watch.micros()
    }

    /// The failure part, created on first use.
    pub fn failure(&mut self) -> &mut Failure {
        self.facts.failure.get_or_insert_default()
    }

    /// The text for the row of an accepted launch; `None` if the tool keeps no traces.
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

    /// The response to the request. A failed one carries this recording, so that its reference
    /// finds the trace.
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
