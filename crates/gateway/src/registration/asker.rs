//! For whom a registration asks another server, which decides whose places among our requests it takes.

use crate::kit::outbound::Purpose;
use crate::web::client::Source;

/// For whom.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    /// Whether the tool's owner let them in, by an invitation or by approving the registration.
    is_invited: bool,
    /// Where their browser is; `None` if the tool itself asks.
    pub(super) source: Option<String>,
}

impl Asker {
    /// A platform's administrator, whose browser comes from there.
    pub(super) fn administrator(source: Source, invite_id: Option<&str>) -> Self {
        Self {
            is_invited: invite_id.is_some(),
            source: Some(source.to_string()),
        }
    }

    /// The tool, which approved it.
    pub(super) fn tool() -> Self {
        Self {
            is_invited: true,
            source: None,
        }
    }

    /// What the fetch of a configuration is for.
    pub(super) fn fetches(&self) -> Purpose {
        if self.is_invited {
            Purpose::Invited
        } else {
            Purpose::Configuration
        }
    }

    /// What the registration itself is for.
    pub(super) fn registers(&self) -> Purpose {
        if self.is_invited {
            Purpose::Invited
        } else {
            Purpose::Registration
        }
    }
}
