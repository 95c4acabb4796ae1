//! The `ltik`: LTIAAS's reference to a launch, an HS256 JWT `{type, tid, iat, exp}` that is checked
//! without I/O (ltiaas-api.md §1.3). Also the service key, a similar token that outlives the
//! launch.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::kit::clock::Clock;
use crate::kit::seal::{SecretKey, Secrets};

/// The lifetime of an `ltik`, in seconds.
pub(crate) const LIFE_SECONDS: i64 = 24 * 60 * 60;

/// The types of tokens for one launch.
const LTIK: &str = "ltik";
const CANCELLATION: &str = "cancellation";

/// `{"typ":"JWT","alg":"HS256"}` and a dot: every token of ours begins like this, and no other
/// header is accepted.
const HEADER: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.";

/// Creates and reads both kinds of token. Cloning it is cheap.
#[derive(Clone)]
pub struct Ltiks {
    keys: Arc<Keys>,
    clock: Clock,
}

struct Keys {
    sign: hmac::Key,
    /// One for each secret key, newest first.
    checks: Vec<hmac::Key>,
    /// Service keys don't expire, so the key that signs them outlives the secret key.
    sign_service: hmac::Key,
}

#[derive(Serialize)]
struct Ltik<'a> {
    r#type: &'a str,
    tid: &'a str,
    iat: i64,
    exp: i64,
}

/// A service key contains a place and the time of the launch that issued it. Everything else is
/// looked up, so that it stays short however long the platform's addresses are
/// (ltiaas-api.md §1.3), and can be revoked.
#[derive(Serialize)]
struct ServiceKey<'a> {
    r#type: &'a str,
    place: &'a str,
    iat_ms: i64,
    /// Absent from keys of older versions, which means none.
    #[serde(rename = "gen", skip_serializing_if = "is_zero")]
    revocations: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// The contents of a service key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPlace {
    /// Our id of the place; its row contains the addresses.
    pub place_id: String,
    /// The time of its launch, in milliseconds since 1970.
    pub issued_ms: i64,
    /// How often the place's keys had been revoked when it was issued, as far as this server knew.
    pub revocations: i64,
}

impl Ltiks {
    /// Uses keys derived from the installation's secrets.
    pub fn new(secrets: &Secrets, clock: Clock) -> Self {
        let key = |secret: &SecretKey| hmac::Key::new(hmac::HMAC_SHA256, &secret.derive("ltik"));
        let keys = Keys {
            sign: key(secrets.keys.current()),
            checks: secrets.keys.each().map(key).collect(),
            sign_service: key(&secrets.root),
        };
        Self {
            keys: Arc::new(keys),
            clock,
        }
    }

    /// Creates an `ltik` for a launch.
    ///
    /// # Errors
    /// The token can't be serialised. The caller can do nothing about it.
    pub fn mint(&self, launch_id: &str) -> Result<String, serde_json::Error> {
        self.mint_as(LTIK, launch_id)
    }

    /// Creates a token with which a browser can cancel a launch's content selection, and do nothing
    /// else.
    ///
    /// # Errors
    /// The token can't be serialised. The caller can do nothing about it.
    pub fn mint_cancellation(&self, launch_id: &str) -> Result<String, serde_json::Error> {
        self.mint_as(CANCELLATION, launch_id)
    }

    fn mint_as(&self, kind: &str, launch_id: &str) -> Result<String, serde_json::Error> {
        let now = self.clock.now_seconds();
        signed(
            &self.keys.sign,
            &Ltik {
                r#type: kind,
                tid: launch_id,
                iat: now,
                exp: now + LIFE_SECONDS,
            },
        )
    }

    /// The id of the launch that an `ltik` refers to; `None` if it isn't ours or has expired.
    pub fn launch_of(&self, ltik: &str) -> Option<String> {
        self.read_as(LTIK, ltik)
    }

