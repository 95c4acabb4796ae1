//! Platforms' keys: fetched, kept parsed, one fetch at a time, and a pause after each (lti.md G.2).
//!
//! Keys are kept by platform, never by kid alone: two platforms may use the same kid (G-27).

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::header::{CACHE_CONTROL, DATE, EXPIRES};
use axum::http::{HeaderMap, HeaderName};
use jiff::fmt::rfc2822;
use lti::key::{KeySet, VerifyingKey};
use url::Url;

use crate::app::App;
use crate::outbound::{OutboundError, Purpose, Request};
use crate::store::platforms::Platform;
use crate::traces::record::KeySource;

/// Bytes of a key set at most (G-20).
const LIMIT: usize = 256 * 1024;
/// Between two fetches for one platform (G-23).
const PAUSE_MS: i64 = 60 * 1000;
/// The same while nothing is kept: the platform was not there a moment ago.
const SHORT_PAUSE_MS: i64 = 3 * 1000;
const LEAST_MS: i64 = 5 * 60 * 1000;
const USUAL_MS: i64 = 60 * 60 * 1000;
const MOST_MS: i64 = 24 * 60 * 60 * 1000;

/// Why there is no key to check a token with.
#[derive(Clone, Debug, thiserror::Error)]
pub enum KeyFailure {
    /// The platform's key set holds no such key.
    #[error("the platform's key set has no usable key with this kid")]
    UnknownKid,
    /// The key set can't be fetched and none is kept.
    #[error("the platform's key set can't be fetched: {0}")]
    Unreachable(#[from] OutboundError),
    /// It could not be fetched a moment ago, for this reason.
    #[error("{0}; that was a moment ago, and the platform is asked again within a minute")]
    Resting(Box<Self>),
    /// Nobody knows what became of the fetch.
    #[error("the fetch of the platform's key set broke off")]
    BrokenOff,
    /// The address answered something else than a key set.
    #[error("the platform's key set can't be read: {0}")]
    Unreadable(String),
    /// The key stored with a manual registration is unusable.
    #[error("the key stored for this platform can't be used: {0}")]
    BadStored(String),
}

impl KeyFailure {
    /// Stable code, for logs and traces.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownKid => "KID_UNKNOWN",
            Self::Unreachable(_) | Self::BrokenOff => "KEY_SET_UNREACHABLE",
            Self::Unreadable(_) => "KEY_SET_UNREADABLE",
            Self::BadStored(_) => "PLATFORM_KEY_UNUSABLE",
            Self::Resting(before) => before.code(),
        }
    }
}

/// The cache.
#[derive(Default)]
pub struct PlatformKeys {
    slots: RwLock<HashMap<String, Arc<Slot>>>,
}

/// What is kept for one platform.
#[derive(Default)]
struct Slot {
    kept: RwLock<Option<Kept>>,
    /// Held while fetching.
    last_try: tokio::sync::Mutex<Option<Try>>,
}

/// A fetch that was tried.
struct Try {
    /// Where from: another address is another matter, and may be asked at once.
    source: String,
    /// Milliseconds since 1970.
    at: i64,
    /// Why it failed.
    failure: Option<KeyFailure>,
}

impl Try {
    /// The last try, if it was of this address and the pause since isn't over. A clock that was put back doesn't make
    /// the pause longer.
    fn resting<'a>(last: &'a Option<Self>, source: &str, pause: i64, now: i64) -> Option<&'a Self> {
        let last = last.as_ref().filter(|last| last.source == source);
        last.filter(|last| (last.at..last.at + pause).contains(&now))
    }

    /// Notes a try; not where our own limit kept it from being one, which says nothing about the platform.
    fn note<T>(last: &mut Option<Self>, app: &App, source: &str, done: &Result<T, KeyFailure>) {
        if matches!(done, Err(KeyFailure::Unreachable(OutboundError::Busy))) {
            return;
        }
        *last = Some(Self {
            source: source.to_owned(),
            at: app.clock.now_ms(),
            failure: done.as_ref().err().cloned(),
        });
    }
}

#[derive(Clone)]
struct Kept {
    /// Where it came from: another address means another key set.
    source: String,
    keys: Arc<KeySet>,
    fresh_until: i64,
    usable_until: i64,
}

/// A key, the set it stands in, and where that came from.
pub struct Key(Arc<KeySet>, String, KeySource);

