//! Which addresses a URL from outside may make us connect to (lti.md I-02 to I-04).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

use crate::kit::network;

/// The only port of addresses that aren't listed.
const HTTPS: u16 = 443;

/// Hosts and networks that the operator permits: they may be private, on any port, and use plain
/// http.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowList {
    entries: Vec<AllowEntry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum AllowEntry {
    Host { name: String, port: Option<u16> },
    Network(IpNet),
}

impl AllowList {
    /// Parses a comma-separated list of `host`, `host:port`, `[v6]:port`, address or
    /// `network/bits`.
    ///
    /// # Errors
    /// Names the entry that is none of these.
    pub fn parse(text: &str) -> Result<Self, String> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(|entry| {
            AllowEntry::parse(entry)
                .ok_or_else(|| format!("has an entry \"{entry}\" that is no host, host:port, address or network/bits"))
        });
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
        })
    }

    /// Adds the entries of another list.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self
    }

    /// Adds the loopback addresses, for developers' machines.
    #[must_use]
    pub fn with_loopback(mut self) -> Self {
        self.entries.push(AllowEntry::Host {
            name: "localhost".into(),
            port: None,
        });
        let loopback = [
            Ipv4Net::new_assert(Ipv4Addr::LOCALHOST, 8).into(),
            Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128).into(),
        ];
        self.entries.extend(loopback.map(AllowEntry::Network));
        self
    }

    /// Whether the host itself is listed, by name or address.
    fn has_host(&self, host: &Host<&str>, port: u16) -> bool {
        self.entries.iter().any(|entry| match (entry, host) {
            (AllowEntry::Host { name, port: listed }, Host::Domain(domain)) => {
                name.eq_ignore_ascii_case(domain) && listed.is_none_or(|listed| listed == port)
            }
            (AllowEntry::Host { name, port: listed }, Host::Ipv4(ip)) => {
                *name == ip.to_string() && listed.is_none_or(|listed| listed == port)
            }
            (AllowEntry::Host { name, port: listed }, Host::Ipv6(ip)) => {
                *name == ip.to_string() && listed.is_none_or(|listed| listed == port)
            }
            (AllowEntry::Network(network), Host::Ipv4(ip)) => network.contains(&IpAddr::V4(*ip)),
            (AllowEntry::Network(network), Host::Ipv6(ip)) => network.contains(&IpAddr::V6(*ip)),
            (AllowEntry::Network(_), Host::Domain(_)) => false,
        })
    }

    /// Whether an unlisted name may resolve to this address: it is in a listed network, or is
    /// listed with the one port that unlisted names have.
    pub(super) fn has_address(&self, ip: IpAddr) -> bool {
        self.entries.iter().any(|entry| match entry {
            AllowEntry::Network(network) => network.contains(&ip),
            AllowEntry::Host { name, port } => {
                port.is_none_or(|port| port == HTTPS) && *name == ip.to_string()
            }
        })
    }

    /// Whether a host name is listed with some port, so that it may resolve to private addresses.
    pub(super) fn has_name(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| matches!(entry, AllowEntry::Host { name: listed, .. } if listed.eq_ignore_ascii_case(name)))
    }
}

impl AllowEntry {
    fn parse(text: &str) -> Option<Self> {
        if let Some(network) = network::parse(text) {
            return Some(Self::Network(network));
        }
        if text.contains('/') {
            return None;
        }
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) => (name, Some(port.parse().ok()?)),
            None => (text, None),
        };
        if name.contains('*') {
            return None;
        }
        let host = Host::parse(name).ok()?;
        let name = match host {
            Host::Domain(name) => name,
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        };
        Some(Self::Host { name, port })
    }
}

/// Why a URL may not be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockedAddress {
    /// Longer than 2,048 characters.
    #[error("the address is longer than 2,048 characters")]
    TooLong,
    /// Neither https nor an allowed http.
    #[error("the address must begin with https://")]
    Scheme,
    /// A user name or password before the host.
    #[error("the address must not contain a user name")]
    UserInfo,
    /// A `#…` at the end.
    #[error("the address must not contain a fragment")]
    Fragment,
    /// Another port than 443.
    #[error("the address must use the standard https port")]
    Port,
    /// An encoded slash or backslash, or dot segments, in the path.
    #[error("the address must not contain encoded path separators")]
    Path,
    /// A name or address that isn't public.
    #[error("the address is not a public internet host")]
    NotPublic,
}