    /// The id of the launch whose selection this token cancels; `None` if it isn't ours or has
    /// expired.
    pub fn cancelled_by(&self, token: &str) -> Option<String> {
        self.read_as(CANCELLATION, token)
    }

    fn read_as(&self, kind: &str, token: &str) -> Option<String> {
        #[derive(Deserialize)]
        struct LtikClaims {
            r#type: String,
            tid: String,
            exp: i64,
        }
        let claims = read(self.keys.checks.iter(), token)?;
        let claims: LtikClaims = serde_json::from_slice(&claims).ok()?;
        (claims.r#type == kind && self.clock.now_seconds() < claims.exp).then_some(claims.tid)
    }

    /// Creates a service key for a place. It does not expire.
    ///
    /// # Errors
    /// The token can't be serialised. The caller can do nothing about it.
    pub fn mint_service_key(&self, named: &NamedPlace) -> Result<String, serde_json::Error> {
        signed(
            &self.keys.sign_service,
            &ServiceKey {
                r#type: "service",
                place: &named.place_id,
                iat_ms: named.issued_ms,
                revocations: named.revocations,
            },
        )
    }

    /// The contents of a service key; `None` if it isn't ours.
    pub fn service_key(&self, key: &str) -> Option<NamedPlace> {
        #[derive(Deserialize)]
        struct ServiceKeyClaims {
            r#type: String,
            place: String,
            iat_ms: i64,
            #[serde(default, rename = "gen")]
            revocations: i64,
        }
        let claims = read(std::iter::once(&self.keys.sign_service), key)?;
        let claims: ServiceKeyClaims = serde_json::from_slice(&claims).ok()?;
        (claims.r#type == "service").then_some(NamedPlace {
            place_id: claims.place,
            issued_ms: claims.iat_ms,
            revocations: claims.revocations,
        })
    }
}

/// The claims of a token signed with one of these keys.
fn read<'a>(mut keys: impl Iterator<Item = &'a hmac::Key>, token: &str) -> Option<Vec<u8>> {
    let (text, signature) = token.rsplit_once('.')?;
    let claims = text.strip_prefix(HEADER)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    keys.find(|key| hmac::verify(key, text.as_bytes(), &signature).is_ok())?;
    URL_SAFE_NO_PAD.decode(claims).ok()
}

