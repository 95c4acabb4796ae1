//! The login: the platform's initiation in, the authentication request out, and the form that
//! comes back (A.1, A.3, A.4, B.2 step 1).

use url::Url;

/// The largest initiation, names and values together, in bytes (A-08).
pub const MAX_REQUEST_BYTES: usize = 16 * 1024;
/// The longest `login_hint`, in bytes (A-08).
pub const MAX_LOGIN_HINT_BYTES: usize = 2 * 1024;
/// The longest `lti_message_hint`, in bytes (A-08). Canvas sends a JWT, Moodle JSON.
pub const MAX_MESSAGE_HINT_BYTES: usize = 8 * 1024;
/// The longest of the other values, in bytes.
pub const MAX_VALUE_BYTES: usize = 4 * 1024;

/// Why a form or query is not acceptable. The name is the parameter's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// No known parameter at all: a person typed the address (A-11).
    #[error("the address was opened without any login parameters")]
    Empty,
    /// A required parameter is missing or empty (A-02).
    #[error("the parameter {0} is missing or empty")]
    Missing(&'static str),
    /// A parameter came twice (A-04); taking the first or the last would be a guess.
    #[error("the parameter {0} was sent more than once")]
    Repeated(&'static str),
    /// A parameter is longer than its limit (A-08).
    #[error("the parameter {0} is too long")]
    TooLong(&'static str),
    /// An identifier or address holds control characters.
    #[error("the parameter {0} holds control characters")]
    Malformed(&'static str),
    /// The whole request is larger than [`MAX_REQUEST_BYTES`].
    #[error("the request is too large")]
    TooLarge,
    /// The form holds both a token and an error (B.2 step 1).
    #[error("the form holds both an id_token and an error")]
    TokenAndError,
}

impl LoginError {
    /// The stable code of this error; `MISSING_LOGIN_PARAMETERS` is ltijs' word.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty | Self::Missing(_) => "MISSING_LOGIN_PARAMETERS",
            Self::Repeated(_) => "REPEATED_PARAMETER",
            Self::TooLong(_) => "PARAMETER_TOO_LONG",
            Self::Malformed(_) => "MALFORMED_PARAMETER",
            Self::TooLarge => "REQUEST_TOO_LARGE",
            Self::TokenAndError => "TOKEN_AND_ERROR",
        }
    }

    /// The HTTP status of this error.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::TooLarge | Self::TooLong(_) => 413,
            _ => 400,
        }
    }
}

/// A third-party login initiation, decoded, byte for byte as it was sent.
///
/// It is unsigned: it may choose a registration and be echoed, and nothing more (A-07).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginRequest {
    /// `iss`: the issuer the platform claims to be.
    pub issuer: String,
    /// `login_hint`: opaque, goes back unchanged.
    pub login_hint: String,
    /// `target_link_uri`: where the person wants to go; check it with
    /// [`crate::target::check_target`].
    pub target_link_uri: String,
    /// `lti_message_hint`: opaque, goes back unchanged, even when empty.
    pub lti_message_hint: Option<String>,
    /// `lti_deployment_id`, absent when empty.
    pub deployment_id: Option<String>,
    /// `client_id`, absent when empty.
    pub client_id: Option<String>,
    /// `lti_storage_target`: a frame's name for platform storage, absent when empty.
    pub storage_target: Option<String>,
}

