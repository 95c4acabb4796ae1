//! Carries out a repeated POST only once: requests with an `Idempotency-Key` (grades.md GR-4).
//!
//! The layer wraps the whole API, including what writes problems out, so that a repeated request
//! gets the same bytes as the first (docs/decisions/0300-a-key-has-one-answer.md). It steps in only
//! after the handler's own extractor has admitted the caller, so that no stored answer outlives a
//! session, a key or a platform that was stopped
//! (docs/decisions/0258-an-answer-is-given-again-to-who-may-still-ask.md).

mod about;
mod answer;
mod fingerprints;
mod memory;
mod refusals;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, stream};
use store::first_answers::{self as stored, DeadRequest, KeptAnswer, KnownKey, TakeKey};
use store::{Db, StoreError};
use tokio::sync::oneshot;

use self::about::AnswerAbout;
use self::answer::FirstAnswer;
use self::refusals::{ERASED, FULL, IN_USE, INVALID_KEY, REUSED};
use crate::directory::api_keys::keyring::ApiKeys;
use crate::directory::doorstep::{Doorstep, Knock, KnownAsker};
use crate::directory::late_checks::LateChecks;
use crate::kit::clock::{Clock, Random};
use crate::kit::id::new_id;
use crate::kit::on_its_own::on_its_own;
use crate::kit::seal::Sealer;
use crate::render::Renderer;
use crate::services::deliveries::DeliveryKeys;
use crate::web::problem::Problem;

pub(crate) use self::fingerprints::Fingerprints;
pub(crate) use self::memory::KeyMemory;

/// The header of a request.
const KEY: &str = "idempotency-key";
/// Longest key, in characters.
const LONGEST_KEY: usize = 255;
/// The longest body of a request to the API.
const BODY_BYTES: usize = 256 * 1024;
/// How long a first answer is stored, in milliseconds.
const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1000;
/// How often a request shows that it is still running.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);
/// After how long servers of older versions consider a request dead, in milliseconds.
const HELD_MS: i64 = 20 * 1000;
/// How often to retry a key that was released in between.
const TRIES: usize = 5;

/// What the layer needs.
pub(crate) struct Idempotency {
    pub db: Db,
    pub rows: Sealer,
    pub clock: Clock,
    pub random: Random,
    pub fingerprints: Fingerprints,
    /// Identifies the stored answers about a person who is erased.
    pub persons: DeliveryKeys,
    /// Check again after a body has arrived: meanwhile, keys may be revoked, and launches end.
    pub api_keys: ApiKeys,
    pub memory: KeyMemory,
    /// How many keys a tool may have.
    pub most_keys: i64,
    /// Writes out problems, so that they can be stored.
    pub renderer: Renderer,
}

/// The response of a request's handler, with problems written out.
type FutureAnswer = BoxFuture<'static, Response>;

/// A request whose handler waits to be admitted.
struct WaitingRequest {
    open: oneshot::Sender<()>,
    /// Passes the body to the handler.
    lend: oneshot::Sender<Bytes>,
    body: Bytes,
    answering: FutureAnswer,
}

/// What identifies a request, besides its body.
struct KeyedAddress {
    key: String,
    /// Path and query.
    address: String,
    path: String,
    about: AnswerAbout,
}

/// The layer around requests of the API that may change something.
///
/// # Errors
/// 400 for an invalid key; 409 if its first request had another body, or is still running; 410 if
/// its answer was erased; 503 if too many keys are stored.
pub(crate) async fn once(
    State(room): State<Arc<Idempotency>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let is_meant = request.method() == Method::POST && request.uri().path().starts_with("/api/");
    let key = request.headers().get(KEY).filter(|_| is_meant).cloned();
    match key {
        Some(key) => room.answer(read(&key)?, request, next).await,
        None => Ok(next.run(request).await),
    }
}

/// Parses a key: 1 to 255 printable ASCII characters.
fn read(key: &HeaderValue) -> Result<String, Problem> {
    let key = key.to_str().ok().map(str::trim);
    let key = key.filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    key.map(str::to_owned).ok_or_else(|| INVALID_KEY.problem())
}

impl KeyedAddress {
    fn of(key: String, head: &Parts) -> Self {
        let address = head.uri.path_and_query();
        let route = head.extensions.get::<MatchedPath>();
        Self {
            key,
            address: address.map_or("", |address| address.as_str()).to_owned(),
            path: head.uri.path().to_owned(),
            about: AnswerAbout::of(route.map_or("", MatchedPath::as_str)),
        }
    }
}

