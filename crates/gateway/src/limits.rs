//! How much is taken from one sender in a minute (lti.md A-09, studyreel.md §5 item 5).
//!
//! Counted in memory, by each replica for itself: a limit keeps a runaway sender away from the store, so it must not
//! need the store.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::app::{App, AtTool};
use crate::client::Source;
use crate::error::Problem;
use crate::pages::texts::registration;
use crate::store::registrations;
use crate::tool::Tool;

/// Senders that are kept at most: `SHARDS` times `PLACES`, two megabytes.
const SHARDS: usize = 1024;
const PLACES: usize = 128;
const MINUTE_US: i64 = 60_000_000;
/// Highest limit that can be set.
const MOST: u32 = 1_000_000;

/// A sender's hash, and when it would be back to a whole minute's worth, in microseconds.
type Place = (u64, i64);

/// What was let through lately. The hash is keyed anew at every start, so that nobody can choose whose place they take.
pub struct Limiter {
    shards: Box<[Mutex<Vec<Place>>]>,
    hasher: RandomState,
}

impl Default for Limiter {
    fn default() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
        }
    }
}

impl Limiter {
    /// Lets one more through, or says after how many seconds to try again. Up to `per_minute` may come at once; zero
    /// means without limit.
    ///
    /// # Errors
    /// The seconds to wait, at least one.
    pub fn admit(&self, key: &[&str], per_minute: u32, now_ms: i64) -> Result<(), u32> {
        if per_minute == 0 {
            return Ok(());
        }
        let interval = MINUTE_US / i64::from(per_minute);
        let now = now_ms.saturating_mul(1000);
        let hash = self.hasher.hash_one(key);
        let shard = usize::try_from(hash % SHARDS as u64).unwrap_or(0);
        let Some(shard) = self.shards.get(shard) else {
            return Ok(());
        };
        let mut places = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let known = places.iter().position(|place| place.0 == hash);
        let known_until = known.and_then(|at| places.get(at)).map(|place| place.1);
        let from = known_until.map_or(now, |time| now.max(time));
        let too_far = from.saturating_add(interval) - now.saturating_add(MINUTE_US);
        if too_far > 0 {
            let seconds = (too_far + 999_999) / 1_000_000;
            return Err(u32::try_from(seconds).unwrap_or(60).max(1));
        }
        let place = (hash, from.saturating_add(interval));
        // Whoever has used the least makes room: a flood of new senders doesn't free those that were stopped.
        let least = || {
            let places = places.iter().enumerate();
            places.min_by_key(|(_, place)| place.1).map(|(at, _)| at)
        };
        let at = match known {
            None if places.len() < PLACES => None,
            None => least(),
            known => known,
        };
        match at.and_then(|at| places.get_mut(at)) {
            Some(taken) => *taken = place,
            None => places.push(place),
        }
        Ok(())
    }
}

/// How much is taken from strangers. Requests are counted by the minute, and a minute's worth may come at once. A whole
/// school may be one network address, and all of a vendor's schools one issuer. Zero switches a limit off.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RateLimits {
    /// Logins from one address.
    pub logins_per_address: u32,
    /// Logins that name one issuer.
    pub logins_per_issuer: u32,
    /// Launches from one address.
    pub launches_per_address: u32,
    /// Registrations from one address, each step of them.
    pub registrations_per_address: u32,
    /// Registrations that wait for somebody, and platforms that nobody has activated yet: so many, and only invitations
    /// are taken.
    pub waiting_registrations: u32,
    /// Requests for our key sets from one address: some vendors ask for every school from one.
    pub key_sets_per_address: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            logins_per_address: 12_000,
            logins_per_issuer: 60_000,
            launches_per_address: 12_000,
            registrations_per_address: 120,
            waiting_registrations: 1000,
            key_sets_per_address: 6_000,
        }
    }
}

impl RateLimits {
    /// Whether each can be kept.
    ///
    /// # Errors
    /// A sentence that says what is possible.
    pub fn check(&self) -> Result<(), String> {
        check(&[
            self.logins_per_address,
            self.logins_per_issuer,
            self.launches_per_address,
            self.registrations_per_address,
            self.waiting_registrations,
            self.key_sets_per_address,
        ])
    }
}

/// Whether limits can be kept.
///
/// # Errors
/// A sentence that says what is possible.
pub fn check(limits: &[u32]) -> Result<(), String> {
    if limits.iter().all(|limit| *limit <= MOST) {
        Ok(())
    } else {
        Err(format!("each must be 0 (no limit) to {MOST}"))
    }
}

/// Addresses that anybody may call, by what they are counted as.
#[derive(Clone, Copy, Debug)]
pub enum Entrance {
    /// Login initiations.
    Login,
    /// What platforms send back, and what follows it.
    Launch,
    /// Registrations.
    Registration,
    /// Our key sets.
    KeySet,
}

