//! What a signed token must say to be a launch (B.2 steps 7 to 10).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use url::{Origin, Url};

use super::{Refusal, SignedToken};
use crate::claims::wire::Decisive;
use crate::message::MessageType;
use crate::target::{check_target, plain_web_url};

/// What we expect of a launch, given its registration and its login.
///
/// All of it comes from our own state, never from the token (B-11).
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The registration's issuer.
    pub issuer: &'a str,
    /// The registration's client id.
    pub client_id: &'a str,
    /// The nonce sent with the authentication request.
    pub nonce: &'a str,
    /// `lti_deployment_id` of the login, if it was sent.
    pub deployment_id: Option<&'a str>,
    /// `target_link_uri` of the login, or `None` if it is no longer known.
    pub target_link_uri: Option<&'a str>,
    /// Whether the token's target may differ from the login's. It must still be in the allow-list
    ///
    pub target_may_differ: bool,
    /// The allow-list: origins that a launch may lead to.
    pub target_origins: &'a [Origin],
    /// How far the two clocks may be apart, in seconds; 60 by default (B-27).
    pub leeway_seconds: i64,
    /// How old a token may be, in seconds, leeway not included. With `None`, only `exp` counts
    /// (B-28).
    pub max_age_seconds: Option<i64>,
    /// Parties other than the client id that may appear in `aud`; normally none (B-23).
    pub trusted_audiences: &'a [String],
    /// Whether a launch without `sub` is accepted (B-40).
    pub anonymous_allowed: bool,
    /// Whether `deep_link_return_url` may use plain http, because the operator allows it for some
    /// hosts. An http issuer implies it.
    pub plain_http_allowed: bool,
}

impl<'a> Expected<'a> {
    /// The defaults: clocks at most a minute apart, tokens of any age that have not expired, no
    /// other party in `aud`, no anonymous launches, https. Set the fields that differ.
    ///
    /// `target_origins` are the tool's own.
    #[must_use]
    pub const fn new(
        issuer: &'a str,
        client_id: &'a str,
        nonce: &'a str,
        target_origins: &'a [Origin],
    ) -> Self {
        Self {
            issuer,
            client_id,
            nonce,
            deployment_id: None,
            target_link_uri: None,
            target_may_differ: false,
            target_origins,
            leeway_seconds: 60,
            max_age_seconds: None,
            trusted_audiences: &[],
            anonymous_allowed: false,
            plain_http_allowed: false,
        }
    }
}

/// A launch: signed, for this registration, current, part of this login, and complete. Read its
/// other claims with [`crate::claims::Claims::from_payload`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// The kind of message.
    pub message_type: MessageType,
    /// The deployment that the launch comes from.
    pub deployment_id: String,
    /// The person, unless the launch is anonymous.
    pub subject: Option<String>,
    /// The parsed target; its origin is in the allow-list.
    pub target: Url,
}

