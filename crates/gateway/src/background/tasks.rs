//! Runs each kind of work repeatedly in a task.

use std::future::pending;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// When a task works.
#[derive(Clone, Copy)]
pub(super) struct Rhythm {
    /// How long to wait before the first run.
    first: Duration,
    /// From the end of one run to the start of the next.
    period: Duration,
    /// Whether a stop may interrupt a run.
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

/// Starts tasks, which work with a room and end with a stop.
pub(super) struct Tasks<R> {
    pub(super) room: R,
    pub(super) stop: watch::Receiver<bool>,
}

impl<R: Clone + Send + 'static> Tasks<R> {
    /// Runs the work repeatedly until the stop.
    pub(super) fn task<F>(&self, rhythm: Rhythm, work: fn(R) -> F) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.wakeable(rhythm, |_| pending(), work)
    }

    /// The same, but `woken` ends a wait early.
    pub(super) fn wakeable<W, F>(
        &self,
        rhythm: Rhythm,
        woken: fn(R) -> W,
        work: fn(R) -> F,
    ) -> JoinHandle<()>
    where
        W: Future<Output = ()> + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (room, mut stop) = (self.room.clone(), self.stop.clone());
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use std::sync::Arc;

    use tokio::sync::{Notify, mpsc};

    use super::*;

    const OFTEN: Rhythm = Rhythm::every(Duration::from_millis(1));
    const AN_HOUR: Duration = Duration::from_secs(60 * 60);
    /// At once, and never again within a test.
    const ONCE: Rhythm = Rhythm::every(AN_HOUR);

    /// Work that a test watches.
    #[derive(Clone)]
    struct Watched {
        said: mpsc::UnboundedSender<&'static str>,
        go_on: Arc<Notify>,
    }

    /// What the test sees of it.
    struct Watching {
        tasks: Tasks<Watched>,
        said: mpsc::UnboundedReceiver<&'static str>,
        stop: watch::Sender<bool>,
    }

    impl Watching {
        fn new() -> Self {
            let (said, heard) = mpsc::unbounded_channel();
            let (stop, stopped) = watch::channel(false);
            let room = Watched {
                said,
                go_on: Arc::default(),
            };
            Self {
                tasks: Tasks {
                    room,
                    stop: stopped,
                },
                said: heard,
                stop,
            }
        }

        async fn hears(&mut self, what: &str) {
            assert_eq!(self.said.recv().await, Some(what));
        }

        /// Stops the task and waits for its end.
        async fn stops(&self, task: JoinHandle<()>) {
            self.stop.send_replace(true);
            task.await.unwrap();
        }
    }

    async fn short(room: Watched) {
        let _ = room.said.send("done");
    }

    async fn long(room: Watched) {
        let _ = room.said.send("begun");
        room.go_on.notified().await;
        let _ = room.said.send("done");
    }

    async fn called(room: Watched) {
        room.go_on.notified().await;
    }

    #[tokio::test]
    async fn work_is_done_again_until_the_stop() {
        let mut watching = Watching::new();
        let task = watching.tasks.task(OFTEN, short);
        for _ in 0..3 {
            watching.hears("done").await;
        }
        watching.stops(task).await;
    }

    #[tokio::test]
    async fn a_wait_ends_early_if_it_is_woken() {
        let mut watching = Watching::new();
        let task = watching.tasks.wakeable(ONCE.after(AN_HOUR), called, short);
        for _ in 0..2 {
            watching.tasks.room.go_on.notify_one();
            watching.hears("done").await;
        }
        watching.stops(task).await;
    }

    #[tokio::test]
    async fn a_stop_cuts_what_can_be_cut() {
        let mut watching = Watching::new();
        let task = watching.tasks.task(ONCE, long);
        watching.hears("begun").await;
        watching.stops(task).await;
        assert!(watching.said.try_recv().is_err(), "it never ended");
    }

    #[tokio::test]
    async fn a_stop_waits_for_what_goes_to_its_end() {
        let mut watching = Watching::new();
        let task = watching.tasks.task(ONCE.to_the_end(), long);
        watching.hears("begun").await;
        watching.stop.send_replace(true);
        tokio::task::yield_now().await;
        assert!(!task.is_finished());
        watching.tasks.room.go_on.notify_one();
        task.await.unwrap();
        watching.hears("done").await;
    }
}
