//! What the application reads from an id token, as text to show.

use serde_json::Value;

/// Who launched, from where, in which role. Anything not sent is empty.
pub(crate) struct Facts {
    /// The person's name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role in the course.
    pub role: String,
    pub course: String,
    /// The link's title in the course.
    pub activity: String,
    /// The platform's name.
    pub platform: String,
    /// Its address.
    pub platform_url: String,
    /// The kind of message.
    pub message: String,
    /// Whether the platform asks for content.
    pub asks_for_content: bool,
    /// Whether it accepts several items at once.
    pub takes_several: bool,
    /// The gateway's id of the platform.
    pub platform_id: String,
    /// The deployment, by the platform's id.
    pub deployment: String,
    /// The exercise that the link opens, by its id.
    pub exercise: String,
    /// The proof that the exercise was given to the link's school.
    pub proof: String,
    /// Whether the person teaches here.
    pub teaches: bool,
    /// Whether the course's members may be read.
    pub has_roster: bool,
    /// The link's column in the gradebook; empty if it has none.
    pub line_item: String,
    /// The services that may be used after this launch.
    pub services: Vec<&'static str>,
    /// The application's own id for the student.
    pub account: String,
    /// Whether this is a student from StudyReel.
    pub is_student: bool,
    /// The student's placements.
    pub placement: Vec<Placement>,
    /// The whole answer, formatted.
    pub all: String,
}

/// A student's placement in one subject.
pub(crate) struct Placement {
    pub subject: String,
    /// The grade to work at.
    pub grade: String,
    /// The code of the rule that decided.
    pub reason: String,
    /// Whether grade and test score disagree.
    pub conflict: bool,
    /// The decision in a sentence.
    pub explanation: String,
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Facts {
    /// Reads the answer of `GET /api/idtoken`.
    pub(crate) fn of(token: &Value) -> Self {
        let (user, platform, launch) = (&token["user"], &token["platform"], &token["launch"]);
        let services = [
            ("namesAndRoles", "roster"),
            ("assignmentAndGrades", "grades"),
            ("deepLinking", "content selection"),
        ];
        Self {
            name: text(&user["name"]),
            email: text(&user["email"]),
            role: role(&text(&user["role"])),
            course: text(&launch["context"]["title"]),
            activity: text(&launch["resourceLink"]["title"]),
            platform: text(&platform["name"]),
            platform_url: text(&platform["url"]),
            message: text(&launch["type"]),
            asks_for_content: launch["deepLinking"] == true,
            takes_several: token["services"]["deepLinking"]["acceptMultiple"] == true,
            platform_id: text(&platform["id"]),
            deployment: text(&platform["deploymentId"]),
            exercise: text(&launch["custom"]["exercise"]),
            proof: text(&launch["custom"]["proof"]),
            teaches: user["role"] == "instructor",
            has_roster: token["services"]["namesAndRoles"]["available"] == true,
            line_item: text(&launch["lineItemId"]),
            services: services
                .into_iter()
                .filter(|(name, _)| token["services"][name]["available"] == true)
                .map(|(_, title)| title)
                .collect(),
            account: text(&token["student"]["externalId"]),
            is_student: token["student"].is_object(),
            placement: token["student"]["placement"]
                .as_array()
                .map(|all| all.iter().map(Placement::of).collect())
                .unwrap_or_default(),
            all: format!("{token:#}"),
        }
    }
}

impl Placement {
    fn of(placement: &Value) -> Self {
        Self {
            subject: text(&placement["subject"]),
            grade: match placement["grade"].as_i64() {
                Some(-1) => "Pre-K".to_owned(),
                Some(0) => "K".to_owned(),
                _ => text(&placement["grade"]),
            },
            reason: text(&placement["reason"]),
            conflict: placement["conflict"] == true,
            explanation: text(&placement["explanation"]),
        }
    }
}

/// The word that a school would use.
fn role(name: &str) -> String {
    match name {
        "instructor" => "Teacher".to_owned(),
        "learner" => "Student".to_owned(),
        other => {
            let mut letters = other.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(letters).collect()
            })
        }
    }
}
