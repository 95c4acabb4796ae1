//! A platform's refusal of a registration, in whatever form it comes (D-40).

use serde_json::{Map, Value};

use crate::json;
use crate::login::clean;

/// The longest message that is kept, in characters.
const MAX_WORDS: usize = 2048;

/// What the platform answered instead of registering the tool.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RegistrationRefusal {
    /// The HTTP status.
    pub status: u16,
    /// A short code, such as `invalid_client_metadata`, if the platform sends one.
    pub code: Option<String>,
    /// The platform's message without control characters, at most 2 KiB. It is untrusted text:
    /// escape it wherever it is shown.
    pub message: String,
}

impl RegistrationRefusal {
    /// Reads RFC 7591 JSON, Canvas' `errorMessage` and `errors`, or plain text. An HTML page is
    /// replaced with a general sentence, because it contains nothing worth showing. Moodle labels
    /// its plain text `text/html`, so the body decides, not the content type.
    #[must_use]
    pub fn from_body(status: u16, content_type: Option<&str>, bytes: &[u8]) -> Self {
        let general = general(status);
        let json = content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("json"));
        if let Ok(members) = json::object::<Map<String, Value>>(bytes) {
            let (code, message) = from_members(&members);
            return Self {
                status,
                message: message.or_else(|| code.clone()).unwrap_or(general),
                code,
            };
        }
        // Far more than is kept, so it doesn't matter if a character is cut in half at the end.
        let start = bytes.get(..4 * MAX_WORDS).unwrap_or(bytes);
        let text = String::from_utf8_lossy(start);
        let text = text.trim();
        let markup = text.starts_with('<') || text.to_ascii_lowercase().contains("<html");
        let words = bounded(text);
        let is_code = !words.is_empty()
            && words.len() <= 64
            && words
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        Self {
            status,
            code: is_code.then(|| words.clone()),
            message: if words.is_empty() || markup || json {
                general
            } else {
                words
            },
        }
    }
}

impl RegistrationRefusal {
    /// Whether the message is the platform's own rather than the general sentence.
    #[must_use]
    pub fn has_words(&self) -> bool {
        self.message != general(self.status)
    }
}

fn general(status: u16) -> String {
    format!("The platform refused the registration with HTTP status {status}.")
}

fn from_members(members: &Map<String, Value>) -> (Option<String>, Option<String>) {
    let text = |name: &str| {
        let text = bounded(members.get(name)?.as_str()?);
        (!text.is_empty()).then_some(text)
    };
    let code = text("error").map(|code| code.chars().take(100).collect());
    let errors = || {
        let list = members.get("errors")?.as_array()?;
        let words: Vec<&str> = list
            .iter()
            .filter_map(|error| {
                error
                    .as_str()
                    .or_else(|| error.get("message").and_then(Value::as_str))
            })
            .collect();
        (!words.is_empty()).then(|| bounded(&words.join("; ")))
    };
    let message = text("error_description")
        .or_else(|| text("errorMessage"))
        .or_else(errors)
        .or_else(|| text("message"));
    (code, message)
}

/// Replaces line breaks with spaces, removes other control characters, and truncates to 2 KiB.
fn bounded(text: &str) -> String {
    let spaced = text.replace(['\n', '\t'], " ");
    let mut words = clean(&spaced, MAX_WORDS);
    while words.len() > MAX_WORDS {
        words.pop();
    }
    words.trim().to_owned()
}
