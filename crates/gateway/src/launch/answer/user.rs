//! The person in the answer of `GET /api/idtoken`.

use std::borrow::Cow;

use lti::role::Standing;
use serde::Serialize;
use utoipa::ToSchema;

use crate::launch::facts::Facts;

/// The person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IdTokenUser<'a> {
    /// The platform's id for the person; for an anonymous person, an id that is valid for this
    /// launch only.
    id: Cow<'a, str>,
    /// Present and true if the platform doesn't say who it is. Store nothing under this id.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    anonymous: bool,
    /// Roles as received.
    roles: &'a [String],
    /// The person's role here, in one word: a teaching assistant is `teaching assistant`, whatever
    /// other roles the platform sends.
    role: &'static str,
    #[serde(flatten)]
    is: CourseRoles,
    /// Present and true for the platform's preview user.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    test_user: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    /// The old name of `givenName`.
    #[serde(rename = "given_name", skip_serializing_if = "Option::is_none")]
    given_name_before: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
    /// The old name of `familyName`.
    #[serde(rename = "family_name", skip_serializing_if = "Option::is_none")]
    family_name_before: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
    /// Users this person mentors.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    role_scope_mentor: &'a [String],
}

/// The meaning of the person's course roles, each considered separately: several can be true, and
/// unknown roles make none true. In Canvas, a teaching assistant is also an instructor.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CourseRoles {
    is_administrator: bool,
    is_instructor: bool,
    is_content_developer: bool,
    is_teaching_assistant: bool,
    is_mentor: bool,
    is_learner: bool,
}

impl CourseRoles {
    fn of(roles: &[String]) -> Self {
        let each = Standing::each_of(roles);
        let is = |standing| each.contains(&standing);
        Self {
            is_administrator: is(Standing::Administrator),
            is_instructor: is(Standing::Instructor),
            is_content_developer: is(Standing::ContentDeveloper),
            is_teaching_assistant: is(Standing::TeachingAssistant),
            is_mentor: is(Standing::Mentor),
            is_learner: is(Standing::Learner),
        }
    }
}

impl<'a> IdTokenUser<'a> {
    pub(super) fn new(facts: &'a Facts, launch_id: &str) -> Self {
        let person = &facts.person;
        Self {
            // LTIAAS's clients need one: without it, an SDK uses the text "undefined", and so one
            // account for everyone.
            id: match &facts.user_id {
                Some(id) => Cow::Borrowed(id),
                None => Cow::Owned(format!("anonymous-{launch_id}")),
            },
            anonymous: facts.user_id.is_none(),
            roles: &facts.roles,
            role: facts.standing,
            is: CourseRoles::of(&facts.roles),
            test_user: facts.is_test_user,
            email: person.email.as_deref(),
            name: person.name.as_deref(),
            given_name: person.given_name.as_deref(),
            given_name_before: person.given_name.as_deref(),
            family_name: person.family_name.as_deref(),
            family_name_before: person.family_name.as_deref(),
            middle_name: person.middle_name.as_deref(),
            picture: person.picture.as_deref(),
            locale: person.locale.as_deref(),
            role_scope_mentor: &facts.mentors,
        }
    }
}