impl Entrance {
    const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Launch => "launch",
            Self::Registration => "registration",
            Self::KeySet => "key set",
        }
    }

    const fn per_address(self, limits: &RateLimits) -> u32 {
        match self {
            Self::Login => limits.logins_per_address,
            Self::Launch => limits.launches_per_address,
            Self::Registration => limits.registrations_per_address,
            Self::KeySet => limits.key_sets_per_address,
        }
    }
}

/// Stands before an entrance: counts its requests by their source, before anything of them is read.
///
/// # Errors
/// 429 where the source has had its share.
pub async fn guard(
    State((app, entrance)): State<(App, Entrance)>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (mut head, body) = request.into_parts();
    // Without a tool the handler says what is the matter.
    if let Ok(AtTool(tool)) = AtTool::from_request_parts(&mut head, &app).await {
        let per_address = entrance.per_address(&tool.settings.limits);
        if per_address > 0 {
            let source = Source::of(&app, &head).to_string();
            let key = [entrance.name(), &tool.id, &source];
            admit(&app, &key, per_address, "LIMIT_PER_ADDRESS")?;
        }
    }
    Ok(next.run(Request::from_parts(head, body)).await)
}

/// Counts a login by the issuer it names, registered or not.
///
/// # Errors
/// 429 where the issuer has had its share.
pub fn admit_issuer(app: &App, tool: &Tool, issuer: &str) -> Result<(), Problem> {
    let key = ["issuer", &tool.id, issuer];
    let per_issuer = tool.settings.limits.logins_per_issuer;
    admit(app, &key, per_issuer, "LIMIT_PER_ISSUER")
}

/// Whether one more registration may come without an invitation: strangers can't fill the store.
///
/// # Errors
/// 429 where too many wait already, or the store failed.
pub async fn admit_registration(app: &App, tool: &Tool) -> Result<(), Problem> {
    let most = tool.settings.limits.waiting_registrations;
    if most == 0 {
        return Ok(());
    }
    let (id, now) = (tool.id.clone(), app.clock.now_ms());
    let waiting = registrations::unanswered(&mut app.db.read().await?.tx(), id, now).await?;
    if waiting < i64::from(most) {
        return Ok(());
    }
    let mut problem = Problem::page(
        StatusCode::TOO_MANY_REQUESTS,
        "TOO_MANY_REGISTRATIONS",
        registration::TITLE_FAILED,
        registration::TOO_MANY_WAIT,
    );
    problem.retry_after = Some(3600);
    Err(problem
        // The administrator may always close the LMS's window.
        .noticed(|notice| notice.closes = true)
        .because(
            "LIMIT_OF_REGISTRATIONS",
            format!("{waiting} registrations and inactive platforms wait; activate or delete some of them"),
        ))
}

fn admit(app: &App, key: &[&str], per_minute: u32, reason: &'static str) -> Result<(), Problem> {
    let admitted = app.limiter.admit(key, per_minute, app.clock.now_ms());
    admitted.map_err(|seconds| {
        let of_what = key.first().copied().unwrap_or_default();
        Problem::too_many(seconds).because(
            reason,
            format!("more than {per_minute} a minute, counted as: {of_what}"),
        )
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn case_63_a_burst_passes_up_to_the_limit_and_then_one_an_interval() {
        let limits = Limiter::default();
        for _ in 0..60 {
            limits.admit(&["ada"], 60, 1_000_000).unwrap();
        }
        assert_eq!(limits.admit(&["ada"], 60, 1_000_000), Err(1));
        limits.admit(&["bob"], 60, 1_000_000).unwrap();
        limits.admit(&["ada"], 60, 1_001_000).unwrap();
        assert_eq!(limits.admit(&["ada"], 60, 1_001_000), Err(1));
        for _ in 0..60 {
            limits.admit(&["ada"], 60, 1_100_000).unwrap();
        }
    }

    #[test]
    fn a_small_limit_says_how_long_to_wait_and_none_lets_all_through() {
        let limits = Limiter::default();
        limits.admit(&["ada"], 2, 0).unwrap();
        limits.admit(&["ada"], 2, 0).unwrap();
        assert_eq!(limits.admit(&["ada"], 2, 10_000), Err(20));
        limits.admit(&["ada"], 2, 30_000).unwrap();
        for _ in 0..1000 {
            limits.admit(&["bob"], 0, 0).unwrap();
        }
    }

    #[test]
    fn a_flood_of_senders_takes_bounded_room_and_frees_nobody() {
        let limits = Limiter::default();
        for _ in 0..10 {
            limits.admit(&["ada"], 10, 0).unwrap();
        }
        for number in 0..300_000 {
            limits
                .admit(&["flood", &number.to_string()], 10, 0)
                .unwrap();
        }
        assert_eq!(limits.admit(&["ada"], 10, 0), Err(6));
        let places = limits.shards.iter();
        let kept: usize = places.map(|shard| shard.lock().unwrap().capacity()).sum();
        assert!(kept <= SHARDS * PLACES, "{kept}");
    }
}