impl LoginRequest {
    /// Reads decoded form or query pairs (A-02, A-03, A-04, A-08).
    ///
    /// Unknown names are ignored. Which pairs count (body for POST, query for GET) is the
    /// caller's decision (A-05).
    ///
    /// # Errors
    ///
    /// The first [`LoginError`] met; repetition and size come before absence.
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Result<Self, LoginError>
    where
        N: AsRef<str>,
        V: AsRef<str>,
    {
        let mut form = Form::read(
            pairs,
            &[
                ("iss", MAX_VALUE_BYTES),
                ("login_hint", MAX_LOGIN_HINT_BYTES),
                ("target_link_uri", MAX_VALUE_BYTES),
                ("lti_message_hint", MAX_MESSAGE_HINT_BYTES),
                ("lti_deployment_id", MAX_VALUE_BYTES),
                ("client_id", MAX_VALUE_BYTES),
                ("lti_storage_target", MAX_VALUE_BYTES),
                ("state", MAX_VALUE_BYTES),
            ],
            Some(MAX_REQUEST_BYTES),
        )?;
        if form.is_empty() {
            return Err(LoginError::Empty);
        }
        Ok(Self {
            issuer: form.plain("iss")?.ok_or(LoginError::Missing("iss"))?,
            login_hint: form
                .take("login_hint")
                .filter(|hint| !hint.is_empty())
                .ok_or(LoginError::Missing("login_hint"))?,
            target_link_uri: form
                .plain("target_link_uri")?
                .ok_or(LoginError::Missing("target_link_uri"))?,
            lti_message_hint: form.take("lti_message_hint"),
            deployment_id: form.plain("lti_deployment_id")?,
            client_id: form.plain("client_id")?,
            storage_target: form.plain("lti_storage_target")?,
        })
    }
}

/// What the tool asks the platform's authorization endpoint for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthenticationRequest<'a> {
    /// The client id of the chosen registration.
    pub client_id: &'a str,
    /// One of the registered redirect URIs, byte for byte (A-35).
    pub redirect_uri: &'a str,
    /// Echoed from the login.
    pub login_hint: &'a str,
    /// Echoed from the login; left out when it was absent there.
    pub lti_message_hint: Option<&'a str>,
    /// Fresh and opaque, at least 128 random bits or sealed (A-36, A-37).
    pub state: &'a str,
    /// Fresh, at least 128 random bits, independent of `state` (A-36).
    pub nonce: &'a str,
}

impl<'a> AuthenticationRequest<'a> {
    /// The parameters, for a self-posting form or for [`Self::url`] (A-30).
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
    /// The endpoint's own query is kept as it is, a fragment is dropped. The endpoint comes from
    /// the stored registration, never from the request (A-34).
    #[must_use]
    pub fn url(&self, authorization_endpoint: &Url) -> Url {
        let mut url = authorization_endpoint.clone();
        url.set_fragment(None);
        url.query_pairs_mut().extend_pairs(self.pairs());
        url
    }
}

/// What arrives at the redirect URI (B.2 step 1, A-50).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LaunchForm {
    /// A token to be checked.
    Token {
        /// The unverified JWT.
        id_token: String,
        /// Our own `state`, as it came back.
        state: String,
        /// `lti_storage_target`, if the platform repeats it here.
        storage_target: Option<String>,
    },
    /// The platform says that it could not log the person in.
    Error {
        /// What it says.
        error: PlatformError,
        /// Our own `state`; nothing is believed before it is checked.
        state: String,
    },
}

