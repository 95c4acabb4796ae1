//! Checks the identity provider that people use to sign in to the portal, if there is one.

use lti::key::{KeySet, MAX_KEY_SET_BYTES};

use super::advice::{PRIVATE, chain};
use super::fetch::get;
use super::report::{Report, Verdict};
use crate::kit::outbound::{Outbound, OutboundError};
use crate::oidc::{OidcError, ProviderDocument};
use crate::settings::installation::Config;

/// Checks the provider in these settings; does nothing if there is none.
pub async fn examine_provider(outbound: &Outbound, config: &Config, report: &mut Report) {
    let Some(settings) = config.oidc() else {
        return;
    };
    let issuer = &settings.issuer;
    let document = match ProviderDocument::fetch(outbound, issuer).await {
        Ok(document) => document,
        Err(error) => {
            let what = format!("Identity provider {issuer}: {error}.");
            report.add(Verdict::Wrong, what, on_provider(&error));
            return;
        }
    };
    report.right(format!("Identity provider: {issuer}"));
    match keys_of(outbound, &document).await {
        Ok(number) => report.right(format!(
            "The identity provider's keys that can be used: {number}."
        )),
        Err(problem) => report.add(
            Verdict::Wrong,
            format!("The identity provider's key set: {problem}."),
            "Every sign-in there is checked with a key from it, so none would be accepted.",
        ),
    }
    if document.lacks_pkce() {
        let what = "The identity provider doesn't say that it knows PKCE with S256.";
        let advice = "Most take it all the same. If it refuses sign-ins, look there for a setting of this client.";
        report.add(Verdict::Odd, what, advice);
    }
    let redirect_uri = config.public_url.join("/portal/oidc/callback");
    report.right(format!(
        "Redirect URI to register there: {redirect_uri}, and the same at the host name of each other tool."
    ));
}

/// The number of usable keys, or why there are none.
async fn keys_of(outbound: &Outbound, document: &ProviderDocument) -> Result<usize, String> {
    let answer = get(outbound, document.keys(), MAX_KEY_SET_BYTES).await;
    let answer = answer.map_err(|error| chain(&error))?;
    if answer.status != 200 {
        return Err(format!("its address answers with status {}", answer.status));
    }
    let keys = KeySet::parse(&answer.body).map_err(|error| error.to_string())?;
    match keys.len() {
        0 => Err("it has no key that can be used".to_owned()),
        number => Ok(number),
    }
}

/// What to do about an unusable provider.
fn on_provider(error: &OidcError) -> &'static str {
    match error {
        OidcError::Unreachable(OutboundError::Blocked(_)) => PRIVATE,
        OidcError::Unreachable(_) => {
            "Check that this machine can reach it, and that its certificate is one that browsers trust. Until then people \
             sign in to the portal by password."
        }
        OidcError::Issuer(_) => "Set portal_oidc_issuer to what it calls itself, letter by letter.",
        _ => {
            "portal_oidc_issuer must be such that /.well-known/openid-configuration behind it is the provider's document."
        }
    }
}
