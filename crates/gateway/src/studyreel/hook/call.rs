//! One call of the hook: sends the signed event and reads the answer.

use store::StoreError;
use store::students::StudentRow;
use url::Url;

use super::event::{self, HookAnswer};
use crate::directory::tools::Tool;
use crate::kit::clock::Clock;
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Outbound, OutboundError, Purpose, Request};
use crate::kit::standard_webhooks;
use crate::studyreel::keys::StudyReelKeys;
use crate::studyreel::paths::Paths;
use crate::studyreel::student_sealer::StudentSealer;

/// Largest answer, in bytes.
const ANSWER_BYTES: usize = 16 * 1024;

pub(super) struct Caller {
    pub(super) clock: Clock,
    pub(super) outbound: Outbound,
    pub(super) keys: StudyReelKeys,
    pub(super) sealer: StudentSealer,
    pub(super) paths: Paths,
}

/// Why a call produced no answer.
pub(super) enum CallError {
    /// The call was never made.
    Ours(String),
    /// The application answered, but the answer is unusable, perhaps for this student only.
    Unusable(String),
    /// The application did not answer, or reported that it is unwell.
    Silent(String),
}

impl From<StoreError> for CallError {
    fn from(error: StoreError) -> Self {
        Self::Ours(error.to_string())
    }
}

impl Caller {
    pub(super) async fn call(
        &self,
        tool: &Tool,
        url: &Url,
        student: &StudentRow,
    ) -> Result<HookAnswer, CallError> {
        let settings = &tool.settings.studyreel.provisioning;
        let profile = self.sealer.open_profile(student)?;
        let paths = self.paths.of(&tool.id).await?;
        let now_ms = self.clock.now_ms();
        let body = event::body(student, &profile, &paths, &settings.data, now_ms);
        let secrets = settings.secrets.iter();
        let secrets: Vec<_> = secrets
            .map(|number| self.keys.hook_secret(&tool.id, *number))
            .collect();
        let headers =
            standard_webhooks::headers(&event::id(student), &secrets, now_ms / 1000, &body);
        let request = Request {
            purpose: Purpose::Hook,
            source: None,
            url,
            accept: JSON,
            bearer: None,
            limit: ANSWER_BYTES,
        };
        let answer = match self.outbound.post_json(request, body, headers).await {
            Ok(answer) => answer,
            // The request was never sent.
            Err(error @ OutboundError::Busy) => return Err(CallError::Ours(error.to_string())),
            Err(error) => return Err(CallError::Silent(error.to_string())),
        };
        match answer.status {
            200..300 => event::read(&answer.body).map_err(CallError::Unusable),
            status @ (408 | 429 | 300..400 | 500..) => Err(CallError::Silent(format!(
                "it answered with status {status}"
            ))),
            status => Err(CallError::Unusable(format!(
                "it answered with status {status}"
            ))),
        }
    }
}
