//! Runs work repeatedly, each kind in its own task.

use std::future::pending;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::clock_watch::ClockWatch;
use crate::app::App;

/// When a task runs.
#[derive(Clone, Copy)]
pub(super) struct Rhythm {
    /// The delay before the first run.
    first: Duration,
    /// The time from the end of a run to the next.
    period: Duration,
    /// Whether a stop interrupts the work.
    can_be_cut: bool,
}

impl Rhythm {
    pub(super) const fn every(period: Duration) -> Self {
        Self {
            first: Duration::ZERO,
            period,
            can_be_cut: true,
        }
    }

    pub(super) const fn after(self, first: Duration) -> Self {
        Self { first, ..self }
    }

    pub(super) const fn to_the_end(self) -> Self {
        Self {
            can_be_cut: false,
            ..self
        }
    }
}

/// What the tasks work with.
#[derive(Clone)]
pub(super) struct Background {
    pub(super) app: App,
    pub(super) watch: ClockWatch,
    pub(super) stop: watch::Receiver<bool>,
}

impl Background {
    /// Runs the work repeatedly, until the stop.
    pub(super) fn task<F>(&self, rhythm: Rhythm, work: fn(Self) -> F) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.wakeable(rhythm, |_| pending(), work)
    }

    /// The same, but `woken` ends a wait early.
    pub(super) fn wakeable<W, F>(
        &self,
        rhythm: Rhythm,
        woken: fn(Self) -> W,
        work: fn(Self) -> F,
    ) -> JoinHandle<()>
    where
        W: Future<Output = ()> + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (room, mut stop) = (self.clone(), self.stop.clone());
        let mut tick = interval_at(Instant::now() + rhythm.first, rhythm.period);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = stop.changed() => return,
                    _ = tick.tick() => {}
                    () = woken(room.clone()) => {}
                }
                let work = work(room.clone());
                if !rhythm.can_be_cut {
                    work.await;
                    continue;
                }
                tokio::select! {
                    _ = stop.changed() => return,
                    () = work => {}
                }
            }
        })
    }
}
