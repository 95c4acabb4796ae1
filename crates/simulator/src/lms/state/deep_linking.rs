//! Deep linking responses as received.

use jiff::Timestamp;
use serde_json::Value;

pub(crate) const ITEMS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items";

/// A deep linking response as received.
#[derive(Clone, Debug, PartialEq)]
pub struct DeepLinkingResponse {
    /// When it came.
    pub at: Timestamp,
    /// The tool that was asked, by client id.
    pub tool: String,
    /// The course that was asked for.
    pub course: String,
    /// The token's claims; verified only if `problems` does not say otherwise.
    pub claims: Value,
    /// Everything that is wrong with it. Moodle checks only the signature, `exp` and `iss`; this list checks everything.
    pub problems: Vec<String>,
}

impl DeepLinkingResponse {
    /// The items, whatever they are.
    pub fn items(&self) -> Vec<Value> {
        self.claims[ITEMS].as_array().cloned().unwrap_or_default()
    }
}
