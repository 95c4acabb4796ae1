//! Hosts and sites, as cookies distinguish them.

use std::net::IpAddr;

use url::{Host, Url};

/// Whether both belong to the same site: the same scheme, and the same host or registrable domain
/// according to the public suffix list.
pub(super) fn same_site(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && site(a) == site(b)
}

/// The registrable domain, or the whole host if it has none: an address, `localhost`, or itself a
/// public suffix.
fn site(url: &Url) -> Option<&str> {
    let registrable = url.domain().and_then(psl::domain_str);
    registrable.or(url.host_str())
}

/// Whether independent parties register names under this host, as with `co.uk` or `github.io`.
pub(super) fn is_public_suffix(host: &str) -> bool {
    psl::suffix_str(host) == Some(host)
}

/// Whether `host` is `domain` or a subdomain of it.
pub(super) fn covers(domain: &str, host: &str) -> bool {
    let above = host.strip_suffix(domain);
    above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
}

/// Whether a browser treats the address as secure: https, or loopback.
pub(super) fn trustworthy(url: &Url) -> bool {
    url.scheme() == "https"
        || match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
            None => false,
        }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn sites_follow_the_public_suffix_list() {
        let same = |a: &str, b: &str| same_site(&Url::parse(a).unwrap(), &Url::parse(b).unwrap());
        for (a, b) in [
            ("https://lms.example.com", "https://tool.example.com"),
            ("https://lms.school.co.uk", "https://school.co.uk:8443"),
            ("http://127.0.0.1:1", "http://127.0.0.1:2"),
            ("http://localhost:1", "http://localhost:2"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("https://one.co.uk", "https://other.co.uk"),
            ("https://one.github.io", "https://other.github.io"),
            ("https://example.com", "https://example.org"),
            ("https://example.com", "http://example.com"),
            ("http://127.0.0.1", "http://127.0.0.2"),
            ("http://one.localhost", "http://other.localhost"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }
}
