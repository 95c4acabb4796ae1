//! The login: the platform's login initiation, the authentication request that answers it, and the
//! form that comes back (Security Framework 1.0 §5.1.1, OpenID Connect Core 1.0 §4; A.1, A.3, A.4,
//! B.2 step 1).
//!
//! ```
//! use lti::login::{AuthenticationRequest, LaunchForm, LoginRequest};
//! use url::Url;
//!
//! let login = LoginRequest::from_pairs([
//!     ("iss", "https://lms.example"),
//!     ("login_hint", "42"),
//!     ("target_link_uri", "https://tool.example/launch"),
//! ])?;
//! // Find the registration of this issuer, keep `state` and `nonce`, send the browser on.
//! let request = AuthenticationRequest::answering(
//!     &login, "client-1", "https://tool.example/launch", "fresh-state", "fresh-nonce",
//! );
//! let endpoint = Url::parse("https://lms.example/auth?tenant=1")?;
//! let address = request.url(&endpoint);
//! assert!(address.as_str().starts_with("https://lms.example/auth?tenant=1&scope=openid&"));
//! // The platform posts a form to the redirect URI.
//! let form = LaunchForm::from_pairs([("state", "fresh-state"), ("id_token", "eyJ…")])?;
//! assert!(matches!(form, LaunchForm::Token { state, .. } if state == "fresh-state"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod platform_error;

use url::Url;

use crate::claims::MAX_ID_BYTES;
use crate::fault::refusals;
use crate::target::MAX_TARGET_BYTES;

pub use platform_error::{PlatformError, PlatformErrorCode};

/// The largest initiation, names and values together, in bytes (A-08).
pub const MAX_REQUEST_BYTES: usize = 16 * 1024;
/// The longest `login_hint`, in bytes (A-08).
pub const MAX_LOGIN_HINT_BYTES: usize = 2 * 1024;
/// The longest `lti_message_hint`, in bytes (A-08). Canvas sends a JWT, Moodle JSON.
pub const MAX_MESSAGE_HINT_BYTES: usize = 8 * 1024;
/// The longest of the other values, in bytes.
pub const MAX_VALUE_BYTES: usize = 4 * 1024;
/// The longest `state` that is read back, in bytes. A sealed state contains the target, deployment
/// and short hints that its login was sent, so the limit must exceed their total length.
pub const MAX_STATE_BYTES: usize = 16 * 1024;

