//! What is kept of a StudyReel launch, and how the application sees it (docs/studyreel.md).

use std::fmt;
use std::sync::Arc;

use lti::claims;
use lti::message::MessageType;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use studyreel::{
    CheckedLaunch, Dialect, PlacementReport, STUDYREEL, Subject, SubjectReport, read_tolerantly,
};

use super::profile::Profile;
use crate::launch::facts::{Facts, PlatformFacts};
use crate::settings::public_url::PublicUrl;
use store::StoreError;
use store::students::Student;
use studyreel::placement::{LearningPath, Placement};

/// The role of everybody whom StudyReel sends.
const LEARNER: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner";

/// What is kept of a StudyReel launch.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message {
    /// The body as it came.
    payload: Box<RawValue>,
    known: Box<Known>,
}

/// What the one shape needs beside the payload.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Known {
    /// The name of its dialect; launches stored before there were several have none.
    #[serde(default)]
    dialect: String,
    issuer: String,
    deployment_id: String,
    resource_link_id: String,
    user_id: String,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    /// The student as placed by this launch: the member `student`.
    student: Value,
}

/// Names no person, so that a launch can't end up in a log by way of `{:?}`.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").finish_non_exhaustive()
    }
}

impl Message {
    /// A launch with its student as they are now.
    pub(super) fn new(
        dialect: &Dialect,
        payload: Box<RawValue>,
        launch: &CheckedLaunch,
        (student, profile): (&Student, &Profile),
        paths: &[LearningPath],
    ) -> Self {
        let known = Known {
            dialect: dialect.name.to_owned(),
            issuer: launch.issuer.clone(),
            deployment_id: launch.deployment_id.clone(),
            resource_link_id: launch.resource_link_id.clone(),
            user_id: student.id.clone(),
            name: profile.name(),
            given_name: profile.given_name.clone(),
            family_name: profile.family_name.clone(),
            student: describe(launch, student, profile, paths),
        };
        Self {
            payload,
            known: Box::new(known),
        }
    }

    /// Notes what was learned after the launch was stored: what the platform is told, and the application's own id.
    pub(super) fn set_ids(&mut self, user_id: &str, external_id: Option<&str>) {
        self.known.student["userID"] = json!(user_id);
        if let Some(id) = external_id {
            self.known.student["externalId"] = json!(id);
        }
    }

