//! What is wrong with a setting.

/// A member of the settings, and what it must be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{member}: {must}")]
pub struct SettingsProblem {
    /// Its path, such as `launch.leewaySeconds`; `.` for the whole settings.
    pub member: String,
    /// What it must be or what is wrong, in words that follow its name.
    pub must: String,
}

impl SettingsProblem {
    pub(crate) fn new(member: impl Into<String>, must: impl Into<String>) -> Self {
        Self {
            member: member.into(),
            must: must.into(),
        }
    }

    /// The same problem, relative to the settings that contain this part.
    #[must_use]
    pub(crate) fn within(self, part: &str) -> Self {
        Self {
            member: format!("{part}.{}", self.member),
            ..self
        }
    }
}
