//! The signed-in user.

use std::sync::Arc;

use super::profile::UserProfile;
use super::rights::Right;
use super::role::Role;
use crate::audit::{Actor, ActorKind, AuditAction, AuditEntry};
use crate::directory::tools::Tool;
use crate::kit::clock::is_recent;
use crate::portal::flash::PortalFlash;
use crate::portal::kept::KeptForms;
use crate::web::language::Language;

/// For how long users who proved who they are aren't asked again, in milliseconds.
const CONFIRMED_MS: i64 = 10 * 60 * 1000;

/// What a request needs of the signed-in user.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Their id.
    pub(crate) id: String,
    pub(crate) profile: UserProfile,
    /// Their current role.
    pub(crate) role: Role,
    /// The portal's tool: use it in every look-up.
    pub(crate) tool: Arc<Tool>,
    /// Their browser's language.
    pub(crate) language: Language,
    /// The session's id, which is not secret.
    pub(crate) session_id: String,
    /// The token that the session's forms carry.
    pub(crate) token: String,
    /// When they last proved who they are, in milliseconds since 1970.
    pub(crate) confirmed_at: i64,
    /// The message from the previous page, to show once.
    pub(crate) flash: Option<PortalFlash>,
    /// What they filled in before they were asked who they are, to fill in once.
    pub(crate) kept: KeptForms,
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

    /// Whether they proved who they are recently.
    pub(crate) fn is_confirmed(&self, now_ms: i64) -> bool {
        is_recent(self.confirmed_at, now_ms, CONFIRMED_MS)
    }

    /// Whether what they had filled in belongs to this page, in this window.
    pub(crate) fn has_kept(&self, page: &str) -> bool {
        self.kept.form().is_some_and(|kept| kept.is_of(page))
    }

    /// What they had filled in for a field of this page.
    pub(crate) fn kept(&self, page: &str, name: &str) -> Option<&str> {
        self.kept.form()?.field(page, name)
    }

    /// Who they are in the audit.
    pub(crate) fn actor(&self) -> Actor {
        Actor::new(ActorKind::User, &*self.id, &*self.profile.name)
    }

    /// An audit entry: they did this to the subject with this id. It has the subject's name if
    /// that is they themselves, or their tool.
    pub(crate) fn entry(&self, action: AuditAction, subject: impl Into<String>) -> AuditEntry {
        let actor = self.actor();
        let subject = subject.into();
        let known = [
            (&*self.id, &*self.profile.name),
            (&*self.tool.id, &*self.tool.settings.name),
        ];
        let known = known.into_iter().find(|(id, _)| *id == subject);
        let entry = AuditEntry::new(&self.tool.id, actor, action, subject);
        match known {
            Some((_, name)) => entry.named(name),
            None => entry,
        }
    }
}
