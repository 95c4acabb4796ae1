//! Which services of platforms fail now, for the portal: each one's last failure, until it works
//! again. Every server keeps this in memory and knows only its own calls, so a call writes nothing
//! (docs/decisions/0496-failing-services-are-kept-in-memory.md).

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lti::claims::scope::{CONTEXT_GROUP_READONLY, MEMBERSHIP_READONLY};

use super::platform_failure::CallFailure;
use super::platform_words::names_scope;
use crate::keys::service_tokens::ServiceTokenError;
use crate::kit::clock::Clock;
use crate::kit::outbound::OutboundError;

/// The most that are kept; further ones are not noted.
const MOST: usize = 10_000;

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
    /// It has an error of its own.
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

/// The services that fail. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct FailingServices {
    clock: Clock,
    failing: Arc<Mutex<BTreeMap<(String, PlatformService), FailingService>>>,
}

impl FailingServices {
    /// None fails so far.
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            failing: Arc::default(),
        }
    }

    /// Notes how a call ended.
    pub(super) fn note(&self, platform_id: &str, scope: &str, failure: Option<&CallFailure>) {
        let service = PlatformService::of_scope(scope);
        let key = (platform_id.to_owned(), service);
        let Some(failure) = failure else {
            self.lock().remove(&key);
            return;
        };
        let Some(fault) = ServiceFault::of(failure) else {
            return;
        };
        let now = self.clock.now_ms();
        let mut failing = self.lock();
        let since = failing.get(&key).map(|before| before.since);
        if since.is_none() && failing.len() >= MOST {
            return;
        }
        let noted = FailingService {
            service,
            fault,
            since: since.unwrap_or(now),
            last: now,
        };
        failing.insert(key, noted);
    }

    /// The services of a platform that fail.
    pub(crate) fn of_platform(&self, platform_id: &str) -> Vec<FailingService> {
        let first = (platform_id.to_owned(), PlatformService::Rosters);
        let last = (platform_id.to_owned(), PlatformService::Grades);
        let failing = self.lock();
        failing.range(first..=last).map(|(_, one)| *one).collect()
    }

    /// The ids of platforms with services that fail.
    pub(crate) fn platforms(&self) -> HashSet<String> {
        let failing = self.lock();
        failing.keys().map(|(id, _)| id.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(String, PlatformService), FailingService>> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner)
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

    #[test]
    fn a_service_fails_until_it_works_again() {
        let clock = Clock::default();
        let failing = FailingServices::new(clock.clone());
        failing.note("p1", SCORE, Some(&refused(500)));
        clock.advance(Duration::from_secs(60));
        failing.note("p1", SCORE, Some(&CallFailure::NotGranted));
        failing.note("p1", MEMBERSHIP_READONLY, None);
        failing.note("p2", SCORE, Some(&refused(404)));
        let noted = failing.of_platform("p1");
        let told: Vec<_> = noted.iter().map(|one| (one.service, one.fault)).collect();
        assert_eq!(told, [(PlatformService::Grades, ServiceFault::NotGranted)]);
        assert!(noted.iter().all(|one| one.last - one.since >= 60_000));
        assert_eq!(failing.platforms(), HashSet::from(["p1".to_owned()]));
        failing.note("p1", SCORE, None);
        assert!(failing.of_platform("p1").is_empty() && failing.platforms().is_empty());
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
