//! Addresses in a tool's settings: which programs call, and what is wrong with some. Many services
//! put secrets into addresses that programs call, so people who may not change them only see the
//! host.

use serde_json::Value;
use url::Url;

use crate::kit::masked::mask_at;

/// The JSON pointers to them in a tool's settings.
pub(crate) const CALLED: [&str; 1] = ["/studyreel/provisioning/url"];

/// What is wrong with an address in which [`names_user`] finds something, in words that follow its
/// name.
pub(super) const NAMES_USER: &str = "contains a user name or password: browsers don't use them inside a learning \
     platform's page, and everyone there could read them";

/// Whether an address contains a user name or a password.
pub(super) fn names_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// What is wrong with the address of a picture that platforms show, in words that follow its name.
pub(super) fn picture_problem(url: &Url) -> Option<&'static str> {
    if names_user(url) {
        return Some(NAMES_USER);
    }
    let is_web = matches!(url.scheme(), "http" | "https");
    (!is_web).then_some("must be an http or https address")
}

/// Hides them in settings, or in part of them.
pub(crate) fn hide(settings: &mut Value) {
    for pointer in CALLED {
        mask_at(settings, pointer);
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
