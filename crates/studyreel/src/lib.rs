//! StudyReel and its like: a launch that is plain JSON, unsigned, and answered with a login link.
//!
//! StudyReel sends LTI-like claims in the body of an ordinary POST. Nothing in it proves who sent
//! it, so everything here is a consistency check; the proofs (secret launch address, optional
//! signature, replay store, short-lived link) belong to the service. A body goes through two steps:
//!
//! 1. [`Dialect::parse`]: bytes to typed members, in the words of one platform. Shape only.
//! 2. [`check`]: members to a [`CheckedLaunch`], by the rules of one installation ([`Expected`]) at
//!    one moment.
//!
//! Required members are strict and a broken one is a [`Refusal`]. Optional members never refuse a
//! launch: what can't be read is *unknown*, kept raw beside a [`Warning`] in a [`Reported`] value.
//!
//! Section numbers in this module are those of the project's StudyReel contract.

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

pub use answer::{ErrorAnswer, LaunchAnswer, Status, UserType};
pub use check::{AllowedDeployment, CheckedLaunch, Expected, IssuerDeployment, check, subject_key};
pub use dialect::{Dialect, MAGIC_LINK, REQUIRED_MEMBERS, STUDYREEL};
pub use learning_blocks::{LearningBlock, LearningBlocks};
pub use payload::Payload;
pub use refusal::Refusal;
pub use report::{PlacementReport, Subject, SubjectReport};
pub use reported::{Reported, Warning, read_grade};

/// The launch printed in StudyReel's documentation, character for character.
///
/// Its times lie in 2024, so a strict receiver refuses it as expired.
pub const PRINTED_EXAMPLE: &str = include_str!("printed_example.json");
