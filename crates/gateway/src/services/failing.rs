//! Which services of platforms fail now, for the portal: each one's last failure, until it works
//! again or a day has passed without another. Every server keeps this in memory and knows only its
//! own calls, so a call writes nothing
//! (docs/decisions/0496-failing-services-are-kept-in-memory.md).

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lti::claims::scope::{CONTEXT_GROUP_READONLY, MEMBERSHIP_READONLY};
use store::platforms::PlatformRow;

use super::platform_failure::CallFailure;
use super::platform_words::names_scope;
use crate::keys::service_tokens::ServiceTokenError;
use crate::kit::clock::Clock;
use crate::kit::outbound::OutboundError;

/// The most that are kept; further ones are not noted.
const MOST: usize = 10_000;
/// How long one is kept without another failure, in milliseconds: with several servers, the call
/// that works may be another server's.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A service of a platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PlatformService {
    Rosters,
    Groups,
    Grades,
}

impl PlatformService {
    fn of_scope(scope: &str) -> Self {
        match scope {
            MEMBERSHIP_READONLY => Self::Rosters,
            CONTEXT_GROUP_READONLY => Self::Groups,
            _ => Self::Grades,
        }
    }
}

/// Why a service fails, whatever it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServiceFault {
    /// The platform issues no access token.
    NoToken,
    /// It issues one without the scope.
    NotGranted,
    /// It doesn't accept its own token.
    TokenNotAccepted,
    NoAnswer,
    /// It answers with a status of 500 or more.
    PlatformFailed,
    NotReadable,
}

impl ServiceFault {
    /// `None` if it says nothing about the service: we were busy, the platform asked us to wait, or
    /// it refused this one request.
    fn of(failure: &CallFailure) -> Option<Self> {
        match failure {
            CallFailure::NoToken(error) => match &**error {
                ServiceTokenError::Send(OutboundError::Busy)
                | ServiceTokenError::Key(_)
                | ServiceTokenError::GivenUp => None,
                ServiceTokenError::Refused(answer) if answer.status == 429 => None,
                ServiceTokenError::Refused(answer) if names_scope(&answer.body) => {
                    Some(Self::NotGranted)
                }
                _ => Some(Self::NoToken),
            },
            CallFailure::NotGranted => Some(Self::NotGranted),
            CallFailure::NotReached(OutboundError::Busy)
            | CallFailure::TooLate
            | CallFailure::TokenTooLate => None,
            CallFailure::NotReached(_) => Some(Self::NoAnswer),
            CallFailure::Unreadable(_) => Some(Self::NotReadable),
            CallFailure::Refused(refused) => match refused.status {
                401 => Some(Self::TokenNotAccepted),
                500.. => Some(Self::PlatformFailed),
                _ => None,
            },
        }
    }
}

/// A service that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FailingService {
    pub(crate) service: PlatformService,
    /// Why the last call failed.
    pub(crate) fault: ServiceFault,
    /// The first failure since it last worked, in milliseconds since 1970.
    pub(crate) since: i64,
    /// The last failure, in milliseconds since 1970.
    pub(crate) last: i64,
}

/// What is kept of a service that fails.
struct FailureNote {
    tool_id: String,
    failing: FailingService,
}

impl FailureNote {
    /// Whether it hasn't lapsed yet.
    const fn is_recent(&self, now: i64) -> bool {
        now - self.failing.last < DAY_MS
    }
}

type FailureNotes = BTreeMap<(String, PlatformService), FailureNote>;

/// The services that fail. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct FailingServices {
    clock: Clock,
    notes: Arc<Mutex<FailureNotes>>,
}

