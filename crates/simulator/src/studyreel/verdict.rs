//! The result of one launch.

use std::fmt;

use serde_json::Value;

/// The receiver's answer to one launch, and the judge's findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The student's `sub`.
    pub sub: String,
    /// Where the launch went.
    pub launch_url: String,
    /// The launch as sent; `null` if it was not JSON.
    pub request: Value,
    /// The body that was sent, as text.
    pub sent: String,
    /// The status of the answer; `None` if there was no answer.
    pub status: Option<u16>,
    /// The answer's content type.
    pub content_type: String,
    /// The answer's body.
    pub body: String,
    /// What is wrong with the answer; empty if it is correct.
    pub problems: Vec<String>,
}

impl Verdict {
    /// Whether the launch was accepted with an answer that is correct in every respect.
    pub fn accepted(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether the launch was refused correctly: a 4xx, no `status` of `success`, no login link.
    pub fn refused(&self) -> bool {
        let answer = self.json();
        self.status
            .is_some_and(|status| (400..500).contains(&status))
            && answer["status"] != "success"
            && answer.get("loginLink").is_none()
    }

    /// The answer as JSON, or `null` if it isn't.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// The login link of the answer.
    pub fn login_link(&self) -> Option<String> {
        self.json()["loginLink"].as_str().map(str::to_owned)
    }

    /// `userID` of the answer.
    pub fn user_id(&self) -> Option<String> {
        self.json()["userID"].as_str().map(str::to_owned)
    }

    /// The launch pretty-printed and shortened; exactly as sent if pretty-printing would change it.
    pub fn pretty_request(&self) -> String {
        let written = self.request.to_string();
        let text = if written == self.sent {
            format!("{:#}", self.request)
        } else {
            self.sent.clone()
        };
        text.chars().take(20_000).collect()
    }

    /// The answer pretty-printed.
    pub fn pretty_body(&self) -> String {
        match serde_json::from_str::<Value>(&self.body) {
            Ok(json) => format!("{json:#}"),
            Err(_) => self.body.clone(),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self
            .status
            .map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        if self.accepted() {
            write!(f, "{}: {status}, good", self.sub)
        } else {
            write!(f, "{}: {status}, {}", self.sub, self.problems.join("; "))
        }
    }
}
