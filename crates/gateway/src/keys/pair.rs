//! Creates key pairs: the private half sealed for the store, the public half as JWK and PEM.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lti::key::PublicJwk;
use store::StoreError;
use store::signing_keys::NewKey;

use crate::kit::key_pairs::{FreshPairs, PairMaker};
use crate::kit::seal::Sealer;
use crate::web::problem::Problem;

/// A key pair could not be created or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The crypto library failed.
    #[error("a key pair could not be made: {0}")]
    Crypto(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => error.into(),
            KeyError::Crypto(_) => Self::internal(error),
        }
    }
}

/// Creates a key pair. The private half is sealed with `rows`.
///
/// # Errors
/// The crypto library failed.
pub async fn generate(rows: &Sealer) -> Result<NewKey, KeyError> {
    generate_by(&FreshPairs, rows).await
}

/// The same with a pair from this maker, on a blocking thread, because it takes a good part of a
/// second.
///
/// # Errors
/// The crypto library failed.
pub(super) async fn generate_by(
    pairs: &'static dyn PairMaker,
    rows: &Sealer,
) -> Result<NewKey, KeyError> {
    let crypto = |what: &str| KeyError::Crypto(what.to_owned());
    let pair = tokio::task::spawn_blocking(move || pairs.make()).await;
    let pair = pair
        .map_err(|error| crypto(&error.to_string()))?
        .map_err(|_| crypto("RSA"))?;
    let public = pair.public_key();
    let jwk = PublicJwk::rsa_with_thumbprint(
        public.modulus().big_endian_without_leading_zero(),
        public.exponent().big_endian_without_leading_zero(),
    );
    let private_der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).map_err(|_| crypto("PKCS#8"))?;
    let public_der = AsDer::<PublicKeyX509Der<'_>>::as_der(public).map_err(|_| crypto("X.509"))?;
    Ok(NewKey {
        kid: jwk.kid().to_owned(),
        public_jwk: serde_json::to_string(&jwk).map_err(|error| crypto(&error.to_string()))?,
        public_pem: pem(public_der.as_ref()),
        private_sealed: rows.seal(&sealed_as(jwk.kid()), private_der.as_ref()),
    })
}

/// The identity that a private half is sealed with.
pub fn sealed_as(kid: &str) -> String {
    format!("signing_keys/{kid}")
}

fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        lines.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_can_be_pasted_as_pem() -> Result<(), Box<dyn std::error::Error>> {
        let pair = FreshPairs.make()?;
        let pem = pem(AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key())?.as_ref());
        assert!(
            pem.starts_with("-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhki"),
            "{pem}"
        );
        assert!(lti::key::KeySet::from_pasted(&pem)?.get("any").is_some());
        Ok(())
    }
}
