//! The rules that a launch is checked by: the tool's, and what one platform has of its own (lti.md §0.2, A-60, A-61, B-23,
//! B-26 to B-28, B-40).

use lti::key::Algorithm;
use lti::registration::Vendor;
use serde::{Deserialize, Serialize};
use url::{Origin, Url};

use crate::config::PublicUrl;
use crate::store::platforms::Platform;
use crate::tool::{Anonymous, LaunchRules, UnknownDeployments};

/// An origin that `target_link_uri` may have beside ours: scheme, host and port, nothing more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TargetOrigin(Origin);

impl TryFrom<String> for TargetOrigin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let problem = || format!("{text} is no origin: it must be like https://app.example.com");
        let url = Url::parse(&text).map_err(|_| problem())?;
        let origin = url.origin();
        let is_bare = origin.ascii_serialization() == text.trim_end_matches('/');
        let is_web = matches!(url.scheme(), "https" | "http");
        if is_bare && is_web {
            Ok(Self(origin))
        } else {
            Err(problem())
        }
    }
}

impl From<TargetOrigin> for String {
    fn from(origin: TargetOrigin) -> Self {
        origin.0.ascii_serialization()
    }
}

/// A signature algorithm by its JOSE name; only those with a public key exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SignedWith(Algorithm);

impl TryFrom<String> for SignedWith {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Algorithm::from_name(&name).map(Self).ok_or_else(|| {
            format!("{name} is no algorithm that can be allowed: RS256, RS384, RS512, PS256, PS384, PS512, ES256 or ES384")
        })
    }
}

impl From<SignedWith> for String {
    fn from(algorithm: SignedWith) -> Self {
        algorithm.0.name().to_owned()
    }
}

/// What one platform has of its own; the tool's rules hold for the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PlatformRules {
    /// Launches without a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymous: Option<Anonymous>,
    /// How far its clock may be off, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leeway_seconds: Option<u16>,
    /// How old its tokens may be, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_seconds: Option<u32>,
    /// Whether the token's target may be another than the login's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_may_differ: Option<bool>,
    /// Origins that targets may have beside ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_origins: Option<Vec<TargetOrigin>>,
    /// Parties that may stand in `aud` beside our client id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_audiences: Option<Vec<String>>,
    /// Algorithms its tokens may be signed with; RS256 where none are named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithms: Option<Vec<SignedWith>>,
}

/// As the store keeps it.
impl TryFrom<String> for PlatformRules {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
}

impl PlatformRules {
    /// As the store keeps it.
    ///
    /// # Errors
    /// It can't be written; nothing a caller can do.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Whether the platform has no rules of its own.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with it, by member of the platform.
    pub fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let mut problems = Vec::new();
        if self
            .leeway_seconds
            .is_some_and(|seconds| seconds > MAX_LEEWAY)
        {
            problems.push(("launch.leewaySeconds", LEEWAY_PROBLEM));
        }
        if self
            .max_age_seconds
            .is_some_and(|seconds| !AGES.contains(&seconds))
        {
            problems.push(("launch.maxAgeSeconds", AGE_PROBLEM));
        }
        if self.algorithms.as_ref().is_some_and(Vec::is_empty) {
            problems.push(("launch.algorithms", "must name one at least"));
        }
        problems
    }
}

/// Longest leeway, in seconds.
pub const MAX_LEEWAY: u16 = 300;
/// What is wrong with a longer one.
pub const LEEWAY_PROBLEM: &str = "must be at most 300";
/// Ages that can be allowed, in seconds.
pub const AGES: std::ops::RangeInclusive<u32> = 60..=86_400;
/// What is wrong with another.
pub const AGE_PROBLEM: &str = "must be 60 to 86400";

/// How long a token may be at most, in kilobytes: it has to fit into a launch's form with room for the rest.
pub const TOKEN_KILOBYTES: std::ops::RangeInclusive<u16> = 16..=240;

/// The rules in force for one platform.
pub(super) struct Rules<'a> {
    tool: &'a LaunchRules,
    platform: &'a Platform,
}

impl<'a> Rules<'a> {
    pub(super) fn new(tool: &'a LaunchRules, platform: &'a Platform) -> Self {
        Self { tool, platform }
    }

    fn own(&self) -> &'a PlatformRules {
        &self.platform.launch
    }

    pub(super) fn allows_anonymous(&self) -> bool {
        self.own().anonymous.unwrap_or(self.tool.anonymous) == Anonymous::Allow
    }

    pub(super) fn leeway_seconds(&self) -> i64 {
        i64::from(
            self.own()
                .leeway_seconds
                .unwrap_or(self.tool.leeway_seconds),
        )
    }

    pub(super) fn max_age_seconds(&self) -> i64 {
        i64::from(
            self.own()
                .max_age_seconds
                .unwrap_or(self.tool.max_age_seconds),
        )
    }

    pub(super) fn target_may_differ(&self) -> bool {
        self.own()
            .target_may_differ
            .unwrap_or(self.tool.target_may_differ)
    }

    pub(super) fn trusted_audiences(&self) -> &'a [String] {
        let own = self.own().trusted_audiences.as_ref();
        own.unwrap_or(&self.tool.trusted_audiences)
    }

    /// Ours, and those beside it.
    pub(super) fn target_origins(&self, public: &PublicUrl) -> Vec<Origin> {
        let own = self.own().target_origins.as_ref();
        let more = own.unwrap_or(&self.tool.target_origins);
        let more = more.iter().map(|origin| origin.0.clone());
        std::iter::once(public.origin()).chain(more).collect()
    }

    pub(super) fn algorithms(&self) -> Vec<Algorithm> {
        match &self.own().algorithms {
            Some(named) => named.iter().map(|algorithm| algorithm.0).collect(),
            None => Algorithm::DEFAULT.to_vec(),
        }
    }

    /// How long a token may be.
    pub(super) fn max_token_bytes(&self) -> usize {
        usize::from(self.tool.max_token_kilobytes) * 1024
    }

    pub(super) fn unknown_deployments(&self) -> UnknownDeployments {
        let own = self.platform.unknown_deployments.as_deref();
        let of_tool = match self.tool.unknown_deployments {
            // Any of the vendor's schools could let itself in: somebody has to know which are ours (A-26, B-53).
            UnknownDeployments::Auto if Vendor::shares_client_ids(&self.platform.issuer) => {
                UnknownDeployments::Pending
            }
            policy => policy,
        };
        own.and_then(UnknownDeployments::from_name)
            .unwrap_or(of_tool)
    }
}
