//! Names and Role Provisioning Services 2.0: who is in a course (F.3).
//!
//! ```
//! use lti::nrps::{Filter, Reader, RoleFilter};
//! use url::Url;
//!
//! // Ask for the course's learners, at the address that the launch named.
//! let filter = Filter { role: Some("Learner"), ..Filter::default() };
//! let url = filter.apply(&Url::parse("https://lms.example/memberships?groups=true")?);
//! assert_eq!(url.query(), Some("groups=true&role=Learner"));
//!
//! // Read the answer as it arrives, in pieces of any size.
//! let body = br#"{"id": "https://lms.example/memberships", "context": {"id": "2"}, "members": [
//!     {"user_id": "5", "roles": ["Learner"], "name": "Sam"}, {"user_id": 3, "roles": ["Instructor"]}]}"#;
//! let (mut reader, learners) = (Reader::default(), RoleFilter::new("Learner"));
//! let mut found = Vec::new();
//! for piece in body.chunks(16) {
//!     reader.feed(piece, |member| {
//!         if learners.admits(&member.roles) {
//!             found.push(member);
//!         }
//!     })?;
//! }
//! let container = reader.finish()?;
//! assert_eq!((found.len(), found[0].user_id.as_str()), (1, "5"));
//! assert_eq!(container.context_id.as_deref(), Some("2"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod member;
mod reader;
mod role_filter;

use url::Url;

use crate::paging::with_parameters;

pub use self::member::{Member, MemberStatus};
pub use self::reader::{Container, MEMBER_BYTES, Reader, RosterError};
pub use self::role_filter::RoleFilter;

/// The media type of a page of members, for the `Accept` header.
pub const CONTAINER: &str = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json";

/// Which members to ask for. These are only requests: platforms may return fewer, or ignore them
/// (F-41).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter<'a> {
    /// Only those with this role.
    pub role: Option<&'a str>,
    /// Members per page.
    pub limit: Option<u32>,
    /// Only members who can open this resource link, each with the data that a launch would contain
    /// (`rlid`).
    pub resource_link: Option<&'a str>,
}

impl Filter<'_> {
    /// Adds these parameters to the URL, after the ones it already has (F-40).
    #[must_use]
    pub fn apply(&self, url: &Url) -> Url {
        let limit = self.limit.map(|limit| limit.to_string());
        with_parameters(
            url,
            [
                ("role", self.role),
                ("limit", limit.as_deref()),
                ("rlid", self.resource_link),
            ],
        )
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use test_case::cases;

    use super::*;

    #[cases("TC-311", "F-40")]
    #[test]
    fn parameters_are_added_to_those_that_are_there() {
        let all = Filter {
            role: Some("http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"),
            limit: Some(20),
            resource_link: Some("a&b"),
        };
        let role = "role=http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Learner";
        for (url, start) in [
            ("https://p1.test/m", "https://p1.test/m?"),
            ("https://p1.test/m?", "https://p1.test/m?"),
            (
                "https://p1.test/m?groups=true",
                "https://p1.test/m?groups=true&",
            ),
        ] {
            let parsed = Url::parse(url).unwrap();
            assert_eq!(
                all.apply(&parsed).as_str(),
                format!("{start}{role}&limit=20&rlid=a%26b")
            );
            assert_eq!(Filter::default().apply(&parsed).as_str(), url);
        }
    }
}
