//! The secret keys of an installation, and the keys derived from them.

use std::collections::HashSet;

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::kit::clock::Random;

/// The installation's secret key: 32 bytes from which all our other keys are derived.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// Why a text is not a secret key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSecretKey {
    /// It isn't 32 bytes in hexadecimal or base64.
    #[error(
        "the secret key must be 32 bytes, written as 64 hexadecimal digits or 44 characters of base64"
    )]
    Form,
    /// The bytes are not random.
    #[error(
        "the secret key repeats a few bytes, so it can be guessed: make a random one with `openssl rand -hex 32`. If the \
         database was set up with this key, put the new one before it, with a comma between them"
    )]
    Guessable,
}

impl SecretKey {
    /// A new key.
    pub fn generate(random: &Random) -> Self {
        Self(random.bytes())
    }

    /// Parses a key from a setting or a file.
    ///
    /// # Errors
    /// Not 32 bytes.
    pub fn parse(text: &str) -> Result<Self, BadSecretKey> {
        let text = text.trim();
        let bytes = if text.len() == 64 {
            (0..64)
                .step_by(2)
                .map(|at| {
                    text.get(at..at + 2)
                        .and_then(|pair| u8::from_str_radix(pair, 16).ok())
                })
                .collect()
        } else {
            STANDARD
                .decode(text)
                .or_else(|_| URL_SAFE_NO_PAD.decode(text))
                .ok()
        };
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or(BadSecretKey::Form)
    }

    /// Whether the key has so few different bytes that it can't be random: zeros, one digit, a
    /// short word repeated. Of 32 random bytes more than 12 differ, except in one of 10^22 keys.
    fn is_guessable(&self) -> bool {
        let different: HashSet<&u8> = self.0.iter().collect();
        different.len() <= 12
    }

    /// The form written to the file in the data folder.
    pub fn to_hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// A separate key for one purpose.
    ///
    /// # Panics
    /// Never: 32 bytes is a length HKDF supports.
    #[expect(
        clippy::expect_used,
        reason = "the length is a constant that HKDF allows"
    )]
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        struct Length32;
        impl KeyType for Length32 {
            fn len(&self) -> usize {
                32
            }
        }
        let mut key = [0; 32];
        let secret = Salt::new(HKDF_SHA256, b"hallpass").extract(&self.0);
        secret
            .expand(&[purpose.as_bytes()], Length32)
            .and_then(|okm| okm.fill(&mut key))
            .expect("32 bytes of key");
        key
    }
}

/// The secret keys of an installation: the first seals, and each opens what it sealed, so that one
/// can replace another while the service runs (docs/keys.md).
#[derive(Clone, Debug)]
pub struct SecretKeys {
    current: SecretKey,
    others: Vec<SecretKey>,
}

impl From<SecretKey> for SecretKeys {
    fn from(current: SecretKey) -> Self {
        Self {
            current,
            others: Vec::new(),
        }
    }
}

impl SecretKeys {
    /// Parses one or more, separated by commas or white space. Those that only open may be weak.
    ///
    /// # Errors
    /// One of them is not 32 bytes, or there is none, or the first can be guessed.
    pub fn parse(text: &str) -> Result<Self, BadSecretKey> {
        let keys = text.split(|c: char| c == ',' || c.is_whitespace());
        let mut keys = keys.filter(|key| !key.is_empty()).map(SecretKey::parse);
        let current = keys.next().ok_or(BadSecretKey::Form)??;
        if current.is_guessable() {
            return Err(BadSecretKey::Guessable);
        }
        Ok(Self {
            current,
            others: keys.collect::<Result<_, _>>()?,
        })
    }

    /// The key that seals.
    pub const fn current(&self) -> &SecretKey {
        &self.current
    }

    /// All keys, the one that seals first.
    pub fn each(&self) -> impl Iterator<Item = &SecretKey> {
        std::iter::once(&self.current).chain(&self.others)
    }

    /// Puts a new key first, which seals from now on.
    #[must_use]
    pub fn behind(self, new: SecretKey) -> Self {
        let mut others = vec![self.current];
        others.extend(self.others);
        Self {
            current: new,
            others,
        }
    }
}

/// The secrets that open an installation.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// They seal rows and can be changed.
    pub keys: SecretKeys,
    /// Stays when they change: everything that others store and know us by, such as service keys
    /// and StudyReel's launch URL, is derived from it. It is in the store, sealed.
    pub root: SecretKey,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn the_secret_key_reads_back_as_written() {
        let secret = SecretKey::generate(&Random::default());
        assert_eq!(SecretKey::parse(&secret.to_hex()).unwrap().0, secret.0);
        assert_eq!(
            SecretKey::parse(&format!(" {}\n", STANDARD.encode(secret.0)))
                .unwrap()
                .0,
            secret.0
        );
        for bad in ["", "abc", &"g".repeat(64), &"é".repeat(32)] {
            assert!(SecretKey::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(format!("{secret:?}"), "SecretKey(…)");
    }

    #[test]
    fn a_key_that_can_be_guessed_seals_nothing_and_still_opens() {
        let random = SecretKey::generate(&Random::default()).to_hex();
        for guessed in [
            "00".repeat(32),
            "a".repeat(64),
            "0123456789abcdef".repeat(4),
            STANDARD.encode(b"changeme".repeat(4)),
        ] {
            let keys = SecretKeys::parse(&guessed).map(drop);
            assert_eq!(keys, Err(BadSecretKey::Guessable), "{guessed}");
            let turned = SecretKeys::parse(&format!("{random},{guessed}")).map(drop);
            assert_eq!(turned, Ok(()), "the way out");
        }
        for _ in 0..1000 {
            let random = SecretKey::generate(&Random::default()).to_hex();
            assert!(SecretKeys::parse(&random).is_ok(), "{random}");
        }
    }
}
