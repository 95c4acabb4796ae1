//! Our key pairs: one for each platform, so that an assertion made for one can't be used at another (lti.md G-02).
//! Made ahead in the background, the private half sealed.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use lti::key::PublicJwk;
use serde::Serialize;
use serde_json::{Value, json};

use crate::app::{App, AtTool};
use crate::error::Problem;
use crate::id::is_id;
use crate::seal;
use crate::store::StoreError;
use crate::store::signing_keys::{self, NewKey, PublicKey};

/// Keys that wait in the pool.
const AHEAD: i64 = 4;

/// Key pairs in the making.
static MAKING: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

/// A key pair could not be made.
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

/// Makes a key pair on a thread of its own: it takes a good part of a second.
async fn generate(app: &App, owner: Option<(String, String)>) -> Result<NewKey, KeyError> {
    let crypto = |what: &str| KeyError::Crypto(what.to_owned());
    // Strangers who register may ask for many: two at a time leave the machine to others.
    let _place = MAKING
        .acquire()
        .await
        .map_err(|error| crypto(&error.to_string()))?;
    let pair = tokio::task::spawn_blocking(|| KeyPair::generate(KeySize::Rsa2048)).await;
    let pair = pair
        .map_err(|error| crypto(&error.to_string()))?
        .map_err(|_| crypto("RSA"))?;
    let modulus = pair
        .public_key()
        .modulus()
        .big_endian_without_leading_zero()
        .to_vec();
    let exponent = pair
        .public_key()
        .exponent()
        .big_endian_without_leading_zero()
        .to_vec();
    let jwk = PublicJwk::rsa_with_thumbprint(&modulus, &exponent)
        .map_err(|error| crypto(&error.to_string()))?;
    let private = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).map_err(|_| crypto("PKCS#8"))?;
    let public =
        AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key()).map_err(|_| crypto("X.509"))?;
    let private_sealed = app.rows.seal(&identity(jwk.kid()), private.as_ref());
    let public_jwk = serde_json::to_string(&jwk).map_err(|error| crypto(&error.to_string()))?;
    Ok(NewKey {
        kid: jwk.kid().to_owned(),
        owner,
        public_jwk,
        public_pem: pem(public.as_ref()),
        private_sealed,
    })
}

fn identity(kid: &str) -> String {
    format!("signing_keys/{kid}")
}

/// Gives a platform its key pair, before the platform's row exists: some platforms fetch the key set while they
/// register (lti.md D.3).
///
/// # Errors
/// No key could be made or stored.
pub async fn assign(app: &App, tool_id: &str, platform_id: &str) -> Result<(), KeyError> {
    let (tool, platform, now) = (
        tool_id.to_owned(),
        platform_id.to_owned(),
        app.clock.now_ms(),
    );
    let take = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { signing_keys::take(&mut tx, tool, platform, now).await })
    });
    if take.await? {
        return Ok(());
    }
    let key = generate(app, Some((tool_id.to_owned(), platform_id.to_owned()))).await?;
    insert(app, key).await
}

async fn insert(app: &App, key: NewKey) -> Result<(), KeyError> {
    let now = app.clock.now_ms();
    let insert = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { signing_keys::insert(&mut tx, key, now).await })
    });
    Ok(insert.await?)
}

/// Makes keys until enough wait in the pool.
///
/// # Errors
/// No key could be made or stored.
pub async fn refill(app: &App) -> Result<(), KeyError> {
    while signing_keys::waiting(&mut app.db.read().await?.tx()).await? < AHEAD {
        let key = generate(app, None).await?;
        insert(app, key).await?;
    }
    Ok(())
}

/// Gives up the keys of a platform that was not registered after all.
///
/// # Errors
/// The store failed.
pub async fn discard(app: &App, platform_id: &str) -> Result<(), StoreError> {
    let platform = platform_id.to_owned();
    app.db
        .write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { signing_keys::delete_of_platform(&mut tx, platform).await })
        })
        .await
        .map(drop)
}

/// Signs a JWT for a platform with its newest key, RS256 with `kid` (lti.md G-08).
///
/// # Errors
/// The platform has no key, it can't be opened, or the store failed.
pub async fn sign(
    app: &App,
    platform_id: &str,
    claims: &impl Serialize,
) -> Result<String, KeyError> {
    let broken = |what: String| KeyError::Crypto(what);
    let key = signing_keys::newest(&mut app.db.read().await?.tx(), platform_id.to_owned()).await?;
    let key = key.ok_or_else(|| broken("the platform has no key".into()))?;
    let private = app
        .rows
        .open(&identity(&key.kid), &key.private_sealed)
        .map_err(|error| broken(error.to_string()))?;
    let pair = KeyPair::from_pkcs8(&private).map_err(|error| broken(error.to_string()))?;
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": key.kid});
    let claims = serde_json::to_vec(claims).map_err(|error| broken(error.to_string()))?;
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        signed.as_bytes(),
        &mut signature,
    )
    .map_err(|_| broken("RS256".into()))?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// A platform's newest public key as PEM, for platforms where it is pasted.
///
/// # Errors
/// The store failed.
pub async fn pem_of(app: &App, platform_id: &str) -> Result<String, Problem> {
    let mut keys =
        signing_keys::of_platform(&mut app.db.read().await?.tx(), platform_id.to_owned()).await?;
    // A platform that is being deleted may have lost its key already.
    Ok(keys
        .pop()
        .map(|newest| newest.public_pem)
        .unwrap_or_default())
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

/// `GET /lti/keys`: the public keys of every platform of the tool.
pub async fn publish_all(
    State(app): State<App>,
    AtTool(tool): AtTool,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let keys = signing_keys::published(&mut app.db.read().await?.tx(), tool.id.clone()).await?;
    document(&keys, &headers)
}

/// `GET /lti/keys/<platform>`: the public keys of one.
pub async fn publish_one(
    State(app): State<App>,
    Path(platform_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let none = || {
        Problem::not_found(
            "KEY_SET_NOT_FOUND",
            "There is no key set at this address. Check the platform's id in it.",
        )
    };
    if !is_id(&platform_id) {
        return Err(none());
    }
    let keys = signing_keys::of_platform(&mut app.db.read().await?.tx(), platform_id).await?;
    if keys.is_empty() {
        return Err(none());
    }
    document(&keys, &headers)
}

fn document(keys: &[PublicKey], asked: &HeaderMap) -> Result<Response, Problem> {
    let jwks: Vec<Value> = keys
        .iter()
        .map(|key| serde_json::from_str(&key.public_jwk))
        .collect::<Result<_, _>>()
        .map_err(Problem::internal)?;
    let kids: Vec<&str> = keys.iter().map(|key| key.kid.as_str()).collect();
    let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&seal::hash(&kids)[..12]));
    let tag = HeaderValue::from_str(&tag).map_err(Problem::internal)?;
    let headers = [
        (
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=3600"),
        ),
        (ETAG, tag.clone()),
    ];
    if asked.get(IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok((headers, Json(json!({"keys": jwks}))).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_key_can_be_pasted_as_pem() -> Result<(), Box<dyn std::error::Error>> {
        let pair = KeyPair::generate(KeySize::Rsa2048)?;
        let pem = pem(AsDer::<PublicKeyX509Der<'_>>::as_der(pair.public_key())?.as_ref());
        assert!(
            pem.starts_with("-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhki"),
            "{pem}"
        );
        assert!(lti::key::KeySet::from_pasted(&pem)?.get("any").is_some());
        Ok(())
    }
}
