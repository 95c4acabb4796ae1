//! Signing in users who have proven who they are: by password, by a second step or by a one-time link.

use axum::http::HeaderMap;
use store::portal_users::PortalUser;

use super::cookies::PortalCookie;
use super::page::{PortalAnswer, onward, set_cookies};
use super::people::device::Device;
use super::people::profile::UserProfile;
use super::room::Portal;
use crate::audit::{Actor, ActorKind, AuditAction, AuditEntry};
use crate::directory::tools::Tool;
use crate::kit::id::new_id;
use crate::web::texts::{Phrase, portal_sign_in as texts};

/// How long to wait, in minutes.
pub(super) fn wait_words(seconds: u32) -> Phrase {
    texts::TOO_MANY.with("minutes", seconds.div_ceil(60).to_string())
}

impl Portal {
    /// Signs a user in: a new session, whatever the browser had before.
    pub(super) async fn enter(
        &self,
        tool: &Tool,
        user: &PortalUser,
        headers: &HeaderMap,
        next: &str,
    ) -> PortalAnswer {
        let profile = UserProfile::open(&self.rows, &user.id, &user.profile_sealed)?;
        let token = self.begin_session(&user.id, headers).await?;
        let actor = Actor::new(ActorKind::User, &*user.id, &*profile.name);
        let entry = AuditEntry::new(&tool.id, actor, AuditAction::SessionBegun, &*user.id);
        let entry = entry.named(profile.name);
        self.audit.write(&self.db, entry).await?;
        let login_hash = self.own.keys.login(&tool.id, &profile.login);
        let id = new_id(self.clock.now_ms(), &self.random);
        let device = Device::new(id, &self.own.keys, &login_hash).to_text();
        let mut response = onward(next)?;
        let cookies = [
            PortalCookie::Session.set(&token, &self.public_url),
            PortalCookie::Device.set(&device, &self.public_url),
        ];
        set_cookies(&mut response, cookies);
        Ok(response)
    }
}