impl FailingServices {
    /// None fails so far.
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            notes: Arc::default(),
        }
    }

    /// Notes how a call ended.
    pub(super) fn note(&self, platform: &PlatformRow, scope: &str, failure: Option<&CallFailure>) {
        let service = PlatformService::of_scope(scope);
        let key = (platform.id.clone(), service);
        let Some(failure) = failure else {
            self.lock().remove(&key);
            return;
        };
        let Some(fault) = ServiceFault::of(failure) else {
            return;
        };
        let now = self.clock.now_ms();
        let mut notes = self.lock();
        if notes.len() >= MOST {
            notes.retain(|_, note| note.is_recent(now));
        }
        let before = notes.get(&key).filter(|before| before.is_recent(now));
        let since = before.map(|before| before.failing.since);
        if notes.len() >= MOST && !notes.contains_key(&key) {
            return;
        }
        let failing = FailingService {
            service,
            fault,
            since: since.unwrap_or(now),
            last: now,
        };
        let tool_id = platform.tool_id.clone();
        notes.insert(key, FailureNote { tool_id, failing });
    }

    /// The services of a platform that fail.
    pub(crate) fn of_platform(&self, platform_id: &str) -> Vec<FailingService> {
        let first = (platform_id.to_owned(), PlatformService::Rosters);
        let last = (platform_id.to_owned(), PlatformService::Grades);
        let now = self.clock.now_ms();
        let notes = self.lock();
        let notes = notes.range(first..=last).map(|(_, note)| note);
        let recent = notes.filter(|note| note.is_recent(now));
        recent.map(|note| note.failing).collect()
    }

    /// The ids of a tool's platforms with services that fail.
    pub(crate) fn platforms(&self, tool_id: &str) -> HashSet<String> {
        let now = self.clock.now_ms();
        let notes = self.lock();
        let of_tool = notes.iter().filter(|(_, note)| note.tool_id == tool_id);
        let recent = of_tool.filter(|(_, note)| note.is_recent(now));
        recent.map(|((id, _), _)| id.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, FailureNotes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::http::HeaderMap;
    use lti::claims::scope::SCORE;

    use super::*;
    use crate::services::platform_failure::RefusedCall;

    fn refused(status: u16) -> CallFailure {
        CallFailure::Refused(Box::new(RefusedCall {
            status,
            headers: HeaderMap::new(),
            body: Vec::new(),
        }))
    }

    fn platform(tool_id: &str, id: &str) -> PlatformRow {
        PlatformRow {
            id: id.into(),
            tool_id: tool_id.into(),
            ..crate::testing::platform()
        }
    }

    #[test]
    fn a_service_fails_until_it_works_again() {
        let clock = Clock::default();
        let failing = FailingServices::new(clock.clone());
        let (first, second) = (platform("t1", "p1"), platform("t1", "p2"));
        failing.note(&first, SCORE, Some(&refused(500)));
        clock.advance(Duration::from_secs(60));
        failing.note(&first, SCORE, Some(&CallFailure::NotGranted));
        failing.note(&first, MEMBERSHIP_READONLY, None);
        failing.note(&second, SCORE, Some(&refused(404)));
        failing.note(&platform("t2", "p3"), SCORE, Some(&refused(500)));
        let noted = failing.of_platform("p1");
        let told: Vec<_> = noted.iter().map(|one| (one.service, one.fault)).collect();
        assert_eq!(told, [(PlatformService::Grades, ServiceFault::NotGranted)]);
        assert!(noted.iter().all(|one| one.last - one.since >= 60_000));
        assert_eq!(failing.platforms("t1"), HashSet::from(["p1".to_owned()]));
        failing.note(&first, SCORE, None);
        assert!(failing.of_platform("p1").is_empty() && failing.platforms("t1").is_empty());
    }

    #[test]
    fn what_failed_a_day_ago_is_forgotten() {
        let clock = Clock::default();
        let failing = FailingServices::new(clock.clone());
        for number in 0..MOST {
            let one = platform("t", &format!("p{number}"));
            failing.note(&one, SCORE, Some(&refused(500)));
        }
        let (first, other) = (platform("t", "p0"), platform("t", "other"));
        failing.note(&other, SCORE, Some(&refused(500)));
        assert!(failing.of_platform("other").is_empty(), "there is no room");
        clock.advance(Duration::from_secs(24 * 60 * 60));
        assert!(failing.of_platform("p0").is_empty() && failing.platforms("t").is_empty());
        failing.note(&other, SCORE, Some(&refused(500)));
        failing.note(&first, SCORE, Some(&refused(500)));
        assert_eq!(failing.platforms("t").len(), 2);
        let again = failing.of_platform("p0");
        assert!(
            again.iter().all(|one| one.since == one.last),
            "it begins anew"
        );
    }

    #[test]
    fn what_one_request_is_refused_for_says_nothing() {
        let fault = |status| ServiceFault::of(&refused(status));
        assert_eq!([fault(400), fault(403), fault(404), fault(429)], [None; 4]);
        assert_eq!(fault(401), Some(ServiceFault::TokenNotAccepted));
        assert_eq!(fault(503), Some(ServiceFault::PlatformFailed));
        let busy = CallFailure::NotReached(OutboundError::Busy);
        assert_eq!(ServiceFault::of(&busy), None);
    }
}
