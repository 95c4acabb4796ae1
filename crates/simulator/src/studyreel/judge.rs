//! The judge of a receiver's answers.

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use serde_json::Value;
use url::{Host, Url};

/// What the receiver answered to one launch, and what the judge says to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The student's `sub`.
    pub sub: String,
    /// Where the launch went.
    pub launch_url: String,
    /// The launch as it was sent; `null` where that was no JSON.
    pub request: Value,
    /// The body that was sent, as text.
    pub sent: String,
    /// The status of the answer; none if there was no answer.
    pub status: Option<u16>,
    /// The answer's content type.
    pub content_type: String,
    /// The answer's body.
    pub body: String,
    /// What is wrong with it; empty if it is good.
    pub problems: Vec<String>,
}

impl Verdict {
    /// Whether the launch was accepted with an answer that is right in every respect.
    pub fn accepted(&self) -> bool {
        self.problems.is_empty()
    }

    /// Whether the launch was refused as it should be: a 4xx, no `status` of `success`, no login link.
    pub fn refused(&self) -> bool {
        let answer = self.json();
        self.status
            .is_some_and(|status| (400..500).contains(&status))
            && answer["status"] != "success"
            && answer.get("loginLink").is_none()
    }

    /// The answer as JSON, or `null` if it is none.
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

    /// The launch on several lines; as it was sent where those can't show it, and cut after a while.
    pub fn pretty_request(&self) -> String {
        let written = self.request.to_string();
        let text = if written == self.sent {
            format!("{:#}", self.request)
        } else {
            self.sent.clone()
        };
        text.chars().take(20_000).collect()
    }

    /// The answer on several lines.
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

/// What the judge remembers of one receiver's earlier answers.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    users: HashMap<String, String>,
    newcomers: HashSet<String>,
    links: HashSet<String>,
}

/// An answer before it is judged.
pub(super) struct Answer<'a> {
    pub(super) sub: &'a str,
    pub(super) launch_url: &'a str,
    pub(super) status: u16,
    pub(super) content_type: &'a str,
    pub(super) body: &'a [u8],
    /// Whether the student was known when the launch was sent: of several at once, any may be the first.
    pub(super) known_before: bool,
}

impl History {
    /// Whether a student has been launched well before.
    pub(super) fn knows(&self, sub: &str) -> bool {
        self.users.contains_key(sub)
    }

    /// Judges an answer and remembers it if it is good.
    pub(super) fn judge(&mut self, answer: &Answer<'_>, allowed_origins: &[String]) -> Vec<String> {
        let mut problems = Vec::new();
        if answer.status != 200 {
            problems.push(format!("the status is {}, not 200", answer.status));
        }
        if answer
            .content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            != "application/json"
        {
            problems.push(format!(
                "the content type is {:?}, not application/json",
                answer.content_type
            ));
        }
        let Ok(Value::Object(members)) = serde_json::from_slice(answer.body) else {
            problems.push("the body is not a JSON object".to_owned());
            return problems;
        };
        let mut text = |name: &str| {
            let found = members
                .get(name)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty());
            if found.is_none() {
                problems.push(format!("{name} is not a text, or missing"));
            }
            found
        };
        let (status, _message) = (text("status"), text("message"));
        let (user, kind, link) = (text("userID"), text("userType"), text("loginLink"));
        if status.is_some_and(|status| status != "success") {
            problems.push("status is not success".to_owned());
        }
        let known = self.users.get(answer.sub);
        if let Some(kind) = kind {
            match kind {
                "new" if answer.known_before || self.newcomers.contains(answer.sub) => problems
                    .push("userType is new, but this student was launched before".to_owned()),
                "new" | "existing" => {}
                _ => problems.push(format!("userType is {kind:?}, neither new nor existing")),
            }
        }
        if let Some(user) = user {
            if known.is_some_and(|known| known != user) {
                problems.push("userID differs from this student’s earlier one".to_owned());
            }
            if self
                .users
                .iter()
                .any(|(sub, other)| sub != answer.sub && other == user)
            {
                problems.push("userID is another student’s".to_owned());
            }
        }
        if let Some(link) = link {
            problems
                .extend(link_problem(link, answer.launch_url, allowed_origins).map(str::to_owned));
            if self.links.contains(link) {
                problems.push("loginLink was given out before".to_owned());
            }
            self.links.insert(link.to_owned());
        }
        if let (true, Some(user)) = (problems.is_empty(), user) {
            self.users.insert(answer.sub.to_owned(), user.to_owned());
            if kind == Some("new") {
                self.newcomers.insert(answer.sub.to_owned());
            }
        }
        problems
    }
}

