//! What can be wrong with a configuration, and what is merely odd.

use crate::json::JsonError;

/// Why a configuration document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationError {
    /// Not an acceptable JSON object (D-11).
    #[error("the platform's configuration cannot be read: {0}")]
    Json(#[from] JsonError),
    /// A required member is missing, empty or of the wrong type (D-15).
    #[error("the platform's configuration has no usable member {0}")]
    MissingMember(&'static str),
    /// An address is not a plain absolute web address.
    #[error("the member {0} of the platform's configuration is not a plain web address")]
    BadAddress(&'static str),
    /// An address is http although the configuration was fetched over https.
    #[error("the member {0} of the platform's configuration is not an https address")]
    NotHttps(&'static str),
    /// The document comes from another host than the issuer's (D-12).
    #[error("the configuration comes from {found}, but its issuer is at {issuer}")]
    IssuerMismatch {
        /// The issuer's origin.
        issuer: String,
        /// The origin the document came from.
        found: String,
    },
    /// A list of supported features lacks something that every LTI 1.3 tool needs (D-16).
    #[error("the list {member} of the platform's configuration lacks {value}")]
    Unsupported {
        /// The list's name.
        member: &'static str,
        /// The missing value.
        value: &'static str,
    },
}

/// An oddity that does not stop a registration, shown to the operator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationWarning {
    /// The platform configuration's name ends in a space (old Moodle).
    #[error("the LTI part of the configuration has a name that ends in a space")]
    NameWithSpace,
    /// Messages are listed by name only (old Moodle).
    #[error("the supported messages are listed as plain names")]
    MessagesAsNames,
    /// A list that should be present is missing (D-16).
    #[error("the configuration does not say {0}")]
    MissingList(&'static str),
    /// The platform does not state its version (Sakai).
    #[error("the platform does not tell its version")]
    NoVersion,
    /// `authorization_server` is not an absolute address (Canvas), so it is ignored.
    #[error("the configuration's authorization_server is not an address and is ignored")]
    AuthorizationServerIgnored,
    /// `authorization_server` is on a host unrelated to the platform (I-14).
    #[error("the configuration's authorization_server is on a foreign host and is not used")]
    AuthorizationServerForeign,
}