impl Key {
    /// The key itself.
    pub fn get(&self) -> Option<&VerifyingKey> {
        self.0.get(&self.1)
    }

    /// Where it came from.
    pub fn source(&self) -> KeySource {
        self.2
    }
}

impl Slot {
    fn kept(&self, source: &str) -> Option<Kept> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| kept.source == source).cloned()
    }
}

impl PlatformKeys {
    fn slot(&self, platform_id: &str) -> Arc<Slot> {
        if let Some(slot) = self
            .slots
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(platform_id)
        {
            return slot.clone();
        }
        self.slots
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(platform_id.to_owned())
            .or_default()
            .clone()
    }

    /// Forgets a platform that is gone.
    pub fn forget(&self, platform_id: &str) {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        slots.remove(platform_id);
    }

    /// The key a token names.
    ///
    /// # Errors
    /// There is none, after at most one fetch.
    pub async fn find(&self, app: &App, platform: &Platform, kid: &str) -> Result<Key, KeyFailure> {
        let slot = self.slot(&platform.id);
        let now = app.clock.now_ms();
        if let Some(kept) = slot.kept(&platform.key_value)
            && now < kept.fresh_until
            && kept.keys.get(kid).is_some()
        {
            return Ok(Key(kept.keys, kid.to_owned(), KeySource::Kept));
        }
        // In a task of its own: whoever asked may hang up, but a fetch that was begun is finished, and its end is what
        // the next one waits for.
        let (app, platform, kid) = (app.clone(), platform.clone(), kid.to_owned());
        let fetched = tokio::spawn(async move { refetch(&app, &platform, &kid, &slot).await });
        fetched.await.unwrap_or(Err(KeyFailure::BrokenOff))
    }

    /// The key again after a signature did not fit the one that was tried: the platform may have reused the kid (G-24).
    /// `None` where the pause since the last fetch isn't over, or nothing changed.
    pub async fn find_newer(&self, app: &App, platform: &Platform, tried: &Key) -> Option<Key> {
        if platform.key_method != "JWK_SET" {
            return None;
        }
        let slot = self.slot(&platform.id);
        let (app, platform) = (app.clone(), platform.clone());
        let (before, kid) = (tried.0.clone(), tried.1.clone());
        let newer = tokio::spawn(async move {
            let mut last_try = slot.last_try.lock().await;
            // Whoever held the lock before may have brought other keys.
            let kept = slot.kept(&platform.key_value);
            if let Some(kept) = kept.filter(|kept| !Arc::ptr_eq(&kept.keys, &before)) {
                return Some(Key(kept.keys, kid, KeySource::Kept));
            }
            let (source, now) = (&platform.key_value, app.clock.now_ms());
            if Try::resting(&last_try, source, PAUSE_MS, now).is_some() {
                return None;
            }
            let fetched = fetch(&app, &platform, &slot).await;
            Try::note(&mut last_try, &app, source, &fetched);
            fetched.ok().map(|keys| Key(keys, kid, KeySource::Fetched))
        });
        newer.await.ok().flatten()
    }
}

async fn refetch(
    app: &App,
    platform: &Platform,
    kid: &str,
    slot: &Slot,
) -> Result<Key, KeyFailure> {
    let mut last_try = slot.last_try.lock().await;
    // Whoever held the lock before may have brought the key.
    let (now, kept) = (app.clock.now_ms(), slot.kept(&platform.key_value));
    if let Some(kept) = &kept
        && now < kept.fresh_until
        && kept.keys.get(kid).is_some()
    {
        return Ok(Key(kept.keys.clone(), kid.to_owned(), KeySource::Kept));
    }
    let pause = if kept.is_some() {
        PAUSE_MS
    } else {
        SHORT_PAUSE_MS
    };
    let resting = Try::resting(&last_try, &platform.key_value, pause, now);
    let failure = if let Some(last) = resting {
        match &last.failure {
            Some(failure) => KeyFailure::Resting(Box::new(failure.clone())),
            None => KeyFailure::UnknownKid,
        }
    } else {
        let fetched = fetch(app, platform, slot).await;
        Try::note(&mut last_try, app, &platform.key_value, &fetched);
        match fetched {
            Ok(keys) if keys.get(kid).is_some() => {
                return Ok(Key(keys, kid.to_owned(), KeySource::Fetched));
            }
            Ok(_) => return Err(KeyFailure::UnknownKid),
            Err(failure) => failure,
        }
    };
    // Where the platform can't be reached, a key it published lately still counts (G-22).
    match kept {
        Some(kept) if now < kept.usable_until && kept.keys.get(kid).is_some() => {
            Ok(Key(kept.keys, kid.to_owned(), KeySource::Stale))
        }
        _ => Err(failure),
    }
}

