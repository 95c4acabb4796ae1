//! Whether an LMS can register by URL. The address is only shown while it works.

use crate::directory::tools::Tool;
use crate::web::texts::{Text, portal as words, portal_connect as texts};

/// How LMSs can register by URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UrlWay {
    /// Any LMS, with the tool's address.
    Open,
    /// With the link of an invitation.
    Invited,
    /// Only once the tool has a launch URL.
    NotReady,
    /// Not at all.
    Off,
}

impl UrlWay {
    pub(crate) fn of(tool: &Tool) -> Self {
        let settings = &tool.settings;
        match (settings.registration.enabled, settings.registration.open) {
            (false, _) => Self::Off,
            _ if settings.launch_url.is_none() => Self::NotReady,
            (true, true) => Self::Open,
            (true, false) => Self::Invited,
        }
    }

    /// Whether the link of an invitation works.
    pub(crate) fn takes_invitations(self) -> bool {
        matches!(self, Self::Open | Self::Invited)
    }

    /// What to do instead of copying the address, and where; `None` if it can be copied.
    pub(super) fn instead(self) -> Option<(Text, UrlWayLink)> {
        let link = |address, label| UrlWayLink { address, label };
        match self {
            Self::Open => None,
            Self::Invited => Some((texts::STEP_INVITATION, link("#mail", texts::MAKE_LINK))),
            Self::NotReady => Some((texts::STEP_NOT_READY, link("/portal", words::HOME))),
            Self::Off => Some((texts::STEP_OFF, link("/portal/settings", words::TOOL))),
        }
    }
}

/// Whether platforms that register without an invitation are active at once.
pub(crate) fn activates_at_once(tool: &Tool) -> bool {
    let settings = &tool.settings.registration;
    settings.auto_activate && !settings.pre_approval.enabled
}

/// A link to where a step continues in the portal.
pub(super) struct UrlWayLink {
    pub(super) address: &'static str,
    pub(super) label: Text,
}