impl LaunchForm {
    /// Reads decoded form pairs: exactly one `state`, and exactly one of `id_token` and `error`.
    ///
    /// The caller bounds the body (B-02); the token is measured when it is parsed.
    ///
    /// # Errors
    ///
    /// The first [`LoginError`] met.
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Result<Self, LoginError>
    where
        N: AsRef<str>,
        V: AsRef<str>,
    {
        let mut form = Form::read(
            pairs,
            &[
                ("id_token", usize::MAX),
                ("state", MAX_VALUE_BYTES),
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

/// An error answer of the platform (A-50, A-51).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformError {
    /// The error, if it is one we know.
    pub code: PlatformErrorCode,
    /// The platform's own words, control characters removed and cut at 500 characters.
    /// For the log; a page that shows it has to escape it.
    pub description: Option<String>,
}

impl PlatformError {
    /// Reads the `error` and `error_description` parameters.
    #[must_use]
    pub fn new(error: &str, description: Option<&str>) -> Self {
        Self {
            code: PlatformErrorCode::from_name(error),
            description: description.map(|text| clean(text, 500)),
        }
    }
}

/// The error codes platforms answer with; [`Self::Other`] keeps an unknown one for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each variant is the OAuth or OpenID code of its name"
)]
pub enum PlatformErrorCode {
    LoginRequired,
    InteractionRequired,
    ConsentRequired,
    AccountSelectionRequired,
    InvalidRequest,
    InvalidScope,
    UnauthorizedClient,
    UnsupportedResponseType,
    AccessDenied,
    ServerError,
    TemporarilyUnavailable,
    InvalidRequestObject,
    /// Canvas: the launch was used already; it has to begin again in the course (A-42).
    LaunchNoLongerValid,
    Other(String),
}

impl PlatformErrorCode {
    const KNOWN: [(&'static str, Self); 13] = [
        ("login_required", Self::LoginRequired),
        ("interaction_required", Self::InteractionRequired),
        ("consent_required", Self::ConsentRequired),
        ("account_selection_required", Self::AccountSelectionRequired),
        ("invalid_request", Self::InvalidRequest),
        ("invalid_scope", Self::InvalidScope),
        ("unauthorized_client", Self::UnauthorizedClient),
        ("unsupported_response_type", Self::UnsupportedResponseType),
        ("access_denied", Self::AccessDenied),
        ("server_error", Self::ServerError),
        ("temporarily_unavailable", Self::TemporarilyUnavailable),
        ("invalid_request_object", Self::InvalidRequestObject),
        ("launch_no_longer_valid", Self::LaunchNoLongerValid),
    ];

    /// The code of this name; an unknown one is kept, cleaned and cut at 100 characters.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|(known, _)| *known == name)
            .map_or_else(|| Self::Other(clean(name, 100)), |(_, code)| code)
    }

    /// The code as the platform spells it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Other(name) => name,
            known => Self::KNOWN
                .iter()
                .find(|(_, code)| code == known)
                .map_or("", |(name, _)| name),
        }
    }

    /// Whether opening the link in a new window may help: the platform did not see its own
    /// cookies in the frame, or wants to talk to the person (A-52).
    #[must_use]
    pub const fn suggests_new_window(&self) -> bool {
        matches!(
            self,
            Self::LoginRequired
                | Self::InteractionRequired
                | Self::ConsentRequired
                | Self::AccountSelectionRequired
        )
    }
}

/// Removes control characters and cuts at `limit` characters.
pub(crate) fn clean(text: &str, limit: usize) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(limit)
        .collect()
}

