//! Checks what launches and services need of a registered platform.

use lti::key::KeySet;
use store::platforms::{KeyMethod, PlatformRow};
use url::Url;

use super::advice::PRIVATE;
use super::endpoints::look_at_keys;
use super::report::{Report, Verdict};
use super::tokens::ask_for_token;
use crate::keys::service_tokens::ServiceTokens;
use crate::kit::outbound::Outbound;

/// Checks a platform's state, keys and endpoints.
pub(super) async fn examine(
    outbound: &Outbound,
    tokens: &ServiceTokens,
    platform: &PlatformRow,
) -> Report {
    let mut report = Report::default();
    match platform.active {
        true => report.right("It is active: its launches are taken."),
        false => report.add(
            Verdict::Odd,
            "It is not active: its launches are refused.",
            "Activate it if you know who registered it.",
        ),
    }
    permitted(
        outbound,
        "login address",
        &platform.authorization_endpoint,
        &mut report,
    );
    look_at_its_keys(outbound, platform, &mut report).await;
    let endpoint = permitted(
        outbound,
        "token endpoint",
        &platform.token_endpoint,
        &mut report,
    );
    if let Some(url) = endpoint {
        ask_for_token(tokens, platform, &url, &mut report).await;
    }
    report
}

async fn look_at_its_keys(outbound: &Outbound, platform: &PlatformRow, report: &mut Report) {
    if platform.key_method == KeyMethod::JwkSet {
        if let Some(url) = permitted(outbound, "key set", &platform.key_value, report) {
            look_at_keys(outbound, &url, report).await;
        }
        return;
    }
    match KeySet::from_pasted(&platform.key_value) {
        Ok(_) => report.right("Its key is stored here, so none is fetched."),
        Err(error) => report.add(
            Verdict::Wrong,
            format!("The key that is stored for it can't be used: {error}."),
            "Paste the platform's public key again, or the address of its key set.",
        ),
    }
}

/// Parses an address, if requests to it are permitted.
fn permitted(outbound: &Outbound, what: &str, address: &str, report: &mut Report) -> Option<Url> {
    let Ok(url) = Url::parse(address) else {
        let said = format!("Its {what} is no address: {address}.");
        report.add(
            Verdict::Wrong,
            said,
            "Correct it in the platform's settings.",
        );
        return None;
    };
    match outbound.permits(&url) {
        Ok(()) => Some(url),
        Err(blocked) => {
            let said = format!("Its {what} may not be called from here: {blocked}.");
            report.add(Verdict::Wrong, said, PRIVATE);
            None
        }
    }
}
