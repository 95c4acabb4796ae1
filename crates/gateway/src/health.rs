//! For load balancers: is the process alive, and can it do its work?

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use store::{Db, StoreError};
use tokio::task::AbortHandle;

use crate::kit::clock::Stopwatch;
use crate::web::problem::{Problem, STOPPING};

/// How long a check waits for the store: load balancers don't wait much longer for us.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether requests should come here. Cloning it is cheap.
///
/// Anyone may ask, so not every check writes to the store: all share the result of the last write
/// (decision 0103).
#[derive(Clone)]
pub struct Readiness(Arc<ReadinessInner>);

struct ReadinessInner {
    db: Db,
    /// How long the result of a write is used.
    fresh: Duration,
    last: Mutex<Option<Write>>,
    is_stopping: AtomicBool,
}

/// A write that shows whether the store accepts writes.
struct Write {
    begun: Stopwatch,
    running: AbortHandle,
    outcome: Shared<BoxFuture<'static, Result<(), Arc<str>>>>,
}

impl Readiness {
    /// The readiness of a server with this store. The result of a write is used for `fresh`.
    pub fn new(db: Db, fresh: Duration) -> Self {
        Self(Arc::new(ReadinessInner {
            db,
            fresh,
            last: Mutex::default(),
            is_stopping: AtomicBool::new(false),
        }))
    }

    /// From now on, no more requests should come here.
    pub fn stop(&self) {
        self.0.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether no more requests should come here.
    pub fn is_stopping(&self) -> bool {
        self.0.is_stopping.load(Ordering::Relaxed)
    }

    /// Whether the store accepts writes.
    async fn of_store(&self) -> Result<(), Arc<str>> {
        let outcome = self.outcome();
        match tokio::time::timeout(PATIENCE, outcome).await {
            Ok(outcome) => outcome,
            Err(_) => Err("the store took no write in time".into()),
        }
    }

    /// The result of the last write, or of a new one if that has ended and is no longer fresh.
    fn outcome(&self) -> Shared<BoxFuture<'static, Result<(), Arc<str>>>> {
        let mut last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(write) = &*last
            && (write.begun.elapsed() < self.0.fresh || !write.running.is_finished())
        {
            return write.outcome.clone();
        }
        let db = self.0.db.clone();
        // Continues if the client hangs up: otherwise each hang-up would cause another write.
        let task = tokio::spawn(async move { db.prove_writable().await });
        let write = Write {
            begun: Stopwatch::start(),
            running: task.abort_handle(),
            outcome: async move {
                let written = task.await.unwrap_or(Err(StoreError::Stopped));
                written.map_err(|error| error.to_string().into())
            }
            .boxed()
            .shared(),
        };
        last.insert(write).outcome.clone()
    }
}

/// Says that the process is alive.
#[utoipa::path(
    get, path = "/healthz", tag = "Monitoring", operation_id = "isAlive",
    responses((status = 204, description = "It is.")),
)]
pub(crate) async fn alive() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Says whether it can do its work.
///
/// The store accepted a write within the last seconds, and the server is not stopping.
#[utoipa::path(
    get, path = "/readyz", tag = "Monitoring", operation_id = "isReady",
    responses(
        (status = 204, description = "It can."),
        (status = 503, description = "`SERVICE_UNAVAILABLE`: it can't. Try again after `Retry-After` seconds."),
    ),
)]
pub(crate) async fn ready(State(readiness): State<Readiness>) -> Result<StatusCode, Problem> {
    if readiness.is_stopping() {
        return Err(Problem::unavailable().because(STOPPING, "the server is stopping"));
    }
    let written = readiness.of_store().await;
    written.map_err(|cause| Problem::unavailable().caused_by(cause))?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use crate::testing::Scratch;

    fn last(readiness: &Readiness) -> tokio::task::Id {
        readiness
            .0
            .last
            .lock()
            .unwrap()
            .as_ref()
            .unwrap()
            .running
            .id()
    }

    #[tokio::test]
    async fn everybody_shares_one_write_also_those_that_hang_up() {
        let scratch = Scratch::new().await;
        let readiness = Readiness::new(scratch.db.clone(), Duration::from_secs(600));
        // A client that asks and hangs up.
        assert!(readiness.of_store().now_or_never().is_none());
        let first = last(&readiness);
        for _ in 0..10 {
            readiness.of_store().await.unwrap();
            assert_eq!(last(&readiness), first);
        }
        let short = Readiness::new(scratch.db.clone(), Duration::ZERO);
        short.of_store().await.unwrap();
        let first = last(&short);
        short.of_store().await.unwrap();
        assert_ne!(last(&short), first);
    }
}
