//! The message that carries the answer (E.2).

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::accept::{Note, Warning};
use crate::content_item::{ContentItem, without_nulls};
use crate::registration::Vendor;

/// How long a response is good, in seconds: at most five minutes (TC-268).
pub const LIFE_SECONDS: i64 = 300;
/// How far back `iat` is set, in seconds: some platforms refuse one that is ahead of their clock.
pub const BACKDATED_SECONDS: i64 = 10;

/// What a response says beside its items, as plain texts. An error makes the platform drop the selection.
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
    /// What the application says; errors win, because a platform given both might do either.
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

    /// Whether something went wrong: no items go with it.
    #[must_use]
    pub const fn is_error(&self) -> bool {
        self.errormsg.is_some() || self.errorlog.is_some()
    }
}

/// The claims of a deep linking response, ready to be signed with RS256 and a `kid` (E-10).
#[derive(Debug, Clone, Serialize)]
pub struct ResponseClaims<'a> {
    iss: &'a str,
    /// A plain text: the most portable form.
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
    /// A response without items, which is how a selection is cancelled (E-11). The roles of the launch are swapped: the
    /// issuer is the tool's client id, the audience is the platform. `nonce` is fresh, `now` in seconds since 1970.
    #[must_use]
    pub fn new(
        client_id: &'a str,
        issuer: &'a str,
        deployment_id: &'a str,
        nonce: &'a str,
        now: i64,
    ) -> Self {
        let iat = now - BACKDATED_SECONDS;
        // Its documentation wants the application's id there; elsewhere the claim is left out (E.2).
        let is_blackboard = Vendor::of_issuer(issuer) == Some(Vendor::Blackboard);
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

    /// With these items.
    #[must_use]
    pub const fn items(mut self, items: &'a [ContentItem]) -> Self {
        self.content_items = items;
        self
    }

    /// With the request's `data`, byte for byte.
    ///
    /// # Errors
    ///
    /// The text is no JSON, so it is none that a request had.
    pub fn data(mut self, data: Option<&'a str>) -> Result<Self, serde_json::Error> {
        self.data = data.map(serde_json::from_str).transpose()?;
        Ok(self)
    }

    /// With these words.
    #[must_use]
    pub const fn words(mut self, words: Words<'a>) -> Self {
        self.msg = words.msg;
        self.log = words.log;
        self.errormsg = words.errormsg;
        self.errorlog = words.errorlog;
        self
    }

    /// With claims of vendors, such as `https://canvas.instructure.com/lti/module_name` (SV-6). Reserved names are left
    /// out.
    #[must_use]
    pub fn foreign(mut self, claims: Map<String, Value>) -> Self {
        let claims = claims.into_iter().filter(|(name, _)| !is_reserved(name));
        self.foreign = claims.collect();
        self
    }
}

/// Whether a claim belongs to the message itself, or to the kind of token it is.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    const OF_THE_TOKEN: [&str; 9] = [
        "iss", "sub", "aud", "azp", "exp", "nbf", "iat", "jti", "nonce",
    ];
    OF_THE_TOKEN.contains(&name)
        || name.starts_with("https://purl.imsglobal.org/spec/lti/claim/")
        || name.starts_with("https://purl.imsglobal.org/spec/lti-dl/claim/")
}

/// The claims that an application may add to a response, without nulls, and a warning for each that it may not.
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