async fn fetch(app: &App, platform: &Platform, slot: &Slot) -> Result<Arc<KeySet>, KeyFailure> {
    let now = app.clock.now_ms();
    let stored = |error: &dyn std::fmt::Display| KeyFailure::BadStored(error.to_string());
    let (keys, life) = match platform.key_method.as_str() {
        "JWK_KEY" | "RSA_KEY" => (
            KeySet::from_pasted(&platform.key_value).map_err(|error| stored(&error))?,
            MOST_MS,
        ),
        _ => {
            let url = Url::parse(&platform.key_value).map_err(|error| stored(&error))?;
            let answer = app
                .outbound
                .get(Request {
                    purpose: Purpose::Keys,
                    url: &url,
                    accept: "application/json",
                    bearer: None,
                    limit: LIMIT,
                })
                .await?;
            if answer.status != 200 {
                return Err(KeyFailure::Unreadable(format!("status {}", answer.status)));
            }
            let set = KeySet::parse(&answer.body)
                .map_err(|error| KeyFailure::Unreadable(error.to_string()))?;
            (set, life(&answer.headers, now))
        }
    };
    let keys = Arc::new(keys);
    let kept = Kept {
        source: platform.key_value.clone(),
        keys: keys.clone(),
        fresh_until: now + life,
        usable_until: now + MOST_MS,
    };
    *slot.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    Ok(keys)
}

/// How long an answer stays fresh: by `max-age`, else `Expires`, within 5 minutes and a day (G-22).
fn life(headers: &HeaderMap, now_ms: i64) -> i64 {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let max_age = || {
        text(CACHE_CONTROL)?.split(',').find_map(|part| {
            let (name, seconds) = part.trim().split_once('=')?;
            let seconds = seconds.trim_matches('"').parse::<i64>().ok();
            seconds.filter(|_| name.eq_ignore_ascii_case("max-age"))
        })
    };
    let expires = || {
        let time = |name| {
            let time = rfc2822::DateTimeParser::new().parse_timestamp(text(name)?);
            time.ok().map(jiff::Timestamp::as_millisecond)
        };
        Some(time(EXPIRES)? - time(DATE).unwrap_or(now_ms))
    };
    let said = max_age().map(|seconds| seconds.saturating_mul(1000));
    said.or_else(expires)
        .map_or(USUAL_MS, |life| life.clamp(LEAST_MS, MOST_MS))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn said(headers: &[(HeaderName, &'static str)]) -> i64 {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        life(&headers.collect(), 784_111_777_000)
    }

    #[test]
    fn tc_251_max_age_is_clamped() {
        let control = |value| said(&[(CACHE_CONTROL, value)]);
        assert_eq!(control("public, max-age=1"), LEAST_MS);
        assert_eq!(control("max-age=31536000"), MOST_MS);
        assert_eq!(control("max-age=1800, public"), 1_800_000);
        assert_eq!(control("s-maxage=9, Max-Age=\"1800\""), 1_800_000);
        assert_eq!(control("no-store"), USUAL_MS);
        assert_eq!(said(&[]), USUAL_MS);
    }

    #[test]
    fn g_22_expires_counts_from_the_answers_own_date() {
        let expires = (EXPIRES, "Sun, 06 Nov 1994 09:49:37 GMT");
        assert_eq!(said(std::slice::from_ref(&expires)), 3_600_000);
        let date = (DATE, "Sun, 06 Nov 1994 09:39:37 GMT");
        assert_eq!(said(&[date, expires.clone()]), 600_000);
        assert_eq!(said(&[(CACHE_CONTROL, "max-age=1800"), expires]), 1_800_000);
        assert_eq!(said(&[(EXPIRES, "0")]), USUAL_MS);
        assert_eq!(
            said(&[(EXPIRES, "Thu, 01 Jan 1970 00:00:00 GMT")]),
            LEAST_MS
        );
    }
}
