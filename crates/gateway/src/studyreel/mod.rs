//! StudyReel launches: from the request to a placed student with a one-time login link.

pub mod placement;
