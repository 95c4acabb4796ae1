//! The launch message.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::{students::Student, switches::Switches};
use crate::random;

/// The issuer of the documented example, and of the staging system.
pub const DOCUMENTED_ISSUER: &str = "https://studyreel.alpha1edtech.com";
/// The deployment id of the documented example: base64 of a tool's `name:version`.
pub const DOCUMENTED_DEPLOYMENT: &str = "U3BhcnNoJ3MgdGVzdCBhcHAgNjoxLjM=";
/// The issuer that the front end of AlphaLearn sends.
pub const ALPHALEARN_ISSUER: &str = "https://alphalearn.school";
/// A guess at the production system's issuer.
pub const PRODUCTION_ISSUER: &str = "https://prod-studyreel.alpha1edtech.com";

/// The launch printed in the documentation, byte for byte. It expired in 2024.
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

/// `deployment_id` as StudyReel creates it when a tool registers.
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
    let nonce = switches
        .constant_nonce
        .clone()
        .unwrap_or_else(|| random::base64_text(46));
    let expires = now
        .saturating_add(SignedDuration::from_hours(1))
        .unwrap_or(Timestamp::MAX);
    let mut message = Map::new();
    let mut put = |key: &str, value: Value| drop(message.insert(key.to_owned(), value));
    put("messageType", "LtiResourceLinkRequest".into());
    put("version", "1.3.0".into());
    put("resourceLink", json!({ "id": "default" }));
    put("iss", issuer.into());
    put("deployment_id", deployment.into());
    put("target_link_uri", "studyreel://learn".into());
    put("role", student.role.as_str().into());
    put("sub", student.sub.as_str().into());
    put("given_name", student.given_name.as_str().into());
    put("family_name", student.family_name.as_str().into());
    put("nonce", nonce.into());
    put("iat", switches.times.write(now));
    put("exp", switches.times.write(expires));
    put("jti", switches.number(jti));
    for (subject, grade) in student.grades.named() {
        put(
            &format!("studyreel_grade_{subject}"),
            switches.measure(grade),
        );
    }
    put("age_grade", switches.measure(student.age_grade.as_deref()));
    put(
        "user_acquisition_source",
        student.acquisition_source.as_str().into(),
    );
    for (subject, rit) in student.rit.named() {
        put(&format!("map_rit_{subject}"), switches.measure(rit));
    }
    if let Some(blocks) = &student.learning_blocks {
        put(&switches.learning_blocks_key, blocks.clone());
    }
    message
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;
    use crate::studyreel::switches::Times;

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
    fn the_documented_deployment_is_a_name_and_a_version() {
        assert_eq!(
            deployment_of("Sparsh's test app 6", "1.3"),
            DOCUMENTED_DEPLOYMENT
        );
    }
}
