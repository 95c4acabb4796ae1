//! The style sheet, the script and the icon, each under a name with its hash, so that browsers
//! cache them for a year and still get a new version at once.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::kit::seal;
use crate::settings::theme::ThemeColor;

/// The style sheet.
pub const STYLE: &str = include_str!("../../templates/portal/portal.css");
/// The script. Everything also works without it.
pub const SCRIPT: &str = include_str!("../../templates/portal/portal.js");
/// The icon, as SVG.
pub const ICON: &str = include_str!("../../templates/portal/icon.svg");

const FOLDER: &str = "/portal/assets/";
/// Prefix of the names of style sheets with a tool's colour.
const THEME: &str = "theme-";
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

/// The address of the style sheet with a tool's colour.
pub(crate) fn theme(color: ThemeColor) -> String {
    let hex = String::from(color);
    let name = format!("{THEME}{}", hex.trim_start_matches('#'));
    address(&name, &color.style(), "css")
}

/// The style sheet with this name, which contains the colour.
fn themed(name: &str) -> Option<String> {
    let hex = name.strip_prefix(THEME)?.get(..6)?;
    let color = ThemeColor::try_from(format!("#{hex}")).ok()?;
    (theme(color) == format!("{FOLDER}{name}")).then(|| color.style())
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
    let headers = |media_type: &'static str| {
        [
            (CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (CACHE_CONTROL, A_YEAR),
        ]
    };
    let found = known.into_iter().find(|(known, ..)| *known == address);
    if let Some((_, text, media_type)) = found {
        return (headers(media_type), text).into_response();
    }
    match themed(&name) {
        Some(text) => (headers("text/css; charset=utf-8"), text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_themes_address_says_its_colour_and_no_other_does() {
        let color = ThemeColor::try_from("#0B6B3A".to_owned()).unwrap();
        let address = theme(color);
        assert!(
            address.starts_with("/portal/assets/theme-0b6b3a-"),
            "{address}"
        );
        let name = address.strip_prefix(FOLDER).unwrap();
        assert_eq!(themed(name), Some(color.style()));
        let others = ["theme-0b6b3a.css", "theme-", "theme-éé", "portal.css"];
        for other in others
            .into_iter()
            .chain([&*name.replace("0b6b3a", "0b6b3b")])
        {
            assert_eq!(themed(other), None, "{other}");
        }
    }
}
