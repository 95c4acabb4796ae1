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
use store::Tx;
use store::api_keys::{self, ApiKeyRow};

use super::keyring::{ApiKey, ApiKeys, REVOKED};
use crate::directory::auth::TakenKey;
use crate::directory::late_checks::LateChecks;
use crate::web::problem::Problem;

/// A body that takes longer than this is late. What other servers change is noticed within seconds
/// anyway, so only late bodies make us ask the store, and those that change what outlives a key.
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
    // A layer around this one that reads the body first wants to check, too.
    let late = head.extensions.get::<LateChecks>().cloned();
    let key = RecheckedKey {
        since: api_keys.uptime(),
        api_keys,
        taken: taken.unwrap_or_default(),
        late: late.unwrap_or_default(),
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

/// Checks that the key of a request is still in the store, for requests that create another way in:
/// a command or another server may just have revoked it, alone or with its tool. Users of the
/// portal have no key.
///
/// # Errors
/// 401 if it isn't, or the store failed.
pub(crate) async fn still_there(tx: &mut Tx<'_>, used: Option<&ApiKey>) -> Result<(), Problem> {
    match used {
        Some(_) => still_among(&api_keys::all(tx).await?, used),
        None => Ok(()),
    }
}

/// The same, where the keys have been read already.
///
/// # Errors
/// 401 if it isn't among them.
pub(super) fn still_among(keys: &[ApiKeyRow], used: Option<&ApiKey>) -> Result<(), Problem> {
    match used {
        Some(used) if keys.iter().all(|key| key.id != *used.id) => {
            Err(Problem::unauthorized(REVOKED))
        }
        _ => Ok(()),
    }
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
        match self.taken.holder() {
            Some(holder) => {
                let (id, manages) = (&holder.id, holder.manages);
                let check = self
                    .api_keys
                    .check_again(id, manages, self.since, &self.late);
                check.await
            }
            None => Ok(()),
        }
    }
}

impl ApiKeys {
    /// Checks once more, after the body has arrived, a request that was admitted with the key of
    /// this id. It began at `since`, as the clock's uptime. The store is asked for the key if that
    /// is a while ago, or if the request changes what an operator `manages`; if it is a while ago,
    /// `late` is carried out as well.
    ///
    /// # Errors
    /// The request must not continue, or the store failed.
    pub(crate) async fn check_again(
        &self,
        id: &str,
        manages: bool,
        since: Duration,
        late: &LateChecks,
    ) -> Result<(), Problem> {
        let is_late = self.uptime().saturating_sub(since) > LATE;
        let is_in_force = match is_late || manages {
            true => self.is_in_force_now(id).await?,
            false => self.is_in_force(id).await?,
        };
        if !is_in_force {
            return Err(Problem::unauthorized(REVOKED));
        }
        match is_late {
            true => late.run().await,
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
