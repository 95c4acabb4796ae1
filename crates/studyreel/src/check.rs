//! Second step: typed members become a launch, according to one installation's rules and the time.

use std::fmt;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::json::tidy;
use crate::learning_blocks::LearningBlocks;
use crate::payload::{Payload, check_key};
use crate::refusal::PayloadRefusal;
use crate::report::PlacementReport;
use crate::reported::means_nothing;

const HOUR: i64 = 3600;
const TARGET_MAX: usize = 2048;

/// What one installation accepts.
#[derive(Clone, Debug)]
pub struct PayloadRules<'a> {
    /// Allowed `iss` values; blanks around one and a trailing slash are ignored. An empty list
    /// allows none.
    pub issuers: &'a [String],
    /// Allowed deployments. Empty allows every deployment of an allowed issuer.
    pub deployments: &'a [AllowedDeployment],
    /// Tolerance for the sender's clock, in seconds: 120, or whatever the operator chose from
    /// 60 to 300.
    pub skew_seconds: i64,
    /// The time zone for times without one; UTC unless the operator chose another.
    pub time_zone: &'a TimeZone,
    /// Accepts launches however long ago they were issued or expired, such as
    /// [`PRINTED_EXAMPLE`](crate::PRINTED_EXAMPLE); all other rules stay. Never use it for real
    /// students: an old launch works for anyone who finds it.
    pub sandbox: bool,
    /// Longest time from `iat` to `exp`, in seconds.
    pub max_lifetime_seconds: i64,
    /// Longest time since `iat`, in seconds, skew not included; with `None`, only `exp` counts.
    pub max_age_seconds: Option<i64>,
}

impl<'a> PayloadRules<'a> {
    /// The contract's defaults: 120 s skew, 24 h lifetime, no age limit, strict.
    #[must_use]
    pub fn new(
        issuers: &'a [String],
        deployments: &'a [AllowedDeployment],
        time_zone: &'a TimeZone,
    ) -> Self {
        Self {
            issuers,
            deployments,
            skew_seconds: 120,
            time_zone,
            sandbox: false,
            max_lifetime_seconds: 24 * HOUR,
            max_age_seconds: None,
        }
    }
}

/// A deployment that may launch. In settings either a plain string, valid for every allowed issuer,
/// or `{"iss": "…", "id": "…"}`, valid for that issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "must be a deployment's id as text, or {\"iss\": its issuer, \"id\": its id}"
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum AllowedDeployment {
    /// The deployment, from any allowed issuer.
    OfAnyIssuer(String),
    /// The deployment, from one issuer.
    OfIssuer(IssuerDeployment),
}

/// A deployment tied to its issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct IssuerDeployment {
    /// The `iss` it belongs to; a trailing slash is ignored.
    #[serde(alias = "iss")]
    pub issuer: String,
    /// The exact `deployment_id`; blanks around it are ignored.
    #[serde(alias = "deploymentId", alias = "deployment_id")]
    pub id: String,
}

impl AllowedDeployment {
    fn allows(&self, issuer: &str, deployment_id: &str) -> bool {
        match self {
            Self::OfAnyIssuer(id) => is_copied(id, deployment_id),
            Self::OfIssuer(pair) => {
                without_slash(pair.issuer.trim()) == issuer && is_copied(&pair.id, deployment_id)
            }
        }
    }
}

