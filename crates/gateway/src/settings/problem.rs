//! What is wrong with settings.

use std::fmt;

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

    /// The problem of a member, unless it is right.
    pub(crate) fn unless(
        is_right: bool,
        member: impl Into<String>,
        must: impl Into<String>,
    ) -> Option<Self> {
        (!is_right).then(|| Self::new(member, must))
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

/// Everything that is wrong with settings; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SettingsProblems(pub Vec<SettingsProblem>);

impl fmt::Display for SettingsProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let between = if index == 0 { "" } else { "; " };
            write!(f, "{between}{problem}")?;
        }
        Ok(())
    }
}
