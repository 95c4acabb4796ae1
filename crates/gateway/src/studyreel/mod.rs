//! Launches of StudyReel and compatible platforms: from the request to a placed student with a
//! one-time login link (docs/spec/studyreel.md).
//!
//! [`receive`] accepts the launch, [`provision`] turns it into an account, a placement and a launch
//! in one transaction, unless [`hook`] has to tell the application in between, and [`learn`] lets
//! the student's browser in with a [`login_link`]. From there on it is a launch like any other. The
//! rules themselves are in the crate [`studyreel`](::studyreel).

pub(crate) mod access;
mod adapter;
mod arrival;
mod body;
mod document;
mod enrol;
mod gate;
mod hook;
mod keys;
pub(crate) mod learn;
mod link_cookie;
mod link_refusal;
mod login_link;
mod only_looks;
pub(crate) mod owner;
pub(crate) mod paths;
pub(crate) mod preview;
mod profile;
mod provision;
pub(crate) mod receive;
mod redeem;
mod refusal;
mod refusal_rows;
mod refused_links;
pub mod retention;
mod room;
mod settle;
mod signature;
mod student_answers;
pub(crate) mod student_changes;
mod student_for_platform;
mod student_id;
mod student_sealer;
pub(crate) mod student_subject;
pub(crate) mod students;

pub(crate) use adapter::ADAPTER;
pub(crate) use document::StudentMember;
pub(crate) use keys::StudyReelKeys;
pub(crate) use link_refusal::LinkRefusal;
pub use paths::OfferedPaths;
pub(crate) use paths::{is_overruled, read_paths, row_of};
pub(crate) use refusal::StudyReelRefusal;
pub(crate) use room::{StudyReel, StudyReelParts};
pub(crate) use student_answers::{StudentAnswer, StudentHistory, StudentPage};
pub(crate) use student_id::{NO_STUDENT, StudentId};
pub(crate) use student_sealer::{placement_row, student_row};
