//! The judge of a receiver's answers.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use url::{Host, Url};

/// A receiver's earlier answers, as far as the judge needs them.
#[derive(Clone, Debug, Default)]
pub(super) struct SentHistory {
    users: HashMap<String, String>,
    newcomers: HashSet<String>,
    links: HashSet<String>,
}

/// An answer to be judged.
pub(super) struct Answer<'a> {
    pub(super) sub: &'a str,
    pub(super) launch_url: &'a str,
    pub(super) status: u16,
    pub(super) content_type: &'a str,
    pub(super) body: &'a [u8],
    /// Whether the student was known when the launch was sent: of several at once, any may be the
    /// first.
    pub(super) known_before: bool,
}

impl SentHistory {
    /// Whether a launch of this student has already succeeded.
    pub(super) fn knows(&self, sub: &str) -> bool {
        self.users.contains_key(sub)
    }

    /// Judges an answer and remembers it if it is correct.
    pub(super) fn judge(&mut self, answer: &Answer<'_>, allowed_origins: &[String]) -> Vec<String> {
        let mut problems = Vec::new();
        if answer.status != 200 {
            problems.push(format!("the status is {}, not 200", answer.status));
        }
        let media_type = answer.content_type.split(';').next().unwrap_or_default();
        if media_type.trim() != "application/json" {
            problems.push(format!(
                "the content type is {:?}, not application/json",
                answer.content_type
            ));
        }
        let Ok(Value::Object(members)) = serde_json::from_slice(answer.body) else {
            problems.push("the body is not a JSON object".to_owned());
            return problems;
        };
        let members = Members::read(&members, &mut problems);
        if members.status.is_some_and(|status| status != "success") {
            problems.push("status is not success".to_owned());
        }
        problems.extend(
            members
                .kind
                .and_then(|kind| self.kind_problem(answer, kind)),
        );
        if let Some(user) = members.user {
            problems.extend(self.user_problems(answer.sub, user));
        }
        if let Some(link) = members.link {
            let problem = link_problem(link, answer.launch_url, allowed_origins);
            problems.extend(problem.map(str::to_owned));
            if !self.links.insert(link.to_owned()) {
                problems.push("loginLink was given out before".to_owned());
            }
        }
        if let (true, Some(user)) = (problems.is_empty(), members.user) {
            self.users.insert(answer.sub.to_owned(), user.to_owned());
            if members.kind == Some("new") {
                self.newcomers.insert(answer.sub.to_owned());
            }
        }
        problems
    }

    fn kind_problem(&self, answer: &Answer<'_>, kind: &str) -> Option<String> {
        let known = answer.known_before || self.newcomers.contains(answer.sub);
        match kind {
            "new" if known => {
                Some("userType is new, but this student was launched before".to_owned())
            }
            "new" | "existing" => None,
            _ => Some(format!("userType is {kind:?}, neither new nor existing")),
        }
    }

    fn user_problems(&self, sub: &str, user: &str) -> Vec<String> {
        let mut problems = Vec::new();
        if self.users.get(sub).is_some_and(|known| known != user) {
            problems.push("userID differs from this student’s earlier one".to_owned());
        }
        let mut others = self.users.iter().filter(|(other, _)| *other != sub);
        if others.any(|(_, id)| id == user) {
            problems.push("userID is another student’s".to_owned());
        }
        problems
    }
}

/// The members of an answer that are non-empty texts.
struct Members<'a> {
    status: Option<&'a str>,
    user: Option<&'a str>,
    kind: Option<&'a str>,
    link: Option<&'a str>,
}

impl<'a> Members<'a> {
    /// Each missing member of the five is a problem.
    fn read(members: &'a Map<String, Value>, problems: &mut Vec<String>) -> Self {
        let mut text = |name: &str| {
            let found = members.get(name).and_then(Value::as_str);
            let found = found.filter(|text| !text.is_empty());
            if found.is_none() {
                problems.push(format!("{name} is not a text, or missing"));
            }
            found
        };
        let status = text("status");
        text("message");
        Self {
            status,
            user: text("userID"),
            kind: text("userType"),
            link: text("loginLink"),
        }
    }
}

/// A login link must be absolute, https except on loopback, without a user name, and on the
/// receiver's own origin.
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

    fn judge(history: &mut SentHistory, sub: &str, body: &Value) -> Vec<String> {
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
        let mut history = SentHistory::default();
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
        let mut history = SentHistory::default();
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
            if judge(&mut SentHistory::default(), "a", &body).len() != 1 {
                wrong.push((member, value));
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(judge(&mut SentHistory::default(), "a", &json!([])).len(), 1);
    }
}
