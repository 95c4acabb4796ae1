//! Rotates a platform's key pair: with overlap or at once, manually or by schedule (lti.md G-06,
//! G-07).
//!
//! With overlap, the new key is published at once and signs after `keys.signAfterHours`, and the
//! old one stays published for another `keys.publishDays`. All of this is stored as times in one
//! transaction that locks the platform's row, so that only one of several replicas rotates. From
//! then on, the clock does the rest.

use axum::http::StatusCode;
use serde::Serialize;
use store::platforms::{self, KeyDelivery, PlatformRow};
use store::signing_keys::{self as stored, NewKey, Owner, Times};
use store::{Db, StoreError, Tx};
use utoipa::ToSchema;

use crate::audit::{Actor, Audit, AuditAction, AuditEntry};
use crate::keys::pair::KeyError;
use crate::kit::clock::iso;
use crate::settings::keys::KeyRules;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

/// The tool has no platform with this id.
pub(crate) const NO_PLATFORM: ApiRule = ApiRule::new(
    "PLATFORM_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "There is no platform with this id. GET /admin/platforms lists them.",
);
const PASTED: ApiRule = ApiRule::new(
    "KEY_IS_PASTED",
    StatusCode::CONFLICT,
    "Nothing was changed: our key was pasted at this platform.",
);
const UNDER_WAY: ApiRule = ApiRule::new(
    "ROTATION_UNDER_WAY",
    StatusCode::CONFLICT,
    "Nothing was changed: a new key is published already.",
);

const HOUR_MS: i64 = 60 * 60 * 1000;
pub(super) const DAY_MS: i64 = 24 * HOUR_MS;

/// Why a platform keeps its key.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// An administrator pasted our key at the platform.
    #[error(
        "our key was pasted at this platform, so a new one has to be pasted there as well. Set the platform's keyDelivery \
         to url if it reads our key set by itself; otherwise change the key at once (now) and paste the new one"
    )]
    Pasted,
    /// A new key is already scheduled.
    #[error("a new key is published already and will sign from {0} on")]
    UnderWay(String),
    /// The pool is empty.
    #[error("no key pair is ready; more are being made")]
    NoKey,
    /// The platform is gone.
    #[error("there is no such platform")]
    NoPlatform,
    /// No key could be created.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl From<StoreError> for RotationError {
    fn from(error: StoreError) -> Self {
        Self::Key(error.into())
    }
}

impl From<RotationError> for Problem {
    fn from(error: RotationError) -> Self {
        let says = format!("Nothing was changed: {error}.");
        match error {
            RotationError::Pasted => PASTED.saying(says),
            RotationError::UnderWay(_) => UNDER_WAY.saying(says),
            RotationError::NoKey => Self::unavailable().caused_by(error).retry_after(1),
            RotationError::NoPlatform => NO_PLATFORM.problem(),
            RotationError::Key(error) => error.into(),
        }
    }
}

/// How to rotate.
#[derive(Clone, Copy, Debug)]
pub enum Rotation {
    /// Publish the new key now, and sign with it once platforms have had time to fetch it.
    Overlap(KeyRules),
    /// The same, if the newest key has been signing since that time or longer, in milliseconds
    /// since 1970.
    Due(KeyRules, i64),
    /// Remove the old keys at once, because they may have leaked.
    Now,
}

/// Rotates a platform's key, to `fresh` or otherwise to one from the pool. With `unasked`, the
/// audit records it as the server's; otherwise whoever orders it does. Returns false if it is not
/// due.
///
/// # Errors
/// See [`RotationError`]; then nothing has changed.
pub(crate) async fn rotate(
    db: &Db,
    now_ms: i64,
    platform: &PlatformRow,
    how: Rotation,
    fresh: Option<NewKey>,
    unasked: Option<&Audit>,
) -> Result<bool, RotationError> {
    if platform.key_delivery != KeyDelivery::Url.as_str() && !matches!(how, Rotation::Now) {
        return Err(RotationError::Pasted);
    }
    let (tool_id, platform_id) = (platform.tool_id.clone(), platform.id.clone());
    let noted = unasked.map(|audit| (audit.clone(), entry_of_the_server(platform)));
    let changed = db.write::<_, RotationError, _>(move |mut tx| {
        Box::pin(async move {
            let changed = change(&mut tx, tool_id, platform_id, how, fresh, now_ms).await?;
            let mark = match noted {
                Some((audit, entry)) if changed => Some(audit.append(&mut tx, entry).await?),
                _ => None,
            };
            Ok((changed, mark))
        })
    });
    let (changed, mark) = changed.await?;
    if let Some(mark) = mark {
        mark.log();
    }
    if changed {
        let at_once = matches!(how, Rotation::Now);
        tracing::info!(platform_id = platform.id, at_once, "signing key changed");
    }
    Ok(changed)
}

