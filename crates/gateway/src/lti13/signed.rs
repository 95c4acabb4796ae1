//! A launch whose token was signed with the platform's key (lti.md B.2, steps 3 to 6).

use lti::id_token::{SignedToken, UnverifiedToken};

use super::bound::Bound;
use super::refusal::LaunchRefusal;
use super::room::Lti13;
use crate::directory::platforms::Platform;
use crate::keys::theirs::PlatformKeys;
use crate::traces::{Recorder, Step};
use crate::web::problem::Problem;

/// A launch whose token was signed by the login's platform. Whether it is meant for us and current
/// is not known yet.
pub(super) struct Signed<'a> {
    /// The launch before.
    pub(super) bound: &'a Bound,
    /// The platform's claims.
    pub(super) token: SignedToken<'a>,
}

impl<'a> Signed<'a> {
    /// Verifies the signature of a launch's token.
    ///
    /// # Errors
    /// None of the platform's keys verifies it.
    pub(super) async fn new(
        room: &Lti13,
        bound: &'a Bound,
        token: &'a UnverifiedToken<'a>,
        trace: &mut Recorder,
    ) -> Result<Self, Problem> {
        match verified(&room.keys, &bound.platform, token, trace).await {
            Ok(token) => {
                trace.is_signed = true;
                trace.done(Step::SignatureVerified);
                Ok(Self { bound, token })
            }
            Err(refusal) => {
                trace.failure().kid = Some(token.kid().to_owned());
                Err(refusal.into())
            }
        }
    }
}

async fn verified<'a>(
    keys: &PlatformKeys,
    platform: &Platform,
    token: &'a UnverifiedToken<'a>,
    trace: &mut Recorder,
) -> Result<SignedToken<'a>, LaunchRefusal> {
    let found = keys.find(platform, token.kid()).await?;
    trace.facts.keys = Some(found.source());
    trace.done(Step::KeyFound);
    let refused = match token.verify(found.get()?) {
        Ok(signed) => return Ok(signed),
        Err(refused) => refused,
    };
    // The platform may have reused an old kid for a new key (G-24).
    let newer = keys.find_newer(platform, &found).await;
    let Some((key, source)) = newer
        .as_ref()
        .and_then(|key| Some((key.get().ok()?, key.source())))
    else {
        return Err(refused.into());
    };
    trace.facts.keys = Some(source);
    Ok(token.verify(key)?)
}
