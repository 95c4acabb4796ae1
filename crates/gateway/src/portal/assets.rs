//! The style sheet, the script and the icon: under a name with their hash, so that a browser keeps them for a year and takes
//! the next version at once.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::kit::seal;

/// The style sheet.
pub const STYLE: &str = include_str!("../../templates/portal/portal.css");
/// The script, without which everything works, too.
pub const SCRIPT: &str = include_str!("../../templates/portal/portal.js");
/// The icon, as SVG.
pub const ICON: &str = include_str!("../../templates/portal/icon.svg");

/// Where they stand.
const FOLDER: &str = "/portal/assets/";
const A_YEAR: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

static STYLE_ADDRESS: LazyLock<String> = LazyLock::new(|| address("portal", STYLE, "css"));
static SCRIPT_ADDRESS: LazyLock<String> = LazyLock::new(|| address("portal", SCRIPT, "js"));
static ICON_ADDRESS: LazyLock<String> = LazyLock::new(|| address("icon", ICON, "svg"));

fn address(name: &str, text: &str, ending: &str) -> String {
    let hash = URL_SAFE_NO_PAD.encode(seal::hash(&["asset", text]));
    let hash = hash.get(..12).unwrap_or_default();
    format!("{FOLDER}{name}-{hash}.{ending}")
}

/// The address of the style sheet.
pub(crate) fn style() -> &'static str {
    &STYLE_ADDRESS
}

/// The address of the script.
pub(crate) fn script() -> &'static str {
    &SCRIPT_ADDRESS
}

/// The address of the icon.
pub(crate) fn icon() -> &'static str {
    &ICON_ADDRESS
}

/// `GET /portal/assets/{name}`
pub(crate) async fn asset(Path(name): Path<String>) -> Response {
    let address = format!("{FOLDER}{name}");
    let known = [
        (style(), STYLE, "text/css; charset=utf-8"),
        (script(), SCRIPT, "text/javascript; charset=utf-8"),
        (icon(), ICON, "image/svg+xml"),
    ];
    let found = known.into_iter().find(|(known, ..)| *known == address);
    let Some((_, text, media_type)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CACHE_CONTROL, A_YEAR),
    ];
    (headers, text).into_response()
}