fn entry_of_the_server(platform: &PlatformRow) -> AuditEntry {
    let (tool_id, action) = (&platform.tool_id, AuditAction::PlatformKeyRotated);
    let entry = AuditEntry::new(tool_id, Actor::server(), action, &*platform.id);
    entry.named(&*platform.name)
}

async fn change(
    tx: &mut Tx<'_>,
    tool_id: String,
    platform_id: String,
    how: Rotation,
    fresh: Option<NewKey>,
    now: i64,
) -> Result<bool, RotationError> {
    // A concurrent rotation of this platform waits here, and then sees the result of this one.
    if !platforms::lock(tx, platform_id.clone()).await? {
        return Err(RotationError::NoPlatform);
    }
    let keys = stored::times(tx, platform_id.clone()).await?;
    let newest = keys.iter().filter(|key| key.published_until.is_none());
    let newest = newest.map(|key| key.signs_from).max();
    let signs_from = match how {
        Rotation::Now => {
            stored::drop_all(tx, platform_id.clone()).await?;
            now
        }
        Rotation::Due(_, before) if newest.is_some_and(|newest| newest > before) => {
            return Ok(false);
        }
        Rotation::Overlap(rules) | Rotation::Due(rules, _) => {
            if let Some(newest) = newest.filter(|newest| *newest > now) {
                return Err(RotationError::UnderWay(iso(newest)));
            }
            let signs_from = now + i64::from(rules.sign_after_hours) * HOUR_MS;
            let until = signs_from + i64::from(rules.publish_days) * DAY_MS;
            stored::retire(tx, platform_id.clone(), until).await?;
            signs_from
        }
    };
    let owner = Owner {
        tool_id,
        platform_id,
        signs_from,
    };
    match fresh {
        Some(key) => stored::insert(tx, key, Some(owner), now).await?,
        None if stored::take(tx, owner, now).await? => {}
        None => return Err(RotationError::NoKey),
    }
    Ok(true)
}

/// The current role of a platform's key.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PlatformKey)]
pub struct KeyEntry {
    /// Key id.
    pub kid: String,
    /// `next`, `signing` or `retiring`.
    pub state: &'static str,
    /// When it was created.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// From when it signs.
    #[schema(format = DateTime)]
    pub signs_from: String,
    /// Until when it is published; absent for the newest key.
    #[schema(required = true, format = DateTime)]
    pub published_until: Option<String>,
    /// The public half as PEM.
    pub public_key: String,
}

/// A platform's keys, in the order in which they sign, without those that are no longer published.
pub fn keys(times: Vec<Times>, now_ms: i64) -> Vec<KeyEntry> {
    let live = |key: &Times| key.published_until.is_none_or(|until| until > now_ms);
    let live: Vec<Times> = times.into_iter().filter(live).collect();
    let signing = live
        .iter()
        .rposition(|key| key.signs_from <= now_ms)
        .unwrap_or(0);
    let state = |at: usize| match at.cmp(&signing) {
        std::cmp::Ordering::Less => "retiring",
        std::cmp::Ordering::Equal => "signing",
        std::cmp::Ordering::Greater => "next",
    };
    let key = |(at, key): (usize, Times)| KeyEntry {
        state: state(at),
        kid: key.kid,
        created_at: iso(key.created_at),
        signs_from: iso(key.signs_from),
        published_until: key.published_until.map(iso),
        public_key: key.public_pem,
    };
    live.into_iter().enumerate().map(key).collect()
}
