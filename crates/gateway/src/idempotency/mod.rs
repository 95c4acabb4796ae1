//! A POST that comes twice is done once: requests with an `Idempotency-Key` (grades.md GR-4).
//!
//! The layer stands around the whole API, outside of what writes problems out, so that the second request gets the bytes
//! that the first one got (docs/decisions/0300-a-key-has-one-answer.md).

mod answer;
mod fingerprints;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use store::first_answers::{self as stored, KnownKey, TakeKey};
use store::{Db, StoreError};

use self::answer::FirstAnswer;
use crate::directory::api_keys::keyring::ApiKeys;
use crate::directory::credentials::Credentials;
use crate::kit::clock::{Clock, Random};
use crate::kit::id::new_id;
use crate::kit::seal::Sealer;
use crate::launch::Ltiks;
use crate::render::Renderer;
use crate::web::problem::Problem;

pub(crate) use self::fingerprints::Fingerprints;

/// The header of a request.
const KEY: &str = "idempotency-key";
/// Characters of a key at most.
const LONGEST: usize = 255;
/// The longest body of a request to the API.
const BODY_BYTES: usize = 256 * 1024;
/// How long a first answer is kept, in milliseconds.
const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1000;
/// How long a key is held by a request that shows no sign of life: its server was killed. Then the next one is the first.
const HELD: Duration = Duration::from_secs(20);
/// How often a request shows that it is still under way.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);
/// How many times a key that was given back in between is looked at again.
const TRIES: usize = 5;

/// What the layer needs.
pub(crate) struct Idempotency {
    pub db: Db,
    pub rows: Sealer,
    pub clock: Clock,
    pub random: Random,
    pub fingerprints: Fingerprints,
    pub api_keys: ApiKeys,
    pub ltiks: Ltiks,
    /// Writes out what went wrong, so that it can be kept.
    pub renderer: Renderer,
}

/// Whose key it is: keys of different callers are different keys.
struct KeyOwner {
    tool_id: String,
    /// Hash of who it is and of the key.
    id: String,
}

/// Stands around every request of the API.
///
/// # Errors
/// 400 for a key that is none; 409 if its first request had another body, or is still under way.
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

/// A key: 1 to 255 printable characters of ASCII.
fn read(key: &HeaderValue) -> Result<String, Problem> {
    let key = key.to_str().ok().map(str::trim);
    let key = key.filter(|key| (1..=LONGEST).contains(&key.len()));
    key.map(str::to_owned).ok_or_else(|| {
        Problem::bad_request(
            "INVALID_IDEMPOTENCY_KEY",
            "The header Idempotency-Key must have 1 to 255 printable characters of ASCII, such as a UUID.",
        )
    })
}

impl Idempotency {
    async fn answer(
        self: &Arc<Self>,
        key: String,
        request: Request,
        next: Next,
    ) -> Result<Response, Problem> {
        let (head, body) = request.into_parts();
        let Some(owner) = self.owner(&head, &key).await? else {
            // The handler says what is wrong with the credentials.
            return Ok(next.run(Request::from_parts(head, body)).await);
        };
        let Ok(body) = to_bytes(body, BODY_BYTES).await else {
            return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
        };
        let take = self.order(owner, &head, &body);
        for _ in 0..TRIES {
            if self.take(take.clone()).await? {
                let request = Request::from_parts(head, Body::from(body));
                return self.first(take, request, next).await;
            }
            let known = self.known(&take.id).await?;
            let Some(KnownKey {
                request_hash,
                answer_sealed,
            }) = known
            else {
                continue;
            };
            if request_hash != take.request_hash {
                return Err(reused());
            }
            return match answer_sealed {
                Some(sealed) => self.again(&take.id, &sealed),
                None => Err(in_use()),
            };
        }
        Err(in_use())
    }

