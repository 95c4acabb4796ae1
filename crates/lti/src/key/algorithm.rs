//! Signature algorithms, and the kinds of key that go with them.

use jsonwebtoken::Algorithm as JoseAlgorithm;
use serde::{Deserialize, Serialize};

/// A signature algorithm that a registration may accept.
///
/// `none` and the symmetric `HS*` have no variant: they cannot be allowed by mistake (B-26).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "each variant is the JOSE algorithm of its name"
)]
#[non_exhaustive]
pub enum Algorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
}

impl Algorithm {
    /// What a registration accepts unless it says otherwise.
    pub const DEFAULT: &'static [Self] = &[Self::RS256];

    const ALL: [(&'static str, Self); 8] = [
        ("RS256", Self::RS256),
        ("RS384", Self::RS384),
        ("RS512", Self::RS512),
        ("PS256", Self::PS256),
        ("PS384", Self::PS384),
        ("PS512", Self::PS512),
        ("ES256", Self::ES256),
        ("ES384", Self::ES384),
    ];

    /// The algorithm with exactly this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(known, _)| *known == name)
            .map(|(_, algorithm)| algorithm)
    }

    /// The algorithm's name in a token's header.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .into_iter()
            .find(|(_, algorithm)| *algorithm == self)
            .map_or("", |(name, _)| name)
    }

    pub(super) const fn jose(self) -> JoseAlgorithm {
        match self {
            Self::RS256 => JoseAlgorithm::RS256,
            Self::RS384 => JoseAlgorithm::RS384,
            Self::RS512 => JoseAlgorithm::RS512,
            Self::PS256 => JoseAlgorithm::PS256,
            Self::PS384 => JoseAlgorithm::PS384,
            Self::PS512 => JoseAlgorithm::PS512,
            Self::ES256 => JoseAlgorithm::ES256,
            Self::ES384 => JoseAlgorithm::ES384,
        }
    }

    pub(super) const fn kind(self) -> KeyKind {
        match self {
            Self::ES256 => KeyKind::P256,
            Self::ES384 => KeyKind::P384,
            _ => KeyKind::Rsa,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    Rsa,
    P256,
    P384,
}
