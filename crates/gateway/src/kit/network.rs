//! Networks of addresses, as settings list them: an address, or `address/bits`.

use std::net::IpAddr;

/// Addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

impl Network {
    /// A network by an address in it and the number of bits that count, at most those of the address.
    pub const fn new(base: IpAddr, bits: u8) -> Self {
        Self { base, bits }
    }

    /// Reads an address, with brackets or without, or `address/bits`; `None` where it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let whole = |base: &IpAddr| if base.is_ipv4() { 32 } else { 128 };
        if let Some((base, bits)) = text.split_once('/') {
            let (base, bits) = (base.parse().ok()?, bits.parse().ok()?);
            return (bits <= whole(&base)).then_some(Self { base, bits });
        }
        let base = text.trim_matches(['[', ']']).parse().ok()?;
        Some(Self {
            base,
            bits: whole(&base),
        })
    }

    /// Whether an address is one of the network's.
    pub fn holds(&self, ip: IpAddr) -> bool {
        match (self.base, ip) {
            (IpAddr::V4(base), IpAddr::V4(ip)) => {
                let shift = 32 - u32::from(self.bits);
                base.to_bits().checked_shr(shift) == ip.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(base), IpAddr::V6(ip)) => {
                let shift = 128 - u32::from(self.bits);
                base.to_bits().checked_shr(shift) == ip.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_what_begins_like_it() {
        for (network, inside, outside) in [
            ("10.1.0.0/16", "10.1.255.255", "10.2.0.0"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("0.0.0.0/0", "203.0.113.9", "::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("[::1]", "::1", "::2"),
            ("::/0", "2001:db8::1", "10.0.0.1"),
        ] {
            let network = Network::parse(network).unwrap();
            assert!(network.holds(inside.parse().unwrap()), "{inside}");
            assert!(!network.holds(outside.parse().unwrap()), "{outside}");
        }
        for bad in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "lms.test",
            "10.0.0/8",
        ] {
            assert_eq!(Network::parse(bad), None, "{bad}");
        }
    }
}