    /// Whose key it is; `None` if the request's credentials are of a form that no handler takes, or of a launch that is
    /// over.
    async fn owner(&self, head: &Parts, key: &str) -> Result<Option<KeyOwner>, Problem> {
        let Ok(credentials) = Credentials::of(head) else {
            return Ok(None);
        };
        let (api_key, who) = match credentials {
            Credentials::Bearer(api_key) => (api_key, Some(String::from("tool"))),
            Credentials::Ltik { api_key, ltik } => {
                let launch = self.ltiks.launch_of(ltik);
                (api_key, launch.map(|launch| format!("launch {launch}")))
            }
            Credentials::Service {
                api_key,
                service_key,
            } => {
                let place = self.ltiks.service_key(service_key);
                (
                    api_key,
                    place.map(|place| format!("place {}", place.place_id)),
                )
            }
        };
        let Some(who) = who else {
            return Ok(None);
        };
        let (tool, api_key) = self.api_keys.find(head, api_key).await?;
        // With another scope the answer may be another.
        let parts: [&str; 4] = [&tool.id, api_key.scope.as_str(), &who, key];
        Ok(Some(KeyOwner {
            id: self.fingerprints.id(&parts.map(str::as_bytes)),
            tool_id: tool.id.clone(),
        }))
    }

    fn order(&self, owner: KeyOwner, head: &Parts, body: &Bytes) -> TakeKey {
        let now = self.clock.now_ms();
        let address = head.uri.path_and_query();
        let address = address.map_or("", |address| address.as_str());
        TakeKey {
            id: owner.id,
            tool_id: owner.tool_id,
            request_hash: self.fingerprints.of(&[address.as_bytes(), &body[..]]),
            owner: new_id(now, &self.random),
            owned_until: held_until(now),
            forget_at: now + REMEMBERED_MS,
        }
    }

    /// The first request with a key. It goes on if the client hangs up: one that grew impatient asks again, and gets this
    /// answer.
    async fn first(
        self: &Arc<Self>,
        take: TakeKey,
        request: Request,
        next: Next,
    ) -> Result<Response, Problem> {
        let room = Arc::clone(self);
        let answering = tokio::spawn(async move {
            let answered = async {
                let response = room.renderer.render(request, next).await;
                FirstAnswer::of(response).await
            };
            let (response, answer) = tokio::select! {
                answered = answered => answered,
                never = room.hold(&take) => match never {},
            };
            let settled = match answer {
                Some(answer) => room.keep(take, &answer).await,
                None => room.give_back(take).await,
            };
            if let Err(error) = settled {
                tracing::warn!(%error, "the answer to a request with an Idempotency-Key was not kept");
            }
            response
        });
        answering.await.map_err(Problem::internal)
    }

    /// Shows again and again that a request is under way.
    async fn hold(&self, key: &TakeKey) -> Infallible {
        loop {
            tokio::time::sleep(SIGN_OF_LIFE).await;
            let (id, owner) = (key.id.clone(), key.owner.clone());
            let until = held_until(self.clock.now_ms());
            let hold = self.db.write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { stored::hold(&mut tx, id, owner, until).await })
            });
            if let Err(error) = hold.await {
                tracing::debug!(%error, "an Idempotency-Key could not be held");
            }
        }
    }

    /// The first answer once more.
    fn again(&self, id: &str, sealed: &[u8]) -> Result<Response, Problem> {
        let plain = self.rows.open(&identity(id), sealed);
        let answer = FirstAnswer::read(&plain.map_err(Problem::internal)?);
        Ok(answer.map_err(Problem::internal)?.into_response())
    }

    async fn take(&self, key: TakeKey) -> Result<bool, StoreError> {
        let now = self.clock.now_ms();
        let take = self.db.write_one(move |mut tx| {
            Box::pin(async move { stored::take(&mut tx, key, now).await })
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

    async fn keep(&self, key: TakeKey, answer: &FirstAnswer) -> Result<(), StoreError> {
        let sealed = self.rows.seal(&identity(&key.id), &answer.written());
        let keep = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::answer(&mut tx, key.id, key.owner, sealed).await })
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

fn held_until(now_ms: i64) -> i64 {
    let held = i64::try_from(HELD.as_millis()).unwrap_or(i64::MAX);
    now_ms.saturating_add(held)
}

/// What a first answer is sealed together with.
pub(crate) fn identity(id: &str) -> String {
    format!("first_answers/{id}")
}

fn reused() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "IDEMPOTENCY_KEY_REUSED",
        "This Idempotency-Key came with another request within the last 24 hours. Another request needs another key.",
    )
}

fn in_use() -> Problem {
    let mut problem = Problem::new(
        StatusCode::CONFLICT,
        "IDEMPOTENCY_KEY_IN_USE",
        "The first request with this Idempotency-Key is still under way. Ask again in a moment for its answer.",
    );
    problem.retry_after = Some(1);
    problem
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