/// Checks a URL before resolving or connecting.
///
/// # Errors
/// The rule it breaks.
pub(super) fn check(url: &Url, allowed: &AllowList) -> Result<(), BlockedAddress> {
    if url.as_str().len() > 2048 {
        return Err(BlockedAddress::TooLong);
    }
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
        return Err(BlockedAddress::Scheme);
    };
    let listed = allowed.has_host(&host, port);
    if url.scheme() != "https" && !(listed && url.scheme() == "http") {
        return Err(BlockedAddress::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BlockedAddress::UserInfo);
    }
    if url.fragment().is_some() {
        return Err(BlockedAddress::Fragment);
    }
    let path = url.path().to_ascii_lowercase();
    if path.contains("%2f") || path.contains("%5c") {
        return Err(BlockedAddress::Path);
    }
    if listed {
        return Ok(());
    }
    // A host that is listed with a port is only permitted there: its name may resolve to private
    // addresses.
    let listed_elsewhere = matches!(host, Host::Domain(name) if allowed.has_name(name));
    if port != HTTPS || listed_elsewhere {
        return Err(BlockedAddress::Port);
    }
    match host {
        Host::Domain(name) if is_public_name(name) => Ok(()),
        _ => Err(BlockedAddress::NotPublic),
    }
}

/// Whether a name can have a meaning outside a machine or a local network.
fn is_public_name(name: &str) -> bool {
    const INSIDE: [&str; 5] = ["localhost", "local", "internal", "home.arpa", "localdomain"];
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    name.contains('.')
        && INSIDE.iter().all(|inside| {
            name.strip_suffix(inside)
                .is_none_or(|before| !before.is_empty() && !before.ends_with('.'))
        })
}

/// Whether an address can be reached from the whole internet.
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public4(ip),
        IpAddr::V6(ip) => is_public6(ip),
    }
}

fn is_public4(ip: Ipv4Addr) -> bool {
    const BLOCKED: [Ipv4Net; 17] = [
        net4([0, 0, 0, 0], 8),          // this network
        net4([10, 0, 0, 0], 8),         // private
        net4([100, 64, 0, 0], 10),      // shared by carriers
        net4([127, 0, 0, 0], 8),        // loopback
        net4([168, 63, 129, 16], 32),   // Azure's own services, for its machines
        net4([169, 254, 0, 0], 16),     // link-local, cloud metadata
        net4([172, 16, 0, 0], 12),      // private
        net4([192, 0, 0, 0], 24),       // protocol assignments
        net4([192, 0, 2, 0], 24),       // documentation
        net4([192, 88, 99, 0], 24),     // 6to4 relay
        net4([192, 168, 0, 0], 16),     // private
        net4([198, 18, 0, 0], 15),      // benchmarking
        net4([198, 51, 100, 0], 24),    // documentation
        net4([203, 0, 113, 0], 24),     // documentation
        net4([224, 0, 0, 0], 4),        // multicast
        net4([240, 0, 0, 0], 4),        // reserved
        net4([255, 255, 255, 255], 32), // broadcast
    ];
    !BLOCKED.iter().any(|network| network.contains(&ip))
}

