//! Headers on every response.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};

use crate::settings::public_url::PublicUrl;

/// Browsers and proxies store nothing, unless the handler says for how long.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// Prevents browsers from guessing another type than the declared one.
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
/// For a year, the host is reached by https only. Other hosts of its domain are not ours to decide
/// about.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// Operators' pages must not be framed (lti.md I-42).
const NO_FRAMES: HeaderValue = HeaderValue::from_static("frame-ancestors 'none'");

/// Completes the headers of responses.
#[derive(Clone, Debug)]
pub(crate) struct Headers {
    is_https: bool,
}

impl Headers {
    /// The headers for an installation at this address. https on a loopback host is a developer's,
    /// whose other services there may use plain http.
    pub(crate) fn at(public_url: &PublicUrl) -> Self {
        Self {
            is_https: public_url.is_https() && !public_url.is_loopback(),
        }
    }

    /// Adds the headers that the response to a request for this path doesn't have yet.
    pub(crate) fn complete(&self, path: &str, headers: &mut HeaderMap) {
        headers.entry(CACHE_CONTROL).or_insert(NO_STORE);
        headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        if self.is_https {
            headers.insert(STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
        }
        if is_for_operators(path) {
            // In addition to the page's own policy, if it has one: browsers obey both.
            headers.append(CONTENT_SECURITY_POLICY, NO_FRAMES);
        }
    }
}

fn is_for_operators(path: &str) -> bool {
    ["/admin", "/portal"].iter().any(|root| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn completed(public_url: &str, path: &str, own: &[(&'static str, &str)]) -> HeaderMap {
        let own = own
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let mut headers: HeaderMap = own.collect();
        let public_url = PublicUrl::parse(public_url).unwrap();
        Headers::at(&public_url).complete(path, &mut headers);
        headers
    }

    #[test]
    fn nothing_is_kept_unless_its_handler_says_so() {
        let usual = completed("https://lti.example.com", "/api/idtoken", &[]);
        assert_eq!(usual[CACHE_CONTROL], "no-store");
        assert_eq!(usual[X_CONTENT_TYPE_OPTIONS], "nosniff");
        let own = [("cache-control", "public, max-age=3600")];
        let own = completed("https://lti.example.com", "/lti/keys", &own);
        assert_eq!(own[CACHE_CONTROL], "public, max-age=3600");
        assert_eq!(own[X_CONTENT_TYPE_OPTIONS], "nosniff");
    }

    #[test]
    fn https_is_asked_for_where_people_find_us_by_it() {
        for (public_url, is_asked) in [
            ("https://lti.example.com", true),
            ("https://lti.example.com:8443", true),
            ("https://192.0.2.1", true),
            ("https://localhost:8443", false),
            ("https://127.0.0.1:8443", false),
            ("http://127.0.0.1:8080", false),
        ] {
            let headers = completed(public_url, "/", &[]);
            let says = headers.get(STRICT_TRANSPORT_SECURITY);
            assert_eq!(says.is_some(), is_asked, "{public_url}");
        }
    }

    #[test]
    fn what_operators_see_is_in_nobodys_frame() {
        for (path, guarded) in [
            ("/admin", true),
            ("/admin/tool", true),
            ("/portal/", true),
            ("/administration", false),
            ("/lti/login", false),
        ] {
            let own = [("content-security-policy", "default-src 'none'")];
            let headers = completed("https://lti.example.com", path, &own);
            let policies = headers.get_all(CONTENT_SECURITY_POLICY);
            let policies: Vec<_> = policies.iter().collect();
            assert_eq!(policies.len(), if guarded { 2 } else { 1 }, "{path}");
            assert_eq!(policies[0], "default-src 'none'");
        }
    }
}