impl Idempotency {
    /// Starts the handler, whose extractor identifies the caller. Only then is the body read and
    /// passed to the handler.
    async fn answer(
        self: &Arc<Self>,
        key: String,
        request: Request,
        next: Next,
    ) -> Result<Response, Problem> {
        let (mut head, body) = request.into_parts();
        let at = KeyedAddress::of(key, &head);
        let (doorstep, knocks) = Doorstep::new();
        let (since, late) = (self.api_keys.uptime(), LateChecks::default());
        head.extensions.insert(doorstep);
        head.extensions.insert(late.clone());
        let (lend, lent) = oneshot::channel::<Bytes>();
        let request = Request::from_parts(head, Body::from_stream(stream::once(lent)));
        let room = Arc::clone(self);
        let handle = |request| next.run(request);
        let answering = async move { room.renderer.render(request, handle).await };
        let mut answering: FutureAnswer = answering.boxed();
        let knock = tokio::select! {
            biased;
            // The handler refused the caller.
            response = &mut answering => return Ok(response),
            knock = knocks => knock,
        };
        let Ok(body) = to_bytes(body, BODY_BYTES).await else {
            return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
        };
        let Ok(Knock { asker, open }) = knock else {
            // The address is open to anyone, so the key belongs to no caller.
            let _ = lend.send(body);
            return Ok(answering.await);
        };
        // The body may have taken a minute to arrive. A stored answer must not outlive the right to
        // it. A first request is checked once more behind this layer, before it changes anything.
        let manages = false;
        let check = self
            .api_keys
            .check_again(&asker.key_id, manages, since, &late);
        check.await?;
        let waiting = WaitingRequest {
            open,
            lend,
            body,
            answering,
        };
        let take = self.order(&at, &asker, &waiting.body);
        self.decide(take, at.about, waiting).await
    }

    /// Admits the first request with a key; answers every other one in place of the handler.
    async fn decide(
        self: &Arc<Self>,
        take: TakeKey,
        about: AnswerAbout,
        waiting: WaitingRequest,
    ) -> Result<Response, Problem> {
        let now = self.clock.uptime();
        let (db, most) = (&self.db, self.most_keys);
        let has_room = self.memory.has_room(db, &take.tool_id, most, now).await?;
        let mut dead = DeadRequest::default();
        for _ in 0..TRIES {
            let may_take = has_room || dead != DeadRequest::default();
            if may_take && self.take(take.clone(), std::mem::take(&mut dead)).await? {
                self.memory.took(&take.tool_id);
                return Ok(self.first(take, about, waiting).await);
            }
            let Some(known) = self.known(&take.id).await? else {
                if has_room {
                    continue;
                }
                return Err(FULL.problem());
            };
            if known.request_hash != take.request_hash {
                return Err(REUSED.problem());
            }
            if known.erased_at.is_some() {
                return Err(ERASED.problem());
            }
            if let Some(sealed) = known.answer_sealed {
                return self.again(&take.id, &sealed);
            }
            dead = DeadRequest {
                owner: known.owner,
                owned_until: known.owned_until,
            };
            if !self.memory.is_dead(&take.id, &dead, now) {
                return Err(IN_USE.problem());
            }
        }
        Err(IN_USE.problem())
    }

    fn order(&self, at: &KeyedAddress, asker: &KnownAsker, body: &Bytes) -> TakeKey {
        let now = self.clock.now_ms();
        // The scope is part of the key, because the answer may depend on it.
        let owner: [&str; 4] = [&asker.tool_id, asker.scope.as_str(), &asker.who, &at.key];
        let request = [at.address.as_bytes(), &body[..]];
        TakeKey {
            id: self.fingerprints.id(&owner.map(str::as_bytes)),
            tool_id: asker.tool_id.clone(),
            request_hash: self.fingerprints.of(&request),
            owner: new_id(now, &self.random),
            owned_until: now.saturating_add(HELD_MS),
            forget_at: now.saturating_add(REMEMBERED_MS),
            person_key: at.about.person_key(&self.persons, asker, &at.path, body),
            platform_id: asker.platform_id.clone(),
        }
    }

