//! A launch that passed every rule (lti.md B.2, steps 7 to 11).

use lti::claims::Claims;
use lti::id_token::{Checked, Expected};
use lti::message::MessageType;
use lti::role::Standing;
use store::StoreError;
use store::deployments::{self, DeploymentStatus};

use super::refusal::{LaunchRefusal, at_our_addresses};
use super::room::Lti13;
use super::signed::Signed;
use crate::events::Event;
use crate::launch::handoff::{self, Destination};
use crate::settings::launch::UnknownDeployments;
use crate::traces::{Recorder, Step};
use crate::web::problem::Problem;

/// A launch that is meant for us and current, from a person and a deployment that may launch. It is
/// not used up yet.
pub(super) struct Accepted<'a> {
    /// The launch before.
    pub(super) signed: Signed<'a>,
    /// The checked claims of its token.
    pub(super) checked: Checked,
    /// Whether its deployment appears for the first time, or was waiting until now.
    pub(super) deployment_is_new: bool,
}

impl<'a> Accepted<'a> {
    /// Applies the rules of the specification, the tool and the platform, in the order of B.2.
    ///
    /// # Errors
    /// The first rule that is broken, or the store failed.
    pub(super) async fn new(
        room: &Lti13,
        signed: Signed<'a>,
        trace: &mut Recorder,
    ) -> Result<Self, Problem> {
        let (tool, platform) = (&signed.bound.tool, &signed.bound.platform);
        let checked = check_claims(room, &signed, trace)
            .map_err(|refused| at_our_addresses(refused, &room.public_url))?;
        trace.done(Step::ClaimsChecked);
        trace.facts.message = Some(checked.message_type.name().into());
        let to = destination(&checked);
        if to == Destination::DeepLinking && !tool.settings.services.deep_linking {
            return Err(LaunchRefusal::DeepLinkingOff.into());
        }
        if to == Destination::DeepLinking && signed.bound.rules().lets_only_staff_choose() {
            only_staff(signed.token.payload())?;
        }
        if checked.message_type == MessageType::SubmissionReview {
            own_or_staff(signed.token.payload())?;
        }
        handoff::address(tool, to)?;
        if !platform.active {
            return Err(LaunchRefusal::Inactive(platform.id.clone()).into());
        }
        if let Some(subject) = &checked.subject
            && room.platforms.is_blocked(&platform.id, subject).await?
        {
            return Err(LaunchRefusal::PersonBlocked.into());
        }
        let deployment_is_new = match admit(room, &signed, &checked.deployment_id).await {
            Ok(is_new) => is_new,
            Err(refused) => {
                trace.deployment_id = Some(checked.deployment_id);
                return Err(refused);
            }
        };
        trace.done(Step::DeploymentAdmitted);
        Ok(Self {
            signed,
            checked,
            deployment_is_new,
        })
    }
}

/// Checks that the person's role in the course includes authoring content (E-01).
fn only_staff(payload: &str) -> Result<(), LaunchRefusal> {
    let claims = Claims::from_checked_payload(payload)?;
    if claims.standing() < Standing::TeachingAssistant {
        return Err(LaunchRefusal::StaffOnly);
    }
    Ok(())
}

/// Checks that the person may see the submission under review (F-50).
fn own_or_staff(payload: &str) -> Result<(), LaunchRefusal> {
    let claims = Claims::from_checked_payload(payload)?;
    if !claims.may_review() {
        return Err(LaunchRefusal::OthersSubmission);
    }
    Ok(())
}

/// Steps 7 to 10.
fn check_claims(
    room: &Lti13,
    signed: &Signed<'_>,
    trace: &mut Recorder,
) -> Result<Checked, LaunchRefusal> {
    let (bound, now) = (signed.bound, room.clock.now_seconds());
    let (rules, state) = (bound.rules(), &bound.state);
    trace.facts.skew_seconds = signed.token.issued_at().map(|issued| issued - now);
    let origins = rules.target_origins(&bound.tool.address(&room.public_url));
    let expected = Expected {
        leeway_seconds: rules.leeway_seconds(),
        max_age_seconds: Some(rules.max_age_seconds()),
        anonymous_allowed: rules.allows_anonymous(),
        deployment_id: state.deployment_id.as_deref(),
        target_link_uri: Some(state.target.link(signed.token.claimed_target())),
        target_may_differ: rules.target_may_differ(),
        issuer: &bound.platform.issuer,
        client_id: &bound.platform.client_id,
        nonce: &state.nonce,
        target_origins: &origins,
        trusted_audiences: rules.trusted_audiences(),
        plain_http_allowed: false,
    };
    Ok(signed.token.check(&expected, now)?)
}

/// Where in the application a message leads.
pub(super) fn destination(checked: &Checked) -> Destination<'static> {
    match checked.message_type {
        MessageType::DeepLinking => Destination::DeepLinking,
        _ => Destination::Launch,
    }
}

/// Checks that the deployment may launch (step 11). Returns true if it appears for the first time,
/// or is waiting although the rule now admits everyone.
async fn admit(room: &Lti13, signed: &Signed<'_>, deployment_id: &str) -> Result<bool, Problem> {
    let platform = &signed.bound.platform;
    let known = room.platforms.deployment(&platform.id, deployment_id);
    let policy = signed.bound.rules().unknown_deployments();
    let refusal = match (known.await?, policy) {
        (Some(DeploymentStatus::Active), _) => return Ok(false),
        (None | Some(DeploymentStatus::Pending), UnknownDeployments::Auto) => return Ok(true),
        (Some(status), _) => stopped(status),
        (None, UnknownDeployments::Reject) => LaunchRefusal::DeploymentUnknown,
        (None, UnknownDeployments::Pending) => {
            let (platform_id, id) = (platform.id.clone(), deployment_id.to_owned());
            let event = Event::DeploymentPending {
                platform_id: platform_id.clone(),
                deployment_id: id.clone(),
            };
            let (tool_id, events) = (platform.tool_id.clone(), room.events.clone());
            let now = room.clock.now_ms();
            let save = room.db.write::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move {
                    let pending = DeploymentStatus::Pending;
                    if deployments::save(&mut tx, platform_id, id, pending, now).await? {
                        events.record(&mut tx, &tool_id, &event).await?;
                    }
                    Ok(())
                })
            });
            save.await?;
            room.events.committed();
            LaunchRefusal::DeploymentPending
        }
    };
    Err(refusal.into())
}

/// Why a known, inactive deployment may not launch.
pub(super) fn stopped(status: DeploymentStatus) -> LaunchRefusal {
    match status {
        DeploymentStatus::Pending => LaunchRefusal::DeploymentPending,
        DeploymentStatus::Active | DeploymentStatus::Disabled => LaunchRefusal::DeploymentDisabled,
    }
}
