//! The launch message in its documented form, and the switches that change it.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp, tz::Offset};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::students::Student;
use crate::random;

/// The issuer of the documented example, and of the staging system.
pub const DOCUMENTED_ISSUER: &str = "https://studyreel.alpha1edtech.com";
/// The deployment id of the documented example: base64 of a tool's `name:version`.
pub const DOCUMENTED_DEPLOYMENT: &str = "U3BhcnNoJ3MgdGVzdCBhcHAgNjoxLjM=";
/// The issuer that the front end of AlphaLearn sends.
pub const ALPHALEARN_ISSUER: &str = "https://alphalearn.school";
/// A guess at the production system's issuer.
pub const PRODUCTION_ISSUER: &str = "https://prod-studyreel.alpha1edtech.com";

/// The launch that the documentation prints, byte for byte. It expired in 2024.
pub const PRINTED_EXAMPLE: &str = concat!(
    r#"{"messageType":"LtiResourceLinkRequest","version":"1.3.0","resourceLink":{"id":"default"},"#,
    r#""iss":"https://studyreel.alpha1edtech.com","deployment_id":"U3BhcnNoJ3MgdGVzdCBhcHAgNjoxLjM=","#,
    r#""target_link_uri":"studyreel://learn","role":"Student","sub":"student@studyreel.com","#,
    r#""given_name":"John","family_name":"Doe","nonce":"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsd","#,
    r#""iat":"2024-09-19 03:14:07","exp":"2024-09-19 04:14:07","jti":"4556","#,
    r#""studyreel_grade_math":"5","studyreel_grade_language":"5","studyreel_grade_science":"6","#,
    r#""studyreel_grade_reading":"null","age_grade":"5","user_acquisition_source":"StudyReel","#,
    r#""map_rit_math":"190","map_rit_language":"170","map_rit_science":"180","map_rit_reading":"null"}"#,
);

/// Ways in which real launches may differ from the documented one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Switches {
    /// Unknown placement values as JSON `null`, not `"null"`.
    pub json_null: bool,
    /// Numbers as JSON numbers, not as text.
    pub numbers: bool,
    /// How times are written.
    pub times: Times,
    /// The same nonce in every launch.
    pub constant_nonce: Option<String>,
    /// The key of learning blocks.
    pub learning_blocks_key: String,
    /// A secret to sign launches with (`X-Launch-Timestamp`, `X-Launch-Signature`), which StudyReel itself does not do.
    pub hmac_secret: Option<String>,
}

impl Default for Switches {
    /// As documented.
    fn default() -> Self {
        Self {
            json_null: false,
            numbers: false,
            times: Times::Documented,
            constant_nonce: None,
            learning_blocks_key: "learning_blocks".to_owned(),
            hmac_secret: None,
        }
    }
}

impl Switches {
    /// Names of ways to write a launch, each seen somewhere: in StudyReel's documentation, in EduPaid's, and as the types
    /// of other implementers have it.
    pub const PROFILES: [&'static str; 3] = ["documented", "edupaid", "typed"];

    /// The way of that name.
    pub fn named(name: &str) -> Option<Self> {
        let documented = Self::default();
        match name {
            "documented" => Some(documented),
            "edupaid" => Some(Self {
                json_null: true,
                ..documented
            }),
            "typed" => Some(Self {
                json_null: true,
                numbers: true,
                times: Times::Epoch,
                ..documented
            }),
            _ => None,
        }
    }
}

/// How `iat` and `exp` are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Times {
    /// `2024-09-19 03:14:07`, UTC.
    #[default]
    Documented,
    /// The same form in a zone this many hours off UTC.
    Zone(i8),
    /// `2024-09-19T03:14:07Z`.
    Iso,
    /// Seconds since 1970 as a number.
    Epoch,
}

impl Times {
    pub(super) fn write(self, time: Timestamp) -> Value {
        const FORM: &str = "%Y-%m-%d %H:%M:%S";
        match self {
            Self::Documented => json!(time.strftime(FORM).to_string()),
            Self::Zone(hours) => {
                let offset = Offset::from_hours(hours).unwrap_or(Offset::UTC);
                json!(offset.to_datetime(time).strftime(FORM).to_string())
            }
            Self::Iso => json!(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            Self::Epoch => json!(time.as_second()),
        }
    }
}

/// `deployment_id` as StudyReel makes it when a tool registers.
pub fn deployment_of(name: &str, version: &str) -> String {
    STANDARD.encode(format!("{name}:{version}"))
}

/// Writes the message of one launch: keys in the documented order, every scalar a string.
pub(super) fn write(
    student: &Student,
    switches: &Switches,
    issuer: &str,
    deployment: &str,
    jti: u64,
    now: Timestamp,
) -> Map<String, Value> {
    let optional = |value: Option<&str>| match value {
        None if switches.json_null => Value::Null,
        None => json!("null"),
        Some(text) if switches.numbers => {
            serde_json::from_str(text).unwrap_or_else(|_| json!(text))
        }
        Some(text) => json!(text),
    };
    let nonce = switches
        .constant_nonce
        .clone()
        .unwrap_or_else(|| random::base64_text(46));
    let expires = now
        .saturating_add(SignedDuration::from_hours(1))
        .unwrap_or(Timestamp::MAX);
    let mut message = Map::new();
    let mut put = |key: &str, value: Value| drop(message.insert(key.to_owned(), value));
    put("messageType", json!("LtiResourceLinkRequest"));
    put("version", json!("1.3.0"));
    put("resourceLink", json!({ "id": "default" }));
    put("iss", json!(issuer));
    put("deployment_id", json!(deployment));
    put("target_link_uri", json!("studyreel://learn"));
    put("role", json!(student.role));
    put("sub", json!(student.sub));
    put("given_name", json!(student.given_name));
    put("family_name", json!(student.family_name));
    put("nonce", json!(nonce));
    put("iat", switches.times.write(now));
    put("exp", switches.times.write(expires));
    put(
        "jti",
        if switches.numbers {
            json!(jti)
        } else {
            json!(jti.to_string())
        },
    );
    for (subject, grade) in student.grades.named() {
        put(&format!("studyreel_grade_{subject}"), optional(grade));
    }
    put("age_grade", optional(student.age_grade.as_deref()));
    put("user_acquisition_source", json!(student.acquisition_source));
    for (subject, rit) in student.rit.named() {
        put(&format!("map_rit_{subject}"), optional(rit));
    }
    if let Some(blocks) = &student.learning_blocks {
        put(&switches.learning_blocks_key, blocks.clone());
    }
    message
}

/// Changes of a launch, member by member. Written as text, one a line: `age_grade = 5` sets a member (anything that is no
/// JSON is a text), `-jti` leaves one out, `+sub = "x"` gives one a second time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides(Vec<Change>);

#[derive(Clone, Debug, PartialEq)]
enum Change {
    Set(String, Value),
    Remove(String),
    Repeat(String, Value),
}

impl Overrides {
    /// No change.
    pub fn none() -> Self {
        Self::default()
    }

