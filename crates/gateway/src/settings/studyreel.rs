//! What a tool's owner may set about launches from StudyReel and its like (docs/settings.md).

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
    /// Either one seen before refuses the launch.
    Either,
    /// Only both together do, for a platform whose nonce turns out to be constant.
    Pair,
}

/// Launches from StudyReel.
// studyreel.md §4 and §5
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StudyReelSettings {
    /// Whether such launches are taken.
    pub enabled: bool,
    /// Issuers that may launch.
    pub issuers: Vec<String>,
    /// Deployments that may launch; empty means any of an allowed issuer.
    pub deployments: Vec<AllowedDeployment>,
    /// Further dialects that are taken, by name, each at launch URLs of its own.
    pub dialects: BTreeMap<String, DialectRules>,
    /// Whether only the unguessable launch URL works; if it isn't set, it does everywhere but on a loopback address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_capability: Option<bool>,
    /// Takes launches whose time has passed, for trying out the documentation's printed example.
    pub sandbox: bool,
    /// Zone of times that name none.
    pub time_zone: String,
    /// How far the platform's clock may be off, in seconds.
    pub skew_seconds: u16,
    /// How long ago a launch may have been issued, in seconds; its own `exp` decides if this isn't set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_seconds: Option<u32>,
    /// What counts as a replay.
    pub replay: Replay,
    /// Path of the launch URL's host where a student lands; the launch URL itself if it isn't set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landing_path: Option<String>,
    /// How long a login link is good, in seconds.
    pub login_link_seconds: u16,
    /// What a login link does when it is opened.
    pub redeem: Redeem,
    /// The rule that places students in learning paths.
    pub placement: PlacementRules,
    /// Whether launches must be signed.
    pub signature: Signature,
    /// Name of a header that must hold the header secret; none is required if it isn't set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_header: Option<String>,
    /// Addresses and networks launches may come from; empty means anywhere.
    pub sources: Vec<String>,
    /// Numbers of the secrets in force, the newest last: capability, signing and header secret are derived from each. Two
    /// while the sender changes over from one to the next.
    pub secrets: Vec<u32>,
    /// How many launches are taken.
    pub limits: StudyReelLimits,
    /// The call that tells the application of a student.
    pub provisioning: Provisioning,
}

/// The provisioning hook.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Provisioning {
    /// Address of the application's hook; it isn't called if this isn't set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
    /// What is sent to it beside the student's id and issuer.
    pub data: Vec<Disclosed>,
    /// Whether a launch is refused if the application gives no usable answer.
    pub required: bool,
    /// Numbers of the secrets that sign, the newest last; two while the application changes over.
    pub secrets: Vec<u32>,
}

/// What may be told of a student.
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
    /// Signatures are not looked at.
    Off,
    /// A signature must be right if there is one.
    Optional,
    /// There must be a right one.
    Required,
}

/// How many launches a minute are taken; as many may come at once. Zero switches a limit off.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct StudyReelLimits {
    /// Of one student.
    pub per_student: u32,
    /// Of one deployment.
    pub per_deployment: u32,
    /// From one network address, refused ones included; also login links that don't open.
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
    /// Shows a page that posts the token by itself: programs that only fetch the link change nothing.
    Post,
    /// Shows a page that waits for its button to be pressed: programs that run scripts change nothing either.
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
    /// Issuers that may launch; those the dialect is known for if it isn't set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuers: Option<Vec<String>>,
    /// Deployments that may launch; empty means any of an allowed issuer.
    pub deployments: Vec<AllowedDeployment>,
}