/// The known parameters of a form, each at most once.
struct Form(Vec<(&'static str, String)>);

impl Form {
    fn read<N: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (N, V)>,
        known: &[(&'static str, usize)],
        limit: Option<usize>,
    ) -> Result<Self, LoginError> {
        let mut form = Self(Vec::with_capacity(known.len()));
        let mut total = 0_usize;
        for (name, value) in pairs {
            let (name, value) = (name.as_ref(), value.as_ref());
            total = total.saturating_add(name.len()).saturating_add(value.len());
            if limit.is_some_and(|limit| total > limit) {
                return Err(LoginError::TooLarge);
            }
            let Some(&(name, longest)) = known.iter().find(|(known, _)| *known == name) else {
                continue;
            };
            if form.0.iter().any(|(seen, _)| *seen == name) {
                return Err(LoginError::Repeated(name));
            }
            if value.len() > longest {
                return Err(LoginError::TooLong(name));
            }
            form.0.push((name, value.to_owned()));
        }
        Ok(form)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(seen, _)| *seen == name)?;
        Some(self.0.swap_remove(index).1)
    }

    /// A value without control characters (a NUL would fail in a database); empty is absent.
    fn plain(&mut self, name: &'static str) -> Result<Option<String>, LoginError> {
        match self.take(name) {
            Some(value) if value.contains(char::is_control) => Err(LoginError::Malformed(name)),
            value => Ok(value.filter(|value| !value.is_empty())),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: [(&str, &str); 4] = [
        ("iss", "https://p1.test"),
        ("login_hint", "u-77"),
        ("target_link_uri", "https://tool.test/lti/launch"),
        ("client_id", "c1"),
    ];

    fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        GOOD.iter().chain(more).copied().collect()
    }

    fn request<'a>(hint: Option<&'a str>) -> AuthenticationRequest<'a> {
        AuthenticationRequest {
            client_id: "c1",
            redirect_uri: "https://tool.test/lti/launch",
            login_hint: "ü+%2B &=#\u{1F600}",
            lti_message_hint: hint,
            state: "s",
            nonce: "n",
        }
    }

    fn decoded(url: &Url) -> Vec<(String, String)> {
        url.query_pairs().into_owned().collect()
    }

    #[test]
    fn tc_003_to_005_missing_or_empty_is_named() {
        for name in ["iss", "login_hint", "target_link_uri"] {
            let without: Vec<_> = GOOD.into_iter().filter(|(n, _)| *n != name).collect();
            let missing = LoginRequest::from_pairs(without).unwrap_err();
            assert_eq!(missing, LoginError::Missing(name));
            assert_eq!(missing.status(), 400);
            let empty: Vec<_> = GOOD
                .into_iter()
                .map(|(n, v)| (n, if n == name { "" } else { v }))
                .collect();
            assert_eq!(
                LoginRequest::from_pairs(empty),
                Err(LoginError::Missing(name))
            );
        }
    }

    #[test]
    fn tc_009_unknown_parameters_are_ignored() {
        let pairs = with(&[("foo", "1"), ("foo", "2"), ("deployment_id", "9")]);
        let login = LoginRequest::from_pairs(pairs).unwrap();
        assert_eq!(login.deployment_id, None);
        assert_eq!(login.client_id.as_deref(), Some("c1"));
    }

    #[test]
    fn tc_010_tc_011_repeated_parameters_are_refused() {
        for name in ["iss", "client_id", "target_link_uri", "login_hint"] {
            let pairs = with(&[(name, "again")]);
            assert_eq!(
                LoginRequest::from_pairs(pairs),
                Err(LoginError::Repeated(name))
            );
        }
        for name in ["state", "lti_message_hint", "lti_deployment_id"] {
            let pairs = with(&[(name, ""), (name, "")]);
            assert_eq!(
                LoginRequest::from_pairs(pairs),
                Err(LoginError::Repeated(name))
            );
        }
    }

    #[test]
    fn tc_032_sizes_are_bounded() {
        let long = "x".repeat(MAX_LOGIN_HINT_BYTES + 1);
        let pairs = [("login_hint", long.as_str())];
        assert_eq!(
            LoginRequest::from_pairs(pairs),
            Err(LoginError::TooLong("login_hint"))
        );
        let long = "x".repeat(MAX_MESSAGE_HINT_BYTES);
        assert!(LoginRequest::from_pairs(with(&[("lti_message_hint", &long)])).is_ok());
        let long = "x".repeat(MAX_REQUEST_BYTES);
        let refused = LoginRequest::from_pairs(with(&[("foo", &long)])).unwrap_err();
        assert_eq!((refused, refused.status()), (LoginError::TooLarge, 413));
    }

    #[test]
    fn tc_034_no_parameters_at_all() {
        let none: [(&str, &str); 0] = [];
        assert_eq!(LoginRequest::from_pairs(none), Err(LoginError::Empty));
        assert_eq!(
            LoginRequest::from_pairs([("x", "y")]),
            Err(LoginError::Empty)
        );
    }

    #[test]
    fn control_characters_in_identifiers_are_refused() {
        assert_eq!(
            LoginRequest::from_pairs([("iss", "https://p1.test\0")]),
            Err(LoginError::Malformed("iss"))
        );
    }

    #[test]
    fn tc_001_all_parameters_are_sent() {
        let url = request(None).url(&Url::parse("https://p1.test/auth").unwrap());
        let names: Vec<_> = decoded(&url).into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            [
                "scope",
                "response_type",
                "response_mode",
                "prompt",
                "client_id",
                "redirect_uri",
                "login_hint",
                "state",
                "nonce"
            ]
        );
    }

    #[test]
    fn tc_006_tc_008_hints_go_back_byte_for_byte() {
        let hint = r#"{"cmid":12,"launchid":"lti launch+4/=%"}"#;
        let url = request(Some(hint)).url(&Url::parse("https://p1.test/auth").unwrap());
        let pairs = decoded(&url);
        assert!(pairs.contains(&("lti_message_hint".into(), hint.into())));
        assert!(pairs.contains(&("login_hint".into(), "ü+%2B &=#\u{1F600}".into())));
    }

    #[test]
    fn tc_007_an_absent_message_hint_stays_absent() {
        let url = request(None).url(&Url::parse("https://p1.test/auth").unwrap());
        assert!(!url.as_str().contains("lti_message_hint"));
        let login = LoginRequest::from_pairs(with(&[("lti_message_hint", "")])).unwrap();
        assert_eq!(login.lti_message_hint.as_deref(), Some(""));
    }

    #[test]
    fn tc_027_an_existing_query_is_kept() {
        let url = request(None).url(&Url::parse("https://p1.test/auth?x=%7e1#f").unwrap());
        assert!(
            url.as_str()
                .starts_with("https://p1.test/auth?x=%7e1&scope=openid&")
        );
        assert_eq!(url.fragment(), None);
    }

    #[test]
    fn tc_045_token_and_error_together_are_refused() {
        let pairs = [("id_token", "a.b.c"), ("error", "x"), ("state", "s")];
        assert_eq!(
            LaunchForm::from_pairs(pairs),
            Err(LoginError::TokenAndError)
        );
    }

    #[test]
    fn tc_048_tc_056_one_state_and_one_token() {
        assert_eq!(
            LaunchForm::from_pairs([("id_token", "a.b.c")]),
            Err(LoginError::Missing("state"))
        );
        assert_eq!(
            LaunchForm::from_pairs([("id_token", "a"), ("state", "s"), ("id_token", "b")]),
            Err(LoginError::Repeated("id_token"))
        );
        assert_eq!(
            LaunchForm::from_pairs([("state", "s")]),
            Err(LoginError::Missing("id_token"))
        );
    }

    #[test]
    fn tc_041_tc_042_platform_errors_are_read() {
        let form = LaunchForm::from_pairs([
            ("error", "login_required"),
            ("error_description", "<script>\n\u{7}x"),
            ("state", "s"),
        ]);
        let Ok(LaunchForm::Error { error, state }) = form else {
            panic!("{form:?}");
        };
        assert_eq!(state, "s");
        assert!(error.code.suggests_new_window());
        assert_eq!(error.description.as_deref(), Some("<script>x"));
    }

    #[test]
    fn error_codes_go_there_and_back() {
        for (name, code) in PlatformErrorCode::KNOWN {
            assert_eq!(code.name(), name);
        }
        assert_eq!(PlatformErrorCode::from_name("odd\0").name(), "odd");
    }

    proptest! {
        #[test]
        fn never_panics(pairs in proptest::collection::vec(("[a-z_]{0,18}", ".{0,40}"), 0..8)) {
            let _ = LoginRequest::from_pairs(pairs.clone());
            let _ = LaunchForm::from_pairs(pairs);
        }

        #[test]
        fn hints_survive(hint in any::<String>()) {
            let endpoint = Url::parse("https://p1.test/auth").unwrap();
            let url = request(Some(&hint)).url(&endpoint);
            prop_assert!(decoded(&url).contains(&("lti_message_hint".into(), hint)));
        }
    }
}
