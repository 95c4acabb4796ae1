//! The cookie that lets a browser reopen the link it redeemed.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

use crate::kit::id::is_token;
use crate::settings::public_url::PublicUrl;

/// For how many seconds a browser may reopen the link it redeemed: some browsers send two requests
/// for one click.
pub(super) const AGAIN_SECONDS: i64 = 60;

fn name(public_url: &PublicUrl) -> &'static str {
    if public_url.is_developer_mode() {
        "studyreel_link"
    } else {
        "__Host-studyreel_link"
    }
}

/// The value of the browser's cookie, if it has redeemed a link.
pub(super) fn redeemer_of(headers: &HeaderMap, public_url: &PublicUrl) -> Option<String> {
    let name = name(public_url);
    headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, value)| *found == name && is_token(value))
        .map(|(_, value)| value.to_owned())
}

/// The cookie for a browser that has just redeemed a link.
pub(super) fn cookie(redeemer: &str, public_url: &PublicUrl) -> String {
    let secure = if public_url.is_developer_mode() {
        ""
    } else {
        "; Secure"
    };
    let name = name(public_url);
    format!("{name}={redeemer}; Path=/; Max-Age={AGAIN_SECONDS}{secure}; HttpOnly; SameSite=Lax")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_comes_back_as_it_was_given() {
        let redeemer = "A".repeat(43);
        for address in ["https://lti.example", "http://localhost:8080"] {
            let public_url = PublicUrl::parse(address).unwrap();
            let given = cookie(&redeemer, &public_url);
            let pair = given.split(';').next().unwrap();
            let headers = |value: &str| HeaderMap::from_iter([(COOKIE, value.parse().unwrap())]);
            let came = redeemer_of(&headers(&format!("a=b; {pair}")), &public_url);
            assert_eq!(came.as_deref(), Some(redeemer.as_str()), "{address}");
            assert_eq!(redeemer_of(&headers("a=b"), &public_url), None);
            let short = &pair[..pair.len() - 1];
            assert_eq!(redeemer_of(&headers(short), &public_url), None);
            assert_eq!(given.contains("; Secure"), address.starts_with("https"));
            assert_eq!(given.starts_with("__Host-"), address.starts_with("https"));
        }
    }
}
