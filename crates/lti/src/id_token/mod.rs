//! The launch token, checked in the order of B.2 (Security Framework 1.0 §5.1.2 and §5.1.3,
//! RFC 7515, RFC 7519).
//!
//! The three types say what has been proven: [`UnverifiedToken`] that it is readable,
//! [`SignedToken`] that the platform's key signed it, [`Checked`] that it is a launch for this
//! registration and this login.
//!
//! ```
//! use lti::id_token::{Checked, Expected, Refusal, UnverifiedToken};
//! use lti::key::{Algorithm, KeySet};
//!
//! fn launch(token: &str, keys: &KeySet, expected: &Expected<'_>, now: i64) -> Result<Checked, Refusal> {
//!     let token = UnverifiedToken::parse(token, Algorithm::DEFAULT)?;
//!     let key = keys.get(token.kid()).ok_or(Refusal::KeyNotFound)?;
//!     token.verify(key)?.check(expected, now)
//! }
//!
//! let tool = [url::Url::parse("https://tool.example")?.origin()];
//! let expected = Expected::new("https://lms.example", "client-1", "the nonce of this login", &tool);
//! // {"alg":"none","kid":"1"}.{}
//! let unsigned = "eyJhbGciOiJub25lIiwia2lkIjoiMSJ9.e30.";
//! let refusal = launch(unsigned, &KeySet::default(), &expected, 1_795_354_440).unwrap_err();
//! assert_eq!(refusal, Refusal::AlgorithmNotAllowed);
//! assert_eq!((refusal.code(), refusal.status()), ("ALG_NOT_ALLOWED", 401));
//! # Ok::<(), url::ParseError>(())
//! ```

mod check;
mod header;

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use crate::token_refusal::Refusal;
pub use check::{Checked, Expected};

use crate::claims::wire::{Wire, seconds};
use crate::json;
use crate::key::{Algorithm, VerifyingKey};

/// The longest token, in bytes (B-02).
pub const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// A readable token with an acceptable header. It may be forged: use the key id to choose a key,
/// and nothing else.
#[derive(Debug, Clone)]
pub struct UnverifiedToken<'a> {
    /// Header and payload as they were signed.
    signed: &'a str,
    signature: Vec<u8>,
    algorithm: Algorithm,
    kid: String,
    payload: String,
    /// The positions of the claim names in the payload.
    names: Vec<Range<usize>>,
}

impl<'a> UnverifiedToken<'a> {
    /// Reads a token (B.2 steps 3 and 4) of at most [`MAX_TOKEN_BYTES`].
    ///
    /// `allowed` is the registration's list of algorithms, normally [`Algorithm::DEFAULT`].
    ///
    /// # Errors
    ///
    /// The first [`Refusal`] of steps 3 and 4.
    pub fn parse(token: &'a str, allowed: &[Algorithm]) -> Result<Self, Refusal> {
        Self::parse_within(token, allowed, MAX_TOKEN_BYTES)
    }

    /// Like [`Self::parse`], with a different limit in bytes.
    ///
    /// # Errors
    ///
    /// The first [`Refusal`] of steps 3 and 4.
    pub fn parse_within(
        token: &'a str,
        allowed: &[Algorithm],
        max_bytes: usize,
    ) -> Result<Self, Refusal> {
        if token.len() > max_bytes {
            return Err(Refusal::TokenTooLarge);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Refusal::NotAToken)?;
        let (header, payload) = signed.split_once('.').ok_or(Refusal::NotAToken)?;
        // A fourth dot ends up in the payload and is not base64url.
        let decode = |segment| {
            URL_SAFE_NO_PAD
                .decode(segment)
                .map_err(|_| Refusal::NotAToken)
        };
        let (header, payload) = (decode(header)?, decode(payload)?);
        let signature = decode(signature)?;

        let header_text = json::check(&header).map_err(Refusal::Header)?;
        let (text, names) = json::members(&payload).map_err(Refusal::Payload)?;
        let (algorithm, kid) = header::check(&header_text, allowed)?;
        let mended = match text {
            Cow::Borrowed(text) if text.len() == payload.len() => None,
            text => Some(text.into_owned()),
        };
        let payload = match mended {
            Some(mended) => mended,
            None => String::from_utf8(payload)
                .map_err(|_| Refusal::Payload(json::JsonError::NotUtf8))?,
        };
        Ok(Self {
            signed,
            signature,
            algorithm,
            kid,
            payload,
            names,
        })
    }

    /// The id of the key that signed the token, according to the token. Use it as an in-memory map
    /// key and for nothing else (I-13).
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The token's algorithm; it is in the allow-list.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Verifies the signature (B.2 steps 5 and 6). The token remains usable, so that the caller can
    /// retry with freshly fetched keys (G-24).
    ///
    /// # Errors
    ///
    /// [`Refusal::KeyMismatch`] or [`Refusal::BadSignature`].
    pub fn verify(&self, key: &VerifyingKey) -> Result<SignedToken<'_>, Refusal> {
        if !key.fits(self.algorithm) {
            return Err(Refusal::KeyMismatch);
        }
        if !key.verifies(self.algorithm, self.signed.as_bytes(), &self.signature) {
            return Err(Refusal::BadSignature);
        }
        Ok(SignedToken {
            wire: Wire::read(&self.payload)?,
            payload: &self.payload,
            names: &self.names,
        })
    }
}

/// A token signed with the platform's key. Its claims are the platform's; whether it is meant for
/// us, now, is up to [`SignedToken::check`].
#[derive(Debug, Clone)]
pub struct SignedToken<'a> {
    payload: &'a str,
    names: &'a [Range<usize>],
    wire: Wire<'a>,
}

impl<'a> SignedToken<'a> {
    /// The payload: a JSON object, as signed except for the repairs of [`json`].
    #[must_use]
    pub const fn payload(&self) -> &'a str {
        self.payload
    }

    /// The names of its claims, known or not, in payload order.
    pub fn claim_names(&self) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        let (payload, names) = (self.payload, self.names);
        names
            .iter()
            .filter_map(move |place| payload.get(place.clone()))
            .map(|name| {
                // PHP escapes `/` as `\/` by default.
                let read = name.contains('\\').then(|| format!("\"{name}\""));
                let read = read.and_then(|quoted| serde_json::from_str(&quoted).ok());
                read.map_or(Cow::Borrowed(name), Cow::Owned)
            })
    }

    /// Where the launch comes from and which services are offered there: the claims `context`,
    /// `resource_link`, `endpoint`, `namesroleservice` and `groupsservice` as raw JSON, empty if
    /// absent. If they have not changed since the last launch, there is nothing new to store, and
    /// comparing them is cheaper than parsing them.
    #[must_use]
    pub fn place_claims(&self) -> [&'a str; 5] {
        self.wire.place()
    }

    /// The target link according to the token, unchecked. For callers that keep only a hash of the
    /// login's target.
    #[must_use]
    pub fn claimed_target(&self) -> Option<&str> {
        self.wire.claimed_target()
    }

    /// The time of issue in seconds since 1970. The trace uses it to show how far the clocks are
    /// apart.
    #[must_use]
    pub fn issued_at(&self) -> Option<i64> {
        self.wire.iat.value().copied().and_then(seconds)
    }
}

#[cfg(test)]
mod tests;
