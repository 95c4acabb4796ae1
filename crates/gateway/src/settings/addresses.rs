//! Addresses among a tool's settings that programs call. Many services put a secret into theirs, so whoever may not change them
//! sees no more than their host.

use serde_json::Value;

use crate::kit::masked::masked;

/// Where they stand in a tool's settings.
const CALLED: [&str; 1] = ["/studyreel/provisioning/url"];

/// Hides them in settings, or in a part of them.
pub(crate) fn hide(settings: &mut Value) {
    for place in CALLED {
        if let Some(Value::String(address)) = settings.pointer_mut(place) {
            *address = masked(address);
        }
    }
}

/// Hides them in how settings were and are, so that it can still be told whether one has changed.
pub(crate) fn hide_change(before: &mut Value, after: &mut Value) {
    let differ = CALLED.map(|place| before.pointer(place) != after.pointer(place));
    hide(before);
    hide(after);
    for (place, differs) in CALLED.iter().zip(differ) {
        let was = before.pointer(place).cloned();
        if let Some(Value::String(address)) = after.pointer_mut(place)
            && differs
            && was.as_ref().and_then(Value::as_str) == Some(address.as_str())
        {
            address.push_str(" (another one)");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(address: Option<&str>) -> Value {
        json!({"name": "x", "studyreel": {"enabled": true, "provisioning": {"url": address}}})
    }

    #[test]
    fn only_the_host_of_what_is_called_is_left() {
        let mut hidden = settings(Some("https://app.example/hook?key=secret"));
        hide(&mut hidden);
        assert_eq!(hidden, settings(Some("https://app.example/…")));
        for other in [settings(None), json!({"name": "x"}), json!(null)] {
            let mut hidden = other.clone();
            hide(&mut hidden);
            assert_eq!(hidden, other);
        }
    }

    #[test]
    fn a_change_is_still_seen() {
        let change = |before: &str, after: &str| {
            let (mut before, mut after) = (settings(Some(before)), settings(Some(after)));
            hide_change(&mut before, &mut after);
            assert_eq!(before, settings(Some("https://app.example/…")));
            after["studyreel"]["provisioning"]["url"].take()
        };
        let at = |key: &str| format!("https://app.example/hook?key={key}");
        assert_eq!(change(&at("1"), &at("1")), "https://app.example/…");
        let another = "https://app.example/… (another one)";
        assert_eq!(change(&at("1"), &at("2")), another);
        let elsewhere = "https://other.example/hook";
        assert_eq!(change(&at("1"), elsewhere), "https://other.example/…");
    }
}
