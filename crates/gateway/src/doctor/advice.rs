//! The words of a report: what a finding means, and what to do about it.

use lti::registration::{ConfigurationError, ConfigurationWarning, Endpoint};
use url::Url;

use crate::kit::outbound::OutboundError;

pub(super) const PRIVATE: &str = "If the platform stands in your own network, open its host: --allow HOST here, and the setting outbound_allow for \
     the server.";
pub(super) const ONE_USE: &str = "Addresses from Brightspace and Canvas are good for one use or one hour: let the platform make a new one, and give \
     it here with everything behind the question mark.";

/// An endpoint without its query, which may be secret.
pub(super) fn without_query(endpoint: &Endpoint) -> String {
    let mut url = endpoint.url().clone();
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    url.to_string().replace("%E2%80%A6", "…")
}

/// The host of an address, without the parts that may be secret.
pub(super) fn host(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// An error with its causes, for the operator who asked.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

pub(super) fn sentence(error: &ConfigurationError) -> String {
    format!("{}.", capital(&error.to_string()))
}

pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}

/// What to do if a document could not be fetched.
pub(super) fn on_fetch(error: &OutboundError) -> &'static str {
    match error {
        OutboundError::Blocked(_) => PRIVATE,
        OutboundError::TooLarge(_) => "No real configuration is that large. Check the address.",
        OutboundError::TimedOut => {
            "Check that this machine can reach the platform: its name, its port, and the firewalls in between."
        }
        _ => {
            "Check that this machine can reach the platform, and that its certificate is one that browsers trust, with \
             the whole chain."
        }
    }
}

/// What to do about an unusable configuration.
pub(super) fn on_document(error: &ConfigurationError) -> &'static str {
    match error {
        ConfigurationError::Json(_) => {
            "The document must be one JSON object without doubled members. The platform's administrator has to mend it."
        }
        ConfigurationError::NotHttps(_) => {
            "The platform has to use https everywhere; often its own address (wwwroot, server URL) is set to http."
        }
        ConfigurationError::IssuerMismatch { .. } => {
            "A platform may speak only for its own host. Often the platform's own address is set wrongly, or it is \
             reached here by another name than the one it gives itself."
        }
        ConfigurationError::Unsupported { .. } => {
            "Every LTI 1.3 tool needs this. Look for a newer release of the platform."
        }
        _ => {
            "The platform's administrator has to mend the configuration, or register the tool by hand."
        }
    }
}

/// What to do about a usable but odd configuration.
pub(super) fn on_oddity(warning: &ConfigurationWarning) -> &'static str {
    match warning {
        ConfigurationWarning::NameWithSpace | ConfigurationWarning::MessagesAsNames => {
            "Old releases of Moodle do that; it is read all the same."
        }
        ConfigurationWarning::MissingList(_) => "The usual is assumed.",
        ConfigurationWarning::NoVersion => "Nothing depends on it.",
        ConfigurationWarning::AuthorizationServerIgnored => {
            "Canvas does that. Requests for access tokens are addressed to the token endpoint instead."
        }
        ConfigurationWarning::AuthorizationServerForeign => {
            "Requests for access tokens are addressed to the token endpoint instead. If the platform refuses them, set \
             authorizationServer of the registered platform by hand, once you are sure whose host that is."
        }
        _ => "It doesn't stop a registration.",
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_without_what_may_be_a_secret() {
        let url = Url::parse("https://me:pw@lms.example:8443/config?token=secret#x").unwrap();
        assert_eq!(host(&url), "https://lms.example:8443");
    }

    #[test]
    fn an_error_is_told_with_its_causes() {
        #[derive(Debug, thiserror::Error)]
        #[error("nothing was written")]
        struct Unwritten(#[source] std::io::Error);
        let error = Unwritten(std::io::Error::other("the disk is full"));
        assert_eq!(chain(&error), "nothing was written: the disk is full");
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!(capital("ö is no issuer"), "Ö is no issuer");
        assert_eq!(capital(""), "");
    }
}
