//! What we store of a StudyReel launch, and how the application sees it (docs/studyreel.md).

use std::fmt;
use std::sync::Arc;

use lti::claims;
use lti::message::MessageType;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use store::StoreError;
use store::students::StudentRow;
use studyreel::placement::LearningPath;
use studyreel::{CheckedLaunch, Dialect, LearningBlock, STUDYREEL, read_tolerantly};
use utoipa::ToSchema;

use super::profile::Profile;
use super::student_answers::{MeasureValues, PlacementAnswer, measured, placements};
use crate::launch::facts::{Facts, PlatformFacts};
use crate::settings::public_url::PublicUrl;

/// Everyone StudyReel sends has this role.
const LEARNER: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner";

/// What we store of a StudyReel launch.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StudyReelDocument {
    /// The body as received.
    payload: Box<RawValue>,
    known: Box<KnownOfLaunch>,
}

/// What the common shape needs besides the payload.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KnownOfLaunch {
    /// The name of its dialect; absent in launches stored before there were several.
    #[serde(default)]
    dialect: String,
    issuer: String,
    deployment_id: String,
    resource_link_id: String,
    user_id: String,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    /// The student as placed by this launch: a [`StudentMember`], kept as JSON so that a later
    /// version reads it unchanged.
    student: Value,
}

/// Prints no personal data, so that `{:?}` can't leak a launch into a log.
impl fmt::Debug for StudyReelDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StudyReelDocument").finish_non_exhaustive()
    }
}

impl StudyReelDocument {
    /// A launch, with its student as of now.
    ///
    /// # Errors
    /// The student can't be written as JSON; the caller can't do anything about that.
    pub(super) fn new(
        dialect: &Dialect,
        payload: Box<RawValue>,
        launch: &CheckedLaunch,
        (student, profile): (&StudentRow, &Profile),
        paths: &[LearningPath],
    ) -> Result<Self, StoreError> {
        let member = StudentMember::new(launch, student, profile, paths);
        let known = KnownOfLaunch {
            dialect: dialect.name.to_owned(),
            issuer: launch.issuer.clone(),
            deployment_id: launch.deployment_id.clone(),
            resource_link_id: launch.resource_link_id.clone(),
            user_id: student.id.clone(),
            name: profile.name(),
            given_name: profile.given_name.clone(),
            family_name: profile.family_name.clone(),
            student: serde_json::to_value(member).map_err(unwritable)?,
        };
        Ok(Self {
            payload,
            known: Box::new(known),
        })
    }

    /// The text that is stored with the launch.
    ///
    /// # Errors
    /// It can't be written as JSON; the caller can't do anything about that.
    pub(super) fn to_text(&self) -> Result<Arc<str>, StoreError> {
        let text = serde_json::to_string(self).map_err(unwritable)?;
        Ok(text.into())
    }

    /// Who sent it: its dialect, the issuer, and the deployment.
    pub(super) fn sender(&self) -> (&'static Dialect, &str, &str) {
        let dialect = Dialect::named(&self.known.dialect).unwrap_or(&STUDYREEL);
        (dialect, &self.known.issuer, &self.known.deployment_id)
    }

    /// Our id for the student.
    pub(super) fn into_user_id(self) -> String {
        self.known.user_id
    }

    /// The answer to `GET /api/idtoken?raw=true`.
    ///
    /// # Errors
    /// The payload is not JSON, although it was on arrival.
    pub(super) fn raw(&self) -> Result<Map<String, Value>, serde_json::Error> {
        let mut members = match read_tolerantly(&self.payload) {
            Value::Object(members) => members,
            _ => serde_json::from_str(self.payload.get())?,
        };
        members.insert("ltiVersion".into(), "1.3.0".into());
        Ok(members)
    }

    /// The launch in the common shape.
    pub(super) fn into_facts(self, public_url: &PublicUrl) -> Facts {
        let known = *self.known;
        let dialect = Dialect::named(&known.dialect).unwrap_or(&STUDYREEL);
        Facts {
            user_id: Some(known.user_id),
            roles: vec![LEARNER.to_owned()],
            standing: lti::role::Standing::Learner.name(),
            is_test_user: false,
            // A `sub` that looks like an e-mail address is not verified, so it is never returned as
            // `email` (studyreel.md §7, item 8).
            person: claims::PersonClaims {
                name: known.name,
                given_name: known.given_name,
                family_name: known.family_name,
                ..claims::PersonClaims::default()
            },
            mentors: Vec::new(),
            platform: PlatformFacts {
                // These platforms are not registered, so they have no id of ours.
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
            groups: None,
            deep_linking: None,
            for_user: None,
            placement: None,
            student: Some(known.student),
        }
    }
}

fn unwritable(error: impl fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

/// The launched student as of this launch. Unknown values are omitted.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LaunchedStudent)]
pub(crate) struct StudentMember<'a> {
    /// Our id of the student.
    id: &'a str,
    /// What we told the platform as `userID`.
    #[serde(rename = "userID", skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    /// The application's own id.
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<&'a str>,
    issuer: &'a str,
    /// What the platform calls them, often an e-mail address.
    subject: &'a str,
    /// The grade expected at their age: -1 is Pre-K, 0 kindergarten.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_grade: Option<i8>,
    /// StudyReel's grades, by subject.
    #[schema(value_type = BTreeMap<String, i8>)]
    grades: MeasureValues<i8>,
    /// RIT scores, by subject.
    #[schema(value_type = BTreeMap<String, u16>)]
    rit: MeasureValues<u16>,
    placement: Vec<PlacementAnswer>,
    /// Units of paid work; absent if there are none.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    learning_blocks: &'a [LearningBlock],
    #[serde(skip_serializing_if = "Option::is_none")]
    acquisition_source: Option<&'a str>,
}

impl<'a> StudentMember<'a> {
    fn new(
        launch: &'a CheckedLaunch,
        student: &'a StudentRow,
        profile: &'a Profile,
        paths: &[LearningPath],
    ) -> Self {
        let report = &profile.report;
        Self {
            id: &student.id,
            user_id: student.user_id.as_deref(),
            external_id: student.external_id.as_deref(),
            issuer: &student.issuer,
            subject: &profile.subject,
            age_grade: report.age_grade.value,
            grades: measured(report, |report| report.grade.value),
            rit: measured(report, |report| report.rit.value),
            placement: placements(profile, paths),
            learning_blocks: &launch.learning_blocks.blocks,
            acquisition_source: profile.acquisition_source.as_deref(),
        }
    }
}