/// A launch that passed every check that needs neither a store nor a secret.
///
/// It is still unsigned. Before acting on it, the service must check the request's own proof and
/// refuse a replay of `nonce` or `token_id`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckedLaunch {
    /// `iss` without a trailing slash. Accounts are keyed on this and `subject_key`.
    pub issuer: String,
    /// `deployment_id`.
    pub deployment_id: String,
    /// `sub` as used for comparison; see [`subject_key`].
    pub subject_key: String,
    /// `sub` as sent, surrounding blanks removed.
    pub subject: String,
    /// `given_name`, or `None` when the platform gave none.
    pub given_name: Option<String>,
    /// `family_name`, or `None` when the platform gave none.
    pub family_name: Option<String>,
    /// `resourceLink.id`; an unknown one leads to the default landing page.
    pub resource_link_id: String,
    /// `target_link_uri`: a hint to match against known paths, never an address to send anyone to.
    pub target_link_uri: String,
    /// `nonce`.
    pub nonce: String,
    /// `jti` as text.
    pub token_id: String,
    /// `iat` in seconds since 1970.
    pub issued_at: i64,
    /// `exp` in seconds since 1970.
    pub expires_at: i64,
    /// The last second at which the same body could pass again, in seconds since 1970. Keep `nonce`
    /// and `token_id` in the replay store beyond it.
    pub replayable_until: i64,
    /// The values available to placement.
    pub placement: PlacementReport,
    /// EduPaid learning blocks, if any came.
    pub learning_blocks: LearningBlocks,
    /// `user_acquisition_source`, to be stored on first sign-up only.
    pub acquisition_source: Option<String>,
}

/// Omits personal data, so that `{:?}` can't put a person's name into a log.
impl fmt::Debug for CheckedLaunch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedLaunch")
            .field("issuer", &self.issuer)
            .field("deployment_id", &self.deployment_id)
            .finish_non_exhaustive()
    }
}

/// Checks a payload at the time `now` (seconds since 1970), in the order of studyreel.md §5:
/// message, version, issuer, deployment, role, time window, identity.
///
/// # Errors
/// The [`PayloadRefusal`] for the first broken rule.
pub fn check(
    payload: &Payload,
    expected: &PayloadRules<'_>,
    now: i64,
) -> Result<CheckedLaunch, PayloadRefusal> {
    if payload.message_type != "LtiResourceLinkRequest" {
        return Err(PayloadRefusal::UnsupportedMessage);
    }
    if !is_version_1_3(&payload.version) {
        return Err(PayloadRefusal::UnsupportedVersion);
    }
    let issuer = without_slash(&payload.issuer);
    let (issuers, deployments) = (expected.issuers, expected.deployments);
    admit(issuers, deployments, issuer, &payload.deployment_id)?;
    if !is_student(&payload.role) {
        return Err(PayloadRefusal::RoleNotAllowed);
    }
    let window = time_window(payload, expected, now)?;
    let subject = checked_subject(&payload.subject)?;
    Ok(CheckedLaunch {
        issuer: issuer.to_owned(),
        deployment_id: payload.deployment_id.clone(),
        subject_key: subject_key(subject),
        subject: subject.to_owned(),
        given_name: payload.given_name.clone(),
        family_name: payload.family_name.clone(),
        resource_link_id: payload.resource_link_id.clone(),
        target_link_uri: tidy(&payload.target_link_uri, TARGET_MAX),
        nonce: payload.nonce.clone(),
        token_id: payload.token_id.clone(),
        issued_at: window.issued_at,
        expires_at: window.expires_at,
        replayable_until: window.replayable_until,
        placement: payload.placement.clone(),
        learning_blocks: payload.learning_blocks.clone(),
        acquisition_source: payload.acquisition_source.clone(),
    })
}

/// Whether this deployment of this issuer (given without its trailing slash) may launch, according
/// to rules as in [`PayloadRules`]. Sessions are checked with this, too: they end once their launch
/// would no longer be accepted.
///
/// # Errors
/// [`PayloadRefusal::UnknownIssuer`] or [`PayloadRefusal::UnknownDeployment`].
pub fn admit(
    issuers: &[String],
    deployments: &[AllowedDeployment],
    issuer: &str,
    deployment_id: &str,
) -> Result<(), PayloadRefusal> {
    if !issuers
        .iter()
        .any(|allowed| without_slash(allowed.trim()) == issuer)
    {
        return Err(PayloadRefusal::UnknownIssuer);
    }
    let allowed = |d: &AllowedDeployment| d.allows(issuer, deployment_id);
    if !deployments.is_empty() && !deployments.iter().any(allowed) {
        return Err(PayloadRefusal::UnknownDeployment);
    }
    Ok(())
}

/// Whether a deployment in the settings is this one. Copying from a page often adds blanks.
fn is_copied(listed: &str, deployment_id: &str) -> bool {
    listed == deployment_id || listed.trim() == deployment_id
}

