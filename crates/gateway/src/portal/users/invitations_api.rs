//! `/admin/portal/invitations`: invites people to the portal with a one-time link. API keys can't
//! invite an owner (docs/decisions/0353-no-api-key-makes-an-owner.md).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::portal_links::{self, PortalLink, PortalLinkKind};
use store::{StoreError, Tx, portal_users};
use utoipa::ToSchema;

use super::api::OWNERS_ONLY;
use super::changes::is_owner;
use super::choices::role_of;
use super::invite::LinkMaker;
use crate::directory::api_keys::scope::ForUsers;
use crate::directory::auth::WithApiKey;
use crate::kit::clock::iso;
use crate::portal::links::{NewPortalLink, invited};
use crate::portal::people::profile::UserProfile;
use crate::portal::people::role::Role;
use crate::portal::room::Portal;
use crate::web::api_rule::ApiRule;
use crate::web::json::json_body;
use crate::web::problem::Problem;

const INVALID_EMAIL: ApiRule = ApiRule::new(
    "INVALID_EMAIL",
    StatusCode::BAD_REQUEST,
    "email must be one e-mail address.",
);
const NO_INVITATION: ApiRule = ApiRule::new(
    "PORTAL_INVITATION_NOT_FOUND",
    StatusCode::NOT_FOUND,
    "No invitation with this id waits. GET /admin/portal/invitations lists them.",
);
const TOO_MANY: ApiRule = ApiRule::new(
    "TOO_MANY_PORTAL_USERS",
    StatusCode::CONFLICT,
    "The portal has 200 users and links that wait. Remove some first.",
);
const NO_OWNER: ApiRule = ApiRule::new(
    "PORTAL_WITHOUT_OWNER",
    StatusCode::CONFLICT,
    "Nobody owns this tool's portal yet. `hallpass portal reset-password` prints the address that makes its owner.",
);

/// A person to invite, with any role but `owner`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPortalInvitation {
    /// The e-mail address that they will sign in with. Hallpass sends no e-mail.
    email: String,
    role: Role,
}

/// An unused invitation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalInvitation)]
pub(crate) struct PortalInvitationAnswer {
    id: String,
    email: String,
    role: Role,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    expires_at: String,
    /// The link to send to them. It works once, and is only in the answer to its creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl PortalInvitationAnswer {
    fn new(portal: &Portal, link: &PortalLink) -> Result<Self, StoreError> {
        Ok(Self {
            id: link.id.clone(),
            email: invited(&portal.rows, link)?.unwrap_or_default(),
            role: role_of(&link.role),
            created_at: iso(link.created_at),
            expires_at: iso(link.expires_at),
            url: None,
        })
    }
}

/// Unused invitations.
#[derive(Serialize, ToSchema)]
pub(crate) struct PortalInvitationList {
    invitations: Vec<PortalInvitationAnswer>,
}

/// Lists the invitations to the tool's portal, oldest first.
#[utoipa::path(
    get, path = "/admin/portal/invitations", tag = "Operator: portal", operation_id = "listPortalInvitations",
    security(("apiKey" = ["manage"])),
    responses((status = 200, description = "Those that can still be used, without their links.", body = PortalInvitationList)),
)]
pub(crate) async fn list(
    State(portal): State<Portal>,
    WithApiKey { tool, .. }: WithApiKey<ForUsers>,
) -> Result<Json<PortalInvitationList>, Problem> {
    let mut reader = portal.db.read().await?;
    let links = invitations(&mut reader.tx(), &tool.id).await?;
    drop(reader);
    let now = portal.clock.now_ms();
    let usable = links.iter().filter(|link| now < link.expires_at);
    let invitations = usable.map(|link| PortalInvitationAnswer::new(&portal, link));
    let invitations = invitations.collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Json(PortalInvitationList { invitations }))
}

