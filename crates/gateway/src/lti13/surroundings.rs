//! What a signed payload says of the page around the person, whether or not the launch is taken: the language to speak,
//! and the way back (lti.md B-49).

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::web::language::Language;

/// Longest `return_url` that is offered as a link, in bytes.
const LONGEST: usize = 2048;

/// Read leniently: it only helps to explain.
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

    /// The language in which the platform shows itself to this person, else the person's own; where it is one of ours.
    pub(super) fn language(&self) -> Option<Language> {
        let known = |locale: &Value| locale.as_str().and_then(Language::of_tag);
        let shown = self.presentation.get("locale").and_then(known);
        shown.or_else(|| known(&self.locale))
    }

    /// The platform's page to go back to. It is offered where it lies at the platform, and never followed by itself
    /// (I-40).
    pub(super) fn way_back(&self, platform: &Platform) -> Option<WayBack> {
        let text = self.presentation.get("return_url")?.as_str()?;
        let url = Url::parse(text).ok().filter(|_| text.len() <= LONGEST)?;
        // Plain http is for platforms that are registered with it, on a developer's machine.
        let scheme_fits = url.scheme() == "https"
            || platform.issuer.starts_with("http://") && url.scheme() == "http";
        let bare = url.username().is_empty() && url.password().is_none();
        let origin = url.origin().ascii_serialization();
        let fits = scheme_fits && bare && FrameOrigins::of(platform).cover(&origin);
        fits.then_some(WayBack(url))
    }
}

/// An address of the platform that takes people back from a launch that failed.
#[derive(Debug)]
pub struct WayBack(Url);

impl WayBack {
    /// The address with what the platform may show the person and what it may log.
    pub fn with_message(&self, message: &str, log: &str) -> String {
        let mut url = self.0.clone();
        url.query_pairs_mut()
            .append_pair("lti_errormsg", message)
            .append_pair("lti_errorlog", log);
        url.into()
    }
}
