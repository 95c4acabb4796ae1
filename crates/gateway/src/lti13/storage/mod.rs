//! Launches without cookies: the platform's window stores the login's value for this browser
//! (lti.md C.2, C.3).
//!
//! At login a page stores the value and continues (`put`); at launch, if no cookie came back, a
//! page requests it (`get`) and the server compares it ([`fn@verify`]). The token is checked
//! completely before that, and the launch waits in the store, where it can't be read.

mod get;
mod put;
mod verify;
mod waiting;

use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use url::Url;

use super::room::Lti13;
use super::state::LoginState;
use crate::directory::frame_origins::FrameOrigins;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::kit::seal;
use crate::web::language::Language;
use crate::web::page::{self, FormAction, Framing, Page, Shell};

pub(crate) use verify::verify;

const SCRIPT: &str = include_str!("../../../templates/storage.js");

/// Whether a frame can have this name, which came from the platform.
pub(super) fn is_usable(target: &str) -> bool {
    target.len() <= 255 && !target.contains(char::is_control)
}

/// What the platform's window stores: not the cookie's value itself, because scripts on the
/// platform's page may see it.
fn kept_value(state: &LoginState) -> String {
    URL_SAFE_NO_PAD.encode(seal::hash(&["platform storage", &state.binding]))
}

/// A login or launch that goes through one of our pages.
pub(super) struct StoragePage<'a> {
    pub(super) room: &'a Lti13,
    pub(super) tool: &'a Tool,
    pub(super) platform: &'a Platform,
    pub(super) state: &'a LoginState,
    /// The page's language.
    pub(super) language: Language,
}

impl StoragePage<'_> {
    fn page(
        &self,
        form_action: FormAction<'_>,
        build: impl FnOnce(Shell<'_>) -> askama::Result<String>,
    ) -> Response {
        let origins = FrameOrigins::of(self.platform).policy();
        let page = Page {
            language: self.language,
            tool: self.tool.face_in(self.language),
            framing: Framing::Origin(&origins),
            form_action,
        };
        page::html(&self.room.random, page, build)
    }

    /// The data for the page's script, as JSON that is safe inside a script element.
    fn about(&self, put: Option<ToPut<'_>>) -> String {
        // Never the issuer's origin: with hosted Canvas another host answers (C-23).
        let origin = Url::parse(&self.platform.authorization_endpoint)
            .map(|url| url.origin().ascii_serialization())
            .unwrap_or_default();
        let about = ForScript {
            target: self.state.storage_target.as_deref(),
            origin,
            key: format!("state-{}", self.state.login_id),
            put,
        };
        // It only contains text, so it can always be serialised.
        serde_json::to_string(&about)
            .unwrap_or_default()
            .replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026")
            .replace('\u{2028}', "\\u2028")
            .replace('\u{2029}', "\\u2029")
    }
}

/// The data for the page's script.
#[derive(Serialize)]
struct ForScript<'a> {
    /// Name of the frame for storage.
    target: Option<&'a str>,
    /// Origin of the platform's window.
    origin: String,
    /// The key under which the value is stored.
    key: String,
    #[serde(flatten)]
    put: Option<ToPut<'a>>,
}

/// Additional data for the login's page.
#[derive(Serialize)]
struct ToPut<'a> {
    value: String,
    /// Where the page goes once the value is stored.
    next: &'a str,
    /// Where it goes if storing fails.
    otherwise: &'a str,
    /// The address for checking whether cookies work, if `otherwise` needs them.
    look: Option<String>,
}
