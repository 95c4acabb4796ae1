//! Our key pairs: one for each platform, so that an assertion made for one can't be used at another (lti.md G-02).
//! Made ahead in the background, the private half sealed.

use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use lti::key::PublicJwk;
use serde::Serialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::directory::tools::AtTool;
use crate::kit::id::is_id;
use crate::kit::seal::{self, Sealer};
use crate::web::problem::Problem;
use store::StoreError;
use store::signing_keys::{self, NewKey, Owner, PublicKey};

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

/// Makes a key pair on a thread of its own: it takes a good part of a second. The private half is sealed with `rows`.
///
/// # Errors
/// The crypto library failed.
pub async fn generate(rows: &Sealer) -> Result<NewKey, KeyError> {
    let crypto = |what: &str| KeyError::Crypto(what.to_owned());
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
    let private_sealed = rows.seal(&identity(jwk.kid()), private.as_ref());
    let public_jwk = serde_json::to_string(&jwk).map_err(|error| crypto(&error.to_string()))?;
    Ok(NewKey {
        kid: jwk.kid().to_owned(),
        public_jwk,
        public_pem: pem(public.as_ref()),
        private_sealed,
    })
}

/// What a private half is sealed together with.
pub fn identity(kid: &str) -> String {
    format!("signing_keys/{kid}")
}

/// Gives a platform its key pair, before the platform's row exists: some platforms fetch the key set while they
/// register (lti.md D.3).
///
/// # Errors
/// No key could be made or stored.
pub async fn assign(app: &App, tool_id: &str, platform_id: &str) -> Result<(), KeyError> {
    let now = app.clock.now_ms();
    let owner = || Owner {
        tool_id: tool_id.to_owned(),
        platform_id: platform_id.to_owned(),
        signs_from: now,
    };
    if !take(app, owner()).await? {
        // Most likely the pool's next one is in the making: that is there sooner than one more beside it.
        let _making = app.key_in_the_making.lock().await;
        if !take(app, owner()).await? {
            let key = generate(&app.rows).await?;
            insert(app, key, Some(owner())).await?;
        }
    }
    app.keys_wanted.notify_one();
    Ok(())
}

async fn take(app: &App, owner: Owner) -> Result<bool, StoreError> {
    let now = app.clock.now_ms();
    let take = app.db.write_one(move |mut tx| {
        Box::pin(async move { signing_keys::take(&mut tx, owner, now).await })
    });
    take.await
}

async fn insert(app: &App, key: NewKey, owner: Option<Owner>) -> Result<(), KeyError> {
    let now = app.clock.now_ms();
    let insert = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { signing_keys::insert(&mut tx, key, owner, now).await })
    });
    Ok(insert.await?)
}

/// Makes keys until enough wait in the pool.
///
/// # Errors
/// No key could be made or stored.
pub async fn refill(app: &App) -> Result<(), KeyError> {
    loop {
        // Let go after each: a request that waits for it takes the key before the next is made.
        let _making = app.key_in_the_making.lock().await;
        let waiting = signing_keys::waiting(&mut app.db.read().await?.tx()).await?;
        if waiting >= app.config.fixed.keys_ahead {
            return Ok(());
        }
        let key = generate(&app.rows).await?;
        insert(app, key, None).await?;
    }
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

/// The key that signs for a platform at this moment. Read from the store each time: a change made on another replica,
/// or by a command, holds from its commit on.
pub struct Signer {
    /// Its id.
    pub kid: String,
    private_sealed: Vec<u8>,
}

impl Signer {
    /// The platform's.
    ///
    /// # Errors
    /// The platform has no key, or the store failed.
    pub async fn of(app: &App, platform_id: &str) -> Result<Self, KeyError> {
        let (id, now) = (platform_id.to_owned(), app.clock.now_ms());
        let key = signing_keys::signing(&mut app.db.read().await?.tx(), id, now).await?;
        let key = key.ok_or_else(|| KeyError::Crypto("the platform has no key".into()))?;
        Ok(Self {
            kid: key.kid,
            private_sealed: key.private_sealed,
        })
    }

    /// Signs a JWT, RS256 with `kid` (lti.md G-08).
    ///
    /// # Errors
    /// The key can't be opened.
    pub fn sign(&self, app: &App, claims: &impl Serialize) -> Result<String, KeyError> {
        let broken = |what: String| KeyError::Crypto(what);
        let private = app
            .rows
            .open(&identity(&self.kid), &self.private_sealed)
            .map_err(|error| broken(error.to_string()))?;
        let pair = KeyPair::from_pkcs8(&private).map_err(|error| broken(error.to_string()))?;
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.kid});
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
}

