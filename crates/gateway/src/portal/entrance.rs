//! Signs in users who have proven who they are: by password, by a second step, by a one-time link,
//! or at the identity provider.

use axum::http::{HeaderMap, HeaderValue};
use store::portal_users::PortalUser;

use super::cookies::PortalCookie;
use super::page::{PortalAnswer, PortalRefusal, set_cookies};
use super::people::device::Device;
use super::people::profile::UserProfile;
use super::room::Portal;
use super::signed_in::sign_in_to;
use crate::audit::{Actor, ActorKind, AuditAction, AuditEntry};
use crate::directory::tools::Tool;
use crate::kit::id::new_id;
use crate::web::redirect::see_other_here;
use crate::web::texts::{Phrase, portal_sign_in as texts};

/// How a user has proven who they are.
#[derive(Clone, Copy, Debug)]
pub(super) enum SignInProof {
    /// Here and now.
    Here,
    /// At the identity provider, possibly days ago: when, in seconds since 1970, if the provider
    /// says.
    Provider { signed_in_at: Option<i64> },
    /// At the identity provider, and by a second step here and now.
    ProviderAndHere,
}

impl SignInProof {
    /// The action for the audit.
    const fn action(self) -> AuditAction {
        match self {
            Self::Here => AuditAction::SessionBegun,
            Self::Provider { .. } | Self::ProviderAndHere => AuditAction::SessionBegunByOidc,
        }
    }

    /// When the user proved it, in milliseconds since 1970; 0 if unknown.
    fn proven_at(self, now_ms: i64) -> i64 {
        match self {
            Self::Here | Self::ProviderAndHere => now_ms,
            Self::Provider { signed_in_at } => signed_in_at
                .map_or(0, |seconds| seconds.saturating_mul(1000))
                .clamp(0, now_ms),
        }
    }
}

/// How many minutes to wait, in words.
pub(super) fn wait_words(seconds: u32) -> Phrase {
    texts::TOO_MANY.with("minutes", seconds.div_ceil(60).to_string())
}

/// Leads to the sign-in, and from there to `next`: what was proven counts no more.
pub(super) fn sign_in_again(next: &str) -> PortalAnswer {
    Ok(see_other_here(&sign_in_to(next))?)
}

impl Portal {
    /// Signs a user in, and sends the browser on; back to the sign-in if their password or sessions
    /// have ended since `user` was read.
    pub(super) async fn enter(
        &self,
        tool: &Tool,
        user: &PortalUser,
        headers: &HeaderMap,
        proof: SignInProof,
        next: &str,
    ) -> PortalAnswer {
        let Some(cookies) = self.let_in(tool, user, headers, proof).await? else {
            return sign_in_again(next);
        };
        let mut response = see_other_here(next)?;
        set_cookies(&mut response, cookies);
        Ok(response)
    }

    /// Starts a new session, whatever the browser had before. Returns its cookies; `None` if what
    /// was proven counts no more.
    pub(super) async fn let_in(
        &self,
        tool: &Tool,
        user: &PortalUser,
        headers: &HeaderMap,
        proof: SignInProof,
    ) -> Result<Option<[Option<HeaderValue>; 2]>, PortalRefusal> {
        let profile = UserProfile::open(&self.rows, &user.id, &user.profile_sealed)?;
        let proven_at = proof.proven_at(self.clock.now_ms());
        let Some(token) = self.begin_session(user, headers, proven_at).await? else {
            return Ok(None);
        };
        let actor = Actor::new(ActorKind::User, &*user.id, &*profile.name);
        let entry = AuditEntry::new(&tool.id, actor, proof.action(), &*user.id);
        let entry = entry.named(profile.name);
        self.audit.write(&self.db, entry).await?;
        let login_hash = self.own.keys.login(&tool.id, &profile.login);
        let id = new_id(self.clock.now_ms(), &self.random);
        let device = Device::new(id, &self.own.keys, &login_hash).to_text();
        Ok(Some([
            PortalCookie::Session.set(&token, &self.public_url),
            PortalCookie::Device.set(&device, &self.public_url),
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_elsewhere_counts_from_its_own_time() {
        let now = 1_795_354_440_000;
        let at = |signed_in_at| SignInProof::Provider { signed_in_at }.proven_at(now);
        assert_eq!(at(None), 0);
        assert_eq!(at(Some(1_795_354_000)), 1_795_354_000_000);
        assert_eq!((at(Some(i64::MAX)), at(Some(-1))), (now, 0));
        assert_eq!(SignInProof::Here.proven_at(now), now);
    }
}
