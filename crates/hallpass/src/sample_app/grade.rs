//! The state of a grade on its way into the gradebook, in words for its owner.

use serde_json::Value;

use super::text;

/// A grade that was sent, according to Hallpass.
pub(super) struct GradeState {
    /// Such as "4 of 5".
    pub grade: String,
    /// Its state.
    pub state: &'static str,
    /// Since when, when the next attempt is, or why it was refused.
    pub more: String,
    /// Whether it is stuck until someone acts.
    pub is_stuck: bool,
}

impl GradeState {
    /// Reads a delivery.
    pub(super) fn of(delivery: &Value) -> Self {
        let score = &delivery["score"];
        let number = |name: &str| score[name].as_f64();
        let grade = match (number("scoreGiven"), number("scoreMaximum")) {
            (None, _) => text(&score["activityProgress"]),
            (Some(given), None) => given.to_string(),
            (Some(given), Some(maximum)) => format!("{given} of {maximum}"),
        };
        let at = |name: &str| text(&delivery[name]);
        let (state, more, is_stuck) = match delivery["state"].as_str() {
            Some("delivered") => {
                // Some platforms show a 0 as if it weren't there.
                let since = match delivery["advice"].as_str() {
                    Some(advice) => format!("since {}. {advice}", at("deliveredAt")),
                    None => format!("since {}", at("deliveredAt")),
                };
                ("in your gradebook", since, false)
            }
            Some("queued" | "sending" | "unknown") => {
                let next = match delivery["nextAttemptAt"].as_str() {
                    Some(next) => format!(", tried next at {next}"),
                    None => String::new(),
                };
                let waits = format!("since {}{next}", at("createdAt"));
                ("on its way", waits, false)
            }
            Some("held") => {
                let waits = format!("since {}. {}", at("createdAt"), at("advice"));
                ("waiting for someone to act", waits, true)
            }
            Some("superseded") => ("replaced by a newer one", String::new(), false),
            Some("cancelled") => ("not sent any more", String::new(), true),
            _ => ("not taken by your learning platform", at("advice"), true),
        };
        Self {
            grade,
            state,
            more,
            is_stuck,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_learner_reads_where_the_grade_is() {
        let score = json!({"scoreGiven": 4.0, "scoreMaximum": 5});
        let of = |state: &str| {
            let delivery = json!({
                "state": state, "score": score, "createdAt": "2026-11-30T09:00:00Z", "deliveredAt": "2026-11-30T09:00:01Z",
                "nextAttemptAt": "2026-11-30T09:02:00Z", "advice": "Ask the teacher.",
            });
            let shown = GradeState::of(&delivery);
            (shown.state, shown.more, shown.is_stuck)
        };
        assert_eq!(GradeState::of(&json!({"score": score})).grade, "4 of 5");
        let since = "since 2026-11-30T09:00:01Z. Ask the teacher.".to_owned();
        assert_eq!(of("delivered"), ("in your gradebook", since, false));
        let silent = json!({"state": "delivered", "deliveredAt": "2026-11-30T09:00:01Z"});
        assert_eq!(GradeState::of(&silent).more, "since 2026-11-30T09:00:01Z");
        let waits = "since 2026-11-30T09:00:00Z, tried next at 2026-11-30T09:02:00Z".to_owned();
        assert_eq!(of("queued"), ("on its way", waits, false));
        let waits = "since 2026-11-30T09:00:00Z. Ask the teacher.".to_owned();
        assert_eq!(of("held"), ("waiting for someone to act", waits, true));
        assert_eq!(of("cancelled"), ("not sent any more", String::new(), true));
        let why = "Ask the teacher.".to_owned();
        assert_eq!(
            of("refused"),
            ("not taken by your learning platform", why, true)
        );
    }
}
