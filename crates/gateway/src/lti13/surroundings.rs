//! What a signed payload says about the page that contains us, whether or not the launch is
//! accepted: the language, and the way back (lti.md B-49).

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::web::language::Language;
use crate::web::notice::Link;
use crate::web::texts::page as texts;

/// The longest `return_url` offered as a link, in bytes.
const LONGEST_URL: usize = 2048;

/// Parsed leniently, because it only helps to explain.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Surroundings {
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/launch_presentation")]
    presentation: Value,
    locale: Value,
}

impl Surroundings {
    pub(super) fn of(payload: &str) -> Self {
        serde_json::from_str(payload).unwrap_or_default()
    }

    /// The language in which the platform is shown to this person, otherwise the person's own, if
    /// we have it.
    pub(super) fn language(&self) -> Option<Language> {
        let known = |locale: &Value| locale.as_str().and_then(Language::of_tag);
        let shown = self.presentation.get("locale").and_then(known);
        shown.or_else(|| known(&self.locale))
    }

    /// The platform's page to return to. It is offered if it belongs to the platform, and never
    /// followed without a click (I-40). It includes what the platform may show the person and what
    /// it may log.
    pub(super) fn way_back(&self, platform: &Platform) -> Option<Link> {
        let text = self.presentation.get("return_url")?.as_str()?;
        let url = Url::parse(text)
            .ok()
            .filter(|_| text.len() <= LONGEST_URL)?;
        // Plain http is for platforms registered with it, on a developer's machine.
        let scheme_fits = url.scheme() == "https"
            || platform.issuer.starts_with("http://") && url.scheme() == "http";
        let bare = url.username().is_empty() && url.password().is_none();
        let origin = url.origin().ascii_serialization();
        let fits = scheme_fits && bare && FrameOrigins::of(platform).cover(&origin);
        fits.then_some(Link {
            address: url,
            label: texts::BACK,
            sentences_as: Some("lti_errormsg"),
            reference_as: Some("lti_errorlog"),
        })
    }
}
