//! The user who is signed in.

use std::sync::Arc;

use super::profile::UserProfile;
use super::rights::Right;
use super::role::Role;
use crate::audit::{Actor, ActorKind, AuditAction, AuditEntry};
use crate::directory::tools::Tool;
use crate::portal::flash::PortalFlash;
use crate::web::language::Language;

/// How long after users proved who they are they aren't asked again, in milliseconds.
const CONFIRMED_MS: i64 = 10 * 60 * 1000;

/// The user who is signed in, as far as a request needs it.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Their id.
    pub(crate) id: String,
    pub(crate) profile: UserProfile,
    /// What they may do now.
    pub(crate) role: Role,
    /// The tool whose portal it is: look every row up by it.
    pub(crate) tool: Arc<Tool>,
    /// Their browser's language.
    pub(crate) language: Language,
    /// The session's id, which is no secret.
    pub(crate) session_id: String,
    /// What the session's forms carry.
    pub(crate) token: String,
    /// When they last proved who they are, in milliseconds since 1970.
    pub(crate) confirmed_at: i64,
    /// What the previous page did, to be said once.
    pub(crate) flash: Option<PortalFlash>,
}

impl Person {
    /// Whether they may look at an area.
    pub(crate) fn may_read<R: Right>(&self) -> bool {
        R::READ.contains(&self.role)
    }

    /// Whether they may change something in an area.
    pub(crate) fn may_change<R: Right>(&self) -> bool {
        R::CHANGE.contains(&self.role)
    }

    /// Whether they have just proved who they are.
    pub(crate) fn is_confirmed(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.confirmed_at) < CONFIRMED_MS
    }

    /// An entry of the audit: they did this, to what has this id.
    pub(crate) fn entry(&self, action: AuditAction, subject: impl Into<String>) -> AuditEntry {
        let actor = Actor::new(ActorKind::User, &*self.id, &*self.profile.name);
        AuditEntry::new(&self.tool.id, actor, action, subject)
    }
}
