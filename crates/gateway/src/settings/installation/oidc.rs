//! The settings of the identity provider, and how each is checked.

use url::{Host, Url};

use crate::settings::addresses::names_user;

/// Appended to an issuer to find its document.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";
/// The longest label, in characters, because it appears on a button.
const LONGEST_LABEL: usize = 40;

/// An issuer as it appears in tokens. Plain http is only for a developer's machine.
pub(super) fn issuer(text: &str, is_developers: bool) -> Result<(), &'static str> {
    if text.trim_end_matches('/').ends_with(WELL_KNOWN) {
        return Err(
            "must be the issuer alone, as the document at that address names it: leave /.well-known/openid-configuration \
             out",
        );
    }
    let url = Url::parse(text).ok();
    let url = url.filter(|url| url.query().is_none() && url.fragment().is_none());
    let Some(url) = url else {
        return Err("must be the provider's issuer, such as https://accounts.google.com");
    };
    if names_user(&url) {
        return Err("must have no user name or password");
    }
    let host = match url.host() {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(_) => String::new(),
        None => return Err("must be the provider's issuer, such as https://accounts.google.com"),
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && is_developers) {
        return Err("must start with https://");
    }
    let tenant = url.path().split('/').nth(1).unwrap_or_default();
    let is_everyones = ["common", "organizations", "consumers"].contains(&tenant);
    if host == "login.microsoftonline.com" && is_everyones {
        return Err(
            "lets in every organisation at Microsoft: put the id of your own tenant in place of common, organizations \
             or consumers, as in https://login.microsoftonline.com/<tenant id>/v2.0",
        );
    }
    Ok(())
}

/// A text that must not be empty.
pub(super) fn not_empty(text: &str) -> Result<(), &'static str> {
    match text.trim() {
        "" => Err("is empty: the provider shows it where this service is registered there"),
        _ => Ok(()),
    }
}

/// The provider's display name.
pub(super) fn label(text: &str) -> Result<(), &'static str> {
    let fits = (1..=LONGEST_LABEL).contains(&text.trim().chars().count());
    if fits && !text.contains(char::is_control) {
        return Ok(());
    }
    Err("must have 1 to 40 characters: a button shows it after \"Sign in with\"")
}

/// The role of people without an invitation. Roles that see students' names can only be assigned by
/// owners.
pub(super) fn role(text: &str) -> Result<(), &'static str> {
    if ["viewer", "support", "registrar"].contains(&text) {
        return Ok(());
    }
    Err("must be viewer, support or registrar: the other roles are given by an owner")
}

/// Domains, comma-separated.
pub(super) fn domains(text: &str) -> Result<Vec<String>, String> {
    let entries = text
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty());
    let domain = |entry: &str| {
        let domain = entry.to_ascii_lowercase();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let is_one = domain.contains('.') && domain.chars().all(is_plain);
        if is_one && !domain.starts_with('.') && !domain.ends_with('.') {
            return Ok(domain);
        }
        Err(format!(
            "has an entry \"{entry}\" that is no domain such as school.example"
        ))
    };
    entries.map(domain).collect()
}

/// `refused` or `taken`: whether unverified addresses are accepted.
pub(super) fn unverified(text: &str) -> Result<bool, String> {
    match text {
        "refused" => Ok(false),
        "taken" => Ok(true),
        _ => Err("must be refused or taken".to_owned()),
    }
}

/// `kept` or `off`: whether users who are connected to the provider may also sign in with a
/// password.
pub(super) fn passwords(text: &str) -> Result<bool, String> {
    match text {
        "kept" => Ok(true),
        "off" => Ok(false),
        _ => Err("must be kept or off".to_owned()),
    }
}