/// Invites a person to the tool's portal.
///
/// The answer contains the link, which can't be read again: it works once, for seven days. Only
/// owners invite owners, in the portal.
#[utoipa::path(
    post, path = "/admin/portal/invitations", tag = "Operator: portal", operation_id = "createPortalInvitation",
    security(("apiKey" = [])),
    request_body = NewPortalInvitation,
    responses(
        (status = 201, description = "The invitation, with its link.", body = PortalInvitationAnswer),
        (status = 400, description = "`INVALID_EMAIL`: `email` is no e-mail address."),
        (status = 403, description = "`PORTAL_OWNERS_ONLY`: they would become an owner."),
        (status = 409, description = "`TOO_MANY_PORTAL_USERS`: the portal has 200 users and links.\n`PORTAL_WITHOUT_OWNER`: nobody owns the portal yet."),
    ),
)]
pub(crate) async fn create(
    State(portal): State<Portal>,
    WithApiKey { tool, key, .. }: WithApiKey<ForUsers>,
    body: Bytes,
) -> Result<(StatusCode, Json<PortalInvitationAnswer>), Problem> {
    let NewPortalInvitation { email, role } = json_body(&body)?;
    if role == Role::Owner {
        return Err(OWNERS_ONLY.problem());
    }
    let email = UserProfile::mail(&email).ok_or_else(|| INVALID_EMAIL.problem())?;
    let mut reader = portal.db.read().await?;
    let users = portal_users::of_tool(&mut reader.tx(), tool.id.clone()).await?;
    drop(reader);
    // The first owner's link only works while there is no user, so no one may join before. An
    // existing owner stays.
    if !users.iter().any(is_owner) {
        return Err(NO_OWNER.problem());
    }
    let now = portal.clock.now_ms();
    let link = NewPortalLink::to_join(&tool.id, role, &email, &portal.rows, now, &portal.random);
    let mut answer = PortalInvitationAnswer::new(&portal, link.row())?;
    answer.url = Some(portal.address(&tool, &link.path()));
    let by = LinkMaker::ApiKey(key);
    if !portal.store_link(&tool.id, link, by).await? {
        return Err(TOO_MANY.problem());
    }
    tracing::info!(invitation = answer.id, "invited to the portal");
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Withdraws an invitation.
///
/// Its link no longer works. Only owners withdraw the invitation of an owner, in the portal.
#[utoipa::path(
    delete, path = "/admin/portal/invitations/{id}", tag = "Operator: portal", operation_id = "withdrawPortalInvitation",
    security(("apiKey" = [])),
    params(("id" = String, Path, description = "Id of an invitation to the portal.")),
    responses(
        (status = 204, description = "It is withdrawn."),
        (status = 403, description = "`PORTAL_OWNERS_ONLY`: it invites an owner."),
        (status = 404, description = "`PORTAL_INVITATION_NOT_FOUND`: no invitation with this id waits."),
    ),
)]
pub(crate) async fn withdraw(
    State(portal): State<Portal>,
    WithApiKey { tool, .. }: WithApiKey<ForUsers>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let tool_id = tool.id.clone();
    let take = portal.db.write::<_, Problem, _>(move |mut tx| {
        Box::pin(async move {
            let links = invitations(&mut tx, &tool_id).await?;
            let link = links.into_iter().find(|link| link.id == id);
            let link = link.ok_or_else(|| NO_INVITATION.problem())?;
            if link.role == Role::Owner.as_str() {
                return Err(OWNERS_ONLY.problem());
            }
            Ok(portal_links::take(&mut tx, link.id).await?)
        })
    });
    if !take.await? {
        return Err(NO_INVITATION.problem());
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A tool's invitation links, including expired ones.
async fn invitations(tx: &mut Tx<'_>, tool_id: &str) -> Result<Vec<PortalLink>, StoreError> {
    let mut links = portal_links::of_tool(tx, tool_id.to_owned()).await?;
    links.retain(|link| link.kind == PortalLinkKind::Invitation);
    Ok(links)
}
