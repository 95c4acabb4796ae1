//! The second step: codes of an authenticator app, which change every 30 seconds (RFC 6238, with
//! HMAC-SHA-1 and six digits, which every app supports).

use aws_lc_rs::hmac;

use super::keys::same;
use crate::kit::clock::Random;

const STEP_SECONDS: i64 = 30;
/// How far a phone's clock may be off, in steps.
const OFF: i64 = 1;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The secret that the app shares with us.
#[derive(Clone)]
pub(crate) struct Totp([u8; 20]);

impl Totp {
    /// A new secret.
    pub(crate) fn generate(random: &Random) -> Self {
        Self(random.bytes())
    }

    /// The secret of these bytes.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes to seal.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The secret for typing into an app.
    pub(crate) fn to_base32(&self) -> String {
        let digit = |five: u8| char::from(BASE32.get(usize::from(five)).copied().unwrap_or(b'A'));
        // 160 bits are 32 digits of five bits.
        let bit = |at: usize| {
            self.0
                .get(at / 8)
                .map_or(0, |byte| (byte >> (7 - at % 8)) & 1)
        };
        let five = |place: usize| (0..5).fold(0, |five, at| (five << 1) | bit(place * 5 + at));
        (0..32).map(|place| digit(five(place))).collect()
    }

    /// The same in groups of four, for reading it off a page. Apps ignore the spaces.
    pub(crate) fn in_groups(&self) -> String {
        let mut groups = String::new();
        for (place, digit) in self.to_base32().chars().enumerate() {
            if place > 0 && place % 4 == 0 {
                groups.push(' ');
            }
            groups.push(digit);
        }
        groups
    }

    /// The secret as a link for apps.
    pub(crate) fn link(&self, issuer: &str, login: &str) -> String {
        let text = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
        };
        // In a path, a blank is %20.
        let [issuer, login] = [issuer, login].map(|part| text(part).replace('+', "%20"));
        let secret = self.to_base32();
        format!("otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}")
    }

    /// The step that this code belongs to, if it is valid now. The caller makes sure that each step
    /// is used only once.
    pub(crate) fn step_of(&self, code: &str, now_seconds: i64) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let now = now_seconds.div_euclid(STEP_SECONDS);
        (now - OFF..=now + OFF).find(|step| same(&self.code(*step), &code))
    }

    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let hash = tag.as_ref();
        let at = usize::from(hash.last().copied().unwrap_or_default() & 0x0f);
        let four: [u8; 4] = hash
            .get(at..at + 4)
            .and_then(|four| four.try_into().ok())
            .unwrap_or_default();
        let number = u32::from_be_bytes(four) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    /// The secret and times of RFC 6238, appendix B, with the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        let totp = Totp::of_bytes(b"12345678901234567890").unwrap();
        assert_eq!(totp.to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let groups = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ";
        assert_eq!(totp.in_groups(), groups);
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.step_of(code, seconds), Some(seconds / 30), "{code}");
            assert_eq!(
                totp.step_of(code, seconds + 30),
                Some(seconds / 30),
                "a slow phone"
            );
            assert_eq!(totp.step_of(code, seconds + 90), None, "{code}");
        }
        assert_eq!(totp.step_of("287 082", 59), Some(1), "as apps show it");
        assert_eq!(totp.step_of("", 59), None);
        let link = totp.link("My Tool", "mara@x.example");
        assert!(
            link.starts_with("otpauth://totp/My%20Tool:mara%40x.example?secret=GEZD"),
            "{link}"
        );
    }
}