const fn net4([a, b, c, d]: [u8; 4], bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

fn is_public6(ip: Ipv6Addr) -> bool {
    const BLOCKED: [Ipv6Net; 3] = [
        net6([0x2001, 0], 23),      // protocol assignments, Teredo
        net6([0x2001, 0x0db8], 32), // documentation
        net6([0x3fff, 0], 20),      // documentation
    ];
    let bits = ip.to_bits();
    // Two ways of writing an IPv4 address inside an IPv6 one, the second being NAT64's (RFC 6052):
    // the inner address decides. The local prefix 64:ff9b:1::/48 (RFC 8215) is not among them,
    // because each network decides where the inner address goes.
    if matches!(bits >> 32, 0xffff | 0x0064_ff9b_0000_0000_0000_0000) {
        return is_public4(low(bits));
    }
    // All addresses assigned for the internet are in 2000::/3.
    if bits >> 125 != 0b001 {
        return false;
    }
    let is_6to4 = bits >> 112 == 0x2002;
    (!is_6to4 || is_public4(low(bits >> 80)))
        && !BLOCKED.iter().any(|network| network.contains(&ip))
}

/// A network whose address is zero after its first two groups.
const fn net6([first, second]: [u16; 2], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), bits)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the low 32 bits are what is wanted"
)]
fn low(bits: u128) -> Ipv4Addr {
    Ipv4Addr::from_bits(bits as u32)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    fn verdict(url: &str, allowed: &str) -> Result<(), BlockedAddress> {
        check(
            &Url::parse(url).unwrap(),
            &AllowList::parse(allowed).unwrap(),
        )
    }

    #[track_caller]
    fn assert_inside(urls: &[&str]) {
        for url in urls {
            assert_eq!(verdict(url, ""), Err(BlockedAddress::NotPublic), "{url}");
        }
    }

    #[cases("TC-223", "TC-226", "TC-244")]
    #[test]
    fn this_machine_is_blocked_however_it_is_spelt() {
        assert_inside(&[
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://0.0.0.0/",
            "https://localhost/",
            "https://localhost./",
            "https://a.localhost/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://017700000001/",
            "https://127.1/",
        ]);
    }

    #[cases("TC-224", "TC-225", "TC-227", "TC-244")]
    #[test]
    fn networks_inside_and_names_of_them_are_blocked() {
        assert_inside(&[
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.5/",
            "https://172.16.0.1/",
            "https://192.168.1.1/",
            "https://100.64.0.1/",
            "https://[::ffff:127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[fc00::1]/",
            "https://[fe80::1]/",
            "https://metadata.internal/",
            "https://metadata.internal./",
            "https://printer.local/",
            "https://intranet/",
            "https://x.home.arpa/",
            "https://8.8.8.8/",
        ]);
    }

    #[cases("TC-206", "TC-237", "TC-238")]
    #[test]
    fn other_schemes_ports_and_users_are_blocked() {
        for (url, blocked) in [
            ("http://lms.example.edu/", BlockedAddress::Scheme),
            ("file:///etc/passwd", BlockedAddress::Scheme),
            ("gopher://lms.example.edu/", BlockedAddress::Scheme),
            ("ftp://lms.example.edu/", BlockedAddress::Scheme),
            ("https://lms.example.edu:22/", BlockedAddress::Port),
            ("https://lms.example.edu:6379/", BlockedAddress::Port),
            (
                "https://lms.example.edu@evil.example/",
                BlockedAddress::UserInfo,
            ),
            ("https://lms.example.edu/#x", BlockedAddress::Fragment),
            ("https://lms.example.edu/a%2Fb", BlockedAddress::Path),
            ("https://lms.example.edu/a%5cb", BlockedAddress::Path),
        ] {
            assert_eq!(verdict(url, ""), Err(blocked), "{url}");
        }
        assert_eq!(
            verdict(
                "https://lms.example.edu/mod/lti/openid-configuration.php?x=1",
                ""
            ),
            Ok(())
        );
        assert_eq!(verdict("https://notlocal.example/", ""), Ok(()));
        assert_eq!(
            verdict("https://thelocal/", ""),
            Err(BlockedAddress::NotPublic)
        );
    }

    #[cases("TC-243")]
    #[test]
    fn the_operator_opens_exactly_what_they_list() {
        assert_eq!(verdict("http://10.0.0.5:8000/", "10.0.0.5"), Ok(()));
        assert_eq!(
            verdict("https://10.0.0.6/", "10.0.0.5"),
            Err(BlockedAddress::NotPublic)
        );
        assert_eq!(
            verdict("http://lms.school.internal/", "lms.school.internal:80"),
            Ok(())
        );
        assert_eq!(
            verdict("http://lms.school.internal:81/", "lms.school.internal:80"),
            Err(BlockedAddress::Scheme)
        );
        assert_eq!(
            verdict("http://sub.lms.school.internal/", "lms.school.internal"),
            Err(BlockedAddress::Scheme)
        );
        assert_eq!(verdict("https://10.1.2.3/", "10.1.0.0/16"), Ok(()));
        assert_eq!(
            verdict("https://10.2.2.3/", "10.1.0.0/16"),
            Err(BlockedAddress::NotPublic)
        );
        assert_eq!(verdict("http://[fd00::5]:1/", "fd00::/8"), Ok(()));
        for bad in ["*", "10.0.0.0/33", "a b", "host:port", "x:99999"] {
            assert!(AllowList::parse(bad).is_err(), "{bad}");
        }
    }

    #[cases("TC-227")]
    #[test]
    fn addresses_inside_addresses_count() {
        for ip in [
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:10.0.0.1",
            "::ffff:168.63.129.16",
            "64:ff9b::a00:1",
            "64:ff9b::a83f:8110",
            "64:ff9b:1::a00:1",
            "64:ff9b:1::808:808",
            "64:ff9b:1:a00:1::808:808",
            "64:ff9b:0:1::808:808",
            "64:ff9a::808:808",
            "100::1",
            "1fff:ffff::1",
            "3fff::1",
            "4000::1",
            "5f00::1",
            "c000::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "0.1.2.3",
            "168.63.129.16",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "168.63.129.17",
            "2001:4860::8888",
            "2606:4700::1",
            "2a00:1450::1",
            "3fff:1000::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }
}
