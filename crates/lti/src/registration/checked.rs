//! Checks a configuration: its origin, what every tool needs, and which audience our assertions may
//! name.

use url::{Origin, Url};

use super::configuration::PlatformConfiguration;
use super::endpoint::Endpoint;
use super::problems::{ConfigurationError, ConfigurationWarning};
use super::vendor::{CloudVendor, is_below};
use crate::target::plain_web_url;

/// How to treat `authorization_server`, the audience of our assertions.
// Exhaustive: ignoring a finding could send assertions to the wrong place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorizationServer {
    /// Absent: the token endpoint is the audience.
    Absent,
    /// Present but not an absolute address (Canvas sends a bare host): the token endpoint is the
    /// audience.
    Ignored,
    /// Usable as the audience.
    Usable(String),
    /// Its origin is neither the issuer's, nor the token endpoint's, nor the vendor's: an assertion
    /// for it could be replayed elsewhere (I-14). Refuse, or let the operator confirm.
    Foreign(String),
}

/// The result of checking a configuration.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CheckedConfiguration {
    /// The vendor, even if the exception for its hosts was not needed; ask the operator to confirm
    /// (D-13).
    pub vendor: Option<CloudVendor>,
    /// The audience of our assertions.
    pub authorization_server: AuthorizationServer,
    /// Whether access tokens are issued at an origin that is neither the issuer's nor that of the
    /// configuration, and that no vendor uses. A token fetched there could be another platform's
    /// (I-14): accept it only from someone you know.
    pub foreign_token_endpoint: bool,
    /// Origins of endpoints other than the issuer's. Show them to the operator and store them as
    /// permitted (D-14).
    pub foreign_origins: Vec<Origin>,
    /// Oddities.
    pub warnings: Vec<ConfigurationWarning>,
}

impl PlatformConfiguration {
    /// Checks the document against the URL it came from (D-12, D-13) and for what every tool needs
    /// (D-16), and decides the audience of our assertions (D-17, I-14).
    ///
    /// # Errors
    ///
    /// The first [`ConfigurationError`] that applies.
    pub fn check(
        &self,
        configuration_url: &Url,
    ) -> Result<CheckedConfiguration, ConfigurationError> {
        let issuer =
            plain_web_url(&self.issuer).map_err(|_| ConfigurationError::BadAddress("issuer"))?;
        if issuer.query().is_some() || issuer.fragment().is_some() {
            return Err(ConfigurationError::BadAddress("issuer"));
        }
        let vendor = CloudVendor::of_issuer(&self.issuer);
        if issuer.origin() != configuration_url.origin()
            && !vendor.is_some_and(|vendor| vendor.owns(configuration_url))
        {
            return Err(ConfigurationError::IssuerMismatch {
                issuer: issuer.origin().ascii_serialization(),
                found: configuration_url.origin().ascii_serialization(),
            });
        }
        // Plain http is only for platforms that the operator allows; an https configuration never
        // downgrades to it.
        if configuration_url.scheme() == "https"
            && let Some(name) = self.first_without_https()
        {
            return Err(ConfigurationError::NotHttps(name));
        }
        for (member, value, list) in &self.lists {
            if list
                .as_ref()
                .is_some_and(|list| !list.iter().any(|entry| entry == value))
            {
                return Err(ConfigurationError::Unsupported { member, value });
            }
        }
        let authorization_server = self.settle_authorization_server(&issuer, vendor);
        let mut warnings = self.warnings.clone();
        match &authorization_server {
            AuthorizationServer::Ignored => {
                warnings.push(ConfigurationWarning::AuthorizationServerIgnored);
            }
            AuthorizationServer::Foreign(_) => {
                warnings.push(ConfigurationWarning::AuthorizationServerForeign);
            }
            AuthorizationServer::Absent | AuthorizationServer::Usable(_) => {}
        }
        let mut foreign_origins: Vec<Origin> = Vec::new();
        for (_, endpoint) in self.endpoints() {
            let origin = endpoint.url().origin();
            if origin != issuer.origin() && !foreign_origins.contains(&origin) {
                foreign_origins.push(origin);
            }
        }
        Ok(CheckedConfiguration {
            vendor,
            authorization_server,
            foreign_token_endpoint: self.has_foreign_tokens(&issuer, configuration_url, vendor),
            foreign_origins,
            warnings,
        })
    }

    /// The addresses that every platform has, by member name.
    #[must_use]
    pub fn endpoints(&self) -> [(&'static str, &Endpoint); 4] {
        [
            ("authorization_endpoint", &self.authorization_endpoint),
            ("registration_endpoint", &self.registration_endpoint),
            ("jwks_uri", &self.jwks_uri),
            ("token_endpoint", &self.token_endpoint),
        ]
    }

    fn first_without_https(&self) -> Option<&'static str> {
        self.endpoints()
            .into_iter()
            .find(|(_, endpoint)| endpoint.url().scheme() != "https")
            .map(|(name, _)| name)
    }

    fn settle_authorization_server(
        &self,
        issuer: &Url,
        vendor: Option<CloudVendor>,
    ) -> AuthorizationServer {
        let Some(text) = &self.authorization_server else {
            return AuthorizationServer::Absent;
        };
        let Ok(url) = plain_web_url(text) else {
            return AuthorizationServer::Ignored;
        };
        let token = self.token_endpoint.url();
        // Brightspace issues tokens at auth.brightspace.com, with api.brightspace.com as the
        // audience.
        let brightspace = is_below(token, "brightspace.com")
            && is_below(&url, "brightspace.com")
            && url.scheme() == "https";
        if url.origin() == issuer.origin()
            || url.origin() == token.origin()
            || vendor.is_some_and(|vendor| vendor.owns(&url))
            || brightspace
        {
            AuthorizationServer::Usable(text.clone())
        } else {
            AuthorizationServer::Foreign(text.clone())
        }
    }

    fn has_foreign_tokens(
        &self,
        issuer: &Url,
        configuration_url: &Url,
        vendor: Option<CloudVendor>,
    ) -> bool {
        let token = self.token_endpoint.url();
        let is_own = [issuer, configuration_url]
            .iter()
            .any(|own| own.origin() == token.origin());
        // Every school on Brightspace gets its tokens here, also those with a domain of their own.
        let is_brightspaces = token.scheme() == "https"
            && token.port().is_none()
            && token.host_str() == Some("auth.brightspace.com");
        !is_own && !is_brightspaces && !vendor.is_some_and(|vendor| vendor.owns(token))
    }
}
