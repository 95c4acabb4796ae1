//! What we tell StudyReel about the tool, and what its launches will probably contain.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use url::Url;

/// StudyReel's production system.
pub const PRODUCTION: &str = "https://prod-studyreel.alpha1edtech.com";
/// Its staging system.
pub const STAGING: &str = "https://studyreel.alpha1edtech.com";

/// What we tell StudyReel about the tool, under its names (studyreel.md §3).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing {
    /// The tool's name.
    pub name: String,
    /// Short text for students.
    pub description: String,
    /// Where to post launches; contains the capability.
    pub launch_url: String,
    /// Address of the picture in StudyReel's catalogue.
    pub logo_url: String,
    /// Address of the cover image of its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover_image_url: Option<String>,
    /// Its state, such as `active`.
    pub status: String,
    /// The platform's name, such as `1EdTech`.
    pub platform: String,
    /// The application's version, not LTI's.
    pub version: String,
    /// Address of the names and roles service; left out if the tool has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub names_and_roles_service: Option<String>,
    /// Address of the grade service; left out if the tool has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade_service: Option<String>,
    /// Where to send browsers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redirect_uris: Vec<String>,
    /// Contact persons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<Contact>,
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// The name of a person or a department.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

impl Listing {
    /// Names of the required members that are missing.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let needed = [
            (&self.name, "a name (the tool's setting name, or --name)"),
            (
                &self.description,
                "a description (the tool's setting description, or --description)",
            ),
            (
                &self.logo_url,
                "a logo (the tool's setting logoUrl, or --logo-url)",
            ),
            (&self.status, "a --status"),
            (&self.platform, "a --platform"),
            (&self.version, "an --app-version"),
        ];
        needed
            .iter()
            .filter(|(value, _)| value.trim().is_empty())
            .map(|(_, what)| *what)
            .collect()
    }
}

/// The deployment that StudyReel's launches will probably name: the documented one is base64 of a
/// name and a version.
pub fn likely_deployment(listing: &Listing) -> String {
    STANDARD.encode(format!("{}:{}", listing.name, listing.version))
}

/// The issuers that a StudyReel's launches may name: its own address, and for production that of
/// staging, too, because it is not documented which of the two it names.
pub fn likely_issuers(base: &Url) -> Vec<String> {
    let own = base_text(base);
    if own == PRODUCTION {
        vec![own, STAGING.to_owned()]
    } else {
        vec![own]
    }
}

/// A StudyReel's address in the form that is stored and compared.
pub fn base_text(base: &Url) -> String {
    base.as_str().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_may_name_either_issuer() {
        let issuers = |base: &str| likely_issuers(&Url::parse(base).expect("a URL"));
        assert_eq!(issuers(PRODUCTION), [PRODUCTION, STAGING]);
        assert_eq!(issuers("https://studyreel.alpha1edtech.com/"), [STAGING]);
        assert_eq!(issuers("http://127.0.0.1:8091"), ["http://127.0.0.1:8091"]);
    }
}
