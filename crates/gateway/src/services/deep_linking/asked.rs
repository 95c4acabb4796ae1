//! A platform's request for content that can still be answered.

use lti::claims::DeepLinkingSettings;
use lti::deep_linking::ContentRequest;
use lti::registration::Family;
use url::Origin;

use super::DeepLinking;
use super::refusal::{EXPIRED, not_asked};
use crate::directory::platforms::Platform;
use crate::kit::clock::UNNOTICED_MS;
use crate::kit::seal;
use crate::launch::facts::Facts;
use crate::launch::{Launch, Nonce, WithLtik};
use crate::services::INACTIVE;
use crate::settings::launch::target_origins;
use crate::web::problem::Problem;

/// How long a request can be answered (lti.md E-04).
const LIFE_MS: i64 = 2 * 60 * 60 * 1000;

/// The deep linking request of a launch.
pub(super) struct OpenRequest<'a> {
    pub(super) launch: &'a Launch,
    pub(super) platform: &'a Platform,
    pub(super) facts: Facts,
    settings: DeepLinkingSettings,
    origins: Vec<Origin>,
    launch_url: String,
    /// The origin to which the tool's window posts a message, if a frame is waiting for it.
    pub(super) window_url: String,
}

impl<'a> OpenRequest<'a> {
    /// The request in a launch.
    ///
    /// # Errors
    /// There is none, it is too old, or the tool doesn't use the service.
    pub(super) fn of(room: &DeepLinking, with: &'a WithLtik) -> Result<Self, Problem> {
        let WithLtik {
            tool,
            launch,
            platform,
        } = with;
        if !tool.settings.services.deep_linking {
            return Err(INACTIVE.problem());
        }
        let platform = platform.as_deref().ok_or_else(not_asked)?;
        let mut facts = room.launches.facts(tool, launch, Some(platform))?;
        let settings = facts.deep_linking.take();
        let settings = settings.ok_or_else(not_asked)?;
        if room.clock.now_ms() > launch.created_at + LIFE_MS {
            return Err(EXPIRED.problem());
        }
        let more = target_origins(&tool.settings.launch, &platform.launch);
        let public_url = tool.address(&room.public_url);
        Ok(Self {
            launch,
            platform,
            facts,
            settings,
            origins: std::iter::once(public_url.origin()).chain(more).collect(),
            launch_url: public_url.join("/lti/launch"),
            window_url: public_url.join("/lti/deeplinking/window"),
        })
    }

    /// What answers are checked against.
    pub(super) fn request(&self) -> ContentRequest<'_> {
        let about = &self.facts.platform.about;
        let code = about.product_family_code.as_deref();
        let family = Family::from_code(code.unwrap_or_default());
        ContentRequest::new(&self.settings, family, &self.launch_url, &self.origins)
    }

    /// The nonce that makes a second answer fail.
    pub(super) fn nonce(&self) -> Nonce {
        let until = self.launch.created_at + LIFE_MS;
        // Begins with the time, like every nonce (decision 0064).
        let mut hash = (until / 1000).to_be_bytes().to_vec();
        hash.extend(seal::hash(&["deep linking answer", &self.launch.id]));
        Nonce {
            hash,
            until: until + UNNOTICED_MS,
        }
    }
}
