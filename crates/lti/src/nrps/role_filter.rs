//! Filters by role on our side, because platforms ignore the filter or drop it from the next page's
//! address (F-42).

/// A role to filter members by, in any of the spellings that launches and rosters use: URI, short
/// name or LTI 1.1 URN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleFilter(CourseRole);

#[derive(Debug, Clone, PartialEq, Eq)]
enum CourseRole {
    /// A role in the course, with its sub-role if given; in lower case, because OpenOLAT writes
    /// `LEARNER`.
    Context(String, Option<String>),
    /// Any other text, such as a role in the institution.
    Other(String),
}

impl RoleFilter {
    /// Builds the filter for one role, such as `Learner`.
    #[must_use]
    pub fn new(role: &str) -> Self {
        Self(CourseRole::read(role))
    }

    /// Whether one of these roles is the requested role or a sub-role of it.
    #[must_use]
    pub fn admits(&self, roles: &[String]) -> bool {
        roles
            .iter()
            .any(|role| match (&self.0, CourseRole::read(role)) {
                (CourseRole::Context(wanted, None), CourseRole::Context(principal, _)) => {
                    *wanted == principal
                }
                (wanted, own) => *wanted == own,
            })
    }
}

impl CourseRole {
    fn read(text: &str) -> Self {
        let vocabulary = "http://purl.imsglobal.org/vocab/lis/v2/membership";
        let rest = match text.strip_prefix(vocabulary) {
            Some(rest) => rest,
            None => text.strip_prefix("urn:lti:role:ims/lis/").unwrap_or(text),
        };
        if rest.contains(':') {
            return Self::Other(text.to_owned());
        }
        let rest = rest.trim_start_matches(['#', '/']).to_ascii_lowercase();
        match rest.split_once(['#', '/']) {
            Some((principal, sub)) => Self::Context(principal.to_owned(), Some(sub.to_owned())),
            None => Self::Context(rest, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use test_case::cases;

    use super::*;

    const MEMBERSHIP: &str = "http://purl.imsglobal.org/vocab/lis/v2/membership";

    #[cases("TC-312", "F-42", "F-45")]
    #[test]
    fn spellings_of_one_role_are_the_same() {
        let uri = format!("{MEMBERSHIP}#Learner");
        let spellings = [
            "Learner",
            "LEARNER",
            "urn:lti:role:ims/lis/Learner",
            uri.as_str(),
        ];
        for wanted in spellings {
            for own in spellings {
                assert!(
                    RoleFilter::new(wanted).admits(&[own.to_owned()]),
                    "{wanted} {own}"
                );
            }
            for own in [
                "Instructor",
                "",
                "Learn",
                "http://purl.imsglobal.org/vocab/lis/v2/system/person#Learner",
            ] {
                assert!(
                    !RoleFilter::new(wanted).admits(&[own.to_owned()]),
                    "{wanted} {own}"
                );
            }
        }
    }

    #[test]
    fn a_sub_role_counts_as_its_principal_only() {
        let assistant = vec![format!("{MEMBERSHIP}/Instructor#TeachingAssistant")];
        assert!(RoleFilter::new("Instructor").admits(&assistant));
        assert!(RoleFilter::new("Instructor/TeachingAssistant").admits(&assistant));
        assert!(!RoleFilter::new("TeachingAssistant").admits(&assistant));
        assert!(!RoleFilter::new(&assistant[0]).admits(&["Instructor".to_owned()]));
    }
}