    /// As a launch keeps it.
    ///
    /// # Errors
    /// It can't be written as JSON; nothing a caller can do.
    pub(super) fn to_document(&self) -> Result<Arc<str>, StoreError> {
        serde_json::to_string(self)
            .map(Arc::from)
            .map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    /// Our id for the student.
    pub(super) fn into_user_id(self) -> String {
        self.known.user_id
    }

    /// `GET /api/idtoken?raw=true`.
    ///
    /// # Errors
    /// The payload is not JSON; it was when it came.
    pub(super) fn raw(&self) -> Result<Map<String, Value>, serde_json::Error> {
        let mut members = match read_tolerantly(&self.payload) {
            Value::Object(members) => members,
            _ => serde_json::from_str(self.payload.get())?,
        };
        members.insert("ltiVersion".into(), json!("1.3.0"));
        Ok(members)
    }

    /// The launch in the one shape.
    pub(super) fn into_facts(self, public_url: &PublicUrl) -> Facts {
        let known = *self.known;
        let dialect = Dialect::named(&known.dialect).unwrap_or(&STUDYREEL);
        Facts {
            user_id: Some(known.user_id),
            roles: vec![LEARNER.to_owned()],
            standing: lti::role::Standing::Learner.name(),
            is_test_user: false,
            // An e-mail-like `sub` is no verified address: it is never given out as `email` (§7, item 8).
            person: claims::Person {
                name: known.name,
                given_name: known.given_name,
                family_name: known.family_name,
                ..claims::Person::default()
            },
            mentors: Vec::new(),
            platform: PlatformFacts {
                // None of these is a registered platform, with an id of ours.
                id: dialect.name.to_owned(),
                url: known.issuer,
                client_id: dialect.name.to_owned(),
                deployment_id: known.deployment_id,
                name: dialect.platform.to_owned(),
                ..PlatformFacts::default()
            },
            message_type: MessageType::ResourceLink.name(),
            target: public_url.join("/lti/launch"),
            context: None,
            resource_link: Some(claims::ResourceLink {
                id: known.resource_link_id,
                title: None,
                description: None,
            }),
            presentation: None,
            custom: std::collections::BTreeMap::new(),
            grades: None,
            roster: None,
            deep_linking: None,
            student: Some(known.student),
        }
    }
}

/// The member `student`. What is unknown is left out.
fn describe(
    launch: &CheckedLaunch,
    student: &Student,
    profile: &Profile,
    paths: &[LearningPath],
) -> Value {
    let report = &profile.report;
    let blocks = &launch.learning_blocks.blocks;
    let mut all = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            all.insert(name.to_owned(), value);
        }
    };
    put("id", Some(json!(student.id)));
    put("userID", student.user_id.as_ref().map(|id| json!(id)));
    put(
        "externalId",
        student.external_id.as_ref().map(|id| json!(id)),
    );
    put("issuer", Some(json!(student.issuer)));
    put("subject", Some(json!(profile.subject)));
    put("ageGrade", report.age_grade.value.map(|grade| json!(grade)));
    put("grades", Some(known(report, |report| report.grade.value)));
    put("rit", Some(known(report, |report| report.rit.value)));
    put("placement", Some(describe_placements(profile, paths)));
    put(
        "learningBlocks",
        (!blocks.is_empty()).then(|| json!(blocks)),
    );
    let source = profile.acquisition_source.as_ref();
    put("acquisitionSource", source.map(|source| json!(source)));
    Value::Object(all)
}

/// What is known of a measure, subject by subject.
pub(super) fn known<T: Serialize>(
    report: &PlacementReport,
    value: impl Fn(&SubjectReport) -> Option<T>,
) -> Value {
    let values = Subject::ALL.into_iter().filter_map(|subject| {
        let value = value(report.subject(subject))?;
        Some((subject.to_string(), json!(value)))
    });
    Value::Object(values.collect())
}

/// Where the student stands in each of the paths.
pub(super) fn describe_placements(profile: &Profile, paths: &[LearningPath]) -> Value {
    let describe = |path: &LearningPath| {
        let mine = |placed: &&Placement| placed.subject == path.subject;
        let placed = profile.placements.iter().find(mine)?;
        let suggested = profile.suggestions.iter().find(mine);
        let position = profile.positions.get(&path.subject);
        Some(describe_placement(placed, suggested, position, path))
    };
    paths.iter().filter_map(describe).collect()
}

fn describe_placement(
    placed: &Placement,
    suggested: Option<&Placement>,
    position: Option<&String>,
    path: &LearningPath,
) -> Value {
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            all.insert(name.to_owned(), value);
        }
    };
    put("subject", json!(placed.subject));
    put("path", json!(placed.path_id));
    put("title", json!(path.title));
    put("grade", json!(placed.grade));
    put("reason", json!(placed.reason));
    put("explanation", json!(placed.explanation));
    put("conflict", json!(placed.conflict));
    put(
        "diagnosticRecommended",
        json!(placed.diagnostic_recommended),
    );
    put("startsWithDiagnostic", json!(placed.starts_with_diagnostic));
    put("ruleVersion", json!(placed.rule_version));
    // As the path has it now: another name for where a grade begins moves nobody. Another path does, at the next launch.
    put(
        "entryPoint",
        if path.id == placed.path_id {
            json!(path.entry(placed.grade, placed.starts_with_diagnostic))
        } else {
            json!(placed.entry)
        },
    );
    put("clampedFrom", json!(placed.clamped_from));
    put("ritGrade", json!(placed.rit_grade));
    put("position", json!(position));
    put("weeklyGoal", path.weekly_goal.clone());
    if let Some(suggested) = suggested {
        put("suggestedGrade", json!(suggested.grade));
    }
    Value::Object(all)
}
