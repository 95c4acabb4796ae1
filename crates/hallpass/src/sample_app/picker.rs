//! The picker: a teacher chooses exercises for a course, and the course's links open them.
//!
//! A link contains the exercise's id and a proof that this application gave it to that school:
//! custom parameters can be edited on the platform, and guessing an id must not open another
//! school's content.

use askama::Template;
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign, verify};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gateway::kit::clock::Random;
use serde_json::{Value, json};
use url::Url;

use super::{Facts, Failure, page};

/// Content for a course.
pub(super) struct Exercise {
    /// Its id in the application.
    pub(super) id: &'static str,
    /// What it is called.
    pub(super) title: &'static str,
    /// What it is about.
    pub(super) about: &'static str,
    /// The maximum score.
    points: u32,
}

const EXERCISES: [Exercise; 3] = [
    Exercise {
        id: "fractions",
        title: "Fractions",
        about: "Ten questions about halves and quarters",
        points: 10,
    },
    Exercise {
        id: "angles",
        title: "Angles",
        about: "Measure eight triangles",
        points: 8,
    },
    Exercise {
        id: "tides",
        title: "Tides",
        about: "Why the sea comes and goes",
        points: 5,
    },
];

/// Creates and checks proofs.
pub(super) struct Picker(Key);

impl Picker {
    /// A picker with a secret that only the application knows.
    pub(super) fn new(secret: &str) -> Self {
        Self(Key::new(HMAC_SHA256, secret.as_bytes()))
    }

    fn claim(facts: &Facts, id: &str) -> String {
        // JSON, so that different schools and exercises never give the same text.
        json!([facts.platform_id, facts.deployment, id]).to_string()
    }

    /// The content item of an exercise, for the requesting school.
    fn item(&self, facts: &Facts, exercise: &Exercise) -> Value {
        let proof = sign(&self.0, Self::claim(facts, exercise.id).as_bytes());
        json!({
            "type": "ltiResourceLink",
            "title": exercise.title,
            "text": exercise.about,
            "custom": {"exercise": exercise.id, "proof": URL_SAFE_NO_PAD.encode(proof)},
            "lineItem": {"scoreMaximum": exercise.points, "resourceId": exercise.id},
        })
    }

    /// The exercise that a launch opens, if any.
    ///
    /// # Errors
    /// This school was never given the exercise.
    pub(super) fn opened(&self, facts: &Facts) -> Result<Option<&'static Exercise>, Failure> {
        if facts.exercise.is_empty() {
            return Ok(None);
        }
        let mut known = EXERCISES.iter();
        let exercise = known.find(|exercise| exercise.id == facts.exercise);
        let exercise = exercise.ok_or(Failure::NoExercise)?;
        let proof = URL_SAFE_NO_PAD.decode(&facts.proof);
        let proof = proof.map_err(|_| Failure::NoExercise)?;
        let claim = Self::claim(facts, exercise.id);
        let proven = verify(&self.0, claim.as_bytes(), &proof);
        proven.map_err(|_| Failure::NoExercise)?;
        Ok(Some(exercise))
    }

    /// The body of `POST /api/deeplinking` for these exercises; none cancels.
    pub(super) fn answer(&self, facts: &Facts, chosen: &[String]) -> Value {
        let chosen = EXERCISES
            .iter()
            .filter(|exercise| chosen.iter().any(|id| id == exercise.id));
        let items: Vec<Value> = chosen.map(|exercise| self.item(facts, exercise)).collect();
        let message = match items.len() {
            0 => "Nothing was chosen.".to_owned(),
            1 => "One exercise was chosen.".to_owned(),
            several => format!("{several} exercises were chosen."),
        };
        json!({"contentItems": items, "options": {"message": message}})
    }
}

/// The page for choosing.
#[derive(Template)]
#[template(path = "sample_app/picker.html")]
pub(super) struct PickerPage {
    facts: Facts,
    ltik: String,
    exercises: &'static [Exercise],
}

impl PickerPage {
    pub(super) fn new(facts: Facts, ltik: String) -> Self {
        Self {
            facts,
            ltik,
            exercises: &EXERCISES,
        }
    }
}

/// The page that takes the signed message back to the platform.
#[derive(Template)]
#[template(path = "sample_app/hand_back.html")]
struct HandBackPage {
    target: String,
    message: String,
    nonce: String,
}

/// Sends the browser back with the message. The page's form may only post to the platform.
pub(super) fn hand_back(message: String, target: String) -> Result<Response, Failure> {
    let broken = || Failure::Gateway("its target is no address".to_owned());
    let origin = Url::parse(&target).map_err(|_| broken())?.origin();
    let nonce = Random::default().token();
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src data:; script-src 'nonce-{nonce}'; form-action {}; base-uri 'none'",
        origin.ascii_serialization()
    );
    let policy = HeaderValue::from_str(&policy).map_err(|_| broken())?;
    let shown = HandBackPage {
        target,
        message,
        nonce,
    };
    let mut response = page(StatusCode::OK, &shown);
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    fn launch(platform: &str, custom: &Value) -> Facts {
        Facts::of(&json!({
            "platform": {"id": platform, "deploymentId": "1"}, "launch": {"custom": custom},
        }))
    }

    #[cases("TC-280", "E-22")]
    #[test]
    fn an_exercise_opens_at_the_school_that_was_given_it() {
        let picker = Picker::new("secret");
        let asking = launch("school-1", &Value::Null);
        assert!(picker.opened(&asking).unwrap().is_none());
        let answer = picker.answer(&asking, &["tides".to_owned(), "other".to_owned()]);
        assert_eq!(answer["contentItems"].as_array().unwrap().len(), 1);
        let mut custom = answer["contentItems"][0]["custom"].clone();
        let opened = picker.opened(&launch("school-1", &custom)).unwrap();
        assert_eq!(opened.map(|exercise| exercise.title), Some("Tides"));
        assert!(picker.opened(&launch("school-2", &custom)).is_err());
        assert!(
            Picker::new("other")
                .opened(&launch("school-1", &custom))
                .is_err()
        );
        custom["exercise"] = "angles".into();
        assert!(picker.opened(&launch("school-1", &custom)).is_err());
        let bare = json!({"exercise": "tides"});
        assert!(picker.opened(&launch("school-1", &bare)).is_err());
    }

    #[test]
    fn the_way_back_leads_to_the_platform_alone() {
        let response = hand_back("t\"<".into(), "https://lms.example/r?a=\"&b".into()).unwrap();
        let policy = response.headers()[CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        assert!(
            policy.contains("form-action https://lms.example;"),
            "{policy}"
        );
        assert!(hand_back(String::new(), "nowhere".into()).is_err());
    }
}
