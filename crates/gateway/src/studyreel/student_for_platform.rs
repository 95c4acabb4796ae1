//! What we tell the platform about a student.

use store::students::StudentRow;
use studyreel::UserType;

/// What we tell the platform about the student.
pub(super) struct StudentForPlatform {
    /// The student's id, the same on every launch.
    pub(super) user_id: String,
    /// New only for the launch that first told the platform this id.
    pub(super) user_type: UserType,
}

/// Whether the application still has to be asked about a student.
pub(super) fn is_unasked(student: &StudentRow) -> bool {
    student.provisioned_at.is_none() && student.external_id.is_none()
}

impl StudentForPlatform {
    /// What to tell about a student. On the first time ([`UserType::New`]), the caller must store
    /// the student.
    pub(super) fn of(student: &mut StudentRow) -> Self {
        let known = student.user_id.clone();
        let user_type = match known {
            Some(_) => UserType::Existing,
            None => UserType::New,
        };
        // The application's id if it gave one, otherwise ours; it never changes afterwards.
        let theirs = || student.external_id.as_ref().unwrap_or(&student.id).clone();
        let user_id = known.unwrap_or_else(theirs);
        student.user_id = Some(user_id.clone());
        Self { user_id, user_type }
    }

    /// Whether the platform gets this id for the first time.
    pub(super) fn is_new(&self) -> bool {
        self.user_type == UserType::New
    }
}