/// A JWT, HS256. Written here rather than with the library that checks platforms' tokens, because
/// that one prepares the key for each token, which costs more than everything else.
fn signed(key: &hmac::Key, claims: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut token = HEADER.to_owned();
    URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims)?, &mut token);
    let signature = hmac::sign(key, token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::kit::clock::Random;

    const LIFE: Duration = Duration::from_secs(LIFE_SECONDS.unsigned_abs());
    /// Longer than a test takes.
    const MINUTE: Duration = Duration::from_secs(60);

    fn secrets(keys: SecretKey) -> Secrets {
        Secrets {
            keys: keys.into(),
            root: SecretKey::generate(&Random::default()),
        }
    }

    #[test]
    fn an_ltik_is_good_for_a_day_and_for_nobody_else() {
        let clock = Clock::default();
        let new = || {
            Ltiks::new(
                &secrets(SecretKey::generate(&Random::default())),
                clock.clone(),
            )
        };
        let (keys, others) = (new(), new());
        let ltik = keys.mint("launch-1").unwrap();
        clock.advance(LIFE - MINUTE);
        assert_eq!(keys.launch_of(&ltik).as_deref(), Some("launch-1"));
        assert_eq!(others.launch_of(&ltik), None);
        clock.advance(MINUTE);
        assert_eq!(keys.launch_of(&ltik), None);
        let ltik = keys.mint("launch-1").unwrap();
        assert!(ltik.len() < 250, "{}", ltik.len());
        let (text, signature) = ltik.rsplit_once('.').unwrap();
        let altered = [
            format!("{text}."),
            format!("{text}.{}", &signature[1..]),
            format!("{text}.{signature}="),
            format!("{ltik}.x"),
            format!("{}.{signature}", text.replace("eyJ0eX", "eyJhbG")),
            format!("eyJhbGciOiJub25lIn0.{}.", text.split('.').nth(1).unwrap()),
            text.to_owned(),
            String::new(),
        ];
        for ltik in altered {
            assert_eq!(keys.launch_of(&ltik), None, "{ltik}");
        }
    }

    #[test]
    fn a_cancellation_is_no_ltik() {
        let secrets = secrets(SecretKey::generate(&Random::default()));
        let keys = Ltiks::new(&secrets, Clock::default());
        let (ltik, cancellation) = (
            keys.mint("launch-1").unwrap(),
            keys.mint_cancellation("launch-1").unwrap(),
        );
        let launch = Some("launch-1".to_owned());
        assert_eq!(keys.launch_of(&cancellation), None);
        assert_eq!(keys.cancelled_by(&ltik), None);
        assert_eq!(keys.cancelled_by(&cancellation), launch);
    }

    #[test]
    fn other_libraries_read_what_is_signed_here() {
        use jsonwebtoken::{Algorithm, DecodingKey, Validation};
        let secrets = secrets(SecretKey::generate(&Random::default()));
        let keys = Ltiks::new(&secrets, Clock::default());
        let ltik = keys.mint("launch-1").unwrap();
        let key = DecodingKey::from_secret(&secrets.keys.current().derive("ltik"));
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        let read = jsonwebtoken::decode::<serde_json::Value>(&ltik, &key, &validation).unwrap();
        let issued = read.claims["iat"].as_i64().unwrap();
        assert_eq!(
            read.claims,
            serde_json::json!({"type": "ltik", "tid": "launch-1", "iat": issued, "exp": issued + LIFE_SECONDS})
        );
    }

    #[test]
    fn an_ltik_outlives_its_keys_turn_a_service_key_every_one() {
        let random = Random::default();
        let before = secrets(SecretKey::generate(&random));
        let after = Secrets {
            keys: before.keys.clone().behind(SecretKey::generate(&random)),
            root: before.root.clone(),
        };
        let at_last = Secrets {
            keys: after.keys.current().clone().into(),
            root: before.root.clone(),
        };
        let keys = [&before, &after, &at_last].map(|secrets| Ltiks::new(secrets, Clock::default()));
        let ltik = keys[0].mint("launch-1").unwrap();
        let readable = keys.each_ref().map(|keys| keys.launch_of(&ltik).is_some());
        assert_eq!(readable, [true, true, false]);
        let newer = keys[1].mint("launch-2").unwrap();
        let readable = keys.each_ref().map(|keys| keys.launch_of(&newer).is_some());
        assert_eq!(readable, [false, true, true]);
        let named = NamedPlace {
            place_id: "place-1".into(),
            issued_ms: 7,
            revocations: 1,
        };
        let service = keys
            .each_ref()
            .map(|keys| keys.mint_service_key(&named).unwrap());
        assert!(service.iter().all(|key| *key == service[0]));
        for keys in &keys {
            assert_eq!(keys.service_key(&service[0]), Some(named.clone()));
        }
    }

    #[test]
    fn a_service_key_is_no_ltik() {
        let secrets = secrets(SecretKey::generate(&Random::default()));
        let keys = Ltiks::new(&secrets, Clock::default());
        let named = NamedPlace {
            place_id: "p".repeat(20),
            issued_ms: i64::MAX,
            revocations: i64::MAX,
        };
        let key = keys.mint_service_key(&named).unwrap();
        assert!(key.len() < 250, "{}", key.len());
        assert_eq!(keys.launch_of(&key), None);
        assert_eq!(keys.service_key(&keys.mint("launch-1").unwrap()), None);
        let (text, signature) = key.rsplit_once('.').unwrap();
        for altered in [
            text.to_owned(),
            format!("{text}."),
            format!("{text}x.{signature}"),
        ] {
            assert_eq!(keys.service_key(&altered), None);
        }
    }
}
