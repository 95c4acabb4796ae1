#![doc = include_str!("../README.md")]

mod answer;
mod check;
mod dialect;
mod json;
mod learning_blocks;
mod payload;
pub mod placement;
mod refusal;
mod report;
mod reported;
mod time;

#[cfg(test)]
mod tests;

pub use answer::{LaunchAnswer, RefusalAnswer, UserType};
pub use check::{
    AllowedDeployment, CheckedLaunch, IssuerDeployment, PayloadRules, admit, check, subject_key,
};
pub use dialect::{
    Dialect, DocumentedAnswer, MAGIC_LINK, MagicLinkAnswer, MagicLinkRefusal, OurRefusal,
    REQUIRED_MEMBERS, STUDYREEL,
};
pub use json::{member_names, read_tolerantly, with_members};
pub use learning_blocks::{LearningBlock, LearningBlocks};
pub use payload::Payload;
pub use refusal::{PayloadRefusal, RefusalCode};
pub use report::{PlacementReport, Subject, SubjectReport};
pub use reported::{Reported, ValueWarning};

/// The launch printed in StudyReel's documentation, character for character.
///
/// Its times are in 2024, so a strict receiver refuses it as expired.
pub const PRINTED_EXAMPLE: &str = include_str!("printed_example.json");
