//! Why a dynamic registration fails: one variant per rule, with a sentence for the operator. The
//! rest of the explanation is in the rule's row (`refusal_rows`).

use lti::registration::{AnswerError, ConfigurationError, RegistrationRefusal, RequestError};
use serde_json::Value;

use crate::keys::pair::KeyError;
use crate::kit::outbound::{BlockedAddress, OutboundError};
use crate::web::problem::Problem;
use crate::web::texts::registration as texts;
use lti::json::{mended_value, without_mark};
use store::StoreError;

/// Our request to a platform and its refusal, without the token that we were lent.
#[derive(Debug)]
pub struct Bodies {
    /// Our registration request.
    pub sent: Value,
    /// The platform's own body: JSON, or else text.
    pub received: Value,
}

impl Bodies {
    /// The longest text that is passed on, in bytes.
    const LONGEST_TEXT: usize = 8 * 1024;

    pub(super) fn new(sent: &[u8], received: &[u8], token: Option<&str>) -> Self {
        Self {
            sent: Self::read(sent, token),
            received: Self::read(received, token),
        }
    }

    fn read(body: &[u8], token: Option<&str>) -> Value {
        let body = without_mark(body);
        let text = String::from_utf8_lossy(body);
        let text = match token.filter(|token| !token.is_empty()) {
            Some(token) => text.replace(token, "…"),
            None => text.into_owned(),
        };
        mended_value(text.as_bytes()).unwrap_or_else(|_| {
            let mut end = text.len().min(Self::LONGEST_TEXT);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.get(..end).unwrap_or_default().into()
        })
    }
}

/// A failed registration.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// The tool accepts no registrations.
    #[error("dynamic registration is switched off")]
    Disabled,
    /// The tool only accepts invitations.
    #[error("open registration is switched off")]
    NotOpen,
    /// The tool has no Launch URL, so launches would fail.
    #[error("the tool has no launchUrl yet")]
    NotReady,
    /// The invitation link is used up or has expired.
    #[error("the invitation link is used up or expired")]
    InviteUsed,
    /// No invitation has this code. Contains our address for registering without one.
    #[error("no invitation has this code: it was deleted, or its link was not copied as a whole")]
    InviteUnknown(String),
    /// The registration id is unknown, expired or used.
    #[error("no registration waits under this id")]
    NotWaiting,
    /// The confirmation didn't come from our page.
    #[error("the confirmation came from another page than ours")]
    Forged,
    /// The tool's own page is required but not set.
    #[error("pre-approval is wanted, but registration.preApproval.url is not set")]
    NoApprovalPage,
    /// A person opened the address, which belongs in an LMS. The address without what an LMS adds.
    #[error("the registration address was opened by hand, and not from a platform")]
    ByHand(String),
    /// A parameter is missing, repeated or not a URL.
    #[error("the parameter {0}")]
    Parameter(&'static str),
    /// A browser is prefetching the page.
    #[error("a prefetch registers nothing")]
    Prefetch,
    /// Our own limit was reached; the platform was not asked.
    #[error("too many registrations are asking platforms at once, so this platform was not asked")]
    Busy,
    /// The configuration can't be fetched.
    #[error("the platform's configuration can't be fetched: {0}")]
    Fetch(#[source] OutboundError),
    /// The name in the configuration's address leads to one that we may not connect to. Strangers
    /// see no difference to a name that doesn't exist: otherwise they could learn the names of the
    /// network we are in (decision 0428).
    #[error(
        "the platform's configuration can't be fetched, because of what its host's name leads to: {0}"
    )]
    LeadsInside(#[source] BlockedAddress),
    /// The platform answered with an error status.
    #[error("the platform's configuration address answered with status {0}")]
    FetchStatus(u16),
    /// The answer is a web page or something else.
    #[error("the platform's configuration address answered {0} instead of JSON")]
    NotJson(String),
    /// The answer isn't a configuration we can use.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// We may not connect to one of its endpoints.
    #[error("the configuration's {0}: {1}")]
    Endpoint(&'static str, #[source] BlockedAddress),
    /// The tool's wishes and the platform's abilities have nothing in common.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The registration could not be sent, or got no answer of a usable size.
    #[error("the registration got no usable answer: {0}")]
    Send(#[source] OutboundError),
    /// The platform redirected us.
    #[error("the registration endpoint answered with a redirect, which is not followed")]
    Redirected,
    /// The platform refused.
    #[error("the platform refused the registration {}", said(.refusal))]
    Refused {
        /// Its refusal.
        refusal: RegistrationRefusal,
        /// Its body and ours, for the tool that completes the registration.
        bodies: Box<Bodies>,
    },
    /// The platform accepted, but its answer is unreadable.
    #[error("the platform's answer can't be used: {0}")]
    Answer(#[from] AnswerError),
    /// Issuer and client id are registered already.
    #[error("issuer {issuer} with client id {client_id} is registered already")]
    Taken { issuer: String, client_id: String },
    /// Another platform has this client id, and issues access tokens at the same place: what we
    /// send to one of them to prove who we are could be used at the other.
    #[error(
        "the platform at {issuer} answered with the client id {client_id} of {known}, which issues access tokens at the same place"
    )]
    Alike {
        issuer: String,
        client_id: String,
        known: String,
    },
    /// Access tokens come from a place that isn't the platform's own, and no one has invited it.
    #[error(
        "access tokens come from {0}, which is neither the issuer's address nor a known vendor's: a platform like this needs an invitation"
    )]
    ForeignTokens(String),
    /// There is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RegistrationError {
    /// Why fetching a configuration failed.
    ///
    /// The address itself was permitted, so what is blocked is what its name leads to.
    pub(super) fn fetching(error: OutboundError) -> Self {
        match error {
            OutboundError::Busy => Self::Busy,
            OutboundError::Blocked(blocked) => Self::LeadsInside(blocked),
            error => Self::Fetch(error),
        }
    }

    /// Why a registration was not sent, or not answered.
    pub(super) fn sending(error: OutboundError) -> Self {
        match error {
            OutboundError::Busy => Self::Busy,
            error => Self::Send(error),
        }
    }

    /// Whether the platform certainly stored nothing, so that a retry is safe: it never saw the
    /// request, or refused the request itself.
    pub fn stored_nothing(&self) -> bool {
        match self {
            Self::Busy | Self::Key(_) => true,
            Self::Send(error) => error.changed_nothing(),
            // 408: the platform gave up before knowing the outcome.
            Self::Refused { refusal, .. } => {
                (400..500).contains(&refusal.status) && refusal.status != 408
            }
            _ => false,
        }
    }

    /// Details that help those who run the platform to fix it. Of the remote's own text, only that
    /// of the registration endpoint is included (lti.md I-09).
    fn detail(&self) -> Option<String> {
        match self {
            Self::Parameter(_) | Self::ForeignTokens(_) => Some(self.to_string()),
            Self::Configuration(error) => Some(error.to_string()),
            Self::Request(error) => Some(error.to_string()),
            Self::Refused { refusal, .. } => Some(refusal.message.clone()),
            _ => None,
        }
    }
}

