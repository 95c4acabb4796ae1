//! The optional signature of a launch (studyreel.md §5, item 3): our extension, for senders that
//! support it.
//!
//! `X-Launch-Timestamp: <seconds since 1970>` and `X-Launch-Signature: v1=<hex HMAC-SHA256 of
//! timestamp.body>`.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{Context, HMAC_SHA256, Key};
use axum::http::HeaderMap;

use super::refusal::StudyReelRefusal;
use crate::settings::studyreel::Signature;

/// How many seconds the timestamp may be off.
const WINDOW: i64 = 300;
const TIMESTAMP: &str = "x-launch-timestamp";
const SIGNATURE: &str = "x-launch-signature";

/// Checks a launch's signature as far as the tool requires one, against any secret in force. A
/// wrong signature is refused even if none is required.
pub(super) fn check(
    wanted: Signature,
    mut secrets: impl Iterator<Item = String>,
    headers: &HeaderMap,
    body: &[u8],
    now: i64,
) -> Result<(), StudyReelRefusal> {
    let is_signed = headers.contains_key(TIMESTAMP) || headers.contains_key(SIGNATURE);
    match wanted {
        Signature::Off => return Ok(()),
        Signature::Optional if !is_signed => return Ok(()),
        Signature::Optional | Signature::Required => {}
    }
    if secrets.any(|secret| is_valid(&secret, headers, body, now)) {
        Ok(())
    } else {
        Err(StudyReelRefusal::Unproven(None))
    }
}

fn is_valid(secret: &str, headers: &HeaderMap, body: &[u8], now: i64) -> bool {
    let (Some(timestamp), Some(signature)) = (one(headers, TIMESTAMP), one(headers, SIGNATURE))
    else {
        return false;
    };
    let in_time = timestamp.bytes().all(|byte| byte.is_ascii_digit())
        && timestamp
            .parse::<i64>()
            .is_ok_and(|time| (now - WINDOW..=now + WINDOW).contains(&time));
    let Some(signature) = signature.strip_prefix("v1=") else {
        return false;
    };
    let expected = sign(secret, timestamp, body);
    let signature = signature.to_ascii_lowercase();
    verify_slices_are_equal(expected.as_bytes(), signature.as_bytes()).is_ok() && in_time
}

fn one<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).into_iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

fn sign(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let mut context = Context::with_key(&Key::new(HMAC_SHA256, secret.as_bytes()));
    context.update(timestamp.as_bytes());
    context.update(b".");
    context.update(body);
    let tag = context.sign();
    tag.as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use test_case::cases;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn headers(timestamp: &str, signature: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(TIMESTAMP, timestamp.parse().unwrap());
        headers.insert(SIGNATURE, signature.parse().unwrap());
        headers
    }

    #[cases("STUDYREEL-62")]
    #[test]
    fn only_the_right_signature_in_time_is_valid() {
        let now = NOW.to_string();
        let signature = format!("v1={}", sign("secret", &now, b"{}"));
        let good = headers(&now, &signature);
        assert!(is_valid("secret", &good, b"{}", NOW));
        assert!(is_valid("secret", &good, b"{}", NOW + WINDOW));
        assert!(is_valid(
            "secret",
            &headers(&now, &signature.replace("v1=", "V1=").replace('V', "v")),
            b"{}",
            NOW
        ));
        assert!(!is_valid("other", &good, b"{}", NOW));
        assert!(!is_valid("secret", &good, b"{} ", NOW));
        assert!(!is_valid("secret", &good, b"{}", NOW + WINDOW + 1));
        assert!(!is_valid("secret", &good, b"{}", NOW - WINDOW - 1));
        for (timestamp, signature) in [
            ("1800000001", signature.as_str()),
            ("+1800000000", signature.as_str()),
            ("", signature.as_str()),
            (now.as_str(), ""),
            (now.as_str(), "v1="),
            (now.as_str(), &signature[3..]),
        ] {
            let wrong = headers(timestamp, signature);
            assert!(
                !is_valid("secret", &wrong, b"{}", NOW),
                "{timestamp} {signature}"
            );
        }
        let mut twice = good;
        twice.append(SIGNATURE, signature.parse().unwrap());
        assert!(!is_valid("secret", &twice, b"{}", NOW));
    }

    #[test]
    fn the_signature_is_plain_hmac_sha256() {
        // printf '1800000000.{}' | openssl dgst -sha256 -hmac secret
        assert_eq!(
            sign("secret", "1800000000", b"{}"),
            "bb7079132825ac793cea8c013c1dd24d926b9b02132245b10588d9e5c0df70d7"
        );
    }
}
