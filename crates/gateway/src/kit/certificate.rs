//! The validity of the certificate that this server presents if it handles TLS itself
//! (RFC 5280 §4.1).

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Tags of DER.
const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
/// `[0]`, which only marks the version.
const VERSION: u8 = 0xa0;

/// The validity of a certificate, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateLife {
    /// Not before.
    pub begins: i64,
    /// Not after.
    pub ends: i64,
}

impl CertificateLife {
    /// Reads it from a certificate; `None` if the bytes are not one.
    pub fn of(der: &[u8]) -> Option<Self> {
        let (certificate, _) = tagged(SEQUENCE, der)?;
        let (mut rest, _) = tagged(SEQUENCE, certificate)?;
        // The oldest certificates have no version.
        if let Some((_, after)) = tagged(VERSION, rest) {
            rest = after;
        }
        // Serial number, signature algorithm and issuer come before the validity.
        for tag in [INTEGER, SEQUENCE, SEQUENCE] {
            (_, rest) = tagged(tag, rest)?;
        }
        let (validity, _) = tagged(SEQUENCE, rest)?;
        let (begins, rest) = time(validity)?;
        let (ends, _) = time(rest)?;
        Some(Self { begins, ends })
    }
}

/// The certificate in use, for showing its validity. Cloning it is cheap.
#[derive(Clone, Debug, Default)]
pub struct ServedCertificate(Arc<RwLock<Option<CertificateLife>>>);

impl ServedCertificate {
    /// Sets the validity of the certificate that new connections get; `None` if something else
    /// handles TLS.
    pub fn note(&self, life: Option<CertificateLife>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = life;
    }

    /// Its validity, if there is a certificate.
    pub fn life(&self) -> Option<CertificateLife> {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The content of the first value, if it has this tag, and what follows it.
fn tagged(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, inside, after) = value(bytes)?;
    (found == tag).then_some((inside, after))
}

/// The tag of the first value, its content, and what follows it.
fn value(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(first) {
        short @ 0..=0x7f => (short, rest),
        // The length takes this many bytes. No certificate needs more than three.
        long @ 0x81..=0x83 => {
            let (length, rest) = rest.split_at_checked(long - 0x80)?;
            let length = length
                .iter()
                .fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
            (length, rest)
        }
        _ => return None,
    };
    let (inside, after) = rest.split_at_checked(length)?;
    Some((tag, inside, after))
}

/// A time in milliseconds since 1970, and what follows it. Both forms are UTC: digits followed by a
/// `Z`.
fn time(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let (tag, text, after) = value(bytes)?;
    let digits = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = digits.split_at_checked(digits.len().checked_sub(10)?)?;
    let year: i16 = match (tag, year.len()) {
        // Two digits stand for 1950 to 2049.
        (UTC_TIME, 2) => match year.parse::<i16>().ok()? {
            late @ 50.. => 1900 + late,
            early => 2000 + early,
        },
        (GENERALIZED_TIME, 4) => year.parse().ok()?,
        _ => return None,
    };
    let two = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    let moment = DateTime::new(year, two(0)?, two(2)?, two(4)?, two(6)?, two(8)?, 0).ok()?;
    let moment = moment.to_zoned(TimeZone::UTC);
    // A certificate without an end says 9999-12-31, which is later than any timestamp.
    let moment = moment.map_or(Timestamp::MAX, |zoned| zoned.timestamp());
    Some((moment.as_millisecond(), after))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn a_certificate_says_how_long_it_is_valid() {
        let key = rcgen::KeyPair::generate().unwrap();
        // An end in each of the two forms.
        for ((year, month, day), end) in [
            ((2027, 2, 28), "2027-02-28T00:00:00Z"),
            ((2050, 1, 1), "2050-01-01T00:00:00Z"),
        ] {
            let names = vec!["lti.example.com".to_owned()];
            let mut params = rcgen::CertificateParams::new(names).unwrap();
            params.not_before = rcgen::date_time_ymd(1999, 12, 31);
            params.not_after = rcgen::date_time_ymd(year, month, day);
            let certificate = params.self_signed(&key).unwrap();
            let der = certificate.der();
            let life = CertificateLife {
                begins: ms("1999-12-31T00:00:00Z"),
                ends: ms(end),
            };
            assert_eq!(CertificateLife::of(der), Some(life));
            // Truncated bytes, and bytes that are not a certificate.
            let read = |length: usize| CertificateLife::of(&der[..length]);
            assert_eq!((0..der.len()).find_map(read), None);
            assert_eq!(CertificateLife::of(&der[1..]), None);
        }
    }

    #[test]
    fn times_are_read_in_both_forms_and_no_other() {
        let read = |tag: u8, text: &str| {
            let mut bytes = vec![tag, u8::try_from(text.len()).unwrap()];
            bytes.extend_from_slice(text.as_bytes());
            time(&bytes).map(|(ms, _)| ms)
        };
        let moment = Some(ms("2026-11-24T10:36:07Z"));
        assert_eq!(read(UTC_TIME, "261124103607Z"), moment);
        assert_eq!(read(GENERALIZED_TIME, "20261124103607Z"), moment);
        let endless = read(GENERALIZED_TIME, "99991231235959Z");
        assert_eq!(endless, Some(Timestamp::MAX.as_millisecond()));
        for (tag, text) in [
            (UTC_TIME, "20261124103607Z"),
            (GENERALIZED_TIME, "261124103607Z"),
            (UTC_TIME, "261124103607"),
            (UTC_TIME, "2611241036Z"),
            (UTC_TIME, "261324103607Z"),
            (UTC_TIME, "+61124103607Z"),
            (SEQUENCE, "261124103607Z"),
            (UTC_TIME, "Z"),
        ] {
            assert_eq!(read(tag, text), None, "{text}");
        }
        assert_eq!(value(&[SEQUENCE, 0x84, 0, 0, 0, 0]), None);
    }
}
