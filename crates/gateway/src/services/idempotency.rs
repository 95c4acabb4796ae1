//! `Idempotency-Key`: a request that comes again, because its answer was lost, gets the first one's answer and does nothing
//! (grades.md GR-4).

use axum::Json;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::idempotency::{self, BegunRequest, KnownRequest};
use store::{Db, StoreError};

use super::deliveries::DeliveryKeys;
use crate::kit::clock::Clock;
use crate::kit::id::id_from;
use crate::kit::seal::{self, Sealer};
use crate::web::problem::{A_MOMENT, Problem};

/// How long a key is known, in milliseconds.
const KNOWN_MS: i64 = 24 * 60 * 60 * 1000;
/// After this a request without an answer has died with its server, in milliseconds: longer than any may take.
const DEAD_MS: i64 = 2 * 60 * 1000;
/// Longest key, in characters.
const LONGEST: usize = 255;

/// The keys that requests have named. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct IdempotencyKeys {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    /// Seals the answers.
    pub(crate) rows: Sealer,
    pub(crate) keys: DeliveryKeys,
}

/// An answer that can be given again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct KeptAnswer {
    pub status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

impl IntoResponse for KeptAnswer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = match self.body {
            Some(body) => (status, Json(body)).into_response(),
            None => status.into_response(),
        };
        let location = self.location.map(HeaderValue::try_from);
        if let Some(Ok(location)) = location {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }
}

/// A request that may name a key.
pub(crate) struct AskedOnce<'a> {
    pub tool_id: &'a str,
    /// Whose keys don't meet anybody else's.
    pub caller: &'a str,
    /// What is asked for: the address.
    pub path: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

/// What a key's answer is sealed together with.
fn identity(id: &str) -> String {
    format!("idempotency_keys/{id}")
}

impl IdempotencyKeys {
    /// The answer of a request, which is done only if its key is new; without a key it is simply done. Only successes are
    /// kept: what failed can be sent again.
    ///
    /// # Errors
    /// 400 `INVALID_IDEMPOTENCY_KEY`, 409 `IDEMPOTENCY_KEY_REUSED` or `IDEMPOTENCY_KEY_IN_USE`, whatever the request comes
    /// to, or the store failed.
    pub(crate) async fn once<F>(
        &self,
        asked: AskedOnce<'_>,
        answer: F,
    ) -> Result<KeptAnswer, Problem>
    where
        F: Future<Output = Result<KeptAnswer, Problem>>,
    {
        let Some(key) = key(asked.headers)? else {
            return answer.await;
        };
        let now = self.clock.now_ms();
        let begun = BegunRequest {
            id: self.keys.request(&[asked.tool_id, asked.caller, &key]),
            tool_id: asked.tool_id.to_owned(),
            request_hash: request_hash(&asked),
            begun_at: now,
            delete_at: now.saturating_add(KNOWN_MS),
            dead_before: now.saturating_sub(DEAD_MS),
        };
        let (id, hash) = (begun.id.clone(), begun.request_hash.clone());
        let begin = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { idempotency::begin(&mut tx, begun).await })
        });
        if !begin.await? {
            return self.known(&id, &hash).await;
        }
        let answered = answer.await;
        let noted = self.note(id, now, answered.as_ref().ok()).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the answer to a request with an Idempotency-Key is not kept");
        }
        answered
    }

    async fn known(&self, id: &str, hash: &str) -> Result<KeptAnswer, Problem> {
        let known = idempotency::by_id(&mut self.db.read().await?.tx(), id).await?;
        // It may have failed just now.
        let KnownRequest {
            request_hash,
            answer_sealed,
        } = known.ok_or_else(in_use)?;
        if request_hash != hash {
            return Err(reused());
        }
        let sealed = answer_sealed.ok_or_else(in_use)?;
        let plain = self.rows.open(&identity(id), &sealed);
        serde_json::from_slice(&plain.map_err(Problem::internal)?).map_err(Problem::internal)
    }

    async fn note(
        &self,
        id: String,
        begun_at: i64,
        answer: Option<&KeptAnswer>,
    ) -> Result<(), StoreError> {
        let corrupt = |error: serde_json::Error| StoreError::Corrupt(error.to_string());
        let plain = answer
            .map(serde_json::to_vec)
            .transpose()
            .map_err(corrupt)?;
        let sealed = plain.map(|plain| self.rows.seal(&identity(&id), &plain));
        let note = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                match sealed {
                    Some(sealed) => idempotency::answered(&mut tx, &id, begun_at, sealed).await,
                    None => idempotency::give_up(&mut tx, &id, begun_at).await,
                }
            })
        });
        note.await.map(drop)
    }
}

/// The key that a request names.
fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = key.to_str().ok().map(str::trim);
    let key = key.filter(|key| (1..=LONGEST).contains(&key.len()));
    key.map(|key| Some(key.to_owned())).ok_or_else(|| {
        Problem::bad_request(
            "INVALID_IDEMPOTENCY_KEY",
            "Idempotency-Key must have 1 to 255 printable ASCII characters.",
        )
    })
}

fn request_hash(asked: &AskedOnce<'_>) -> String {
    let body = String::from_utf8_lossy(asked.body);
    id_from(&seal::hash(&["request", asked.path, &body]))
}

fn reused() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "IDEMPOTENCY_KEY_REUSED",
        "Another request had this Idempotency-Key within the last 24 hours. Each request needs its own.",
    )
}

fn in_use() -> Problem {
    let mut problem = Problem::new(
        StatusCode::CONFLICT,
        "IDEMPOTENCY_KEY_IN_USE",
        "The first request with this Idempotency-Key is still under way. Try again in a moment.",
    );
    problem.retry_after = Some(A_MOMENT);
    problem
}
