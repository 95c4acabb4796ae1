//! Values of a platform that are allowed but probably mistakes: people copy issuers and client ids
//! from pages.

/// A value worth a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlatformSlip {
    SlashBehindIssuer,
    BlankInClientId,
}

impl PlatformSlip {
    /// The probable mistakes in this issuer and this client id.
    pub(crate) fn of(issuer: &str, client_id: &str) -> Vec<Self> {
        let mut slips = Vec::new();
        if issuer.ends_with('/') {
            slips.push(Self::SlashBehindIssuer);
        }
        if client_id.contains(char::is_whitespace) {
            slips.push(Self::BlankInClientId);
        }
        slips
    }

    /// The text for programs and operators, with the names of the API's members.
    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::SlashBehindIssuer => {
                "url ends with a slash: it has to be the issuer character for character, and few issuers end with one"
            }
            Self::BlankInClientId => "clientId holds a blank, which few client ids do",
        }
    }
}
