//! Roles: the vocabulary, matched exactly, and a person's standing in a course (LTI Core 1.3 §5.3.7
//! and appendix A.2, B.6).
//!
//! ```
//! use lti::role::{KnownRole, Standing};
//!
//! let roles = [
//!     "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor",
//!     "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner",
//! ];
//! // Someone who teaches elsewhere, and learns here.
//! assert_eq!(Standing::of(&roles), Standing::Learner);
//! assert_eq!(KnownRole::parse("https://evil.example/#Instructor"), None);
//! ```

mod standing;
mod vocabulary;

pub use standing::{Standing, is_test_user};
pub use vocabulary::{ContextRole, KnownRole};

#[cfg(test)]
mod tests;
