//! A request is admitted by its head, and its body may take a minute to arrive. If its key is
//! revoked in the meantime, or its launch ends, the request must not change anything: otherwise a
//! thief could keep a request open, and create another key once the stolen one is revoked.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hyper::body::{Frame, SizeHint};

use super::keyring::{ApiKeys, REVOKED};
use crate::directory::auth::TakenKey;
use crate::directory::late_checks::LateChecks;
use crate::web::problem::Problem;

/// A body that takes longer than this is late. What other servers change is noticed within seconds
/// anyway, so only late bodies make us ask the store.
const LATE: Duration = Duration::from_secs(1);

/// A layer around requests of the API that checks again once the body has arrived.
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
        since: api_keys.uptime(),
        api_keys,
        taken: taken.unwrap_or_default(),
        late: LateChecks::default(),
        refused: Arc::default(),
    };
    head.extensions.insert(key.taken.clone());
    head.extensions.insert(key.late.clone());
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
    late: LateChecks,
    /// When the request began, as the clock's uptime.
    since: Duration,
    refused: Arc<Mutex<Option<Problem>>>,
}

impl RecheckedKey {
    /// Whether the request may continue.
    async fn passes(self) -> bool {
        let Err(problem) = self.check().await else {
            return true;
        };
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        *refused = Some(problem);
        false
    }

    async fn check(&self) -> Result<(), Problem> {
        let Some(holder) = self.taken.holder() else {
            return Ok(());
        };
        let is_late = self.api_keys.uptime().saturating_sub(self.since) > LATE;
        let is_in_force = match is_late {
            true => self.api_keys.is_in_force_now(&holder.id).await?,
            false => self.api_keys.is_in_force(&holder.id).await?,
        };
        if !is_in_force {
            return Err(Problem::unauthorized(REVOKED));
        }
        match is_late {
            true => self.late.run().await,
            false => Ok(()),
        }
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
