//! What a tool's owner may set about launches from StudyReel and its like (docs/settings.md).

use std::collections::BTreeMap;

use axum::http::HeaderName;
use serde::{Deserialize, Serialize};
use studyreel::{AllowedDeployment, Dialect, STUDYREEL};
use url::{Url, form_urlencoded};

use crate::kit::network;
use crate::settings::limits;
use studyreel::placement::PlacementRules;
use utoipa::ToSchema;

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

impl StudyReelSettings {
    /// Checks what the types don't.
    ///
    /// # Errors
    /// The path of the member within these settings, and what is wrong.
    pub fn check(&self) -> Result<(), String> {
        self.check_dialects()?;
        self.check_launches()?;
        self.check_proofs()?;
        let limits = self.limits;
        limits::check(&[limits.per_student, limits.per_deployment, limits.per_source])
            .map_err(|problem| format!("limits: {problem}"))?;
        self.provisioning
            .check()
            .map_err(|problem| format!("provisioning.{problem}"))
    }

    fn check_dialects(&self) -> Result<(), String> {
        let others = || {
            let known = Dialect::ALL.iter().map(|dialect| dialect.name);
            known.filter(|name| *name != STUDYREEL.name)
        };
        let unknown = |name: &&String| !others().any(|other| other == name.as_str());
        match self.dialects.keys().find(unknown) {
            Some(name) => {
                let others: Vec<_> = others().collect();
                let others = others.join(", ");
                Err(format!("dialects.{name}: must be one of {others}"))
            }
            None => Ok(()),
        }
    }

    /// What a launch may say, and where it leads.
    fn check_launches(&self) -> Result<(), String> {
        if !self.landing_path.as_deref().is_none_or(is_landing_path) {
            return Err("landingPath: must be a path such as /welcome".into());
        }
        if !(60..=300).contains(&self.skew_seconds) {
            return Err("skewSeconds: must be 60 to 300".into());
        }
        let ages = 60..=24 * 3600;
        if !self.max_age_seconds.is_none_or(|age| ages.contains(&age)) {
            return Err("maxAgeSeconds: must be 60 to 86400".into());
        }
        if !(60..=900).contains(&self.login_link_seconds) {
            return Err("loginLinkSeconds: must be 60 to 900".into());
        }
        if !(1..=14).contains(&self.placement.conflict_threshold) {
            return Err("placement.conflictThreshold: must be 1 to 14".into());
        }
        if !(0..=13).contains(&self.placement.rit_grade_cap) {
            return Err("placement.ritGradeCap: must be 0 to 13".into());
        }
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            return Err("timeZone: must be a zone such as UTC or America/Chicago".into());
        }
        Ok(())
    }

    /// What proves that a launch comes from the platform.
    fn check_proofs(&self) -> Result<(), String> {
        check_secrets(&self.secrets)?;
        if let Some(name) = &self.secret_header
            && (HeaderName::from_bytes(name.as_bytes()).is_err() || is_standard(name))
        {
            return Err("secretHeader: must be a header's name such as X-Launch-Secret, and none that requests have anyway".into());
        }
        let unreadable = |text: &&String| network::parse(text).is_none();
        match self.sources.iter().find(unreadable) {
            Some(bad) => Err(format!("sources: \"{bad}\" is no address or network/bits")),
            None => Ok(()),
        }
    }
}

impl Provisioning {
    fn check(&self) -> Result<(), String> {
        if self.url.as_ref().is_some_and(|url| {
            !matches!(url.scheme(), "http" | "https")
                || url.fragment().is_some()
                || !url.username().is_empty()
                || url.password().is_some()
        }) {
            return Err(
                "url: must be an http or https address without user name or fragment".into(),
            );
        }
        check_secrets(&self.secrets)
    }
}

/// A second secret is for the time in which the other side changes over.
fn check_secrets(numbers: &[u32]) -> Result<(), String> {
    if (1..=2).contains(&numbers.len()) {
        Ok(())
    } else {
        Err("secrets: must hold one number, or two".into())
    }
}

/// Checks that a text is a path on whatever host it is joined to, and nothing more. An `ltik` in it would stand before the
/// launch's own.
pub(crate) fn is_landing_path(path: &str) -> bool {
    let query = path.split_once('?').map_or("", |(_, query)| query);
    path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.contains(char::is_control)
        && path.len() <= 2048
        && !form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "ltik")
}

/// Headers that every request has, or that a proxy writes.
fn is_standard(name: &str) -> bool {
    const STANDARD: [&str; 9] = [
        "host",
        "content-type",
        "content-length",
        "transfer-encoding",
        "connection",
        "accept",
        "user-agent",
        "forwarded",
        "x-forwarded-for",
    ];
    STANDARD.iter().any(|one| name.eq_ignore_ascii_case(one))
}
