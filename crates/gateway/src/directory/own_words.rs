//! How platforms describe themselves in launches. Self-reported, so only a hint.

use serde::Deserialize;
use serde_json::Value;

/// The claim `tool_platform` of a launch.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OwnWords {
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/tool_platform")]
    about: Value,
}

impl OwnWords {
    /// The claim in a launch's payload; empty if there is none.
    pub(super) fn of(payload: &str) -> Self {
        serde_json::from_str(payload).unwrap_or_default()
    }

    /// A member as one line, cut to this many characters; `None` if nothing is left.
    pub(super) fn line(&self, member: &str, longest: usize) -> Option<String> {
        let text = self.about.get(member)?.as_str()?.trim();
        let line = text.chars().filter(|c| !c.is_control()).take(longest);
        let line: String = line.collect();
        Some(line).filter(|line| !line.is_empty())
    }
}
