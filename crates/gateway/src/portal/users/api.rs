//! `/admin/portal/users`: who may sign in to the portal, and in which role. API keys can't create,
//! change or remove an owner (docs/decisions/0353-no-api-key-makes-an-owner.md).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::portal_users::{self, PortalUser};
use utoipa::ToSchema;

use super::changes::{UserChange, UserChanged};
use super::choices::role_of;
use crate::directory::api_keys::scope::ForUsers;
use crate::directory::auth::WithApiKey;
use crate::kit::clock::iso;
use crate::portal::people::profile::UserProfile;
use crate::portal::people::role::Role;
use crate::portal::room::Portal;
use crate::web::api_rule::ApiRule;
use crate::web::json::json_body;
use crate::web::problem::Problem;

/// An API key would create or change an owner.
pub(super) const OWNERS_ONLY: ApiRule = ApiRule::new(
    "PORTAL_OWNERS_ONLY",
    StatusCode::FORBIDDEN,
    "No API key makes, changes, signs out or removes an owner. Another owner does so in the portal, under Users.",
);
pub(super) const NO_USER: ApiRule = ApiRule::new(
    "PORTAL_USER_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "The tool's portal has no user with this id. GET /admin/portal/users lists them.",
);
const NO_SESSION: ApiRule = ApiRule::new(
    "PORTAL_SESSION_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "The user has no session with this id.",
);

/// The change of a user: the role, to any but `owner`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PortalUserChange {
    role: Role,
}

/// A user of the portal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalUser)]
pub(crate) struct PortalUserAnswer {
    id: String,
    /// The name that others see.
    name: String,
    /// What they sign in with: an e-mail address, or the name of the first owner.
    login: String,
    role: Role,
    #[schema(format = DateTime)]
    created_at: String,
    /// When they last used the portal, to the minute; absent if they never have.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    last_seen_at: Option<String>,
    /// Whether they have a password.
    password: bool,
    /// Whether they have a second step.
    second_step: bool,
    /// Whether they are connected with the identity provider.
    identity_provider: bool,
}

impl PortalUserAnswer {
    fn new(user: PortalUser, profile: UserProfile) -> Self {
        Self {
            role: role_of(&user.role),
            created_at: iso(user.created_at),
            last_seen_at: user.seen_at.map(iso),
            password: user.has_password(),
            second_step: user.totp_sealed.is_some(),
            identity_provider: user.oidc_hash.is_some(),
            id: user.id,
            name: profile.name,
            login: profile.login,
        }
    }
}

/// The users of a tool's portal.
#[derive(Serialize, ToSchema)]
pub(crate) struct PortalUserList {
    users: Vec<PortalUserAnswer>,
}

/// Lists the users of the tool's portal, oldest first.
#[utoipa::path(
    get, path = "/admin/portal/users", tag = "Operator: portal", operation_id = "listPortalUsers",
    security(("apiKey" = ["manage"])),
    responses((status = 200, description = "Who may sign in.", body = PortalUserList)),
)]
pub(crate) async fn list(
    State(portal): State<Portal>,
    WithApiKey { tool, .. }: WithApiKey<ForUsers>,
) -> Result<Json<PortalUserList>, Problem> {
    let mut reader = portal.db.read().await?;
    let rows = portal_users::of_tool(&mut reader.tx(), tool.id.clone()).await?;
    drop(reader);
    let answer = |user: PortalUser| -> Result<PortalUserAnswer, StoreError> {
        let profile = UserProfile::open(&portal.rows, &user.id, &user.profile_sealed)?;
        Ok(PortalUserAnswer::new(user, profile))
    };
    let users = rows.into_iter().map(answer);
    let users = users.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Json(PortalUserList { users }))
}

/// Gives a user another role.
///
/// It takes effect with their next request. Only owners make and change owners, in the portal.
#[utoipa::path(
    patch, path = "/admin/portal/users/{id}", tag = "Operator: portal", operation_id = "changePortalUser",
    security(("apiKey" = [])),
    params(("id" = String, Path, description = "Id of a user of the portal.")),
    request_body = PortalUserChange,
    responses(
        (status = 200, description = "The user as they are now.", body = PortalUserAnswer),
        (status = 403, description = "`PORTAL_OWNERS_ONLY`: the user is an owner, or would become one."),
        (status = 404, description = "`PORTAL_USER_NOT_FOUND`: the tool's portal has no user with this id."),
    ),
)]
pub(crate) async fn change(
    State(portal): State<Portal>,
    WithApiKey { tool, .. }: WithApiKey<ForUsers>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<PortalUserAnswer>, Problem> {
    let PortalUserChange { role } = json_body(&body)?;
    if role == Role::Owner {
        return Err(OWNERS_ONLY.problem());
    }
    portal
        .changed_by_key(&tool.id, &id, UserChange::Role(role))
        .await?;
    let found = portal.user_of(&tool.id, &id).await?;
    let (user, profile) = found.ok_or_else(|| NO_USER.problem())?;
    Ok(Json(PortalUserAnswer::new(user, profile)))
}

/// Removes a user from the portal.
///
/// Their sessions end. Only owners remove owners, in the portal.
#[utoipa::path(
    delete, path = "/admin/portal/users/{id}", tag = "Operator: portal", operation_id = "removePortalUser",
    security(("apiKey" = [])),
    params(("id" = String, Path, description = "Id of a user of the portal.")),
    responses(
        (status = 204, description = "They can no longer sign in."),
        (status = 403, description = "`PORTAL_OWNERS_ONLY`: the user is an owner."),
        (status = 404, description = "`PORTAL_USER_NOT_FOUND`: the tool's portal has no user with this id."),
    ),
)]
pub(crate) async fn remove(
    State(portal): State<Portal>,
    WithApiKey { tool, .. }: WithApiKey<ForUsers>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    portal
        .changed_by_key(&tool.id, &id, UserChange::Remove)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Portal {
    /// Makes a change to a user that an API key may make.
    ///
    /// # Errors
    /// 403 for an owner, 404 if the tool has no such user or they have no such session; or the
    /// store failed.
    pub(super) async fn changed_by_key(
        &self,
        tool_id: &str,
        id: &str,
        change: UserChange,
    ) -> Result<(), Problem> {
        let found = self.user_of(tool_id, id).await?;
        let (user, profile) = found.ok_or_else(|| NO_USER.problem())?;
        match self.change_user((&user, &profile), change, None).await? {
            UserChanged::Done => Ok(()),
            UserChanged::OwnersOnly | UserChanged::LastOwner => Err(OWNERS_ONLY.problem()),
            UserChanged::Gone => Err(NO_USER.problem()),
            UserChanged::NoSession => Err(NO_SESSION.problem()),
        }
    }
}
