//! The sender of a request: the network address to which limits apply.
//!
//! This is the address of the connection, unless it is one of the operator's own proxies. Each
//! proxy appends the address of its client to a header. Everything to the left of the right-most
//! address that isn't one of our proxies could be forged. So the header is read from the right, and
//! only if it comes from a proxy.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::{ConnectInfo, FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header::FORWARDED};

use crate::settings::proxies::{ForwardedHeader, TrustedProxies};

/// Determines clients' addresses, as far as the operator's proxies report them. Cloning it is
/// cheap.
#[derive(Clone)]
pub struct Clients(Arc<RwLock<(TrustedProxies, ForwardedHeader)>>);

impl Clients {
    /// For clients behind these proxies, which write this header.
    pub fn behind(proxies: TrustedProxies, header: ForwardedHeader) -> Self {
        Self(Arc::new(RwLock::new((proxies, header))))
    }

    /// Changes the proxies.
    pub fn move_behind(&self, proxies: TrustedProxies, header: ForwardedHeader) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = (proxies, header);
    }

    /// Whether a connection comes from one of the operator's proxies.
    pub fn is_proxy(&self, peer: IpAddr) -> bool {
        let behind = self.0.read().unwrap_or_else(PoisonError::into_inner);
        behind.0.has(peer.to_canonical())
    }

    /// The address that a request comes from; unspecified if the connection's address is not known.
    pub fn address_of(&self, head: &Parts) -> IpAddr {
        self.client(peer_of(head), &head.headers)
    }

    /// The source that a request counts towards.
    pub fn source_of(&self, head: &Parts) -> Source {
        Source::of_address(self.address_of(head))
    }

    /// The client of a request that `peer` sent to us: the right-most address that isn't a proxy.
    /// If a proxy names none, it is the proxy itself.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let behind = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (proxies, header) = &*behind;
        let mut client = peer.to_canonical();
        if !proxies.has(client) {
            return client;
        }
        let name = match header {
            ForwardedHeader::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            ForwardedHeader::Forwarded => FORWARDED,
        };
        // Several header lines form one list.
        let mut lines: Vec<_> = headers.get_all(name).iter().collect();
        lines.reverse();
        let hops = lines.iter().flat_map(|line| {
            let line = line.to_str().unwrap_or("");
            line.rsplit(',')
        });
        for hop in hops {
            let Some(named) = address(hop.trim(), *header) else {
                break;
            };
            client = named;
            if !proxies.has(client) {
                break;
            }
        }
        client
    }
}

/// The address of the connection; unspecified if not known.
fn peer_of(head: &Parts) -> IpAddr {
    let peer = head.extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip())
}

/// The address in one element of the header; `None` for `unknown`, for an obfuscated name, and for
/// anything else.
fn address(hop: &str, header: ForwardedHeader) -> Option<IpAddr> {
    let node = match header {
        ForwardedHeader::XForwardedFor => hop,
        ForwardedHeader::Forwarded => hop.split(';').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("for")
                .then(|| value.trim().trim_matches('"'))
        })?,
    };
    // With or without a port; IPv6 with or without brackets.
    let ip = node
        .parse::<IpAddr>()
        .or_else(|_| node.parse::<SocketAddr>().map(|address| address.ip()))
        .or_else(|_| {
            let inner = node
                .strip_prefix('[')
                .and_then(|node| node.strip_suffix(']'));
            inner.unwrap_or("").parse::<Ipv6Addr>().map(IpAddr::V6)
        });
    ip.ok().map(|ip| ip.to_canonical())
}

/// What a request counts towards: its client's address, or for IPv6 the network of the usual size,
/// because a single household has a whole one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source(IpAddr);

impl Source {
    /// The source of a client's address.
    pub fn of_address(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            IpAddr::V6(ip) => Self(IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64))),
            ip => Self(ip),
        }
    }
}

impl From<IpAddr> for Source {
    fn from(ip: IpAddr) -> Self {
        Self::of_address(ip)
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            IpAddr::V4(ip) => ip.fmt(f),
            IpAddr::V6(ip) => write!(f, "{ip}/64"),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Source
where
    Clients: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Clients::from_ref(state).source_of(parts))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    const PROXIES: &str = "10.0.0.0/8, 192.0.2.1, 2001:db8:ffff::/48";

