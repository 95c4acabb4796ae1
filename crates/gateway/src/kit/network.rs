//! Networks in settings: an address, or `address/bits`.

use std::net::IpAddr;

use ipnet::IpNet;

/// Parses an address, with or without brackets, or `address/bits`; `None` if it is neither.
pub(crate) fn parse(text: &str) -> Option<IpNet> {
    if let Some((base, bits)) = text.split_once('/') {
        return IpNet::new(base.parse().ok()?, bits.parse().ok()?).ok();
    }
    let address: IpAddr = text.trim_matches(['[', ']']).parse().ok()?;
    Some(address.into())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_what_begins_like_it() {
        for (network, inside, outside) in [
            ("10.1.0.0/16", "10.1.255.255", "10.2.0.0"),
            ("10.1.2.3/16", "10.1.0.0", "10.2.0.0"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("0.0.0.0/0", "203.0.113.9", "::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("[::1]", "::1", "::2"),
            ("::/0", "2001:db8::1", "10.0.0.1"),
        ] {
            let network = parse(network).unwrap();
            let holds = |ip: &str| network.contains(&ip.parse::<IpAddr>().unwrap());
            assert!(holds(inside), "{inside}");
            assert!(!holds(outside), "{outside}");
        }
        for bad in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "lms.test",
            "10.0.0/8",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
