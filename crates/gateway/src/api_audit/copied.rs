//! Copies a body while the handler reads it, so that nothing is read before the handler wants it.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use lti::json::mended_value;
use serde_json::Value;

use crate::web::watched::watched;

/// The longest body that is recorded: as long as the API accepts, so that padding with blanks can't
/// hide a change.
const LONGEST_BODY: usize = 256 * 1024;

/// What has been read of a body so far. Cloning it is cheap.
#[derive(Clone, Default)]
pub(super) struct BodyCopy(Arc<Mutex<Vec<u8>>>);

impl BodyCopy {
    /// The body, and the copy that fills up as it is read.
    pub(super) fn of(body: Body) -> (Body, Self) {
        let copied = Self::default();
        let copy = copied.clone();
        let body = watched(body, move |piece| {
            if let Some(Ok(frame)) = piece
                && let Some(data) = frame.data_ref()
            {
                copy.add(data);
            }
        });
        (body, copied)
    }

    /// The body as JSON, parsed as handlers do; null if it is not JSON, or too long.
    pub(super) fn json(&self) -> Value {
        let copied = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if copied.len() > LONGEST_BODY {
            return Value::Null;
        }
        mended_value(&copied).unwrap_or_default()
    }

    fn add(&self, data: &Bytes) {
        let mut copied = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One byte beyond the limit, to tell that it was too long.
        let room = (LONGEST_BODY + 1).saturating_sub(copied.len());
        copied.extend_from_slice(data.get(..room).unwrap_or(data));
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::body::to_bytes;
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn what_handlers_can_read_is_known() {
        for sent in [
            "\u{feff}{\"name\": \"x\"}",
            r#"{"name": "x", "sign": "\ud83d"}"#,
        ] {
            let (body, copied) = BodyCopy::of(Body::from(sent));
            to_bytes(body, usize::MAX).await.unwrap();
            assert_eq!(copied.json()["name"], "x", "{sent}");
        }
    }

    #[tokio::test]
    async fn a_body_passes_as_it_is_and_a_short_one_is_known() {
        let short = json!({"name": "x"});
        let long = json!({"name": "x".repeat(LONGEST_BODY)});
        for (sent, known) in [(&short, &short), (&long, &Value::Null)] {
            let (body, copied) = BodyCopy::of(Body::from(sent.to_string()));
            assert_eq!(copied.json(), Value::Null, "nobody has read it");
            let read = to_bytes(body, usize::MAX).await.unwrap();
            assert_eq!(read, sent.to_string());
            assert_eq!(copied.json(), *known);
        }
    }
}