/// The status of a refusal, and the platform's message, if any.
fn said(refusal: &RegistrationRefusal) -> String {
    if refusal.has_words() {
        format!("({}): {}", refusal.status, refusal.message)
    } else {
        format!("with HTTP status {}, and gave no reason", refusal.status)
    }
}

impl From<RegistrationError> for Problem {
    fn from(error: RegistrationError) -> Self {
        let mut problem = error
            .rule()
            .broken(error.to_string())
            // The administrator can always close the LMS's window.
            .noticed(|notice| notice.closes = true);
        if let RegistrationError::InviteUnknown(address) = &error {
            problem = problem.saying(texts::INVITE_UNKNOWN.with("address", address));
        }
        if let RegistrationError::ByHand(address) = &error {
            problem = problem
                .saying(texts::BY_HAND.with("address", address))
                // No window of an LMS contains the page.
                .noticed(|notice| notice.closes = false);
            problem.is_attempt = false;
        }
        if let RegistrationError::Refused { refusal, .. } = &error
            && !refusal.has_words()
        {
            problem = problem.saying(texts::REFUSED_SILENTLY.into());
        }
        if matches!(error, RegistrationError::Busy) {
            problem = problem.retry_after(10);
        }
        match error.detail() {
            Some(detail) => problem.detailed(detail),
            None => problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Strangers ask us to fetch what they like, and read our answers.
    #[test]
    fn a_name_that_leads_inside_looks_like_one_nobody_has() {
        let inside = || OutboundError::Blocked(BlockedAddress::NotPublic);
        let nobodys = || OutboundError::NotConnected("the name is not known".into());
        for why in [RegistrationError::fetching, RegistrationError::sending] {
            let seen = |error| {
                let problem = Problem::from(why(error));
                let said = problem.description.into_owned();
                (problem.status, problem.code, said, problem.retry_after)
            };
            assert_eq!(seen(inside()), seen(nobodys()));
        }
        let reason = Problem::from(RegistrationError::fetching(inside())).reason;
        let code = reason.map(|reason| reason.code);
        assert_eq!(code, Some("ADDRESS_NOT_ALLOWED"), "for the operator");
        for unsent in [inside(), nobodys()] {
            assert!(RegistrationError::sending(unsent).stored_nothing());
        }
        assert!(!RegistrationError::sending(OutboundError::TimedOut).stored_nothing());
    }

    #[test]
    fn the_bodies_of_a_refusal_hold_no_token() {
        let sent = br#"{"client_name": "Fractions"}"#;
        let received = br#"{"error": "invalid_token", "was": "s3cret", "errors": [{"a": 1}]}"#;
        let bodies = Bodies::new(sent, received, Some("s3cret"));
        assert_eq!(bodies.sent, json!({"client_name": "Fractions"}));
        let own = json!({"error": "invalid_token", "was": "…", "errors": [{"a": 1}]});
        assert_eq!(bodies.received, own);
        let bodies = Bodies::new(b"{}", "<p>s3cret é".as_bytes(), Some("s3cret"));
        assert_eq!(bodies.received, json!("<p>… é"));
        let half = br#"{"error": "no \ud83d"}"#;
        let bodies = Bodies::new(b"{}", half, None);
        assert_eq!(bodies.received, json!({"error": "no \u{fffd}"}));
        let long = "é".repeat(Bodies::LONGEST_TEXT);
        let bodies = Bodies::new(b"{}", long.as_bytes(), None);
        assert_eq!(
            bodies.received.as_str().map(str::len),
            Some(Bodies::LONGEST_TEXT)
        );
    }
}
