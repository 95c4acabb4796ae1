//! Where a launch may lead: `target_link_uri` (LTI Core 1.3 §5.3.4, A.5).
//!
//! ```
//! use lti::target::{TargetRefusal, check_target};
//! use url::Url;
//!
//! let tool = [Url::parse("https://tool.example")?.origin()];
//! assert!(check_target("https://tool.example/quiz?page=2", &tool).is_ok());
//! let elsewhere = check_target("https://tool.example.evil.test/quiz", &tool);
//! assert_eq!(elsewhere, Err(TargetRefusal::OriginNotAllowed));
//! # Ok::<(), url::ParseError>(())
//! ```

use url::{Origin, Url};

/// The longest `target_link_uri`, in bytes. It is generous, because some contain an entire question
/// in the query.
pub const MAX_TARGET_BYTES: usize = 8 * 1024;

/// The longest host name in DNS, in bytes. Origins are put in headers, which have to stay short.
const MAX_HOST_BYTES: usize = 253;

/// Why a `target_link_uri` is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetRefusal {
    /// Not an absolute http(s) URL, too long, or spelled so that parsers disagree about it.
    #[error("the target link is not a plain absolute web address")]
    Malformed,
    /// It contains a user name or a password.
    #[error("the target link carries a user name or password")]
    Userinfo,
    /// It contains a fragment.
    #[error("the target link carries a fragment")]
    Fragment,
    /// Its origin (scheme, host and port) is not in the allow-list.
    #[error("the target link leads to an origin this tool does not serve")]
    OriginNotAllowed,
}

/// Checks a `target_link_uri` against the tool's own origins (A-60, A-62).
///
/// `https` is required unless the caller lists an `http` origin itself. Origins must match exactly:
/// another host, port or scheme is another origin.
///
/// # Errors
///
/// The first [`TargetRefusal`] that applies.
pub fn check_target(uri: &str, allowed: &[Origin]) -> Result<Url, TargetRefusal> {
    let url = plain_web_url(uri)?;
    if url.fragment().is_some() {
        return Err(TargetRefusal::Fragment);
    }
    if !allowed.contains(&url.origin()) {
        return Err(TargetRefusal::OriginNotAllowed);
    }
    Ok(url)
}

/// Reads an absolute http(s) URL without credentials.
///
/// A WHATWG parser drops tabs and newlines and turns backslashes into slashes, so other parsers may
/// see another host. Such spellings are therefore refused first.
pub(crate) fn plain_web_url(uri: &str) -> Result<Url, TargetRefusal> {
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    if uri.len() > MAX_TARGET_BYTES || uri.contains(odd) {
        return Err(TargetRefusal::Malformed);
    }
    let url = Url::parse(uri).map_err(|_| TargetRefusal::Malformed)?;
    let after_scheme = uri.split_once("://").ok_or(TargetRefusal::Malformed)?.1;
    let is_host = |host: &str| (1..=MAX_HOST_BYTES).contains(&host.len());
    if !matches!(url.scheme(), "https" | "http") || !url.host_str().is_some_and(is_host) {
        return Err(TargetRefusal::Malformed);
    }
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or("");
    if authority.contains('@') || !url.username().is_empty() || url.password().is_some() {
        return Err(TargetRefusal::Userinfo);
    }
    Ok(url)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use proptest::prelude::*;
    use test_case::cases;

    use super::*;

    fn allowed() -> Vec<Origin> {
        vec![
            Url::parse("https://tool.test").unwrap().origin(),
            Url::parse("http://127.0.0.2:3000").unwrap().origin(),
        ]
    }

    #[test]
    fn own_origins_pass() {
        for uri in [
            "https://tool.test",
            "https://tool.test/a?b=c",
            "https://tool.test:443/",
            "http://127.0.0.2:3000",
            "https://TOOL.test/%20",
        ] {
            assert!(check_target(uri, &allowed()).is_ok(), "{uri}");
        }
    }

    #[cases("TC-022", "TC-023", "TC-024", "TC-025")]
    #[test]
    fn other_targets_are_refused() {
        use TargetRefusal::{Fragment, Malformed, OriginNotAllowed, Userinfo};
        for (uri, reason) in [
            ("https://evil.test/", OriginNotAllowed),
            ("https://tool.test.evil.test/", OriginNotAllowed),
            ("http://tool.test/x", OriginNotAllowed),
            ("https://tool.test:8443/", OriginNotAllowed),
            ("http://127.0.0.2:3001", OriginNotAllowed),
            ("https://tool.test@evil.test/", Userinfo),
            ("https://u:p@tool.test/", Userinfo),
            ("https://@tool.test/", Userinfo),
            ("https://tool.test/#x", Fragment),
            ("javascript:alert(1)", Malformed),
            ("data:text/html,x", Malformed),
            ("//tool.test/", Malformed),
            ("/lti", Malformed),
            ("", Malformed),
            ("https:tool.test", Malformed),
            ("https://tool.test\\@evil.test/", Malformed),
            ("https://tool.test/\n", Malformed),
            (" https://tool.test/", Malformed),
        ] {
            assert_eq!(check_target(uri, &allowed()), Err(reason), "{uri}");
        }
        let long = |bytes| format!("https://{}/", "h".repeat(bytes));
        let of_host = |bytes| check_target(&long(bytes), &allowed());
        assert_eq!(of_host(253), Err(OriginNotAllowed));
        assert_eq!(of_host(254), Err(Malformed));
    }

    proptest! {
        #[test]
        fn never_panics(uri in ".{0,200}") {
            let _ = check_target(&uri, &allowed());
        }
    }
}
