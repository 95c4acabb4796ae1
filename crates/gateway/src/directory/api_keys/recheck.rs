//! A request is admitted by its head, and its body may take a minute to arrive. If its key is
//! revoked in the meantime, the request must not change anything: otherwise a thief could keep a
//! request open, and create another key once the stolen one is revoked.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::body::{Frame, SizeHint};

use super::keyring::ApiKeys;
use crate::directory::auth::TakenKey;
use crate::web::problem::Problem;

/// A layer around every request of the API that checks the key again once the body has arrived.
pub(crate) async fn recheck(
    State(api_keys): State<ApiKeys>,
    request: Request,
    next: Next,
) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (mut head, body) = request.into_parts();
    let taken = head.extensions.get::<TakenKey>().cloned();
    let key = RecheckedKey {
        api_keys,
        taken: taken.unwrap_or_default(),
        refused: Arc::default(),
    };
    head.extensions.insert(key.taken.clone());
    let refused = Arc::clone(&key.refused);
    let body = Body::new(RecheckedBody {
        body,
        step: RecheckStep::Arriving(key),
    });
    let response = next.run(Request::from_parts(head, body)).await;
    let refused = refused
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    refused.map_or(response, IntoResponse::into_response)
}

/// The key of a request, and the answer if it may no longer be used.
struct RecheckedKey {
    api_keys: ApiKeys,
    taken: TakenKey,
    refused: Arc<Mutex<Option<Problem>>>,
}

impl RecheckedKey {
    /// Whether the request may continue.
    async fn passes(self) -> bool {
        let Some(holder) = self.taken.holder() else {
            return true;
        };
        let problem = match self.api_keys.is_in_force(&holder.id).await {
            Ok(true) => return true,
            Ok(false) => Problem::unauthorized("The API key was revoked, or has expired."),
            Err(error) => error.into(),
        };
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        *refused = Some(problem);
        false
    }
}

/// A body that checks the key after its last byte.
struct RecheckedBody {
    body: Body,
    step: RecheckStep,
}

enum RecheckStep {
    Arriving(RecheckedKey),
    Looking(BoxFuture<'static, bool>),
    Over,
}

impl HttpBody for RecheckedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if matches!(this.step, RecheckStep::Arriving(_)) {
            match ready!(Pin::new(&mut this.body).poll_frame(context)) {
                Some(frame) => return Poll::Ready(Some(frame)),
                None => this.step.look(),
            }
        }
        let RecheckStep::Looking(looking) = &mut this.step else {
            return Poll::Ready(None);
        };
        let is_good = ready!(looking.as_mut().poll(context));
        this.step = RecheckStep::Over;
        let refused = || Err(axum::Error::new("the API key is not in force any more"));
        Poll::Ready((!is_good).then(refused))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.step, RecheckStep::Over)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl RecheckStep {
    fn look(&mut self) {
        if let Self::Arriving(key) = std::mem::replace(self, Self::Over) {
            *self = Self::Looking(key.passes().boxed());
        }
    }
}