    /// Runs the first request with a key. The server already lets it finish if the client hangs up,
    /// as every POST (decision 0367): an impatient client asks again and gets this answer. The
    /// separate task stores the answer even if this request's time ends just before the handler's.
    async fn first(
        self: &Arc<Self>,
        take: TakeKey,
        about: AnswerAbout,
        waiting: WaitingRequest,
    ) -> Response {
        let room = Arc::clone(self);
        on_its_own(async move { room.answer_first(take, about, waiting).await }).await
    }

    /// Admits the handler, keeps showing that the request is running, and stores the answer.
    async fn answer_first(
        &self,
        take: TakeKey,
        about: AnswerAbout,
        waiting: WaitingRequest,
    ) -> Response {
        let WaitingRequest {
            open,
            lend,
            body,
            answering,
        } = waiting;
        let _ = (lend.send(body), open.send(()));
        let answered = async {
            let response = answering.await;
            match about {
                AnswerAbout::Many => (response, None),
                _ => FirstAnswer::of(response).await,
            }
        };
        let (response, answer) = tokio::select! {
            answered = answered => answered,
            never = self.hold(&take) => match never {},
        };
        let settled = match answer {
            Some(answer) => self.keep(take, about, &answer).await,
            None => self.give_back(take).await,
        };
        if let Err(error) = settled {
            tracing::warn!(%error, "the answer to a request with an Idempotency-Key was not kept");
        }
        response
    }

    /// Keeps showing that a request is running.
    async fn hold(&self, key: &TakeKey) -> Infallible {
        loop {
            tokio::time::sleep(SIGN_OF_LIFE).await;
            let (id, owner) = (key.id.clone(), key.owner.clone());
            let until = self.clock.now_ms().saturating_add(HELD_MS);
            let hold = self.db.write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { stored::hold(&mut tx, id, owner, until).await })
            });
            if let Err(error) = hold.await {
                tracing::debug!(%error, "an Idempotency-Key could not be held");
            }
        }
    }

    /// Repeats the first answer.
    fn again(&self, id: &str, sealed: &[u8]) -> Result<Response, Problem> {
        let plain = self.rows.open(&identity(id), sealed);
        let answer = FirstAnswer::read(&plain.map_err(Problem::internal)?);
        Ok(answer.map_err(Problem::internal)?.into_response())
    }

    async fn take(&self, key: TakeKey, dead: DeadRequest) -> Result<bool, StoreError> {
        // If the date is ahead, every key would seem to be expired.
        let over = self.clock.trusted_ms().unwrap_or(i64::MIN);
        let take = self.db.write_one(move |mut tx| {
            Box::pin(async move { stored::take(&mut tx, key, dead, over).await })
        });
        take.await
    }

    async fn known(&self, id: &str) -> Result<Option<KnownKey>, StoreError> {
        let known = self.db.look_up(|mut tx| {
            let id = id.to_owned();
            Box::pin(async move { stored::by_id(&mut tx, id).await })
        });
        known.await
    }

    async fn keep(
        &self,
        key: TakeKey,
        about: AnswerAbout,
        answer: &FirstAnswer,
    ) -> Result<(), StoreError> {
        let delivery = match about {
            AnswerAbout::Delivery => answer.delivery(),
            _ => None,
        };
        let (platform_id, person_key) = delivery
            .map(|(platform, user)| {
                let person = self.persons.user(&platform, &user);
                (platform, person)
            })
            .unzip();
        let kept = KeptAnswer {
            sealed: self.rows.seal(&identity(&key.id), &answer.written()),
            person_key,
            platform_id,
        };
        let keep = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::answer(&mut tx, key.id, key.owner, kept).await })
        });
        keep.await.map(drop)
    }

    async fn give_back(&self, key: TakeKey) -> Result<(), StoreError> {
        let give_back = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::give_back(&mut tx, key.id, key.owner).await })
        });
        give_back.await.map(drop)
    }
}

/// The identity that a first answer is sealed with.
pub(crate) fn identity(id: &str) -> String {
    format!("first_answers/{id}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("GR-4")]
    #[test]
    fn a_key_is_a_short_printable_text() {
        for key in [
            "a",
            "8e03978e-40d5-43dd-bc93-6894a57f9324",
            &"x".repeat(255),
        ] {
            assert_eq!(read(&HeaderValue::from_str(key).unwrap()).unwrap(), key);
        }
        for key in ["", " ", "é", &"x".repeat(256)] {
            let key = HeaderValue::from_bytes(key.as_bytes()).unwrap();
            let code = read(&key).unwrap_err().code;
            assert_eq!(code, "INVALID_IDEMPOTENCY_KEY", "{key:?}");
        }
    }
}
