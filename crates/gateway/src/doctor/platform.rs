//! Checks what launches and services need of a registered platform.

use lti::key::KeySet;
use store::platforms::{KeyMethod, PlatformRow};
use url::Url;

use super::endpoints::look_at_keys;
use super::found::{CheckedAddress, PlatformFinding};
use super::tokens::ask_for_token;
use crate::keys::service_tokens::ServiceTokens;
use crate::kit::outbound::Outbound;

/// Checks a platform's state, keys and endpoints. What is known of its clock comes before the token
/// endpoint, which may refuse us because of it. Without `tokens` it isn't asked for one.
pub(super) async fn examine(
    outbound: &Outbound,
    tokens: Option<&ServiceTokens>,
    platform: &PlatformRow,
    clock: Option<PlatformFinding>,
) -> Vec<PlatformFinding> {
    let mut found = vec![match platform.active {
        true => PlatformFinding::Active,
        false => PlatformFinding::Inactive,
    }];
    let login = &platform.authorization_endpoint;
    found.extend(permitted(outbound, CheckedAddress::Login, login).err());
    found.extend(look_at_its_keys(outbound, platform).await);
    found.extend(clock);
    let endpoint = &platform.token_endpoint;
    let endpoint = permitted(outbound, CheckedAddress::TokenEndpoint, endpoint);
    found.push(match (endpoint, tokens) {
        (Err(found), _) => found,
        (Ok(url), Some(tokens)) => ask_for_token(tokens, platform, &url).await,
        (Ok(_), None) => PlatformFinding::TokenNotAsked,
    });
    found
}

async fn look_at_its_keys(outbound: &Outbound, platform: &PlatformRow) -> Vec<PlatformFinding> {
    if platform.key_method == KeyMethod::JwkSet {
        return match permitted(outbound, CheckedAddress::KeySet, &platform.key_value) {
            Ok(url) => look_at_keys(outbound, &url).await,
            Err(found) => vec![found],
        };
    }
    vec![match KeySet::from_pasted(&platform.key_value) {
        Ok(_) => PlatformFinding::KeyIsStored,
        Err(error) => PlatformFinding::StoredKeyUnusable {
            why: error.to_string(),
        },
    }]
}

/// Parses an address, if requests to it are permitted.
fn permitted(
    outbound: &Outbound,
    at: CheckedAddress,
    address: &str,
) -> Result<Url, PlatformFinding> {
    let Ok(url) = Url::parse(address) else {
        return Err(PlatformFinding::NoAddress(at, address.to_owned()));
    };
    match outbound.permits(&url) {
        Ok(()) => Ok(url),
        Err(blocked) => Err(PlatformFinding::NotPermitted {
            at,
            why: blocked.to_string(),
        }),
    }
}