    fn client(peer: &str, header: ForwardedHeader, lines: &[&str]) -> String {
        let name = match header {
            ForwardedHeader::XForwardedFor => "x-forwarded-for",
            ForwardedHeader::Forwarded => "forwarded",
        };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(name, line.parse().unwrap());
        }
        let proxies = TrustedProxies::parse(PROXIES).unwrap();
        let clients = Clients::behind(proxies, header);
        clients.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_stranger_s_header_is_not_read() {
        for header in [ForwardedHeader::XForwardedFor, ForwardedHeader::Forwarded] {
            for line in ["203.0.113.9", "for=203.0.113.9", "10.0.0.1"] {
                assert_eq!(client("198.51.100.1", header, &[line]), "198.51.100.1");
            }
        }
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "203.0.113.9".parse().unwrap());
        let none = TrustedProxies::parse("").unwrap();
        let peer = "127.0.0.1".parse().unwrap();
        let clients = Clients::behind(none, ForwardedHeader::default());
        assert_eq!(clients.client(peer, &headers), peer);
    }

    #[test]
    fn the_right_most_address_that_is_no_proxy_counts() {
        let of = |peer: &str, lines: &[&str]| client(peer, ForwardedHeader::XForwardedFor, lines);
        assert_eq!(of("10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(
            of("10.0.0.1", &["1.1.1.1, 203.0.113.9, 192.0.2.1"]),
            "203.0.113.9",
            "spoofed on the left"
        );
        assert_eq!(
            of("10.0.0.1", &["1.1.1.1", "203.0.113.9", "10.9.9.9"]),
            "203.0.113.9",
            "several lines"
        );
        assert_eq!(of("10.0.0.1", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(
            of("::ffff:10.0.0.1", &["::ffff:203.0.113.9"]),
            "203.0.113.9"
        );
        assert_eq!(of("2001:db8:ffff::1", &["2001:db8::5"]), "2001:db8::5");
        assert_eq!(of("10.0.0.1", &["[2001:db8::5]:443"]), "2001:db8::5");
        assert_eq!(of("10.0.0.1", &["[2001:db8::5]"]), "2001:db8::5");
        assert_eq!(
            of("10.0.0.1", &["10.0.0.3, 10.0.0.2"]),
            "10.0.0.3",
            "proxies only"
        );
        for nameless in [
            "",
            "unknown",
            "1.1.1.1, unknown",
            "1.1.1.1, ,",
            "1.1.1.1, é",
        ] {
            let line = [nameless];
            let lines: &[&str] = if nameless.is_ascii() { &line } else { &["x"] };
            assert_eq!(of("10.0.0.1", lines), "10.0.0.1", "{nameless}");
        }
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_standard_header_is_read_where_it_is_chosen() {
        let of = |lines: &[&str]| client("10.0.0.1", ForwardedHeader::Forwarded, lines);
        assert_eq!(
            of(&["for=1.1.1.1, For=\"203.0.113.9:80\";proto=https;by=10.0.0.1"]),
            "203.0.113.9"
        );
        assert_eq!(
            of(&["proto=https;for=\"[2001:db8::5]:4711\", for=10.2.2.2"]),
            "2001:db8::5"
        );
        for nameless in [
            "for=unknown",
            "for=_hidden",
            "proto=https",
            "for=1.1.1.1, by=10.0.0.1",
        ] {
            assert_eq!(of(&[nameless]), "10.0.0.1", "{nameless}");
        }
    }

    #[test]
    fn an_ipv6_network_is_one_source() {
        let of = |text: &str| Source::of_address(text.parse().unwrap());
        assert_eq!(of("2001:db8:0:1::1"), of("2001:db8:0:1:ffff::2"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("2001:db8:0:1::1").to_string(), "2001:db8:0:1::/64");
    }

    #[test]
    fn a_wrong_entry_is_named() {
        let error = TrustedProxies::parse("10.0.0.1, proxy.test").unwrap_err();
        assert!(error.contains("proxy.test"), "{error}");
    }
}
