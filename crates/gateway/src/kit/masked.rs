//! Masks an address that programs call for viewers who may not see secrets: many services put one
//! into the address.

use serde_json::Value;
use url::Url;

/// Marks an address that differs from another only in its masked part.
const ANOTHER: &str = " (another one)";

/// Scheme, host and port; the rest is masked.
pub(crate) fn masked(address: &str) -> String {
    let Ok(url) = Url::parse(address) else {
        return "…".to_owned();
    };
    let origin = url.origin().ascii_serialization();
    match url.path() {
        "" | "/" if url.query().is_none() => format!("{origin}/"),
        _ => format!("{origin}/…"),
    }
}

/// Masks the address at this JSON pointer, if there is one.
pub(crate) fn mask_at(value: &mut Value, at: &str) {
    if let Some(Value::String(address)) = value.pointer_mut(at) {
        *address = masked(address);
    }
}

/// Masks an address in both versions of a value, but keeps it visible whether it changed.
pub(crate) fn mask_change_at(before: &mut Value, after: &mut Value, at: &str) {
    let differ = before.pointer(at) != after.pointer(at);
    mask_at(before, at);
    mask_at(after, at);
    let looks_the_same = before.pointer(at) == after.pointer(at);
    if let Some(Value::String(address)) = after.pointer_mut(at)
        && differ
        && looks_the_same
    {
        address.push_str(ANOTHER);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_is_still_seen() {
        let change = |before: &str, after: &str| {
            let (mut before, mut after) = (json!({"url": before}), json!({"url": after}));
            mask_change_at(&mut before, &mut after, "/url");
            // Masking again changes nothing.
            let (mut again, mut once_more) = (before.clone(), after.clone());
            mask_change_at(&mut again, &mut once_more, "/url");
            assert_eq!((&again, &once_more), (&before, &after));
            assert_eq!(before, json!({"url": "https://app.example/…"}));
            after["url"].take()
        };
        let at = |key: &str| format!("https://app.example/hook?key={key}");
        assert_eq!(change(&at("1"), &at("1")), "https://app.example/…");
        let another = "https://app.example/… (another one)";
        assert_eq!(change(&at("1"), &at("2")), another);
        let elsewhere = "https://other.example/hook";
        assert_eq!(change(&at("1"), elsewhere), "https://other.example/…");
        let (mut before, mut after) = (json!(null), json!({"name": "x"}));
        mask_change_at(&mut before, &mut after, "/url");
        assert_eq!((before, after), (json!(null), json!({"name": "x"})));
    }

    #[test]
    fn nothing_but_the_host_is_shown() {
        for (address, shown) in [
            (
                "https://hooks.slack.com/services/T0/B0/secret",
                "https://hooks.slack.com/…",
            ),
            (
                "https://app.example.com:8443/?key=secret",
                "https://app.example.com:8443/…",
            ),
            ("https://app.example.com/", "https://app.example.com/"),
            ("secret", "…"),
        ] {
            assert_eq!(masked(address), shown);
        }
    }
}
