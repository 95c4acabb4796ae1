//! What the platform is told of a student.

use store::students::StudentRow;
use studyreel::UserType;

/// What the platform is told of the student.
pub(super) struct Told {
    /// The student's id, the same on every launch.
    pub(super) user_id: String,
    /// New for the one launch that told it first.
    pub(super) user_type: UserType,
}

impl Told {
    /// What to tell of a student. If they are told of for the first time ([`UserType::New`]), the caller must write the
    /// student down.
    pub(super) fn of(student: &mut StudentRow) -> Self {
        let (user_id, first) = student.tell();
        let user_type = if first {
            UserType::New
        } else {
            UserType::Existing
        };
        Self { user_id, user_type }
    }

    /// Whether this is the first time.
    pub(super) fn is_new(&self) -> bool {
        self.user_type == UserType::New
    }
}
