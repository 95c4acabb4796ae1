//! Our key sets as we publish them.

use axum::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};
use store::StoreError;
use store::signing_keys::PublicKey;
use utoipa::ToSchema;

use crate::kit::seal;

/// A JSON Web Key Set.
#[derive(Serialize, ToSchema)]
#[schema(as = KeySet)]
pub(crate) struct KeySetAnswer {
    /// Public keys as JSON Web Keys.
    keys: Vec<Map<String, Value>>,
}

/// A key set, ready to send.
pub struct KeySetDocument {
    /// JSON.
    pub body: Bytes,
    /// Its `ETag`: the same for the same keys on every replica.
    pub tag: HeaderValue,
}

impl KeySetDocument {
    /// The document with these keys.
    ///
    /// # Errors
    /// A stored key is not JSON.
    pub(super) fn new(keys: &[PublicKey]) -> Result<Self, StoreError> {
        let corrupt = |error: &dyn std::fmt::Display| StoreError::Corrupt(error.to_string());
        let jwks: Vec<Map<String, Value>> = keys
            .iter()
            .map(|key| serde_json::from_str(&key.public_jwk))
            .collect::<Result<_, _>>()
            .map_err(|error| corrupt(&error))?;
        let body = serde_json::to_vec(&KeySetAnswer { keys: jwks });
        let body = body.map_err(|error| corrupt(&error))?;
        let kids: Vec<&str> = keys.iter().map(|key| key.kid.as_str()).collect();
        let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&seal::hash(&kids)[..12]));
        Ok(Self {
            body: body.into(),
            tag: HeaderValue::from_str(&tag).map_err(|error| corrupt(&error))?,
        })
    }

    /// Its size in a cache, in bytes.
    pub(super) fn weight(&self) -> usize {
        self.body.len() + 512
    }
}
