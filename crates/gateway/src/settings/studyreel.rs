//! A tool owner's settings for launches from StudyReel and similar platforms (docs/settings.md).

mod check;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use studyreel::placement::PlacementRules;
use studyreel::{AllowedDeployment, STUDYREEL};
use url::Url;
use utoipa::ToSchema;

pub(crate) use self::check::is_landing_path;

/// When the nonce and the `jti` of a StudyReel launch count as seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Replay {
    /// If either has been seen before, the launch is refused.
    Either,
    /// Only if both have been seen together: for a platform whose nonce turns out to be constant.
    Pair,
}

/// Launches from StudyReel.
// studyreel.md §4 and §5
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StudyReelSettings {
    /// Whether such launches are accepted.
    pub enabled: bool,
    /// Issuers that may launch.
    pub issuers: Vec<String>,
    /// Deployments that may launch; empty means any deployment of an allowed issuer.
    pub deployments: Vec<AllowedDeployment>,
    /// Additional dialects that are accepted, by name, each with its own launch URLs.
    pub dialects: BTreeMap<String, DialectRules>,
    /// Whether only the unguessable launch URL works. By default it does, except on a loopback
    /// address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_capability: Option<bool>,
    /// Accepts launches whose time has passed, for trying out the documentation's printed example.
    pub sandbox: bool,
    /// The time zone for times without one.
    pub time_zone: String,
    /// How far the platform's clock may be off, in seconds.
    pub skew_seconds: u16,
    /// How long ago a launch may have been issued, in seconds; if not set, its own `exp` decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_seconds: Option<u32>,
    /// What counts as a replay.
    pub replay: Replay,
    /// The path on the launch URL's host where students land; if not set, the launch URL itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landing_path: Option<String>,
    /// How long a login link is valid, in seconds.
    pub login_link_seconds: u16,
    /// What a login link does when it is opened.
    pub redeem: Redeem,
    /// The rule that places students in learning paths.
    pub placement: PlacementRules,
    /// Whether launches must be signed.
    pub signature: Signature,
    /// Name of a header that must contain the header secret; if not set, none is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_header: Option<String>,
    /// Addresses and networks that launches may come from; empty means anywhere.
    pub sources: Vec<String>,
    /// Numbers of the secrets in force, newest last: capability, signing secret and header secret
    /// are derived from each. There are two while the sender switches from one to the next.
    pub secrets: Vec<u32>,
    /// Rate limits for launches.
    pub limits: StudyReelLimits,
    /// The call that tells the application about a student.
    pub provisioning: Provisioning,
}

/// The provisioning hook.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Provisioning {
    /// Address of the application's hook; if not set, it isn't called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
    /// The data sent to it, in addition to the student's id and issuer.
    pub data: Vec<Disclosed>,
    /// Whether a launch is refused if the application gives no usable answer.
    pub required: bool,
    /// Numbers of the signing secrets, newest last; there are two while the application switches
    /// over.
    pub secrets: Vec<u32>,
}

/// Data about a student that may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Disclosed {
    /// Given and family name.
    Name,
    /// `sub`, often an e-mail address.
    Subject,
    /// Grades and scores as the platform reported them.
    Measures,
    /// Where the student was placed, and why.
    Placement,
    /// EduPaid's learning blocks.
    LearningBlocks,
}

impl Default for Provisioning {
    fn default() -> Self {
        Self {
            url: None,
            data: vec![Disclosed::Placement],
            required: false,
            secrets: vec![1],
        }
    }
}

/// Whether launches must be signed.
// studyreel.md §5, item 3
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StudyReelSignature)]
pub enum Signature {
    /// Signatures are ignored.
    Off,
    /// If there is a signature, it must be valid.
    Optional,
    /// There must be a valid signature.
    Required,
}

/// How many launches per minute are accepted; a minute's quota may be used at once. Zero disables a
/// limit.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StudyReelLimits {
    /// For one student.
    pub per_student: u32,
    /// For one deployment.
    pub per_deployment: u32,
    /// From one network address, including refused ones; also login links that don't open.
    pub per_source: u32,
}

impl Default for StudyReelLimits {
    fn default() -> Self {
        Self {
            per_student: 60,
            per_deployment: 60_000,
            per_source: 60_000,
        }
    }
}

/// What a login link does when it is opened.
// studyreel.md §8, line 5
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Redeem {
    /// Signs the student in.
    Get,
    /// Shows a self-submitting page with the token: programs that only fetch the link have no
    /// effect.
    Post,
    /// Shows a page that waits for a click: even programs that run scripts have no effect.
    Click,
}

impl Default for StudyReelSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            issuers: STUDYREEL
                .issuers
                .iter()
                .map(|issuer| (*issuer).to_owned())
                .collect(),
            deployments: Vec::new(),
            dialects: BTreeMap::new(),
            require_capability: None,
            sandbox: false,
            time_zone: "UTC".into(),
            skew_seconds: 120,
            max_age_seconds: None,
            replay: Replay::Either,
            landing_path: None,
            login_link_seconds: 300,
            redeem: Redeem::Get,
            placement: PlacementRules::default(),
            signature: Signature::Off,
            secret_header: None,
            sources: Vec::new(),
            secrets: vec![1],
            limits: StudyReelLimits::default(),
            provisioning: Provisioning::default(),
        }
    }
}

/// Who may launch in a dialect other than StudyReel's own.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DialectRules {
    /// Issuers that may launch; by default, those known for the dialect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuers: Option<Vec<String>>,
    /// Deployments that may launch; empty means any deployment of an allowed issuer.
    pub deployments: Vec<AllowedDeployment>,
}