/// The public half of the key that signs for a platform, as PEM for platforms where it is pasted.
///
/// # Errors
/// The store failed.
pub async fn pem_of(app: &App, platform_id: &str) -> Result<String, Problem> {
    let (id, now) = (platform_id.to_owned(), app.clock.now_ms());
    let key = signing_keys::signing(&mut app.db.read().await?.tx(), id, now).await?;
    // A platform that is being deleted may have lost its key already.
    Ok(key.map(|key| key.public_pem).unwrap_or_default())
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

/// A key set as it is sent, kept at hand for the few seconds that another replica's change may go unseen: whoever asks
/// again and again costs no store. A new key is published hours before it signs; an old one that must go at once is
/// gone everywhere within those seconds.
pub struct KeySetDocument {
    body: Bytes,
    tag: HeaderValue,
}

impl KeySetDocument {
    fn new(keys: &[PublicKey]) -> Result<Self, Problem> {
        let jwks: Vec<Value> = keys
            .iter()
            .map(|key| serde_json::from_str(&key.public_jwk))
            .collect::<Result<_, _>>()
            .map_err(Problem::internal)?;
        let kids: Vec<&str> = keys.iter().map(|key| key.kid.as_str()).collect();
        let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&seal::hash(&kids)[..12]));
        Ok(Self {
            body: json!({"keys": jwks}).to_string().into(),
            tag: HeaderValue::from_str(&tag).map_err(Problem::internal)?,
        })
    }

    /// Bytes it takes.
    pub fn weight(&self) -> usize {
        self.body.len() + 512
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let headers = [
            (
                CACHE_CONTROL,
                HeaderValue::from_static("public, max-age=3600"),
            ),
            (ETAG, self.tag.clone()),
        ];
        if asked.get(IF_NONE_MATCH) == Some(&self.tag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        (headers, json, self.body.clone()).into_response()
    }
}

/// `GET /lti/keys`: the public keys of every platform of the tool.
pub async fn publish_all(
    State(app): State<App>,
    AtTool(tool): AtTool,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let at = format!("tools/{}", tool.id);
    if let Some(known) = app.key_sets.get(&at) {
        return Ok(known.answer(&headers));
    }
    let (id, now) = (tool.id.clone(), app.clock.now_ms());
    let keys = signing_keys::published(&mut app.db.read().await?.tx(), id, now).await?;
    keep(&app, at, &keys).await.map(|set| set.answer(&headers))
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
    let at = format!("platforms/{platform_id}");
    if let Some(known) = app.key_sets.get(&at) {
        return Ok(known.answer(&headers));
    }
    let now = app.clock.now_ms();
    let keys = signing_keys::of_platform(&mut app.db.read().await?.tx(), platform_id, now).await?;
    if keys.is_empty() {
        return Err(none());
    }
    keep(&app, at, &keys).await.map(|set| set.answer(&headers))
}

async fn keep(app: &App, at: String, keys: &[PublicKey]) -> Result<Arc<KeySetDocument>, Problem> {
    let document = Arc::new(KeySetDocument::new(keys)?);
    app.key_sets.insert(at, document.clone());
    Ok(document)
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
