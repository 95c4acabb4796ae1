//! Keys: platforms' keys, parsed and ready for verification (RFC 7517, G.2), and our own public
//! keys as we publish them (RFC 7638, G.1).
//!
//! ```
//! use lti::key::{Algorithm, KeyMissing, KeySet};
//!
//! // A platform's answer at its `jwks_uri`.
//! let keys = KeySet::parse(br#"{"keys": [
//!     {"kty": "EC", "crv": "P-256", "kid": "1", "use": "sig",
//!      "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
//!     {"kty": "oct", "kid": "2", "k": "c2VjcmV0"}
//! ]}"#)?;
//! let key = keys.get("1").expect("a usable key");
//! assert!(key.fits(Algorithm::ES256) && !key.fits(Algorithm::RS256));
//! // A shared secret verifies nothing that a public key set could prove.
//! assert!(matches!(keys.find("2"), Err(KeyMissing::PassedOver(_))));
//! # Ok::<(), lti::key::KeySetError>(())
//! ```

mod algorithm;
mod publish;
mod set;
mod verifying;

pub use algorithm::Algorithm;
pub use publish::{PublicJwk, PublicKeySet};
pub use set::{KeyMissing, KeySet, KeySetError, MAX_KEY_SET_BYTES, MAX_KID_BYTES};
pub use verifying::{KeyFault, VerifyingKey};

#[cfg(test)]
mod tests;
