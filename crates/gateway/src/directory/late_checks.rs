//! What is checked again once a request's body has arrived, besides its key: whether its launch or
//! its place may still be used. The extractors know how to check that, and the layer of
//! [`recheck`](super::api_keys::recheck) knows when.

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::request::Parts;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::web::problem::Problem;

/// Fails if the request must not continue.
type LateCheck = BoxFuture<'static, Result<(), Problem>>;

/// An extension of requests whose body may still be arriving. Cloning it is cheap.
#[derive(Clone, Default)]
pub(crate) struct LateChecks(Arc<Mutex<Option<LateCheck>>>);

impl LateChecks {
    /// Checks this after the last byte of the request's body, if that comes late.
    pub(crate) fn add<F>(request: &Parts, check: impl FnOnce() -> F)
    where
        F: Future<Output = Result<(), Problem>> + Send + 'static,
    {
        if let Some(checks) = request.extensions.get::<Self>() {
            let mut kept = checks.0.lock().unwrap_or_else(PoisonError::into_inner);
            *kept = Some(check().boxed());
        }
    }

    /// Carries out what was added.
    ///
    /// # Errors
    /// The request must not continue.
    pub(super) async fn run(&self) -> Result<(), Problem> {
        let check = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        match check {
            Some(check) => check.await,
            None => Ok(()),
        }
    }
}
