//! The kinds of harm.

use std::fmt;

/// What a student or a teacher would complain about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HarmKind {
    /// An acknowledged score never arrived.
    Lost,
    /// A grade was there and has disappeared.
    Erased,
    /// The grade is not that of the last score.
    WrongGrade,
    /// A teacher's grade was changed.
    TeacherOverruled,
    /// There are more attempts than pieces of work.
    ExtraAttempt,
    /// There are more comments than different comments written.
    ExtraComment,
    /// An older score arrived after a newer one.
    OutOfOrder,
    /// A score arrived that was never sent.
    NeverSent,
}

impl HarmKind {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Lost,
        Self::Erased,
        Self::WrongGrade,
        Self::TeacherOverruled,
        Self::ExtraAttempt,
        Self::ExtraComment,
        Self::OutOfOrder,
        Self::NeverSent,
    ];

    /// A word or two, for tables.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Erased => "erased",
            Self::WrongGrade => "wrong grade",
            Self::TeacherOverruled => "teacher overruled",
            Self::ExtraAttempt => "extra attempt",
            Self::ExtraComment => "extra comment",
            Self::OutOfOrder => "out of order",
            Self::NeverSent => "never sent",
        }
    }
}

/// One harm to one student's grade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Harm {
    /// What kind.
    pub kind: HarmKind,
    /// The line item.
    pub item: u64,
    /// The student, by id.
    pub user: String,
    /// What was expected, and what was found.
    pub details: String,
}

impl fmt::Display for Harm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            item,
            user,
            details,
        } = self;
        write!(
            f,
            "{}: student {user} in line item {item}: {details}",
            kind.title()
        )
    }
}
