//! The application's side of the provisioning hook: checks that Hallpass is calling, creates an
//! account, and answers with the application's id for the student.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::hmac::{HMAC_SHA256, Key, verify};
use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The maximum age of a call, in seconds.
const WINDOW: i64 = 300;

/// The application's accounts, in memory.
pub(super) struct Accounts {
    key: Option<Key>,
    /// The account's id, by Hallpass's id for the student.
    made: Mutex<HashMap<String, String>>,
}

impl Accounts {
    /// No accounts yet. If the secret is malformed, no call is accepted.
    pub(super) fn new(secret: &str) -> Self {
        let encoded = secret.strip_prefix("whsec_").unwrap_or(secret);
        Self {
            key: STANDARD
                .decode(encoded)
                .ok()
                .map(|key| Key::new(HMAC_SHA256, &key)),
            made: Mutex::default(),
        }
    }

    /// Answers a call, always the same for the same student. `None` if the call isn't from
    /// Hallpass, is too old, or contains no student.
    pub(super) fn answer(&self, headers: &HeaderMap, body: &[u8], now: i64) -> Option<Value> {
        Self::check(self.key.as_ref()?, headers, body, now)?;
        let event: Value = serde_json::from_slice(body).ok()?;
        let student = event["data"]["student"]["id"].as_str()?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let next = format!("pupil-{}", made.len() + 1);
        let id = made.entry(student.to_owned()).or_insert(next);
        Some(json!({"userID": id, "landingPath": "/launch?welcome=1"}))
    }

    fn check(key: &Key, headers: &HeaderMap, body: &[u8], now: i64) -> Option<()> {
        let header = |name: &str| headers.get(name)?.to_str().ok();
        let (id, time) = (header("webhook-id")?, header("webhook-timestamp")?);
        let age = now.checked_sub(time.parse().ok()?)?;
        if !(-WINDOW..=WINDOW).contains(&age) {
            return None;
        }
        let mut signed = format!("{id}.{time}.").into_bytes();
        signed.extend_from_slice(body);
        // One for each secret in force; any of them is enough.
        let mut signatures = header("webhook-signature")?.split(' ');
        signatures.find_map(|signature| {
            let tag = STANDARD.decode(signature.strip_prefix("v1,")?).ok()?;
            verify(key, &signed, &tag).ok()
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;
    const BODY: &[u8] = br#"{"data":{"student":{"id":"s1"}}}"#;

    fn signed(secret: &[u8], time: i64, body: &[u8]) -> HeaderMap {
        let mut text = format!("msg_1.{time}.").into_bytes();
        text.extend_from_slice(body);
        let tag = aws_lc_rs::hmac::sign(&Key::new(HMAC_SHA256, secret), &text);
        let signature = format!("v1,AAAA v1,{}", STANDARD.encode(tag));
        [
            ("webhook-id", "msg_1".to_owned()),
            ("webhook-timestamp", time.to_string()),
            ("webhook-signature", signature),
        ]
        .into_iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect()
    }

    #[test]
    fn hallpass_makes_accounts_and_nobody_else_does() {
        let accounts = Accounts::new("whsec_c2VjcmV0");
        let good = signed(b"secret", NOW, BODY);
        assert_eq!(
            accounts.answer(&signed(b"other", NOW, BODY), BODY, NOW),
            None
        );
        assert_eq!(accounts.answer(&good, b"{}", NOW), None);
        assert_eq!(accounts.answer(&good, BODY, NOW + WINDOW + 1), None);
        assert_eq!(accounts.answer(&good, BODY, NOW - WINDOW - 1), None);
        assert_eq!(accounts.answer(&HeaderMap::new(), BODY, NOW), None);
        let first = accounts.answer(&good, BODY, NOW).unwrap();
        assert_eq!(first["userID"], "pupil-1");
        assert_eq!(
            accounts.answer(&good, BODY, NOW + 5),
            Some(first),
            "told again"
        );
        let other = br#"{"data":{"student":{"id":"s2"}}}"#;
        let second = accounts
            .answer(&signed(b"secret", NOW, other), other, NOW)
            .unwrap();
        assert_eq!(second["userID"], "pupil-2");
    }
}
