//! The platform's product, as far as deliveries depend on it (grades.md §1).

use lti::ags::Spelling;
use url::Url;

use crate::settings::grades::OverMaximum;

/// A product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vendor {
    Canvas,
    Brightspace,
    Blackboard,
    Coursera,
    Moodle,
    Sakai,
    /// Any other product: assume nothing that is specific to one.
    Other,
}

impl Vendor {
    /// Identified by the family named at registration, otherwise by the issuer.
    pub(crate) fn of(family: Option<&str>, issuer: &str) -> Self {
        let family = family.unwrap_or_default().to_ascii_lowercase();
        let named = |name: &str| family.contains(name);
        let url = Url::parse(issuer).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        let is_at = |domain: &str| {
            host.strip_suffix(domain)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        if named("canvas") || is_at("instructure.com") {
            Self::Canvas
        } else if named("brightspace") || named("desire2learn") || is_at("brightspace.com") {
            Self::Brightspace
        } else if named("blackboard") || is_at("blackboard.com") {
            Self::Blackboard
        } else if named("coursera") || is_at("coursera.org") {
            Self::Coursera
        } else if named("moodle") {
            Self::Moodle
        } else if named("sakai") {
            Self::Sakai
        } else {
            Self::Other
        }
    }

    /// What happens to a score above its maximum (GR-20).
    pub(crate) const fn over_maximum(self) -> OverMaximum {
        match self {
            // Answers "Invalid grade".
            Self::Coursera => OverMaximum::Refuse,
            _ => OverMaximum::Send,
        }
    }

    /// Whether it may silently cap scores at the maximum, unless a line item allows a bonus. No
    /// service says which line items do.
    pub(crate) const fn may_cut(self) -> bool {
        matches!(self, Self::Brightspace)
    }

    /// Whether the score of a message with this progress is in the gradebook afterwards. Canvas
    /// ignores it for three of them; Moodle and most others keep none that isn't final, and remove
    /// what was there (decision 0308).
    pub(crate) fn counts(self, grading: &str) -> bool {
        match self {
            Self::Canvas => !matches!(grading, "NotReady" | "Pending" | "Failed"),
            _ => grading == "FullyGraded",
        }
    }

    /// Whether a score of 0 looks there as if nothing was graded.
    pub(crate) const fn hides_zero(self) -> bool {
        matches!(self, Self::Canvas)
    }

    /// Whether points are truncated to whole hundredths rather than rounded.
    pub(crate) const fn cuts_hundredths(self) -> bool {
        matches!(self, Self::Sakai)
    }

    /// How it returns the names of line items.
    pub(crate) const fn spelling(self) -> Spelling {
        match self {
            Self::Sakai => Spelling::MaybeEncoded,
            _ => Spelling::AsWritten,
        }
    }

    /// Whether the results of a single person lack the comment, so that everyone's must be
    /// requested.
    pub(crate) const fn cuts_results_of_one(self) -> bool {
        matches!(self, Self::Blackboard)
    }

    /// Whether a new line item takes over the column that has the same label, including the scores
    /// of another line item.
    pub(crate) const fn has_one_column_per_label(self) -> bool {
        matches!(self, Self::Sakai)
    }

    /// Whether it has one list of line items per course, with their addresses below the list's.
    pub(crate) const fn lists_by_course(self) -> bool {
        matches!(
            self,
            Self::Canvas | Self::Brightspace | Self::Blackboard | Self::Moodle | Self::Sakai
        )
    }

    /// Whether flags in the score protect a teacher's grade (GR-13).
    pub(crate) const fn keeps_teachers_grade(self) -> bool {
        matches!(self, Self::Canvas)
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("GR-20")]
    #[test]
    fn products_are_known_by_their_family_or_their_issuer() {
        for (family, issuer, expected) in [
            (Some("canvas"), "https://school.example", Vendor::Canvas),
            (None, "https://canvas.instructure.com", Vendor::Canvas),
            (None, "https://notinstructure.com", Vendor::Other),
            (Some("desire2learn"), "x", Vendor::Brightspace),
            (None, "https://school.brightspace.com", Vendor::Brightspace),
            (Some("BlackboardLearn"), "", Vendor::Blackboard),
            (None, "https://blackboard.com", Vendor::Blackboard),
            (None, "https://www.coursera.org", Vendor::Coursera),
            (Some("moodle"), "https://lms.example", Vendor::Moodle),
            (None, "https://moodle.example", Vendor::Other),
            (Some("sakailms.org"), "https://lms.example", Vendor::Sakai),
        ] {
            assert_eq!(Vendor::of(family, issuer), expected, "{family:?} {issuer}");
        }
        assert_eq!(Vendor::Brightspace.over_maximum(), OverMaximum::Send);
        assert_eq!(Vendor::Coursera.over_maximum(), OverMaximum::Refuse);
        assert!(Vendor::Sakai.lists_by_course() && !Vendor::Other.lists_by_course());
    }

    #[cases("GR-14", "GR-15")]
    #[test]
    fn only_canvas_keeps_a_score_that_is_not_final() {
        for vendor in [
            Vendor::Canvas,
            Vendor::Sakai,
            Vendor::Brightspace,
            Vendor::Other,
        ] {
            assert!(vendor.counts("FullyGraded"), "{vendor:?}");
            for grading in ["NotReady", "Pending", "Failed"] {
                assert!(!vendor.counts(grading), "{vendor:?} {grading}");
            }
            let by_hand = vendor.counts("PendingManual");
            assert_eq!(by_hand, vendor == Vendor::Canvas, "{vendor:?}");
        }
    }
}
