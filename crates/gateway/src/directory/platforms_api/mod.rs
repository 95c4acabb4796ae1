//! `/admin/platforms`, `/api/platforms`: registered platforms, in LTIAAS's shape
//! (ltiaas-api.md §2.9).

mod answer;
mod given;
mod input;
pub(crate) mod removing;
mod replacing;
mod slip;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use store::StoreError;
use store::platforms::{self, ListedPlatform, PlatformFilter, PlatformRow};

use self::answer::{PlatformAnswer, PlatformList};
pub(crate) use self::given::GivenPlatform;
use self::input::PlatformInput;
pub(crate) use self::replacing::{CHANGED, replace_if};
pub(crate) use self::slip::PlatformSlip;
use crate::directory::alike;
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::entering;
use crate::directory::platforms::Platform;
use crate::directory::room::Directory;
use crate::directory::switching::{Switch, settled, switch};
use crate::keys::rotation::NO_PLATFORM;
use crate::kit::id::new_id;
use crate::web::api_rule::ApiRule;
use crate::web::paging::{cut, limit, parameters, wrong};
use crate::web::problem::{Problem, unless_taken};
use crate::web::wrong_member::WrongMember;

const TAKEN: ApiRule = ApiRule::new(
    "URL_CLIENT_ID_COMBINATION_ALREADY_EXISTS",
    StatusCode::CONFLICT,
    "A platform with this url and clientId is registered already. A second self-hosted Canvas can make a further developer key, \
     which has another client id, or take an issuer of its own (lti_iss in its config/security.yml), which all its tools have to \
     know then.",
);

async fn answer(room: &Directory, platform: Platform) -> Result<Json<PlatformAnswer>, Problem> {
    let public_pem = room.our_keys.pem_of(&platform.id).await?;
    let public_url = room.tools.address_of(&platform.tool_id, &room.public_url);
    Ok(Json(PlatformAnswer::new(&public_url, platform, public_pem)))
}

fn warning(
    Json(mut answer): Json<PlatformAnswer>,
    warnings: Vec<&'static str>,
) -> Json<PlatformAnswer> {
    answer.warnings = warnings;
    Json(answer)
}

/// Refuses a platform if what we send to another one to prove who we are could be used there.
async fn refuse_alike(room: &Directory, platform: &PlatformRow) -> Result<(), Problem> {
    let Some(known) = alike::alike(&room.db, platform).await? else {
        return Ok(());
    };
    let wrong = WrongMember::new("accesstokenEndpoint", alike::told(&known));
    Err(PlatformInput::wrong(vec![wrong]))
}

/// How many platforms are returned to a client that doesn't ask for pages: LTIAAS's clients expect
/// all of them, and few tools have more.
const UNPAGED: i64 = 1_000;

/// Parses a list's query. Ignores unknown parameters, as LTIAAS does.
fn filter(query: &str) -> Result<PlatformFilter, Problem> {
    let mut filter = PlatformFilter {
        limit: UNPAGED,
        ..PlatformFilter::default()
    };
    for (name, value) in parameters(query) {
        match &*name {
            "id" | "url" | "clientId" | "cursor" if value.contains(char::is_control) => {
                return Err(wrong(&name, "must be plain text"));
            }
            "id" => filter.id = Some(value.into_owned()),
            "url" => filter.issuer = Some(value.into_owned()),
            "clientId" => filter.client_id = Some(value.into_owned()),
            "limit" => filter.limit = limit(&value)?,
            "cursor" => {
                let position = value
                    .split_once('.')
                    .and_then(|(at, id)| Some((at.parse().ok()?, id)));
                let (at, id) = position
                    .ok_or_else(|| wrong("cursor", "must be the nextCursor of an answer"))?;
                filter.after = Some((at, id.to_owned()));
            }
            _ => {}
        }
    }
    Ok(filter)
}

/// Lists the platforms of the tool.
#[utoipa::path(
    get, path = "/admin/platforms",
    tag = "Operator: platforms", operation_id = "listPlatforms", security(("apiKey" = ["manage", "read"])),
    params(
        ("id" = Option<String>, Query, description = "Only the platform with this id."),
        ("url" = Option<String>, Query, description = "Only platforms with this issuer, character for character."),
        ("clientId" = Option<String>, Query, description = "Only platforms with this client id."),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 200, description = "Platforms on a page; without it up to 1,000."),
        ("cursor" = Option<String>, Query, description = "`nextCursor` of the page before."),
    ),
    responses(
        (status = 200, description = "The platforms that fit all parameters, oldest first.", body = PlatformList),
        (status = 400, description = "`INVALID_PARAMETER`: a parameter has a value it can't have."),
    ),
)]
pub(crate) async fn list(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    RawQuery(query): RawQuery,
) -> Result<Json<PlatformList>, Problem> {
    let mut filter = filter(&query.unwrap_or_default())?;
    let limit = filter.limit;
    filter.limit += 1;
    let now = room.clock.now_ms();
    let mut found =
        platforms::page(&mut room.db.read().await?.tx(), &tool.id, &filter, now).await?;
    let next_cursor = cut(&mut found, limit, |last| {
        format!("{}.{}", last.row.created_at, last.row.id)
    });
    let public_url = tool.address(&room.public_url);
    let answer = |listed: ListedPlatform| {
        let public_pem = listed.public_pem.unwrap_or_default();
        let platform = Platform::try_from(listed.row)?;
        Ok(PlatformAnswer::new(&public_url, platform, public_pem))
    };
    let platforms: Result<_, StoreError> = found.into_iter().map(answer).collect();
    Ok(Json(PlatformList {
        platforms: platforms?,
        next_cursor,
    }))
}

