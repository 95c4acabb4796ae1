//! Members in LTIAAS's format. Absent values are omitted, never null; unknown members pass through.

use lti::nrps::{Container, Member};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A page of members.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Members {
    /// The page's address at the platform.
    id: String,
    context: MembersContext,
    members: Vec<MemberAnswer>,
    #[serde(flatten)]
    others: OtherPages,
}

/// Links to further pages.
#[derive(Serialize, ToSchema)]
pub(super) struct OtherPages {
    /// The next page; pass it as `url`. Absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// Where to ask later for changes; pass it as `url`. Absent if the platform has no such list.
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<String>,
}

/// The course.
#[derive(Serialize, ToSchema)]
pub(super) struct MembersContext {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
}

/// A member. Vendor members are passed on as the platform writes them; with `resourceLinkId`,
/// `message` contains what a launch would.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Member)]
pub(crate) struct MemberAnswer {
    /// The same as `user.id` in this person's launches.
    user_id: String,
    /// Roles as the platform writes them: URIs or short names.
    roles: Vec<String>,
    /// `Active`, `Inactive` or `Deleted`.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    middle_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lis_person_sourced_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lti11_legacy_user_id: Option<String>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl MemberAnswer {
    pub(super) fn user_id(&self) -> &str {
        &self.user_id
    }

    pub(super) fn roles(&self) -> &[String] {
        &self.roles
    }
}

impl From<Member> for MemberAnswer {
    fn from(member: Member) -> Self {
        let mut more = member.more;
        for ours in [
            "userId",
            "givenName",
            "familyName",
            "middleName",
            "lisPersonSourcedId",
            "lti11LegacyUserId",
        ] {
            more.shift_remove(ours);
        }
        Self {
            user_id: member.user_id,
            roles: member.roles,
            status: member.status.name(),
            email: member.email,
            name: member.name,
            given_name: member.given_name,
            family_name: member.family_name,
            middle_name: member.middle_name,
            picture: member.picture,
            lis_person_sourced_id: member.lis_person_sourcedid,
            lti11_legacy_user_id: member.lti11_legacy_user_id,
            more,
        }
    }
}

/// What is known about a page before it arrives.
pub(super) struct Head {
    pub url: String,
    /// The course of the launch, if the page doesn't name one.
    pub context_id: Option<String>,
    pub next: Option<String>,
    pub differences: Option<String>,
}

impl Head {
    /// The JSON after the members: everything else, without the opening brace.
    pub(super) fn tail(self, container: Container) -> Result<Vec<u8>, serde_json::Error> {
        let id = container.context_id.or(self.context_id);
        let whole = Members {
            id: container.id.unwrap_or(self.url),
            context: MembersContext {
                id: id.unwrap_or_default(),
                label: container.context_label,
                title: container.context_title,
            },
            members: Vec::new(),
            others: OtherPages {
                next: self.next,
                differences: self.differences,
            },
        };
        let mut members = serde_json::to_value(whole)?;
        if let Some(members) = members.as_object_mut() {
            members.shift_remove("members");
        }
        let mut tail = serde_json::to_vec(&members)?;
        tail.remove(0);
        Ok(tail)
    }
}
