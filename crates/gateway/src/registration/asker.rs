//! On whose behalf a registration sends requests to another server. This decides whose request
//! slots it uses.

use crate::kit::outbound::Purpose;
use crate::web::client::Source;

/// On whose behalf.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    /// Whether the tool's owner admitted them, by an invitation or by approving the registration.
    is_invited: bool,
    /// The address of their browser; `None` if the tool itself asks.
    pub(super) source: Option<String>,
}

impl Asker {
    /// A platform's administrator, whose browser has this address.
    pub(super) fn administrator(source: Source, invite_id: Option<&str>) -> Self {
        Self {
            is_invited: invite_id.is_some(),
            source: Some(source.to_string()),
        }
    }

    /// The tool, which approved the registration.
    pub(super) fn tool() -> Self {
        Self {
            is_invited: true,
            source: None,
        }
    }

    /// Whether the tool's owner admitted them.
    pub(super) fn is_invited(&self) -> bool {
        self.is_invited
    }

    /// The purpose of fetching a configuration.
    pub(super) fn fetches(&self) -> Purpose {
        if self.is_invited {
            Purpose::Invited
        } else {
            Purpose::Configuration
        }
    }

    /// The purpose of the registration request.
    pub(super) fn registers(&self) -> Purpose {
        if self.is_invited {
            Purpose::Invited
        } else {
            Purpose::Registration
        }
    }
}
