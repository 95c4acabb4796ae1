//! The personal data and the services that a tool asks for.

use crate::claims::scope;

/// How much the tool wants to know about people.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PrivacyLevel {
    /// Names, e-mail, picture, locale.
    #[default]
    Public,
    /// Names and locale, but neither e-mail nor picture.
    NameOnly,
    /// E-mail and locale, but no name.
    EmailOnly,
    /// An opaque id and the locale.
    Anonymous,
}

impl PrivacyLevel {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Public,
        Self::NameOnly,
        Self::EmailOnly,
        Self::Anonymous,
    ];

    /// The level with this name: `public`, `name_only`, `email_only` or `anonymous`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// The level's name as Canvas spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::NameOnly => "name_only",
            Self::EmailOnly => "email_only",
            Self::Anonymous => "anonymous",
        }
    }

    /// The claims to ask for.
    #[must_use]
    pub const fn claims(self) -> &'static [&'static str] {
        match self {
            Self::Public => &[
                "iss",
                "sub",
                "name",
                "given_name",
                "family_name",
                "email",
                "picture",
                "locale",
            ],
            Self::NameOnly => &["iss", "sub", "name", "given_name", "family_name", "locale"],
            Self::EmailOnly => &["iss", "sub", "email", "locale"],
            Self::Anonymous => &["iss", "sub", "locale"],
        }
    }
}

/// The services the tool wants to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WantedServices {
    /// Assignment and Grade Services.
    pub grades: bool,
    /// Names and Role Provisioning Services.
    pub roster: bool,
    /// Course Groups.
    pub groups: bool,
}

impl WantedServices {
    /// The scopes for these services.
    pub fn scopes(self) -> impl Iterator<Item = &'static str> {
        let grades = scope::GRADES.into_iter().filter(move |_| self.grades);
        let roster = self.roster.then_some(scope::MEMBERSHIP_READONLY);
        let groups = self.groups.then_some(scope::CONTEXT_GROUP_READONLY);
        grades.chain(roster).chain(groups)
    }
}
