//! The identity provider as a whole: which of its settings depend on each other.

use super::error::ConfigError;
use super::given::Values;
use super::table::Config;
use crate::settings::oidc::{OidcSettings, host_of_issuer};

/// The settings that require an issuer.
const OTHERS: [&str; 7] = [
    "portal_oidc_client_id",
    "portal_oidc_client_secret",
    "portal_oidc_label",
    "portal_oidc_domains",
    "portal_oidc_role",
    "portal_oidc_unverified",
    "portal_oidc_passwords",
];

/// Checks the settings that depend on each other.
pub(super) fn check(config: &Config, values: &Values) -> Result<(), ConfigError> {
    if config.portal_oidc_issuer.is_none() {
        return match OTHERS.into_iter().find(|key| values.0.contains_key(key)) {
            Some(key) => Err(values.bad(key, "needs portal_oidc_issuer beside it")),
            None => Ok(()),
        };
    }
    let missing = |key| format!("needs {key} beside it: the provider shows both");
    if config.portal_oidc_client_id.is_none() {
        return Err(values.bad("portal_oidc_issuer", &missing("portal_oidc_client_id")));
    }
    if config.portal_oidc_client_secret.is_none() {
        return Err(values.bad("portal_oidc_issuer", &missing("portal_oidc_client_secret")));
    }
    if config.portal_oidc_role.is_some() && config.portal_oidc_domains.is_empty() {
        let problem = "needs portal_oidc_domains beside it: otherwise everyone with an account at the provider would come in";
        return Err(values.bad("portal_oidc_role", problem));
    }
    Ok(())
}

impl Config {
    /// The identity provider for signing in to the portal, if there is one.
    pub(crate) fn oidc(&self) -> Option<OidcSettings> {
        let issuer = self.portal_oidc_issuer.clone()?;
        let label = self.portal_oidc_label.as_deref().map(str::trim);
        Some(OidcSettings {
            label: label.map_or_else(|| host_of_issuer(&issuer), str::to_owned),
            issuer,
            client_id: self.portal_oidc_client_id.clone()?,
            client_secret: self.portal_oidc_client_secret.clone()?,
            domains: self.portal_oidc_domains.clone(),
            role: self.portal_oidc_role.clone(),
            takes_unverified: self.portal_oidc_unverified,
            keeps_passwords: self.portal_oidc_passwords,
        })
    }
}