impl SignedToken<'_> {
    /// Checks the claims in the order of B.2, steps 7 to 10; `now` is in seconds since 1970.
    ///
    /// The nonce is only compared here. The caller must consume it, even after a refusal (B-10).
    /// Step 11 is the caller's too: whether the deployment is known and the user is welcome.
    ///
    /// # Errors
    ///
    /// The first [`Refusal`] that applies.
    pub fn check(&self, expected: &Expected<'_>, now: i64) -> Result<Checked, Refusal> {
        self.check_sign_in(expected, now)?;
        let claims = self.wire.decisive()?;
        let target = check_claims(&claims, expected)?;
        Ok(Checked {
            message_type: claims.message_type,
            deployment_id: claims.deployment_id.to_owned(),
            subject: claims.subject.map(str::to_owned),
            target,
        })
    }

    /// Checks what OpenID Connect requires of any ID token, but no LTI claims: steps 7 to 9 of B.2.
    /// For people who sign in with a provider that is not an LTI platform; `now` is in seconds
    /// since 1970.
    ///
    /// # Errors
    ///
    /// The first [`Refusal`] that applies.
    pub fn check_sign_in(&self, expected: &Expected<'_>, now: i64) -> Result<(), Refusal> {
        self.check_parties(expected)?;
        self.check_times(expected, now)?;
        self.check_nonce(expected)
    }

    /// Step 7: `iss`, `aud`, `azp`.
    fn check_parties(&self, expected: &Expected<'_>) -> Result<(), Refusal> {
        let issuer = self
            .wire
            .iss
            .as_ref()
            .required(Refusal::IssuerMissing, Refusal::IssuerMismatch)?;
        if **issuer != *expected.issuer {
            return Err(Refusal::IssuerMismatch);
        }
        let audience = self
            .wire
            .aud
            .as_ref()
            .required(Refusal::AudienceMissing, Refusal::AudienceMalformed)?
            .as_slice();
        if audience.is_empty() {
            return Err(Refusal::AudienceMissing);
        }
        if !audience.iter().any(|party| **party == *expected.client_id) {
            return Err(Refusal::AudienceMismatch);
        }
        let is_trusted = |party: &str| {
            expected
                .trusted_audiences
                .iter()
                .any(|trusted| trusted == party)
        };
        if audience
            .iter()
            .any(|party| **party != *expected.client_id && !is_trusted(party))
        {
            return Err(Refusal::AudienceUntrusted);
        }
        match self
            .wire
            .azp
            .as_ref()
            .optional(Refusal::AuthorizedPartyMismatch)?
        {
            Some(party) if **party != *expected.client_id => Err(Refusal::AuthorizedPartyMismatch),
            None if audience.len() > 1 => Err(Refusal::AuthorizedPartyMissing),
            _ => Ok(()),
        }
    }

    /// Step 8: `exp`, `iat`, `nbf`.
    fn check_times(&self, expected: &Expected<'_>, now: i64) -> Result<(), Refusal> {
        // A double holds seconds of this century exactly, even with the fractions that a token's
        // times may have.
        let (now, leeway) = (now as f64, expected.leeway_seconds as f64);
        let wire = &self.wire;

        let exp = *wire
            .exp
            .as_ref()
            .required(Refusal::ExpiryMissing, Refusal::ExpiryMalformed)?;
        if exp < 0.0 {
            return Err(Refusal::ExpiryMalformed); // B-29, here and below
        }
        // B-27
        if now >= exp + leeway {
            return Err(Refusal::Expired);
        }
        let iat = *wire
            .iat
            .as_ref()
            .required(Refusal::IssuedAtMissing, Refusal::IssuedAtMalformed)?;
        if iat < 0.0 {
            return Err(Refusal::IssuedAtMalformed);
        }
        // B-28
        if iat > now + leeway {
            return Err(Refusal::IssuedInTheFuture);
        }
        if expected
            .max_age_seconds
            .is_some_and(|age| iat + age as f64 + leeway < now)
        {
            return Err(Refusal::TooOld);
        }
        let nbf = wire.nbf.as_ref().optional(Refusal::NotBeforeMalformed)?;
        // B-30
        if nbf.is_some_and(|nbf| *nbf > now + leeway) {
            return Err(Refusal::NotYetValid);
        }
        Ok(())
    }

    /// Step 9: compares the nonce; the caller consumes it.
    fn check_nonce(&self, expected: &Expected<'_>) -> Result<(), Refusal> {
        let nonce = self
            .wire
            .nonce
            .as_ref()
            .required(Refusal::NonceMissing, Refusal::NonceMismatch)?;
        if nonce.is_empty() {
            return Err(Refusal::NonceMissing);
        }
        // The time taken depends only on the lengths (I-28).
        verify_slices_are_equal(nonce.as_bytes(), expected.nonce.as_bytes())
            .map_err(|_| Refusal::NonceMismatch)
    }
}

/// Step 10, as far as it depends on our own state.
fn check_claims(claims: &Decisive<'_>, expected: &Expected<'_>) -> Result<Url, Refusal> {
    if expected
        .deployment_id
        .is_some_and(|deployment| deployment != claims.deployment_id)
    {
        return Err(Refusal::DeploymentIdMismatch);
    }
    // If a deep linking request lacks the claim, use the target of its login (ILIAS).
    let target = claims
        .target_link_uri
        .or(expected.target_link_uri)
        .ok_or(Refusal::TargetLinkUriMissing)?;
    let url =
        check_target(target, expected.target_origins).map_err(Refusal::TargetLinkUriNotAllowed)?;
    if !expected.target_may_differ && expected.target_link_uri.is_some_and(|uri| uri != target) {
        return Err(Refusal::TargetLinkUriMismatch);
    }
    if claims.subject.is_none() && !expected.anonymous_allowed {
        return Err(Refusal::SubjectMissing);
    }
    if let Some(settings) = &claims.deep_linking {
        let back = plain_web_url(&settings.return_url)
            .map_err(|_| Refusal::DeepLinkReturnUrlNotAllowed)?;
        let plain = expected.plain_http_allowed || expected.issuer.starts_with("http://");
        if back.fragment().is_some() || (back.scheme() != "https" && !plain) {
            return Err(Refusal::DeepLinkReturnUrlNotAllowed);
        }
    }
    Ok(url)
}
