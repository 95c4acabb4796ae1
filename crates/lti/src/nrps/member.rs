//! One member of a course.

use serde_json::{Map, Value};

use crate::json::{is_whole, take_text, without_nulls};

/// A member as the platform describes them (F-44). Everything except the id may be missing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Member {
    /// The same as `sub` in this person's launches (F-45).
    pub user_id: String,
    /// Roles as received: URIs or short names.
    pub roles: Vec<String>,
    /// Whether the person takes part.
    pub status: MemberStatus,
    /// The full name as the platform writes it. Like its parts, it is absent if the platform
    /// withholds names from the tool.
    pub name: Option<String>,
    /// The given name, if the platform stores it separately.
    pub given_name: Option<String>,
    /// The family name, if the platform stores it separately.
    pub family_name: Option<String>,
    /// The middle name, if the platform stores it separately.
    pub middle_name: Option<String>,
    /// The e-mail address in the platform's records. It may not be theirs, or theirs alone.
    pub email: Option<String>,
    /// URL of a picture, not checked.
    pub picture: Option<String>,
    /// Their id in the student information system.
    pub lis_person_sourcedid: Option<String>,
    /// Their user id in LTI 1.1.
    pub lti11_legacy_user_id: Option<String>,
    /// Any other members, such as `group_enrollments`, or `message` if the request named a resource
    /// link.
    pub more: Map<String, Value>,
}

/// Whether a member takes part in the course.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MemberStatus {
    /// Takes part.
    #[default]
    Active,
    /// May not take part at the moment.
    Inactive,
    /// Has left. Appears only in a list of differences.
    Deleted,
}

impl MemberStatus {
    /// The specification's word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
            Self::Deleted => "Deleted",
        }
    }

    /// No status means active. An unknown status doesn't: a misreading must not let a person take
    /// part.
    fn read(word: Option<&str>) -> Self {
        let word = word.map(|word| word.rsplit(['#', '/']).next().unwrap_or(word));
        match word {
            None => Self::Active,
            Some(word) if word.eq_ignore_ascii_case("active") => Self::Active,
            Some(word) if word.eq_ignore_ascii_case("deleted") => Self::Deleted,
            Some(_) => Self::Inactive,
        }
    }
}

impl Member {
    /// Reads a member. Returns `None` if it has no id, or an id that needed repair and could belong
    /// to anyone. Numbers become text, and a single role becomes a list of one; nulls and empty
    /// texts count as absent.
    #[must_use]
    pub fn read(member: Value) -> Option<Self> {
        let Value::Object(mut of) = without_nulls(member) else {
            return None;
        };
        let user_id = take_text(&mut of, "user_id").filter(|id| is_whole(id))?;
        let roles = match of.shift_remove("roles") {
            Some(Value::Array(roles)) => roles.into_iter().filter_map(text).collect(),
            Some(one) => text(one).into_iter().collect(),
            None => Vec::new(),
        };
        let status = take_text(&mut of, "status");
        Some(Self {
            user_id,
            roles,
            status: MemberStatus::read(status.as_deref()),
            name: take_text(&mut of, "name"),
            given_name: take_text(&mut of, "given_name"),
            family_name: take_text(&mut of, "family_name"),
            middle_name: take_text(&mut of, "middle_name"),
            email: take_text(&mut of, "email"),
            picture: take_text(&mut of, "picture"),
            lis_person_sourcedid: take_text(&mut of, "lis_person_sourcedid"),
            lti11_legacy_user_id: take_text(&mut of, "lti11_legacy_user_id"),
            more: of,
        })
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use serde_json::json;
    use test_case::cases;

    use super::*;

    #[cases("TC-314", "F-44")]
    #[test]
    fn an_id_and_roles_are_enough() {
        let member = Member::read(json!({"user_id": "5", "roles": ["Learner"]})).unwrap();
        assert_eq!((member.status, member.name), (MemberStatus::Active, None));
        let member = Member::read(json!({"user_id": 17, "roles": "Learner"})).unwrap();
        assert_eq!(
            (member.user_id.as_str(), member.roles.as_slice()),
            ("17", &["Learner".into()][..])
        );
        assert_eq!(
            Member::read(json!({"user_id": "5"})).unwrap().roles,
            [""; 0]
        );
        for nobody in [
            json!({"roles": []}),
            json!({"user_id": null}),
            json!({"user_id": ""}),
            json!("5"),
        ] {
            assert_eq!(Member::read(nobody), None);
        }
    }

    #[cases("F-43", "F-44")]
    #[test]
    fn an_unknown_status_is_not_active() {
        for (word, status) in [
            (json!(null), MemberStatus::Active),
            (json!("Active"), MemberStatus::Active),
            (
                json!("http://purl.imsglobal.org/vocab/lis/v2/status#Active"),
                MemberStatus::Active,
            ),
            (json!("inactive"), MemberStatus::Inactive),
            (json!("Deleted"), MemberStatus::Deleted),
            (json!("Suspended"), MemberStatus::Inactive),
        ] {
            let member = Member::read(json!({"user_id": "5", "status": word})).unwrap();
            assert_eq!(member.status, status, "{word}");
        }
    }

    #[cases("SV-12")]
    #[test]
    fn what_is_not_known_is_kept_without_its_nulls() {
        let member = json!({
            "user_id": "5", "roles": [], "email": null, "name": "", "lti11_legacy_user_id": "old-5",
            "group_enrollments": [{"group_id": "g1"}], "ext": {"a": null, "b": 1},
        });
        let member = Member::read(member).unwrap();
        assert_eq!((member.email, member.name), (None, None));
        assert_eq!(member.lti11_legacy_user_id.as_deref(), Some("old-5"));
        let more = json!({"group_enrollments": [{"group_id": "g1"}], "ext": {"b": 1}});
        assert_eq!(Value::Object(member.more), more);
    }
}
