//! Rules for checking launches, as data: a tool's, and a platform's own (lti.md §0.2, A-60, A-61,
//! B-23, B-26 to B-28, B-40).

use lti::key::Algorithm;
use serde::{Deserialize, Deserializer, Serialize};
use url::{Origin, Url};
use utoipa::ToSchema;

/// What to do with launches without a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum Anonymous {
    /// Refuse them.
    Refuse,
    /// Accept them, as guests.
    Allow,
}

/// Who may choose content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum DeepLinkingBy {
    /// Everyone the platform sends: some platforms let learners choose what they submit.
    Anyone,
    /// Instructors, assistants, content developers and administrators.
    Staff,
}

/// What to do with a deployment that appears for the first time.
// From the strictest to the loosest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub enum UnknownDeployments {
    /// Refuse the launch and store nothing.
    Reject,
    /// Refuse the launch, but store the deployment for an operator to activate.
    Pending,
    /// Accept and remember it, as LTIAAS does.
    Auto,
}

impl UnknownDeployments {
    /// Its name in settings and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reject => "reject",
            Self::Pending => "pending",
            Self::Auto => "auto",
        }
    }

    /// The policy with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Reject, Self::Pending, Self::Auto]
            .into_iter()
            .find(|policy| policy.as_str() == name)
    }
}

/// Which launches are accepted, and where they may lead.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct LaunchRules {
    /// Launches without a user.
    pub anonymous: Anonymous,
    /// Deployments that appear for the first time.
    pub unknown_deployments: UnknownDeployments,
    /// Who may choose content.
    // E-01
    pub deep_linking_by: DeepLinkingBy,
    /// How far the platform's clock may be off, in seconds.
    pub leeway_seconds: u16,
    /// How old a token may be, in seconds, in addition to the leeway.
    // lti.md B-28
    pub max_age_seconds: u32,
    /// Whether the token's target may differ from the login's, among those allowed.
    //
    pub target_may_differ: bool,
    /// Origins of targets, in addition to ours.
    //
    pub target_origins: Vec<TargetOrigin>,
    /// Parties that may appear in `aud`, in addition to our client id.
    // B-23
    #[serde(deserialize_with = "audiences")]
    pub trusted_audiences: Vec<String>,
    /// The largest token, in kilobytes.
    // B-02
    pub max_token_kilobytes: u16,
    /// Whether pages show the reason for a refusal: for the certification suite, which requires
    /// screenshots as proof.
    // B-04
    pub show_reasons: bool,
}

impl Default for LaunchRules {
    fn default() -> Self {
        Self {
            anonymous: Anonymous::Refuse,
            unknown_deployments: UnknownDeployments::Auto,
            deep_linking_by: DeepLinkingBy::Anyone,
            leeway_seconds: 60,
            max_age_seconds: 600,
            target_may_differ: false,
            target_origins: Vec::new(),
            trusted_audiences: Vec::new(),
            max_token_kilobytes: 64,
            show_reasons: false,
        }
    }
}

fn audiences<'de, D: Deserializer<'de>>(given: D) -> Result<Vec<String>, D::Error> {
    Vec::deserialize(given).map(trimmed)
}

fn own_audiences<'de, D: Deserializer<'de>>(given: D) -> Result<Option<Vec<String>>, D::Error> {
    Ok(Option::deserialize(given)?.map(trimmed))
}

/// Without the blanks that copying from a page often adds.
fn trimmed(texts: Vec<String>) -> Vec<String> {
    let texts = texts.into_iter().map(|text| text.trim().to_owned());
    texts.filter(|text| !text.is_empty()).collect()
}

/// An additional origin for `target_link_uri`: only scheme, host and port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct TargetOrigin(pub Origin);

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

/// The additional origins for a platform's targets: its own, otherwise the tool's.
pub(crate) fn target_origins<'a>(
    tool: &'a LaunchRules,
    own: &'a PlatformRules,
) -> impl Iterator<Item = Origin> {
    let named = own.target_origins.as_ref().unwrap_or(&tool.target_origins);
    named.iter().map(|origin| origin.0.clone())
}

/// A signature algorithm by its JOSE name; only those with public keys exist here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String)]
pub struct SignedWith(pub Algorithm);

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

/// A platform's own rules; for anything else, the tool's rules apply.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PlatformRules {
    /// Launches without a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymous: Option<Anonymous>,
    /// Who may choose content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deep_linking_by: Option<DeepLinkingBy>,
    /// How far its clock may be off, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leeway_seconds: Option<u16>,
    /// How old its tokens may be, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age_seconds: Option<u32>,
    /// Whether the token's target may differ from the login's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_may_differ: Option<bool>,
    /// Origins of targets, in addition to ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_origins: Option<Vec<TargetOrigin>>,
    /// Parties that may appear in `aud`, in addition to our client id.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "own_audiences"
    )]
    pub trusted_audiences: Option<Vec<String>>,
    /// Algorithms for signing its tokens; RS256 if none are given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithms: Option<Vec<SignedWith>>,
}

/// From the form in which the store keeps it.
impl TryFrom<String> for PlatformRules {
    type Error = serde_json::Error;

    fn try_from(text: String) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&text)
    }
}

impl PlatformRules {
    /// Converts to the form in which the store keeps it.
    ///
    /// # Errors
    /// It can't be serialised. The caller can do nothing about it.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Whether the platform overrides none of the tool's rules.
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

/// The longest leeway, in seconds.
pub(crate) const MAX_LEEWAY: u16 = 300;

/// What is wrong with a longer one.
pub(crate) const LEEWAY_PROBLEM: &str =
    "must be at most 300; a clock that is off by more has to be set (NTP)";

/// The allowed range of ages, in seconds.
pub(crate) const AGES: std::ops::RangeInclusive<u32> = 60..=86_400;

/// What is wrong with any other.
pub(crate) const AGE_PROBLEM: &str = "must be 60 to 86400";

/// The allowed range of token sizes, in kilobytes: a token must fit into a launch's form with room
/// for the rest.
pub(crate) const TOKEN_KILOBYTES: std::ops::RangeInclusive<u16> = 16..=240;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn audiences_lose_the_blanks_around_them() {
        let given = json!({"trustedAudiences": [" https://app.example.com\n", "", "b c"]});
        let rules: LaunchRules = serde_json::from_value(given.clone()).unwrap();
        assert_eq!(rules.trusted_audiences, ["https://app.example.com", "b c"]);
        let own: PlatformRules = serde_json::from_value(given).unwrap();
        assert_eq!(own.trusted_audiences, Some(rules.trusted_audiences));
        for own in [json!({}), json!({"trustedAudiences": null})] {
            let own: PlatformRules = serde_json::from_value(own).unwrap();
            assert_eq!(own.trusted_audiences, None);
        }
    }
}
