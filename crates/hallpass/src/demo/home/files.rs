//! The page's other files and its headers: the portal's style sheet and script, and its own.

use axum::extract::Path;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, InvalidHeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use gateway::{PORTAL_ICON, PORTAL_SCRIPT, PORTAL_STYLE};

/// The policy for the text shown inside the frame.
const IN_FRAME: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; \
                        frame-ancestors 'self'; base-uri 'none'";

/// The portal's policy (portal.md PO-1), extended by the servers that a launch passes through in
/// the frame.
pub(super) fn policy(framed: [&str; 4]) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::try_from(format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; frame-src 'self' {}; frame-ancestors 'none'; base-uri 'none'; \
         require-trusted-types-for 'script'",
        framed.join(" ")
    ))
}

/// Adds the headers that every answer has.
pub(super) fn protect(headers: &mut HeaderMap, policy: &HeaderValue, is_in_frame: bool) {
    let policy = if is_in_frame {
        HeaderValue::from_static(IN_FRAME)
    } else {
        policy.clone()
    };
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (REFERRER_POLICY, "same-origin"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// `GET /{file}`
pub(super) async fn file(Path(name): Path<String>) -> Response {
    let (css, script) = ("text/css; charset=utf-8", "text/javascript; charset=utf-8");
    let (media_type, text) = match &*name {
        "portal.css" => (css, PORTAL_STYLE),
        "portal.js" => (script, PORTAL_SCRIPT),
        "icon.svg" => ("image/svg+xml", PORTAL_ICON),
        "demo.css" => (css, include_str!("../../../templates/demo/demo.css")),
        "demo.js" => (script, include_str!("../../../templates/demo/demo.js")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(CONTENT_TYPE, media_type)], text).into_response()
}
