//! Addresses in a tool's settings that programs call. Many services put secrets into their addresses, so people who may
//! not change them only see the host.

use serde_json::Value;

use crate::kit::masked::mask_at;

/// Their places in a tool's settings.
pub(crate) const CALLED: [&str; 1] = ["/studyreel/provisioning/url"];

/// Hides them in settings, or in part of them.
pub(crate) fn hide(settings: &mut Value) {
    for place in CALLED {
        mask_at(settings, place);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_the_host_of_what_is_called_is_left() {
        let settings = |address: Option<&str>| json!({"name": "x", "studyreel": {"provisioning": {"url": address}}});
        let mut hidden = settings(Some("https://app.example/hook?key=secret"));
        hide(&mut hidden);
        assert_eq!(hidden, settings(Some("https://app.example/…")));
        for other in [settings(None), json!({"name": "x"}), json!(null)] {
            let mut hidden = other.clone();
            hide(&mut hidden);
            assert_eq!(hidden, other);
        }
    }
}