refusals! {
    /// Why a form or query is unacceptable, with the parameter's name.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
    #[non_exhaustive]
    pub enum LoginError {
        /// No known parameters at all: a person typed the address (A-11).
        #[error("the address was opened without any login parameters")]
        Empty => "MISSING_LOGIN_PARAMETERS", Request, 400;
        /// A required parameter is missing or empty (A-02).
        #[error("the parameter {0} is missing or empty")]
        Missing(&'static str) => "MISSING_LOGIN_PARAMETERS", Request, 400;
        /// A parameter came twice (A-04); taking the first or the last would be a guess.
        #[error("the parameter {0} was sent more than once")]
        Repeated(&'static str) => "REPEATED_PARAMETER", Request, 400;
        /// A parameter is longer than its limit (A-08).
        #[error("the parameter {0} is too long")]
        TooLong(&'static str) => "PARAMETER_TOO_LONG", TooLarge, 413;
        /// An identifier or address contains control characters.
        #[error("the parameter {0} holds control characters")]
        Malformed(&'static str) => "MALFORMED_PARAMETER", Request, 400;
        /// A hint that we could not echo unchanged (A-31), because it contained bytes that are not
        /// UTF-8.
        #[error("the parameter {0} is not UTF-8 text")]
        NotText(&'static str) => "MALFORMED_PARAMETER", Request, 400;
        /// The whole request is larger than [`MAX_REQUEST_BYTES`].
        #[error("the request is too large")]
        TooLarge => "REQUEST_TOO_LARGE", TooLarge, 413;
        /// The form contains both a token and an error (B.2 step 1).
        #[error("the form holds both an id_token and an error")]
        TokenAndError => "TOKEN_AND_ERROR", Request, 400;
        /// An LTI 1.0 or 1.1 launch.
        #[error("the form is a launch of LTI 1.0 or 1.1, which this address doesn't take")]
        OldVersion => "LTI_1_1_LAUNCH", OldVersion, 400;
        /// A login initiation arrived at the launch address: the platform has the tool's addresses
        /// mixed up.
        #[error("the request is a login, which this address doesn't take")]
        LoginElsewhere => "LOGIN_AT_WRONG_ADDRESS", Address, 400;
        /// The end of a login arrived at the address for login initiations, or at neither address.
        #[error("the request is a launch, which this address doesn't take")]
        LaunchElsewhere => "LAUNCH_AT_WRONG_ADDRESS", Address, 400;
    }
}

/// A third-party login initiation, decoded but otherwise byte for byte as sent.
///
/// It is unsigned: use it to choose a registration and echo its hints, and for nothing else (A-07).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginRequest {
    /// `iss`: the issuer the platform claims to be.
    pub issuer: String,
    /// `login_hint`: opaque, echoed unchanged.
    pub login_hint: String,
    /// `target_link_uri`: the person's destination; check it with [`crate::target::check_target`].
    pub target_link_uri: String,
    /// `lti_message_hint`: opaque, echoed unchanged even if empty.
    pub lti_message_hint: Option<String>,
    /// `lti_deployment_id`; an empty one counts as absent.
    pub deployment_id: Option<String>,
    /// `client_id`; an empty one counts as absent.
    pub client_id: Option<String>,
    /// `lti_storage_target`: the name of the frame for platform storage; an empty one counts as
    /// absent.
    pub storage_target: Option<String>,
}

impl LoginRequest {
    /// Reads decoded form or query pairs (A-02, A-03, A-04, A-08).
    ///
    /// Unknown names are ignored. The caller decides which pairs to pass: the body for POST, the
    /// query for GET (A-05).
    ///
    /// # Errors
    ///
    /// The first [`LoginError`] found; repetition and size are checked before absence.
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Result<Self, LoginError>
    where
        N: AsRef<str>,
        V: AsRef<str>,
    {
        let mut form = KnownParameters::read(
            pairs,
            &[
                ("iss", MAX_VALUE_BYTES),
                ("login_hint", MAX_LOGIN_HINT_BYTES),
                ("target_link_uri", MAX_TARGET_BYTES),
                ("lti_message_hint", MAX_MESSAGE_HINT_BYTES),
                ("lti_deployment_id", MAX_ID_BYTES),
                ("client_id", MAX_VALUE_BYTES),
                ("lti_storage_target", MAX_VALUE_BYTES),
                // Only a launch has a `state`. It is read so that the error can say so.
                ("state", MAX_STATE_BYTES),
            ],
            Some(MAX_REQUEST_BYTES),
        )?;
        if form.get("iss").is_none_or(str::is_empty) {
            if form.is_of_old_version {
                return Err(LoginError::OldVersion);
            }
            if form.others.id_token || form.get("state").is_some_and(|state| !state.is_empty()) {
                return Err(LoginError::LaunchElsewhere);
            }
        }
        if form.is_empty() {
            return Err(LoginError::Empty);
        }
        Ok(Self {
            issuer: form.plain("iss")?.ok_or(LoginError::Missing("iss"))?,
            login_hint: form
                .opaque("login_hint")?
                .filter(|hint| !hint.is_empty())
                .ok_or(LoginError::Missing("login_hint"))?,
            target_link_uri: form
                .plain("target_link_uri")?
                .ok_or(LoginError::Missing("target_link_uri"))?,
            lti_message_hint: form.opaque("lti_message_hint")?,
            deployment_id: form.plain("lti_deployment_id")?,
            client_id: form.plain("client_id")?,
            storage_target: form.plain("lti_storage_target")?,
        })
    }
}

/// The tool's request to the platform's authorization endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthenticationRequest<'a> {
    /// The client id of the chosen registration.
    pub client_id: &'a str,
    /// One of the registered redirect URIs, byte for byte (A-35).
    pub redirect_uri: &'a str,
    /// Echoed from the login.
    pub login_hint: &'a str,
    /// Echoed from the login; omitted if it was absent there.
    pub lti_message_hint: Option<&'a str>,
    /// Fresh and opaque, at least 128 random bits or sealed (A-36, A-37).
    pub state: &'a str,
    /// Fresh, at least 128 random bits, independent of `state` (A-36).
    pub nonce: &'a str,
}

impl<'a> AuthenticationRequest<'a> {
    /// The answer to a login initiation: its hints go back unchanged (A-31).
    #[must_use]
    pub fn answering(
        login: &'a LoginRequest,
        client_id: &'a str,
        redirect_uri: &'a str,
        state: &'a str,
        nonce: &'a str,
    ) -> Self {
        Self {
            client_id,
            redirect_uri,
            login_hint: &login.login_hint,
            lti_message_hint: login.lti_message_hint.as_deref(),
            state,
            nonce,
        }
    }

    /// The parameters, for a self-submitting form or for [`Self::url`] (A-30).
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, &'a str)> + use<'a> {
        [
            ("scope", Some("openid")),
            ("response_type", Some("id_token")),
            ("response_mode", Some("form_post")),
            ("prompt", Some("none")),
            ("client_id", Some(self.client_id)),
            ("redirect_uri", Some(self.redirect_uri)),
            ("login_hint", Some(self.login_hint)),
            ("lti_message_hint", self.lti_message_hint),
            ("state", Some(self.state)),
            ("nonce", Some(self.nonce)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }

    /// The address to send the browser to (A-31, A-32).
    ///
    /// The endpoint's own query is kept unchanged; a fragment is dropped. Take the endpoint from
    /// the stored registration, never from the request (A-34).
    #[must_use]
    pub fn url(&self, authorization_endpoint: &Url) -> Url {
        let mut url = authorization_endpoint.clone();
        url.set_fragment(None);
        url.query_pairs_mut().extend_pairs(self.pairs());
        url
    }
}

/// The form that arrives at the redirect URI (B.2 step 1, A-50).
// Exhaustive: a response is either a token or an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaunchForm {
    /// A token to check.
    Token {
        /// The unverified JWT.
        id_token: String,
        /// Our own `state`, as returned.
        state: String,
        /// `lti_storage_target`, if the platform repeats it.
        storage_target: Option<String>,
    },
    /// The platform reports that it could not log the person in.
    Error {
        /// The reported error.
        error: PlatformError,
        /// Our own `state`. Trust nothing in the form before checking it.
        state: String,
    },
}

impl LaunchForm {
    /// Reads decoded form pairs: exactly one `state`, and exactly one of `id_token` and `error`.
    ///
    /// The caller limits the size of the body (B-02); the token's size is checked when it is
    /// parsed.
    ///
    /// # Errors
    ///
    /// The first [`LoginError`] found.
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Result<Self, LoginError>
    where
        N: AsRef<str>,
        V: AsRef<str>,
    {
        let mut form = KnownParameters::read(
            pairs,
            &[
                ("id_token", usize::MAX),
                ("state", MAX_STATE_BYTES),
                ("error", MAX_VALUE_BYTES),
                ("error_description", usize::MAX),
                ("error_uri", usize::MAX),
                ("lti_storage_target", MAX_VALUE_BYTES),
            ],
            None,
        )?;
        let state = form.take("state").filter(|state| !state.is_empty());
        let id_token = form.take("id_token");
        match (id_token, form.take("error")) {
            (Some(_), Some(_)) => Err(LoginError::TokenAndError),
            (None, Some(error)) => Ok(Self::Error {
                error: PlatformError::new(&error, form.take("error_description").as_deref()),
                state: state.ok_or(LoginError::Missing("state"))?,
            }),
            (None, None) if form.others.is_login() => Err(LoginError::LoginElsewhere),
            (None, None) if form.is_of_old_version => Err(LoginError::OldVersion),
            (id_token, None) => Ok(Self::Token {
                id_token: id_token
                    .filter(|token| !token.is_empty())
                    .ok_or(LoginError::Missing("id_token"))?,
                state: state.ok_or(LoginError::Missing("state"))?,
                storage_target: form.plain("lti_storage_target")?,
            }),
        }
    }
}

/// Removes control characters and truncates to `limit` characters.
pub(crate) fn clean(text: &str, limit: usize) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(limit)
        .collect()
}

/// The known parameters of a form, each at most once.
struct KnownParameters {
    known: Vec<(&'static str, String)>,
    /// Whether the form has parameters of an LTI 1.0 or 1.1 launch. Their values are ignored,
    /// except the version.
    is_of_old_version: bool,
    others: OtherParameters,
}

/// What unknown parameters reveal about the request: it may be meant for another address.
#[derive(Default)]
struct OtherParameters {
    issuer: bool,
    login_hint: bool,
    id_token: bool,
}

impl OtherParameters {
    fn note(&mut self, name: &str, value: &str) {
        let is_there = !value.is_empty();
        self.issuer |= name == "iss" && is_there;
        self.login_hint |= name == "login_hint" && is_there;
        self.id_token |= name == "id_token" && is_there;
    }

    /// Platforms may send `iss` with a token or an error, too (RFC 9207), but never `login_hint`.
    fn is_login(&self) -> bool {
        self.issuer && self.login_hint
    }
}

/// Whether only LTI 1.0 and 1.1 launches have this parameter.
fn is_of_old_version(name: &str, value: &str) -> bool {
    match name {
        "lti_message_type" | "oauth_consumer_key" => true,
        "lti_version" => value.starts_with("LTI-1p"),
        _ => false,
    }
}

impl KnownParameters {
    fn read<N: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (N, V)>,
        known: &[(&'static str, usize)],
        limit: Option<usize>,
    ) -> Result<Self, LoginError> {
        let mut form = Self {
            known: Vec::with_capacity(known.len()),
            is_of_old_version: false,
            others: OtherParameters::default(),
        };
        let mut total = 0_usize;
        for (name, value) in pairs {
            let (name, value) = (name.as_ref(), value.as_ref());
            let known_as = known.iter().find(|(known, _)| *known == name);
            if known_as.is_none() {
                form.is_of_old_version |= is_of_old_version(name, value);
                form.others.note(name, value);
            }
            // A token at the wrong address may be larger than any login request. It is not kept.
            if known_as.is_none() && name == "id_token" {
                continue;
            }
            total = total.saturating_add(name.len()).saturating_add(value.len());
            if limit.is_some_and(|limit| total > limit) {
                return Err(LoginError::TooLarge);
            }
            let Some(&(name, longest)) = known_as else {
                continue;
            };
            if form.known.iter().any(|(seen, _)| *seen == name) {
                return Err(LoginError::Repeated(name));
            }
            if value.len() > longest {
                return Err(LoginError::TooLong(name));
            }
            form.known.push((name, value.to_owned()));
        }
        Ok(form)
    }

    fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.known.iter().find(|(seen, _)| *seen == name)?;
        Some(value)
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let index = self.known.iter().position(|(seen, _)| *seen == name)?;
        Some(self.known.swap_remove(index).1)
    }

    /// A value that is echoed byte for byte. The form decoder replaces bytes that are not UTF-8
    /// with U+FFFD.
    fn opaque(&mut self, name: &'static str) -> Result<Option<String>, LoginError> {
        match self.take(name) {
            Some(value) if value.contains(char::REPLACEMENT_CHARACTER) => {
                Err(LoginError::NotText(name))
            }
            value => Ok(value),
        }
    }

    /// A value without control characters (a NUL would fail in a database); an empty one counts as
    /// absent.
    fn plain(&mut self, name: &'static str) -> Result<Option<String>, LoginError> {
        match self.take(name) {
            Some(value) if value.contains(char::is_control) => Err(LoginError::Malformed(name)),
            value => Ok(value.filter(|value| !value.is_empty())),
        }
    }
}

#[cfg(test)]
mod tests;
