//! Values of a platform that are allowed but probably mistakes: people copy issuers and client ids
//! from pages.

/// A value worth a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlatformSlip {
    IssuerIsNoAddress,
    SlashBehindIssuer,
    BlankInClientId,
}

impl PlatformSlip {
    /// The probable mistakes in this issuer and this client id.
    pub(crate) fn of(issuer: &str, client_id: &str) -> Vec<Self> {
        let mut slips = Vec::new();
        let is_address = ["https://", "http://"]
            .iter()
            .any(|scheme| issuer.starts_with(scheme));
        if !is_address {
            slips.push(Self::IssuerIsNoAddress);
        }
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
            Self::IssuerIsNoAddress => {
                "url is no https address: it has to be the issuer character for character, and nearly every issuer is one"
            }
            Self::SlashBehindIssuer => {
                "url ends with a slash: it has to be the issuer character for character, and few issuers end with one"
            }
            Self::BlankInClientId => "clientId holds a blank, which few client ids do",
        }
    }
}
