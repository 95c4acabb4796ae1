//! The message that carries the answer (E.2).

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::accept::{Note, Warning};
use crate::content_item::{ContentItem, without_nulls};
use crate::registration::CloudVendor;

/// How long a response is valid, in seconds: at most five minutes (TC-268).
pub const LIFE_SECONDS: i64 = 300;
/// How far `iat` is backdated, in seconds: some platforms refuse a time ahead of their clock.
pub const BACKDATED_SECONDS: i64 = 10;

/// The messages of a response, as plain text. An error makes the platform drop the selection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Words<'a> {
    /// For the person.
    pub msg: Option<&'a str>,
    /// For the platform's log.
    pub log: Option<&'a str>,
    /// For the person: something went wrong.
    pub errormsg: Option<&'a str>,
    /// For the platform's log: something went wrong.
    pub errorlog: Option<&'a str>,
}

impl<'a> Words<'a> {
    /// Builds the messages from what the application sent. If there is an error, the other messages
    /// are dropped, because a platform that gets both might act on either.
    #[must_use]
    pub fn new(
        msg: Option<&'a str>,
        log: Option<&'a str>,
        errormsg: Option<&'a str>,
        errorlog: Option<&'a str>,
    ) -> Self {
        let given = |text: Option<&'a str>| text.filter(|text| !text.trim().is_empty());
        let (errormsg, errorlog) = (given(errormsg), given(errorlog));
        let good = errormsg.is_none() && errorlog.is_none();
        Self {
            msg: given(msg).filter(|_| good),
            log: given(log).filter(|_| good),
            errormsg,
            errorlog,
        }
    }

    /// Whether this reports an error; then no items are sent.
    #[must_use]
    pub const fn is_error(&self) -> bool {
        self.errormsg.is_some() || self.errorlog.is_some()
    }
}

/// The claims of a deep linking response, ready to be signed with RS256 and a `kid` (E-10).
#[derive(Debug, Clone, Serialize)]
pub struct ResponseClaims<'a> {
    iss: &'a str,
    /// A string rather than a list, because every platform reads that.
    aud: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    iat: i64,
    exp: i64,
    nonce: &'a str,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/message_type")]
    message_type: &'static str,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/version")]
    version: &'static str,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti/claim/deployment_id")]
    deployment_id: &'a str,
    #[serde(rename = "https://purl.imsglobal.org/spec/lti-dl/claim/content_items")]
    content_items: &'a [ContentItem],
    #[serde(
        rename = "https://purl.imsglobal.org/spec/lti-dl/claim/data",
        skip_serializing_if = "Option::is_none"
    )]
    data: Option<&'a RawValue>,
    #[serde(
        rename = "https://purl.imsglobal.org/spec/lti-dl/claim/msg",
        skip_serializing_if = "Option::is_none"
    )]
    msg: Option<&'a str>,
    #[serde(
        rename = "https://purl.imsglobal.org/spec/lti-dl/claim/log",
        skip_serializing_if = "Option::is_none"
    )]
    log: Option<&'a str>,
    #[serde(
        rename = "https://purl.imsglobal.org/spec/lti-dl/claim/errormsg",
        skip_serializing_if = "Option::is_none"
    )]
    errormsg: Option<&'a str>,
    #[serde(
        rename = "https://purl.imsglobal.org/spec/lti-dl/claim/errorlog",
        skip_serializing_if = "Option::is_none"
    )]
    errorlog: Option<&'a str>,
    #[serde(flatten)]
    foreign: Map<String, Value>,
}

impl<'a> ResponseClaims<'a> {
    /// A response without items, which cancels the selection (E-11). Issuer and audience are
    /// swapped compared with the launch: the issuer is the tool's client id, the audience is the
    /// platform. `nonce` is fresh, `now` is in seconds since 1970.
    #[must_use]
    pub fn new(
        client_id: &'a str,
        issuer: &'a str,
        deployment_id: &'a str,
        nonce: &'a str,
        now: i64,
    ) -> Self {
        let iat = now - BACKDATED_SECONDS;
        // Blackboard's documentation requires the application's id here; for other platforms the
        // claim is omitted (E.2).
        let is_blackboard = CloudVendor::of_issuer(issuer) == Some(CloudVendor::Blackboard);
        Self {
            iss: client_id,
            aud: issuer,
            sub: is_blackboard.then_some(client_id),
            iat,
            exp: iat + LIFE_SECONDS,
            nonce,
            message_type: "LtiDeepLinkingResponse",
            version: "1.3.0",
            deployment_id,
            content_items: &[],
            data: None,
            msg: None,
            log: None,
            errormsg: None,
            errorlog: None,
            foreign: Map::new(),
        }
    }

    /// Adds the items.
    #[must_use]
    pub const fn items(mut self, items: &'a [ContentItem]) -> Self {
        self.content_items = items;
        self
    }

    /// Echoes the request's `data`, byte for byte.
    ///
    /// # Errors
    ///
    /// The text is not JSON, so it cannot come from a request.
    pub fn data(mut self, data: Option<&'a str>) -> Result<Self, serde_json::Error> {
        self.data = data.map(serde_json::from_str).transpose()?;
        Ok(self)
    }

    /// Adds the messages.
    #[must_use]
    pub const fn words(mut self, words: Words<'a>) -> Self {
        self.msg = words.msg;
        self.log = words.log;
        self.errormsg = words.errormsg;
        self.errorlog = words.errorlog;
        self
    }

    /// Adds vendor claims, such as `https://canvas.instructure.com/lti/module_name` (SV-6).
    /// Reserved names are dropped.
    #[must_use]
    pub fn foreign(mut self, claims: Map<String, Value>) -> Self {
        let claims = claims.into_iter().filter(|(name, _)| !is_reserved(name));
        self.foreign = claims.collect();
        self
    }
}

/// Whether a claim belongs to the message itself or to this type of token.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    const OF_THE_TOKEN: [&str; 9] = [
        "iss", "sub", "aud", "azp", "exp", "nbf", "iat", "jti", "nonce",
    ];
    OF_THE_TOKEN.contains(&name)
        || name.starts_with("https://purl.imsglobal.org/spec/lti/claim/")
        || name.starts_with("https://purl.imsglobal.org/spec/lti-dl/claim/")
}

/// The claims that an application may add to a response, without nulls, and a warning for each one
/// it may not.
#[must_use]
pub fn foreign_claims(given: Map<String, Value>) -> (Map<String, Value>, Vec<Warning>) {
    let given = given.into_iter().filter(|(_, value)| !value.is_null());
    let (reserved, foreign): (Vec<_>, Vec<_>) = given.partition(|(name, _)| is_reserved(name));
    let foreign = foreign
        .into_iter()
        .map(|(name, value)| (name, without_nulls(value)));
    let warnings = reserved.into_iter().map(|(at, _)| Warning {
        at,
        note: Note::ReservedClaim,
    });
    (foreign.collect(), warnings.collect())
}