/// Registers a platform by hand.
#[utoipa::path(
    post, path = "/admin/platforms",
    tag = "Operator: platforms", operation_id = "createPlatform", security(("apiKey" = ["manage"])),
    request_body = PlatformInput,
    responses(
        (status = 200, description = "The platform; active unless the request said otherwise.", body = PlatformAnswer),
        (status = 400, description = "`INVALID_PLATFORM`: nothing was stored; `details.errors` says what is wrong with which member."),
        (status = 409, description = "`URL_CLIENT_ID_COMBINATION_ALREADY_EXISTS`: another platform has this `url` and `clientId`."),
    ),
)]
pub(crate) async fn create(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    body: Bytes,
) -> Result<Json<PlatformAnswer>, Problem> {
    let input = PlatformInput::read(&body)?;
    input.check(&room.outbound)?;
    let warnings = input.warnings();
    let now = room.clock.now_ms();
    let platform = input.into_platform(new_id(now, &room.random), tool.id.clone(), true, now)?;
    refuse_alike(&room, &platform).await?;
    room.our_keys.assign(&tool.id, &platform.id).await?;
    let (row, events) = (platform.clone().into_row()?, room.events.clone());
    let stored = room.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { entering::enter(&mut tx, &events, row).await })
    });
    if let Err(error) = stored.await {
        room.our_keys.discard(&platform.id).await?;
        return Err(unless_taken(TAKEN)(error));
    }
    room.platforms.changed();
    room.events.committed();
    tracing::info!(
        platform_id = platform.id,
        issuer = platform.issuer,
        ?warnings,
        "platform created"
    );
    Ok(warning(answer(&room, platform).await?, warnings))
}

/// Reads a platform.
#[utoipa::path(
    get, path = "/admin/platforms/{id}",
    tag = "Operator: platforms", operation_id = "readPlatform", security(("apiKey" = ["manage", "read"])),
    params(("id" = String, Path, description = "Id of a platform."),),
    responses(
        (status = 200, description = "The platform.", body = PlatformAnswer),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
    ),
)]
pub(crate) async fn read(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<PlatformAnswer>, Problem> {
    let platform = room.platforms.of_tool(&tool.id, &id).await?;
    answer(&room, platform).await
}

/// Replaces a platform.
///
/// Members that LTIAAS's clients don't know stay as they are if they are left out, and so does
/// `active`; `null` resets them to their default.
#[utoipa::path(
    put, path = "/admin/platforms/{id}",
    tag = "Operator: platforms", operation_id = "replacePlatform", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a platform."),),
    request_body = PlatformInput,
    responses(
        (status = 200, description = "The platform as it is now.", body = PlatformAnswer),
        (status = 400, description = "`INVALID_PLATFORM`: nothing was stored; `details.errors` says what is wrong with which member."),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
        (status = 409, description = "`URL_CLIENT_ID_COMBINATION_ALREADY_EXISTS`: another platform has this `url` and `clientId`.\n`PLATFORM_CHANGED_MEANWHILE`: something else keeps changing the platform; nothing was changed."),
    ),
)]
pub(crate) async fn replace(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<PlatformAnswer>, Problem> {
    replace_if(&room, &tool.id, &id, &body, |_| true).await
}

/// Lets a platform launch.
///
/// Its pending deployments are activated, too.
#[utoipa::path(
    post, path = "/admin/platforms/{id}/activate",
    tag = "Operator: platforms", operation_id = "activatePlatform", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a platform."),),
    responses(
        (status = 200, description = "The platform, active now.", body = PlatformAnswer),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
    ),
)]
pub(crate) async fn activate(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<PlatformAnswer>, Problem> {
    set_active(&room, &tool.id, id, true).await
}

/// Stops a platform.
///
/// Launches are refused, and earlier ones can no longer be read.
#[utoipa::path(
    post, path = "/admin/platforms/{id}/deactivate",
    tag = "Operator: platforms", operation_id = "deactivatePlatform", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a platform."),),
    responses(
        (status = 200, description = "The platform, inactive now.", body = PlatformAnswer),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
    ),
)]
pub(crate) async fn deactivate(
    State(room): State<Directory>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<PlatformAnswer>, Problem> {
    set_active(&room, &tool.id, id, false).await
}

async fn set_active(
    room: &Directory,
    tool_id: &str,
    id: String,
    active: bool,
) -> Result<Json<PlatformAnswer>, Problem> {
    let id = room.platforms.of_tool(tool_id, &id).await?.id.clone();
    let (events, now) = (room.events.clone(), room.clock.now_ms());
    let to = Switch {
        tool_id: tool_id.to_owned(),
        platform_id: id.clone(),
        active,
    };
    let changed = room.db.write_or_repeat(move |mut tx| {
        let (events, to) = (events.clone(), to.clone());
        Box::pin(async move { switch(&mut tx, &events, to, now).await })
    });
    if !changed.await? {
        return Err(NO_PLATFORM.problem());
    }
    room.platforms.changed();
    room.events.committed();
    settled(&room.db, &id).await;
    tracing::info!(platform_id = id, active, "platform switched");
    if !active {
        room.platform_keys.forget(&id);
    }
    let platform = room.platforms.of_tool(tool_id, &id).await?;
    answer(room, platform).await
}
