//! A cookie jar that keeps and sends cookies as browsers do: by host and path, never by port, with
//! the rules of `Secure`, `SameSite` and the `__Host-` and `__Secure-` prefixes.

mod set_cookie;
mod site;

use url::Url;

use self::{
    set_cookie::{acceptable, parse},
    site::{covers, same_site, trustworthy},
};

/// One stored cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// The name, compared exactly, including case.
    pub name: String,
    /// Its value, as sent.
    pub value: String,
    /// The host it belongs to.
    pub host: String,
    /// Whether subdomains of `host` get it too (`Domain` was given).
    pub subdomains: bool,
    /// The path it belongs to.
    pub path: String,
    /// `Secure`.
    pub secure: bool,
    /// `HttpOnly`.
    pub http_only: bool,
    /// `Partitioned`: stored separately for each top-level site.
    pub partitioned: bool,
    /// `SameSite` as written, if present.
    pub same_site: Option<SameSite>,
    /// When it expires, in seconds since 1970; `None` for a session cookie.
    pub expires: Option<i64>,
}

/// The `SameSite` attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// Only with requests from the same site.
    Strict,
    /// Also when a link from another site is followed.
    Lax,
    /// Always.
    None,
}

/// The cookies of one browser.
#[derive(Clone, Debug, Default)]
pub(super) struct Jar(Vec<Cookie>);

impl Jar {
    /// Stores the cookie in a `Set-Cookie` header, or drops it as a browser would. Times are in
    /// seconds since 1970.
    pub(super) fn store(&mut self, header: &str, url: &Url, now: i64) {
        let Some(cookie) = parse(header, url, now) else {
            return;
        };
        if !acceptable(&cookie, url) {
            return;
        }
        self.0.retain(|old| {
            (&old.name, &old.host, &old.path) != (&cookie.name, &cookie.host, &cookie.path)
        });
        if cookie.expires.is_none_or(|expires| expires > now) {
            self.0.push(cookie);
        }
    }

    /// The cookies sent with a request. `initiator` is the page that caused it, if any; `safe`
    /// means that its method is GET or HEAD.
    pub(super) fn matching(
        &self,
        url: &Url,
        initiator: Option<&Url>,
        safe: bool,
        now: i64,
    ) -> Vec<&Cookie> {
        let cross_site = initiator.is_some_and(|page| !same_site(page, url));
        let mut found: Vec<&Cookie> = self
            .0
            .iter()
            .filter(|cookie| cookie.expires.is_none_or(|expires| expires > now))
            .filter(|cookie| !cookie.secure || trustworthy(url))
            .filter(|cookie| host_matches(cookie, url) && path_matches(&cookie.path, url.path()))
            .filter(|cookie| match cookie.same_site {
                Some(SameSite::Strict) => !cross_site,
                // During its first two minutes, Chrome sends a cookie without the attribute along
                // with a POST. A tool that relies on that fails in other browsers, so this browser
                // doesn't do it.
                Some(SameSite::Lax) | None => !cross_site || safe,
                Some(SameSite::None) => true,
            })
            .collect();
        found.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        found
    }
}

fn host_matches(cookie: &Cookie, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == cookie.host || (cookie.subdomains && covers(&cookie.host, host))
}

fn path_matches(cookie: &str, request: &str) -> bool {
    request
        .strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn names(jar: &Jar, url: &str, initiator: Option<&str>, safe: bool) -> Vec<String> {
        let initiator = initiator.map(|page| Url::parse(page).unwrap());
        jar.matching(&Url::parse(url).unwrap(), initiator.as_ref(), safe, NOW)
            .iter()
            .map(|c| c.name.clone())
            .collect()
    }

    fn jar(url: &str, headers: &[&str]) -> Jar {
        let mut jar = Jar::default();
        for header in headers {
            jar.store(header, &Url::parse(url).unwrap(), NOW);
        }
        jar
    }

    #[test]
    fn ports_do_not_separate_cookies_but_hosts_do() {
        let jar = jar("http://127.0.0.1:1/", &["a=1"]);
        assert_eq!(names(&jar, "http://127.0.0.1:2/", None, true), ["a"]);
        assert!(names(&jar, "http://127.0.0.2:1/", None, true).is_empty());
    }

    #[test]
    fn secure_cookies_live_on_loopback_http_but_not_elsewhere() {
        assert_eq!(
            names(
                &jar("http://127.0.0.2/", &["a=1; Secure"]),
                "http://127.0.0.2/",
                None,
                true
            ),
            ["a"]
        );
        assert!(
            names(
                &jar("http://tool.example.com/", &["a=1; Secure"]),
                "http://tool.example.com/",
                None,
                true
            )
            .is_empty()
        );
        let jar = jar("https://tool.example.com/", &["a=1; Secure"]);
        assert!(names(&jar, "http://tool.example.com/", None, true).is_empty());
    }

    #[test]
    fn a_host_prefix_needs_secure_root_and_no_domain() {
        let good = "__Host-a=1; Secure; Path=/";
        for bad in [
            "__Host-b=1; Path=/",
            "__Host-c=1; Secure; Path=/x",
            "__Host-d=1; Secure; Path=/; Domain=example.com",
        ] {
            let jar = jar("https://example.com/x/y", &[bad, good]);
            assert_eq!(
                names(&jar, "https://example.com/x", None, true),
                ["__Host-a"],
                "{bad}"
            );
        }
    }

    #[test]
    fn a_cookie_is_not_kept_for_a_public_suffix() {
        let jar = jar(
            "https://one.github.io/",
            &["wide=1; Domain=github.io", "own=1; Domain=one.github.io"],
        );
        assert_eq!(names(&jar, "https://one.github.io/", None, true), ["own"]);
    }

    #[test]
    fn max_age_zero_deletes() {
        let jar = jar(
            "http://localhost/",
            &["a=1; Path=/", "b=2; Path=/", "a=; Path=/; Max-Age=0"],
        );
        assert_eq!(names(&jar, "http://localhost/", None, true), ["b"]);
    }

    #[test]
    fn a_form_posted_from_another_site_carries_no_lax_cookie() {
        let jar = jar(
            "http://127.0.0.2/",
            &[
                "lax=1; SameSite=Lax",
                "unsaid=1",
                "none=1; SameSite=None; Secure",
                "strict=1; SameSite=Strict",
            ],
        );
        let lms = Some("http://127.0.0.1/");
        assert_eq!(names(&jar, "http://127.0.0.2/", lms, false), ["none"]);
        assert_eq!(
            names(&jar, "http://127.0.0.2/", lms, true),
            ["lax", "unsaid", "none"]
        );
        assert_eq!(names(&jar, "http://127.0.0.2/", None, false).len(), 4);
    }

    #[test]
    fn same_site_none_needs_secure() {
        assert!(
            names(
                &jar("http://localhost/", &["a=1; SameSite=None"]),
                "http://localhost/",
                None,
                true
            )
            .is_empty()
        );
    }

    #[test]
    fn paths_match_whole_segments() {
        let jar = jar("http://localhost/a/b", &["x=1", "y=1; Path=/a/b"]);
        assert_eq!(
            names(&jar, "http://localhost/a/b/c", None, true),
            ["y", "x"]
        );
        assert_eq!(names(&jar, "http://localhost/a/bc", None, true), ["x"]);
        assert!(names(&jar, "http://localhost/ab", None, true).is_empty());
    }
}
