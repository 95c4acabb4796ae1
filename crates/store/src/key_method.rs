//! How a platform's public keys are obtained.

use crate::engine::StoreError;

/// How a platform's public keys are obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMethod {
    /// From the URL of its key set.
    JwkSet,
    /// A single key, pasted as JWK.
    JwkKey,
    /// A single key, pasted as PEM.
    RsaKey,
}

impl KeyMethod {
    /// Every method.
    pub const ALL: [Self; 3] = [Self::JwkSet, Self::JwkKey, Self::RsaKey];

    /// Its name, as stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::JwkSet => "JWK_SET",
            Self::JwkKey => "JWK_KEY",
            Self::RsaKey => "RSA_KEY",
        }
    }

    /// The method with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

impl TryFrom<String> for KeyMethod {
    type Error = StoreError;

    fn try_from(text: String) -> Result<Self, StoreError> {
        Self::named(&text)
            .ok_or_else(|| StoreError::Corrupt(format!("a platform's key method is {text:?}")))
    }
}
