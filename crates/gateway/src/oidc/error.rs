//! Errors of the identity provider.

use lti::id_token::Refusal;

use crate::keys::theirs::KeyFailure;
use crate::kit::outbound::OutboundError;

/// An error of the identity provider, in one sentence for the operator. No text here contains
/// personal data.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum OidcError {
    /// It can't be reached, or doesn't answer.
    #[error("the identity provider can't be reached: {0}")]
    Unreachable(#[from] OutboundError),
    /// Its document can't be fetched; with the status.
    #[error("the identity provider's openid-configuration answers with status {0}")]
    Status(u16),
    /// Its document is unusable.
    #[error("the identity provider's openid-configuration can't be used: {0}")]
    Document(String),
    /// Its document names another issuer.
    #[error("the identity provider calls itself {0}, and portal_oidc_issuer is another text")]
    Issuer(String),
    /// There is no key to verify its token with.
    #[error("the identity provider's keys: {0}")]
    Keys(#[from] KeyFailure),
    /// It refuses to exchange the code.
    #[error("the identity provider's token endpoint refuses with status {0}, error {1}")]
    Exchange(u16, String),
    /// Its answer has no ID token.
    #[error("the identity provider's token endpoint sends no id_token")]
    NoToken,
    /// Its token is invalid.
    #[error("the identity provider's ID token: {0}")]
    Token(#[from] Refusal),
    /// Its token has no `sub`.
    #[error("the identity provider's ID token has no sub")]
    NoSubject,
}

impl OidcError {
    /// Whether the error may go away without intervention.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(OutboundError::Blocked(_) | OutboundError::TooLarge(_)) => false,
            Self::Unreachable(_) => true,
            Self::Status(status) | Self::Exchange(status, _) => *status >= 500,
            Self::Keys(failure) => failure.may_pass(),
            _ => false,
        }
    }

    /// Whether the provider answered, but its token can't be trusted.
    pub(crate) fn is_doubt(&self) -> bool {
        matches!(self, Self::Token(_) | Self::NoSubject)
            || matches!(self, Self::Keys(KeyFailure::NotInSet(_)))
    }
}

/// The provider's error code, if it looks like one; anything else stays out of the log.
pub(crate) fn code_of(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_lowercase() || c == '_';
    if (1..=40).contains(&text.len()) && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        "(no code)".to_owned()
    }
}
