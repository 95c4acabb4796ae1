//! Which fault comes next, for each endpoint.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::Fault;
use crate::endpoint::Endpoint;

/// The current faults of a pretend LMS.
#[derive(Debug, Default)]
pub struct Faults {
    planned: Mutex<HashMap<Endpoint, Planned>>,
    mixed: Mutex<HashMap<Endpoint, Mixed>>,
}

/// The faults of one endpoint: the first one is for this many requests, each later one for a single
/// request.
type Planned = (VecDeque<Fault>, Option<u32>);

/// Faults that affect a share of the requests.
#[derive(Debug)]
struct Mixed {
    percent: u32,
    faults: Vec<Fault>,
    /// The last pseudo-random number, so that every run has the same faults.
    drawn: u64,
}

impl Mixed {
    fn draw(&mut self) -> Option<Fault> {
        let failing = self.next() % 100 < u64::from(self.percent);
        let which = usize::try_from(self.next()).unwrap_or_default();
        failing.then(|| self.faults.get(which % self.faults.len().max(1)).cloned())?
    }

    /// The next pseudo-random number.
    fn next(&mut self) -> u64 {
        let factor = 6_364_136_223_846_793_005_u64;
        self.drawn = self
            .drawn
            .wrapping_mul(factor)
            .wrapping_add(1_442_695_040_888_963_407);
        self.drawn >> 33
    }
}

impl Faults {
    /// From now on, `endpoint` has this fault.
    pub fn set(&self, endpoint: Endpoint, fault: Fault) {
        self.planned().insert(endpoint, ([fault].into(), None));
    }

    /// The next `times` requests to `endpoint` get this fault; later ones don't.
    pub fn next(&self, endpoint: Endpoint, times: u32, fault: Fault) {
        self.planned()
            .insert(endpoint, ([fault].into(), Some(times)));
    }

    /// The next requests to `endpoint` get these faults, one each; later ones don't.
    pub fn in_turn(&self, endpoint: Endpoint, faults: impl IntoIterator<Item = Fault>) {
        let faults = faults.into_iter().collect();
        self.planned().insert(endpoint, (faults, Some(1)));
    }

    /// This percentage of requests to `endpoint` get one of these faults, unless another one is
    /// set.
    pub fn often(&self, endpoint: Endpoint, percent: u32, faults: impl IntoIterator<Item = Fault>) {
        let mixed = Mixed {
            percent,
            faults: faults.into_iter().collect(),
            drawn: 1,
        };
        self.mixed().insert(endpoint, mixed);
    }

    /// Removes the faults of `endpoint`.
    pub fn clear(&self, endpoint: Endpoint) {
        self.planned().remove(&endpoint);
        self.mixed().remove(&endpoint);
    }

    /// Removes all faults.
    pub fn clear_all(&self) {
        self.planned().clear();
        self.mixed().clear();
    }

    pub(crate) fn take(&self, endpoint: Endpoint) -> Option<Fault> {
        self.take_planned(endpoint)
            .or_else(|| self.mixed().get_mut(&endpoint)?.draw())
    }

    fn take_planned(&self, endpoint: Endpoint) -> Option<Fault> {
        let mut all = self.planned();
        let (faults, left) = all.get_mut(&endpoint)?;
        let fault = faults.front()?.clone();
        if let Some(left) = left {
            *left = left.saturating_sub(1);
            if *left == 0 {
                *left = 1;
                faults.pop_front();
            }
        }
        if faults.is_empty() {
            all.remove(&endpoint);
        }
        Some(fault)
    }

    fn planned(&self) -> MutexGuard<'_, HashMap<Endpoint, Planned>> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mixed(&self) -> MutexGuard<'_, HashMap<Endpoint, Mixed>> {
        self.mixed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
