//! Pages with frames prepared by programs, and how their storage misbehaves.

use super::Launch;

/// How a page that stores values for tools misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageFault {
    /// It never answers.
    Silent,
    /// The first put gets no answer, as if the page were busy.
    SilentAtFirst,
    /// Values are stored and returned once, but later requests get no answer.
    SilentAtLaunch,
    /// Every answer is an error.
    Error,
    /// Values are stored and returned once, but later requests get an error.
    ErrorAtLaunch,
    /// Requests for a value are answered with null.
    Null,
    /// The first request for a value is answered correctly, later ones with null.
    NullAtLaunch,
    /// Requests for a value are answered with a different value.
    OtherValue,
    /// The first request for a value is answered correctly, later ones with a different value.
    OtherValueAtLaunch,
    /// A window of another origin answers first, with a wrong value.
    ForeignFirst,
    /// An answer to another message comes first, with another value.
    WrongIdFirst,
    /// The frame named in the login isn't on the page. A page that would answer itself stays
    /// silent.
    MissingFrame,
}

impl StorageFault {
    /// Every one.
    pub const ALL: [Self; 12] = [
        Self::Silent,
        Self::SilentAtFirst,
        Self::SilentAtLaunch,
        Self::Error,
        Self::ErrorAtLaunch,
        Self::Null,
        Self::NullAtLaunch,
        Self::OtherValue,
        Self::OtherValueAtLaunch,
        Self::ForeignFirst,
        Self::WrongIdFirst,
        Self::MissingFrame,
    ];

    /// The name in addresses, such as `silent-at-launch`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::SilentAtFirst => "silent-at-first",
            Self::SilentAtLaunch => "silent-at-launch",
            Self::Error => "error",
            Self::ErrorAtLaunch => "error-at-launch",
            Self::Null => "null",
            Self::NullAtLaunch => "null-at-launch",
            Self::OtherValue => "other-value",
            Self::OtherValueAtLaunch => "other-value-at-launch",
            Self::ForeignFirst => "foreign-first",
            Self::WrongIdFirst => "wrong-id-first",
            Self::MissingFrame => "missing-frame",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Silent => "never answers",
            Self::SilentAtFirst => "does not answer the first time",
            Self::SilentAtLaunch => "never answers at launch",
            Self::Error => "answers with an error",
            Self::ErrorAtLaunch => "answers with an error at launch",
            Self::Null => "has forgotten the value",
            Self::NullAtLaunch => "has forgotten the value at launch",
            Self::OtherValue => "gives another value",
            Self::OtherValueAtLaunch => "gives another value at launch",
            Self::ForeignFirst => "is forestalled by a foreign window",
            Self::WrongIdFirst => "answers another message first",
            Self::MissingFrame => "has no frame of that name",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }
}

/// The contents of a page prepared by a program.
#[derive(Clone, Debug)]
pub(crate) struct PreparedPage {
    pub(crate) launches: Vec<Launch>,
    pub(crate) fault: Option<StorageFault>,
}
