//! Why a request with an `Idempotency-Key` is refused.

use axum::http::StatusCode;

use crate::web::api_rule::ApiRule;

pub(super) const INVALID_KEY: ApiRule = ApiRule::new(
    "INVALID_IDEMPOTENCY_KEY",
    StatusCode::BAD_REQUEST,
    "The header Idempotency-Key must have 1 to 255 printable characters of ASCII, such as a UUID.",
);
pub(super) const REUSED: ApiRule = ApiRule::new(
    "IDEMPOTENCY_KEY_REUSED",
    StatusCode::CONFLICT,
    "This Idempotency-Key came with another request within the last 24 hours. Another request needs another key.",
);
pub(super) const IN_USE: ApiRule = ApiRule::new(
    "IDEMPOTENCY_KEY_IN_USE",
    StatusCode::CONFLICT,
    "The first request with this Idempotency-Key is still under way. Ask again in a moment for its answer.",
)
.retry_after(1);
/// The request was carried out, but its answer was erased with the person it was about.
pub(super) const ERASED: ApiRule = ApiRule::new(
    "IDEMPOTENCY_ANSWER_ERASED",
    StatusCode::GONE,
    "The first request with this Idempotency-Key was done. Its answer was about a person who has been erased since, so it \
     is gone.",
);
/// Keys must not fill up the store.
pub(super) const FULL: ApiRule = ApiRule::new(
    "IDEMPOTENCY_KEYS_FULL",
    StatusCode::SERVICE_UNAVAILABLE,
    "Too many Idempotency-Keys of the last 24 hours are remembered. Nothing was done. Send the request without the \
     header, or later.",
)
.retry_after(600);
