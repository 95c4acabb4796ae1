//! Why a registration fails.

use store::StoreError;

use crate::operator::setup::SetupError;

/// Why it failed.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The installation can't be opened.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// There is no store, or it has no tool.
    #[error(
        "there is no tool at the address in the setting database_url. Give the settings that `hallpass serve` runs \
         with, and let it start once"
    )]
    NoTool,
    /// StudyReel needs values that we don't have.
    #[error("StudyReel needs {0}")]
    Incomplete(String),
    /// StudyReel couldn't reach us.
    #[error(
        "StudyReel can't reach {0}: set public_url to the https address the world uses, or register with a StudyReel on \
         this machine"
    )]
    Loopback(String),
    /// The key contains characters that a header can't.
    #[error(
        "the API key holds characters that no key has; check the file or the variable it comes from"
    )]
    BadKey,
    /// The request was sent, but we don't know its outcome.
    #[error(
        "{0}. StudyReel may have registered the tool or not: look there before you run this again; if it has, and says \
         that it is registered already, take the deployment from there"
    )]
    Unknown(String),
    /// The request was never sent.
    #[error("StudyReel was not asked: {0}")]
    NotAsked(String),
    /// The key is missing or wrong.
    #[error("StudyReel doesn't take the API key (status {0}); is it one of this environment?{1}")]
    Key(u16, String),
    /// StudyReel has a tool with this name and version already.
    #[error(
        "StudyReel has a tool of this name and version already{0}. It has no call to change one: register the new \
         launch URL under another --app-version, or ask StudyReel to change it"
    )]
    Taken(String),
    /// StudyReel refused for another reason.
    #[error("StudyReel refused the registration (status {0}){1}")]
    Refused(u16, String),
}

impl RegisterError {
    /// Whether StudyReel may have registered the tool all the same.
    pub(super) fn leaves_open(&self) -> bool {
        matches!(self, Self::Unknown(_) | Self::Setup(SetupError::Store(_)))
    }
}

impl From<StoreError> for RegisterError {
    fn from(error: StoreError) -> Self {
        Self::Setup(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_have_been_done_is_left_open() {
        let corrupt = StoreError::Corrupt("a row".into());
        for (error, is_open) in [
            (RegisterError::Unknown("timeout".into()), true),
            (RegisterError::from(corrupt), true),
            (RegisterError::NotAsked("blocked".into()), false),
            (RegisterError::Key(401, String::new()), false),
            (RegisterError::Taken(String::new()), false),
            (RegisterError::Refused(400, String::new()), false),
        ] {
            assert_eq!(error.leaves_open(), is_open, "{error}");
        }
    }
}
