//! Deep linking responses as received.

use jiff::Timestamp;
use serde_json::Value;

pub(crate) const ITEMS: &str = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items";

/// A deep linking response as received.
#[derive(Clone, Debug, PartialEq)]
pub struct DeepLinkingResponse {
    /// When it arrived.
    pub at: Timestamp,
    /// The tool that sent it, by client id.
    pub tool: String,
    /// The course it is for.
    pub course: String,
    /// The token's claims; verified unless `problems` says otherwise.
    pub claims: Value,
    /// Everything that is wrong with it. Moodle checks only the signature, `exp` and `iss`; this
    /// list covers everything.
    pub problems: Vec<String>,
    /// Whether it arrived in a separate window, outside the dialog that would accept the items.
    pub lost: bool,
}

impl DeepLinkingResponse {
    /// One of its messages, by the short name of the claim: `msg`, `log`, `errormsg` or `errorlog`.
    pub fn said(&self, name: &str) -> &str {
        let claim = format!("https://purl.imsglobal.org/spec/lti-dl/claim/{name}");
        self.claims[claim].as_str().unwrap_or_default()
    }

    /// Whether the tool reports an error.
    pub fn is_error(&self) -> bool {
        !self.said("errormsg").is_empty() || !self.said("errorlog").is_empty()
    }

    /// The items, whatever they are.
    pub fn items(&self) -> Vec<Value> {
        self.claims[ITEMS].as_array().cloned().unwrap_or_default()
    }
}
