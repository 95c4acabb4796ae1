//! A finished attempt: how it ended, and the row that stores it.

use std::sync::Arc;

use store::platforms::KeyMethod;
use store::traces::{FAILED, NewTrace};
use tokio::sync::oneshot;

use super::Recorder;
use super::facts::Failure;
use super::sample::FailureSort;
use crate::events::{Event, LaunchRefused};
use crate::kit::clock::Random;
use crate::kit::id;
use crate::kit::text::cut;

/// Longest text, in bytes.
const LONGEST_TEXT: usize = 500;

/// Longest issuer, client id or key id, in bytes.
const LONGEST_NAME: usize = 255;

/// Longest address, in bytes.
const LONGEST_ADDRESS: usize = 1000;

/// A message to the task that writes traces.
pub(super) enum TraceOrder {
    Write(Box<FinishedAttempt>),
    Settled(oneshot::Sender<()>),
}

/// An attempt to store.
pub(super) struct FinishedAttempt {
    pub(super) correlation_id: String,
    pub(super) ending: Ending,
    pub(super) sort: FailureSort,
    pub(super) recorder: Arc<Recorder>,
    /// Whether it also becomes an event.
    pub(super) becomes_event: bool,
    pub(super) delete_at: i64,
}

impl FinishedAttempt {
    /// The tool it was for.
    pub(super) fn tool_id(&self) -> String {
        self.sort.tool_id.clone()
    }

    /// Its event, if it becomes one.
    pub(super) fn event(&self) -> Option<Event> {
        self.becomes_event.then(|| {
            Event::LaunchRefused(LaunchRefused {
                trace_id: self.correlation_id.clone(),
                kind: self.sort.kind.name(),
                reason: self.ending.reason,
                platform_id: self.sort.platform_id.clone(),
                deployment_id: self.recorder.deployment_id.clone(),
            })
        })
    }

    pub(super) fn row(self, random: &Random) -> NewTrace {
        let recorder = &*self.recorder;
        let mut facts = recorder.facts.clone();
        let name = |text: Option<String>| text.map(|text| plain(&text, LONGEST_NAME));
        facts.issuer = name(facts.issuer);
        facts.client_id = name(facts.client_id);
        let Ending {
            outcome,
            reason,
            failure,
        } = self.ending;
        if let Some(failure) = failure {
            let noted = facts.failure.take().unwrap_or_default();
            let platform = recorder.platform.as_deref();
            let key_set = platform
                .filter(|platform| is_of_keys(reason) && platform.key_method == KeyMethod::JwkSet);
            facts.failure = Some(Box::new(Failure {
                text: plain(&failure.text, LONGEST_TEXT),
                cause: failure.cause.map(|cause| plain(&cause, LONGEST_TEXT)),
                kid: name(noted.kid),
                key_set: key_set.map(|platform| plain(&platform.key_value, LONGEST_ADDRESS)),
                ..failure
            }));
        }
        NewTrace {
            id: id::new_id(recorder.at, random),
            correlation_id: self.correlation_id,
            tool_id: self.sort.tool_id,
            kind: self.sort.kind.name(),
            outcome,
            reason: (outcome == FAILED).then_some(reason),
            platform_id: self.sort.platform_id,
            deployment_id: recorder.deployment_id.clone(),
            signed: self.sort.signed,
            trace: facts.written(),
            created_at: recorder.at,
            delete_at: self.delete_at,
        }
    }
}

/// Whether a reason has to do with the platform's keys.
fn is_of_keys(reason: &str) -> bool {
    matches!(
        reason,
        "KID_UNKNOWN"
            | "KEY_PASSED_OVER"
            | "INVALID_SIGNATURE"
            | "KEY_SET_UNREACHABLE"
            | "KEY_SET_UNREADABLE"
            | "KEY_SET_BLOCKED"
            | "OUTBOUND_BUSY"
    )
}

/// A text made safe for a terminal, and cut.
fn plain(text: &str, bytes: usize) -> String {
    cut(text, bytes).replace(char::is_control, " ")
}

/// How an attempt ended.
pub(super) struct Ending {
    /// The word stored for it.
    pub(super) outcome: &'static str,
    /// What it is counted under: the code of the broken rule, or the outcome if it didn't fail.
    pub(super) reason: &'static str,
    /// What went wrong, if something did.
    pub(super) failure: Option<Failure>,
}
