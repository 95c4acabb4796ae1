//! Runs work in a separate task, so that neither its request's time limit nor the request's budget
//! for the store can end it.

use std::future::pending;
use std::panic::resume_unwind;

/// Runs the work and waits for it. The work continues if its caller no longer waits; if it panics,
/// so does the caller.
pub(crate) async fn on_its_own<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The program is shutting down.
            Err(_) => pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;

    use futures_util::FutureExt;
    use tokio::sync::oneshot;

    use super::*;

    async fn fail() {
        panic!("the work failed");
    }

    #[tokio::test]
    async fn work_goes_on_when_nobody_waits_for_it() {
        let (begin, begun) = oneshot::channel::<()>();
        let (end, ended) = oneshot::channel();
        let mut work = Box::pin(on_its_own(async move {
            let _ = begun.await;
            let _ = end.send("done");
        }));
        assert!(work.as_mut().now_or_never().is_none());
        drop(work);
        let _ = begin.send(());
        assert_eq!(ended.await, Ok("done"));
    }

    #[tokio::test]
    async fn a_panic_is_one_of_whoever_waits() {
        let failed = AssertUnwindSafe(on_its_own(fail())).catch_unwind().await;
        let said = failed
            .err()
            .and_then(|panic| panic.downcast_ref::<&str>().copied());
        assert_eq!(said, Some("the work failed"));
    }
}
