//! A person's standing in a course, derived from their roles.

use std::collections::BTreeSet;

use super::vocabulary::{ContextRole, KnownRole, TEST_USER};

/// A person's standing in the course, from least to most privileged.
///
/// Only course roles count (B-44): an Instructor in the institution who is a Learner in the course
/// is a Learner here, and a site administrator without a course role is a Guest.
// Exhaustive: the variants are our own, and a program that maps each to its own permissions must
// notice a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Standing {
    /// No known course role: the least privilege (B-43).
    #[default]
    Guest,
    /// Takes the course.
    Learner,
    /// Mentors learners.
    Mentor,
    /// Helps teach the course; deliberately ranks below an instructor (B-45).
    TeachingAssistant,
    /// Writes content.
    ContentDeveloper,
    /// Teaches the course.
    Instructor,
    /// Administers the course.
    Administrator,
}

impl Standing {
    /// The standing of these LTI 1.3 roles.
    ///
    /// The highest course role counts, with one exception: a teaching assistant's sub-role together
    /// with its principal `Instructor`, and no other teaching sub-role, means a teaching assistant.
    /// Canvas sends both for its assistants.
    #[must_use]
    pub fn of<S: AsRef<str>>(roles: &[S]) -> Self {
        let mut best = Self::Guest;
        let (mut plain_instructor, mut assistant) = (false, false);
        let known = roles
            .iter()
            .filter_map(|role| KnownRole::parse(role.as_ref()));
        for role in known {
            assistant |= is_teaching_assistant(role);
            if role == KnownRole::Context(ContextRole::Instructor) {
                plain_instructor = true;
            } else {
                best = best.max(standing_of(role));
            }
        }
        if plain_instructor && !assistant {
            best = best.max(Self::Instructor);
        }
        best
    }

    /// The standings of each role separately (services.md SV-11): a teaching assistant in Canvas,
    /// who also has the role `Instructor`, is both. Unknown roles count for nothing.
    #[must_use]
    pub fn each_of<S: AsRef<str>>(roles: &[S]) -> BTreeSet<Self> {
        let known = roles
            .iter()
            .filter_map(|role| KnownRole::parse(role.as_ref()));
        let mut each: BTreeSet<Self> = known.map(standing_of).collect();
        each.remove(&Self::Guest);
        each
    }

    /// A short English name for pages and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Learner => "learner",
            Self::Mentor => "mentor",
            Self::TeachingAssistant => "teaching assistant",
            Self::ContentDeveloper => "content developer",
            Self::Instructor => "instructor",
            Self::Administrator => "administrator",
        }
    }
}

fn is_teaching_assistant(role: KnownRole) -> bool {
    matches!(role, KnownRole::SubRole(ContextRole::Instructor, name)
        if name == "Grader" || name.starts_with("TeachingAssistant"))
}

/// The standing of this role alone.
const fn standing_of(role: KnownRole) -> Standing {
    match role {
        KnownRole::Context(role) => match role {
            ContextRole::Administrator => Standing::Administrator,
            ContextRole::ContentDeveloper => Standing::ContentDeveloper,
            ContextRole::Instructor => Standing::Instructor,
            ContextRole::Learner => Standing::Learner,
            ContextRole::Mentor => Standing::Mentor,
            ContextRole::Manager | ContextRole::Member | ContextRole::Officer => Standing::Guest,
        },
        KnownRole::SubRole(role, name) => match (role, name.as_bytes()) {
            (
                ContextRole::Administrator,
                b"Administrator" | b"SystemAdministrator" | b"ExternalSystemAdministrator",
            ) => Standing::Administrator,
            (ContextRole::Administrator, _) => Standing::Guest,
            (ContextRole::Instructor, b"Grader") => Standing::TeachingAssistant,
            (ContextRole::Instructor, [b'T', b'e', b'a', b'c', ..]) => Standing::TeachingAssistant,
            (role, _) => standing_of(KnownRole::Context(role)),
        },
        KnownRole::System(_) | KnownRole::Institution(_) | KnownRole::TestUser => Standing::Guest,
    }
}

/// Whether the platform marks this user as a preview user rather than a person (B-47).
#[must_use]
pub fn is_test_user<S: AsRef<str>>(roles: &[S]) -> bool {
    roles.iter().any(|role| role.as_ref() == TEST_USER)
}