    /// A member set, where it stands or at the end.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.push(Change::Set(key.to_owned(), value.into()));
        self
    }

    /// A member left out.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.0.push(Change::Remove(key.to_owned()));
        self
    }

    /// A member given a second time, at the end: seen in what is sent only, since no JSON value can hold it.
    #[must_use]
    pub fn repeated(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.push(Change::Repeat(key.to_owned(), value.into()));
        self
    }

    pub(super) fn apply(&self, message: &mut Map<String, Value>) {
        for change in &self.0 {
            match change {
                Change::Set(key, value) => drop(message.insert(key.clone(), value.clone())),
                Change::Remove(key) => drop(message.shift_remove(key)),
                Change::Repeat(..) => {}
            }
        }
    }

    /// The body of a message, with what is repeated.
    pub(super) fn body(&self, message: &Value) -> String {
        let mut text = message.to_string();
        for change in &self.0 {
            if let Change::Repeat(key, value) = change {
                text.pop();
                text.push_str(&format!(",{}:{value}}}", json!(key)));
            }
        }
        text
    }
}

impl FromStr for Overrides {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.try_fold(Self::none(), |overrides, line| {
            if let Some(name) = line.strip_prefix('-') {
                return Ok(overrides.without(name.trim()));
            }
            let (name, value) = line.split_once('=').ok_or_else(|| {
                format!("{line:?} is no change: write name = value, -name or +name = value")
            })?;
            let value = value.trim();
            let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
            Ok(match name.strip_prefix('+') {
                Some(name) => overrides.repeated(name.trim(), value),
                None => overrides.with(name.trim(), value),
            })
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn the_documented_student_gives_the_documented_message() {
        let now = "2024-09-19T03:14:07Z".parse().unwrap();
        let mut message = write(
            &Student::documented(),
            &Switches::default(),
            DOCUMENTED_ISSUER,
            DOCUMENTED_DEPLOYMENT,
            4556,
            now,
        );
        assert_eq!(message["nonce"].as_str().unwrap().len(), 46);
        message["nonce"] = json!("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsd");
        assert_eq!(Value::Object(message).to_string(), PRINTED_EXAMPLE);
    }

    #[test]
    fn switches_change_types_and_times() {
        let now = "2024-09-19T03:14:07Z".parse().unwrap();
        let switches = Switches {
            json_null: true,
            numbers: true,
            times: Times::Zone(-5),
            ..Switches::default()
        };
        let message = write(&Student::documented(), &switches, "i", "d", 1, now);
        assert_eq!(message["studyreel_grade_math"], 5);
        assert_eq!(message["studyreel_grade_reading"], Value::Null);
        assert_eq!(message["jti"], 1);
        assert_eq!(message["iat"], "2024-09-18 22:14:07");
        assert_eq!(Times::Iso.write(now), "2024-09-19T03:14:07Z");
        assert_eq!(Times::Epoch.write(now), 1_726_715_647);
    }

    #[test]
    fn changes_are_written_one_a_line() {
        let overrides: Overrides = "age_grade = 7\n\n-jti\n+sub = x\n map_rit_math = {}\n"
            .parse()
            .unwrap();
        let expected = Overrides::none()
            .with("age_grade", 7)
            .without("jti")
            .repeated("sub", "x")
            .with("map_rit_math", json!({}));
        assert_eq!(overrides, expected);
        let mut message = json!({"jti": "1", "age_grade": "5"});
        overrides.apply(message.as_object_mut().unwrap());
        assert_eq!(
            overrides.body(&message),
            r#"{"age_grade":7,"map_rit_math":{},"sub":"x"}"#
        );
        assert!("age_grade 7".parse::<Overrides>().is_err());
    }

    #[test]
    fn every_profile_is_there() {
        for name in Switches::PROFILES {
            assert!(Switches::named(name).is_some(), "{name}");
        }
        let typed = Switches::named("typed").unwrap();
        let written = serde_json::to_value(&typed).unwrap();
        assert_eq!(serde_json::from_value::<Switches>(written).unwrap(), typed);
        assert_eq!(
            serde_json::from_value::<Switches>(json!({"times": {"zone": -5}}))
                .unwrap()
                .times,
            Times::Zone(-5)
        );
    }

    #[test]
    fn the_documented_deployment_is_a_name_and_a_version() {
        assert_eq!(
            deployment_of("Sparsh's test app 6", "1.3"),
            DOCUMENTED_DEPLOYMENT
        );
    }
}
