//! Whom an answer is about. When a person is erased, the stored answers about them must be found,
//! and an answer about an unknown number of people is not stored at all.

use axum::body::Bytes;
use lti::json::mended_value;
use serde_json::Value;

use crate::directory::doorstep::KnownAsker;
use crate::services::deliveries::DeliveryKeys;

/// Whom the answers at an address are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AnswerAbout {
    /// No person.
    Nobody,
    /// The student whose id is in the path.
    Student,
    /// The person in the score that is sent.
    Score,
    /// The person of the delivery in the answer.
    Delivery,
    /// Any number of people. Nothing is stored, and the request may be carried out again.
    Many,
}

use AnswerAbout::{Delivery, Many, Nobody, Score, Student};

/// Every address that accepts POST, as in `routes.rs`; answers of those for platforms are about no
/// person.
const ADDRESSES: &[(&str, AnswerAbout)] = &[
    ("/api/deeplinking", Nobody),
    ("/api/deeplinking/message", Nobody),
    ("/api/deeplinking/form", Nobody),
    ("/api/memberships/sync", Many),
    ("/api/deliveries/retry", Nobody),
    ("/api/deliveries/reconcile", Many),
    ("/api/deliveries/{id}/retry", Delivery),
    ("/api/deliveries/{id}/cancel", Delivery),
    ("/api/scores", Score),
    ("/api/lineitems", Nobody),
    ("/api/lineitems/{*id}", Score),
    ("/api/registrations/{id}/complete", Nobody),
    ("/api/registrations/{id}/cpomplete", Nobody),
    ("/api/students/{id}/subject", Student),
];

impl AnswerAbout {
    /// Looks an address up by its route. Answers at an unknown address are not stored.
    pub(super) fn of(route: &str) -> Self {
        if route.starts_with("/api/platforms") {
            return Nobody;
        }
        let known = ADDRESSES.iter().find(|(address, _)| *address == route);
        known.map_or(Many, |(_, about)| *about)
    }

    /// By what a person's erasure finds the answer, if that is known before it is made.
    pub(super) fn person_key(
        self,
        keys: &DeliveryKeys,
        asker: &KnownAsker,
        path: &str,
        body: &Bytes,
    ) -> Option<String> {
        match self {
            Student => path.split('/').nth(3).map(str::to_owned),
            Score => {
                let platform = asker.platform_id.as_deref()?;
                let user = scored(body).or_else(|| asker.subject.clone())?;
                Some(keys.user(platform, &user))
            }
            Nobody | Delivery | Many => None,
        }
    }
}

/// Whom a score names: as `userId`, or in its `score`.
fn scored(body: &Bytes) -> Option<String> {
    let body = mended_value(body).ok()?;
    let score = body.get("score").unwrap_or(&body);
    match score.get("userId")? {
        Value::String(user) => Some(user.clone()),
        Value::Number(user) => Some(user.to_string()),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;
    use crate::directory::api_keys::scope::Scope;
    use crate::kit::clock::Random;
    use crate::kit::seal::SecretKey;

    #[cases("GR-4")]
    #[test]
    fn of_every_address_it_is_known_whom_answers_are_about() {
        let document: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
        let paths = document["paths"].as_object().into_iter().flatten();
        let posted = paths.filter(|(path, item)| {
            let is_meant = path.starts_with("/api/") && !path.starts_with("/api/platforms");
            is_meant && item.get("post").is_some()
        });
        let mut missing = Vec::new();
        for (path, _) in posted {
            let route = match path.starts_with("/api/lineitems/") {
                true => "/api/lineitems/{*id}",
                false => path,
            };
            if !ADDRESSES.iter().any(|(address, _)| *address == route) {
                missing.push(path);
            }
        }
        assert!(missing.is_empty(), "{missing:?}");
        assert_eq!(AnswerAbout::of("/api/something/new"), Many);
    }

    #[cases("GR-4")]
    #[test]
    fn a_score_is_found_by_its_person_however_it_names_them() {
        let keys = DeliveryKeys::new(&SecretKey::generate(&Random::default()));
        let asker = KnownAsker {
            tool_id: "tool".into(),
            key_id: "key".into(),
            scope: Scope::Services,
            who: "launch".into(),
            platform_id: Some("platform".into()),
            subject: Some("5".into()),
        };
        let of = |body: &'static str| {
            Score.person_key(
                &keys,
                &asker,
                "/api/scores",
                &Bytes::from_static(body.as_bytes()),
            )
        };
        let wanted = Some(keys.user("platform", "5"));
        for body in [
            r#"{"userId": "5"}"#,
            "\u{feff}{\"userId\": 5}",
            r#"{"handle": {}, "score": {"userId": "5"}}"#,
            r#"{"score": {}}"#,
            "{",
        ] {
            assert_eq!(of(body), wanted, "{body}");
        }
        assert_ne!(of(r#"{"userId": "6"}"#), wanted);
        let path = "/api/students/S1/subject";
        let student = Student.person_key(&keys, &asker, path, &Bytes::new());
        assert_eq!(student.as_deref(), Some("S1"));
    }
}