fn without_slash(issuer: &str) -> &str {
    issuer.strip_suffix('/').unwrap_or(issuer)
}

fn is_version_1_3(version: &str) -> bool {
    version.strip_prefix("1.3").is_some_and(|rest| {
        rest.is_empty()
            || rest
                .strip_prefix('.')
                .is_some_and(|x| !x.is_empty() && x.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// Recognises a student by a plain word, or by an LTI role URI whose principal role is learner.
/// `…/membership/Administrator#Student` is a kind of administrator.
fn is_student(role: &str) -> bool {
    let role = role.trim().to_ascii_lowercase();
    let address = role
        .strip_prefix("https:")
        .or_else(|| role.strip_prefix("http:"));
    let name =
        match address.and_then(|rest| rest.strip_prefix("//purl.imsglobal.org/vocab/lis/v2/")) {
            None => role.as_str(),
            Some(path) => match path.split_once('#') {
                Some(("membership" | "institution/person" | "person", name)) => name,
                _ => return false,
            },
        };
    matches!(name, "student" | "learner")
}

struct Window {
    issued_at: i64,
    expires_at: i64,
    replayable_until: i64,
}

/// The rules of studyreel.md §4.3.
fn time_window(
    payload: &Payload,
    expected: &PayloadRules<'_>,
    now: i64,
) -> Result<Window, PayloadRefusal> {
    let zone = expected.time_zone;
    let skew = expected.skew_seconds;
    let issued_at = payload
        .issued_at
        .seconds(zone)
        .ok_or(PayloadRefusal::UnreadableTime("iat"))?;
    let expires_at = payload
        .expires_at
        .seconds_at_latest(zone)
        .ok_or(PayloadRefusal::UnreadableTime("exp"))?;
    if expires_at <= issued_at {
        return Err(PayloadRefusal::ExpiryNotAfterIssue);
    }
    if expires_at - issued_at > expected.max_lifetime_seconds {
        return Err(PayloadRefusal::LifetimeTooLong);
    }
    if issued_at > now.saturating_add(skew) {
        return Err(PayloadRefusal::IssuedInFuture {
            seconds_ahead: issued_at.saturating_sub(now),
        });
    }
    let mut replayable_until = expires_at.saturating_add(skew);
    if expected.sandbox {
        // A stale launch would stay valid forever; one lifetime is enough for experiments.
        replayable_until = replayable_until.max(now.saturating_add(expected.max_lifetime_seconds));
    } else if now > replayable_until {
        return Err(PayloadRefusal::Expired {
            seconds_ago: now.saturating_sub(expires_at),
        });
    } else if let Some(max_age) = expected.max_age_seconds
        && now.saturating_sub(issued_at) > max_age.saturating_add(skew)
    {
        return Err(PayloadRefusal::TooOld {
            seconds_old: now.saturating_sub(issued_at),
        });
    }
    Ok(Window {
        issued_at,
        expires_at,
        replayable_until,
    })
}

/// `sub` without surrounding whitespace, if it is fit to identify someone. If words for "nothing"
/// were accepted, all students without an identity would share one account.
fn checked_subject(sub: &str) -> Result<&str, PayloadRefusal> {
    const FIELD: &str = "sub";
    let trimmed = sub.trim_matches(' ');
    if means_nothing(trimmed) {
        return Err(PayloadRefusal::EmptyField(FIELD));
    }
    check_key(trimmed, FIELD, 1, 255)?;
    Ok(trimmed)
}

/// `sub` as accounts compare it: without surrounding whitespace and, if it looks like an e-mail
/// address, with ASCII letters in lower case. Only ASCII, because Unicode lower-casing turns U+212A
/// (Kelvin sign) into `k`, which could merge two students.
#[must_use]
pub fn subject_key(sub: &str) -> String {
    let sub = sub.trim_matches(' ');
    let is_email = sub.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !sub.contains(char::is_whitespace)
    });
    if is_email {
        sub.to_ascii_lowercase()
    } else {
        sub.to_owned()
    }
}