/// A login link is absolute, https except on loopback, without user, and on the receiver's own origin.
pub(super) fn link_problem(
    link: &str,
    launch_url: &str,
    allowed_origins: &[String],
) -> Option<&'static str> {
    let Ok(url) = Url::parse(link) else {
        return Some("loginLink is not an absolute URL");
    };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
        return Some("loginLink is not https");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Some("loginLink holds a user name");
    }
    let origin = url.origin().ascii_serialization();
    let own = Url::parse(launch_url).is_ok_and(|launch| launch.origin() == url.origin());
    if !own && !allowed_origins.contains(&origin) {
        return Some("loginLink is on another origin than the launch URL");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn judge(history: &mut History, sub: &str, body: &Value) -> Vec<String> {
        let body = body.to_string();
        let answer = Answer {
            sub,
            launch_url: "https://app.example.com/launch",
            status: 200,
            content_type: "application/json; charset=utf-8",
            body: body.as_bytes(),
            known_before: history.knows(sub),
        };
        history.judge(&answer, &[])
    }

    fn good(user: &str, kind: &str, token: &str) -> Value {
        json!({
            "status": "success",
            "message": "Student signed up and login token generated.",
            "userID": user,
            "userType": kind,
            "loginLink": format!("https://app.example.com/learn?token={token}"),
        })
    }

    #[test]
    fn good_answers_are_accepted_and_remembered() {
        let mut history = History::default();
        assert!(judge(&mut history, "a", &good("1", "new", "x")).is_empty());
        assert!(judge(&mut history, "a", &good("1", "existing", "y")).is_empty());
        assert!(judge(&mut history, "b", &good("2", "new", "z")).is_empty());
        assert_eq!(
            judge(&mut history, "a", &good("1", "new", "v")).len(),
            1,
            "new twice"
        );
        assert_eq!(
            judge(&mut history, "a", &good("9", "existing", "w")).len(),
            1,
            "another userID"
        );
        assert_eq!(
            judge(&mut history, "c", &good("2", "new", "u")).len(),
            1,
            "somebody else’s userID"
        );
        assert_eq!(
            judge(&mut history, "a", &good("1", "existing", "x")).len(),
            1,
            "an old link"
        );
    }

    #[test]
    fn of_launches_at_once_any_may_be_the_first_but_only_one() {
        let mut history = History::default();
        let mut at_once = |kind: &str, token: &str| {
            let body = good("1", kind, token).to_string();
            let answer = Answer {
                sub: "a",
                launch_url: "https://app.example.com/launch",
                status: 200,
                content_type: "application/json",
                body: body.as_bytes(),
                known_before: false,
            };
            history.judge(&answer, &[]).len()
        };
        assert_eq!(
            [
                at_once("existing", "x"),
                at_once("new", "y"),
                at_once("new", "z")
            ],
            [0, 0, 1]
        );
    }

    #[test]
    fn every_wrong_member_is_named() {
        let mut wrong = vec![];
        for (member, value) in [
            ("status", json!("error")),
            ("message", json!(7)),
            ("userID", json!(17)),
            ("userType", json!("fresh")),
            ("loginLink", json!("/learn?token=1")),
            ("loginLink", json!("http://app.example.com/learn?token=1")),
            ("loginLink", json!("https://evil.example.com/learn?token=1")),
            ("loginLink", Value::Null),
        ] {
            let mut body = good("1", "new", "x");
            body[member] = value.clone();
            if judge(&mut History::default(), "a", &body).len() != 1 {
                wrong.push((member, value));
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(judge(&mut History::default(), "a", &json!([])).len(), 1);
    }
}
