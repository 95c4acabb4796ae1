//! Parses `Set-Cookie` headers, and refuses what a browser refuses.

use jiff::Timestamp;
use url::Url;

use super::{
    Cookie, SameSite,
    site::{covers, is_public_suffix, trustworthy},
};

pub(super) fn parse(header: &str, url: &Url, now: i64) -> Option<Cookie> {
    let mut parts = header.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    let mut cookie = Cookie {
        name: name.to_owned(),
        value: value.trim().to_owned(),
        host: url.host_str()?.to_owned(),
        subdomains: false,
        path: default_path(url.path()),
        secure: false,
        http_only: false,
        partitioned: false,
        same_site: None,
        expires: None,
    };
    let mut max_age = None;
    for attribute in parts {
        let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "secure" => cookie.secure = true,
            "httponly" => cookie.http_only = true,
            "partitioned" => cookie.partitioned = true,
            "path" => {
                cookie.path = if value.starts_with('/') {
                    value.to_owned()
                } else {
                    default_path(url.path())
                }
            }
            "domain" => {
                let domain = value.trim_start_matches('.').to_ascii_lowercase();
                if !domain.is_empty() {
                    cookie.host = domain;
                    cookie.subdomains = true;
                }
            }
            "max-age" => max_age = value.parse::<i64>().ok(),
            "expires" => cookie.expires = cookie.expires.or_else(|| http_date(value)),
            "samesite" => {
                cookie.same_site = match value.to_ascii_lowercase().as_str() {
                    "strict" => Some(SameSite::Strict),
                    "lax" => Some(SameSite::Lax),
                    "none" => Some(SameSite::None),
                    _ => None,
                }
            }
            _ => {}
        }
    }
    if let Some(seconds) = max_age {
        cookie.expires = Some(now.saturating_add(seconds.max(0)));
    }
    Some(cookie)
}

/// Whether a browser keeps the cookie.
pub(super) fn acceptable(cookie: &Cookie, url: &Url) -> bool {
    let own = url.host_str().unwrap_or_default();
    let domain_fits = cookie.host == own
        || (cookie.subdomains
            && url.domain().is_some()
            && covers(&cookie.host, own)
            && !is_public_suffix(&cookie.host));
    let secure_fits = !cookie.secure || trustworthy(url);
    let none_fits = cookie.same_site != Some(SameSite::None) || cookie.secure;
    let partitioned_fits = !cookie.partitioned || cookie.secure;
    let prefix_fits = if cookie.name.starts_with("__Host-") {
        cookie.secure && !cookie.subdomains && cookie.path == "/"
    } else {
        !cookie.name.starts_with("__Secure-") || cookie.secure
    };
    domain_fits && secure_fits && none_fits && partitioned_fits && prefix_fits
}

fn default_path(path: &str) -> String {
    match path.rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(end) => path[..end].to_owned(),
    }
}

fn http_date(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()
        .map(Timestamp::as_second)
}
