//! The result of reading the gradebook (grades.md GR-2, GR-17).

use super::last::LastDelivered;
use super::shown::ShownGrade;
use super::vendor::Vendor;

/// The result of reading the gradebook.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reading {
    /// We may not or can't read it.
    Impossible,
    /// The gradebook has none.
    Nothing,
    Grade(SeenGrade),
}

/// A grade as shown by the platform.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SeenGrade {
    pub grade: ShownGrade,
    /// Not every platform shows it.
    pub comment: Option<String>,
}

impl Reading {
    /// Whether a score's comment is certainly missing. Only Canvas reveals this: it stores a score,
    /// its comment and its result together, and the result shows the last comment that one of our
    /// scores brought (decision 0389).
    pub(crate) fn lacks_comment(
        &self,
        comment: &str,
        last: Option<&LastDelivered>,
        vendor: Vendor,
    ) -> bool {
        if vendor != Vendor::Canvas {
            return false;
        }
        match self {
            Self::Impossible => false,
            // The score would be there as well, unless something removed it since.
            Self::Nothing => last.is_none_or(|last| last.maybe_comments.is_empty()),
            Self::Grade(seen) => match &seen.comment {
                Some(there) => there != comment,
                // If there has to be one, this gradebook shows none.
                None => last.is_none_or(|last| last.comment.is_none()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::super::shown::tests::of_ten;
    use super::*;

    #[cases("GR-2", "GR-17")]
    #[test]
    fn canvas_alone_tells_that_a_comment_is_missing() {
        let grade = |comment: Option<&str>| {
            Reading::Grade(SeenGrade {
                grade: of_ten(8.0),
                comment: comment.map(str::to_owned),
            })
        };
        let known = LastDelivered {
            comment: Some("a hash".into()),
            ..LastDelivered::default()
        };
        let replaced = LastDelivered {
            maybe_comments: vec!["a hash".into()],
            ..LastDelivered::default()
        };
        for (reading, last, expected) in [
            (grade(Some("good")), None, false),
            (grade(Some("other")), None, true),
            (grade(None), None, true),
            (grade(None), Some(&known), false),
            (grade(Some("other")), Some(&known), true),
            (Reading::Nothing, Some(&known), true),
            (Reading::Nothing, Some(&replaced), false),
            (Reading::Impossible, None, false),
        ] {
            let lacks = |vendor| reading.lacks_comment("good", last, vendor);
            assert_eq!(lacks(Vendor::Canvas), expected, "{reading:?} {last:?}");
            assert!(!lacks(Vendor::Other));
        }
    }
}
