//! `…/platforms/:id/registration`: reads and changes the registration that a platform has stored
//! for us (lti.md D.7, RFC 7592).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use lti::registration::{PlatformConfiguration, RegistrationAnswer, RegistrationRefusal};
use serde_json::Value;
use url::Url;

use super::offer::DOCUMENT_BYTES;
use super::room::Registrations;
use super::wanted::wanted;
use crate::directory::acceptance::may_be_asked_for_tokens;
use crate::directory::api_keys::scope::ForManagement;
use crate::directory::auth::WithApiKey;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::keys::service_tokens::{ServiceTokenError, service_source};
use crate::kit::media_type::JSON;
use crate::kit::outbound::{Answer, OutboundError, Purpose, Request};
use crate::kit::text::as_sentence;
use crate::web::api_rule::ApiRule;
use crate::web::problem::{OUTBOUND_BUSY, Problem};
use lti::json::mended_value;
use store::StoreError;
use store::platforms::{self, Management};

const READ: &str = "https://purl.imsglobal.org/spec/lti-reg/scope/registration.readonly";
const WRITE: &str = "https://purl.imsglobal.org/spec/lti-reg/scope/registration";

/// Members of a platform's copy that are between the platform and us
/// (RFC 7591 §3.2.1, RFC 7592 §3). Programs, people in the portal and the audit log get the copy
/// without them.
const SECRETS: [&str; 2] = ["client_secret", "registration_access_token"];

const NOT_MANAGEABLE: ApiRule = ApiRule::new(
    "REGISTRATION_NOT_MANAGEABLE",
    StatusCode::CONFLICT,
    "What this platform has stored of the tool can't be read or changed from here.",
);
/// Its 401 and 403 are reported as 403.
const REFUSED: ApiRule = ApiRule::new(
    "REGISTRATION_REFUSED",
    StatusCode::BAD_GATEWAY,
    "The platform refused.",
);
const NOT_ANSWERED: ApiRule = ApiRule::new(
    "REGISTRATION_NOT_ANSWERED",
    StatusCode::BAD_GATEWAY,
    "The platform gave no answer that could be used.",
);
const NOTHING_IN_COMMON: ApiRule = ApiRule::new(
    "NOTHING_IN_COMMON",
    StatusCode::CONFLICT,
    "The platform takes no message or service that the tool has.",
);

/// Why a platform's copy can't be read or changed.
#[derive(Debug, thiserror::Error)]
enum ManagementError {
    #[error("the platform gave no address to read or change the registration at")]
    NotOffered,
    #[error(
        "the platform's configuration was not kept: it was registered by hand or by an older version"
    )]
    NoConfiguration,
    #[error(
        "the platform is not active: it is asked for the access token that this needs once someone has activated it"
    )]
    NotActive,
    #[error(transparent)]
    Token(#[from] Arc<ServiceTokenError>),
    #[error("the platform was not asked: {0}")]
    Busy(OutboundError),
    #[error("the platform gave no answer: {0}")]
    Send(OutboundError),
    #[error("the platform refused ({}): {}", .0.status, .0.message)]
    Refused(RegistrationRefusal),
    #[error("the platform's answer can't be used: {0}")]
    Answer(String),
    #[error("the platform answered with client id {0}, which is not this registration's")]
    OtherClient(String),
}

impl From<OutboundError> for ManagementError {
    fn from(error: OutboundError) -> Self {
        match error {
            OutboundError::Busy => Self::Busy(error),
            error => Self::Send(error),
        }
    }
}

impl ManagementError {
    /// Whether our own limit was the obstacle.
    fn is_ours(&self) -> bool {
        match self {
            Self::Busy(_) => true,
            Self::Token(error) => matches!(**error, ServiceTokenError::Send(OutboundError::Busy)),
            _ => false,
        }
    }

    /// Whether the platform has certainly changed nothing: it was not asked, or refused.
    fn is_nothing_done(&self) -> bool {
        match self {
            Self::Token(_) | Self::Busy(_) => true,
            Self::Refused(refusal) => matches!(refusal.status, 400..500),
            _ => false,
        }
    }
}

impl From<ManagementError> for Problem {
    fn from(error: ManagementError) -> Self {
        let (rule, is_external) = match &error {
            ManagementError::NotOffered
            | ManagementError::NoConfiguration
            | ManagementError::NotActive => (NOT_MANAGEABLE, false),
            error if error.is_ours() => (OUTBOUND_BUSY, false),
            ManagementError::Refused(refusal) if matches!(refusal.status, 401 | 403) => {
                let status = StatusCode::FORBIDDEN;
                (ApiRule { status, ..REFUSED }, true)
            }
            ManagementError::Refused(_) => (REFUSED, true),
            _ => (NOT_ANSWERED, true),
        };
        let mut problem = rule.saying(format!("{}.", as_sentence(&error.to_string())));
        problem.is_nothing_done = error.is_nothing_done();
        if is_external {
            problem.with("externalError", true)
        } else {
            problem
        }
    }
}

/// The identity that a platform's registration token is sealed with.
pub(crate) fn token_row(platform_id: &str) -> String {
    format!("platforms/{platform_id}/registration_token")
}

/// Our registration at a platform, and the token for accessing it.
struct RemoteRegistration {
    platform: Platform,
    management: Management,
    uri: Url,
    token: String,
}

impl RemoteRegistration {
    async fn open(
        room: &Registrations,
        tool_id: &str,
        id: &str,
        scope: &str,
    ) -> Result<Self, Problem> {
        let platform = room.platforms.of_tool(tool_id, id).await?;
        let management =
            platforms::management(&mut room.db.read().await?.tx(), platform.id.clone())
                .await?
                .unwrap_or_default();
        let uri = management
            .uri
            .as_deref()
            .and_then(|uri| Url::parse(uri).ok())
            .ok_or(ManagementError::NotOffered)?;
        let token = match &management.token_sealed {
            Some(sealed) => {
                let token = room
                    .rows
                    .open(&token_row(&platform.id), sealed)
                    .map_err(Problem::internal)?;
                String::from_utf8(token).map_err(Problem::internal)?
            }
            // Canvas sends an address but no token: an ordinary access token is accepted (D-61).
            None => {
                if !may_be_asked_for_tokens(&room.db, &platform).await? {
                    return Err(ManagementError::NotActive.into());
                }
                let token = room.service_tokens.get(&platform, scope);
                let token = token.await.map_err(ManagementError::from)?;
                token.answer.access_token
            }
        };
        Ok(Self {
            platform,
            management,
            uri,
            token,
        })
    }

    fn request(&self) -> Request<'_> {
        Request {
            purpose: Purpose::Service,
            source: service_source(&self.platform),
            url: &self.uri,
            accept: JSON,
            bearer: Some(&self.token),
            limit: DOCUMENT_BYTES,
        }
    }

    /// The platform's copy, if its answer contains one of this registration.
    fn copy_in(
        &self,
        room: &Registrations,
        answer: Result<Answer, OutboundError>,
    ) -> Result<(Value, RegistrationAnswer), ManagementError> {
        let answer = answer?;
        if answer.status == 401 {
            // A token that the platform refused is not used again.
            room.service_tokens.refused(&self.platform.id, &self.token);
        }
        if !matches!(answer.status, 200 | 201) {
            let refusal = RegistrationRefusal::from_body(
                answer.status,
                Some(&answer.media_type()),
                &answer.body,
            );
            return Err(ManagementError::Refused(refusal));
        }
        let parsed = RegistrationAnswer::parse(&answer.body)
            .map_err(|error| ManagementError::Answer(error.to_string()))?;
        if parsed.client_id != self.platform.client_id {
            return Err(ManagementError::OtherClient(parsed.client_id));
        }
        let mut document: Value = mended_value(&answer.body)
            .map_err(|error| ManagementError::Answer(error.to_string()))?;
        if let Some(members) = document.as_object_mut() {
            for secret in SECRETS {
                members.remove(secret);
            }
        }
        Ok((document, parsed))
    }
}

/// Reads the tool's registration as stored by a platform.
#[utoipa::path(
    get, path = "/admin/platforms/{id}/registration", tag = "Operator: platforms", operation_id = "readPlatformRegistration", security(("apiKey" = ["manage", "read"])),
    params(("id" = String, Path, description = "Id of a platform.")),
    responses(
        (status = 200, description = "The platform's copy, as it wrote it.", body = Map<String, Value>),
        (status = 403, description = "`REGISTRATION_REFUSED`: the platform did not accept our token."),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
        (status = 409, description = "`REGISTRATION_NOT_MANAGEABLE`: the platform gave no address for this, or was entered by hand."),
        (status = 502, description = "`REGISTRATION_REFUSED`: the platform refused.\n`REGISTRATION_NOT_ANSWERED`: it gave no answer that can be used."),
        (status = 503, description = "`OUTBOUND_BUSY`: too many requests are on their way, so the platform was not asked; try again."),
    ),
)]
pub(crate) async fn read(
    State(room): State<Registrations>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let remote = RemoteRegistration::open(&room, &tool.id, &id, READ).await?;
    let answer = room.outbound.get(remote.request()).await;
    let (document, _) = remote.copy_in(&room, answer)?;
    Ok(Json(document))
}

/// What the tool's settings request from a platform with this configuration.
fn request_of(
    room: &Registrations,
    tool: &Tool,
    platform: &Platform,
    configuration: &str,
) -> Result<Value, Problem> {
    let configuration =
        PlatformConfiguration::parse(configuration.as_bytes()).map_err(Problem::internal)?;
    let wanted = wanted(
        &tool.settings,
        &tool.address(&room.public_url),
        &format!("/{}", platform.address_id()),
        None,
    );
    let document = wanted.request(&configuration);
    let mut document = document.map_err(|error| NOTHING_IN_COMMON.saying(format!("{error}.")))?;
    document["client_id"] = platform.client_id.clone().into();
    Ok(document)
}

/// What [`update`] would send to a platform now; `None` if its configuration was not stored.
///
/// # Errors
/// The tool has no such platform, the platform supports nothing that the tool offers, or the store
/// failed.
pub(crate) async fn asked_now(
    room: &Registrations,
    tool: &Tool,
    id: &str,
) -> Result<Option<Value>, Problem> {
    let platform = room.platforms.of_tool(&tool.id, id).await?;
    let mut reader = room.db.read().await?;
    let management = platforms::management(&mut reader.tx(), platform.id.clone()).await?;
    drop(reader);
    let configuration = management.and_then(|management| management.configuration);
    let document = configuration.map(|text| request_of(room, tool, &platform, &text));
    document.transpose()
}

/// Sends the tool's settings to a platform.
///
/// The answer may still be the old copy if an administrator of the platform has to approve first.
#[utoipa::path(
    put, path = "/admin/platforms/{id}/registration", tag = "Operator: platforms", operation_id = "updatePlatformRegistration", security(("apiKey" = ["manage"])),
    params(("id" = String, Path, description = "Id of a platform.")),
    responses(
        (status = 200, description = "The platform's copy, as it wrote it.", body = Map<String, Value>),
        (status = 403, description = "`REGISTRATION_REFUSED`: the platform did not accept our token."),
        (status = 404, description = "`PLATFORM_NOT_FOUND`: the tool has no platform with this id."),
        (status = 409, description = "`REGISTRATION_NOT_MANAGEABLE`: the platform gave no address for this, or was entered by hand.\n`NOTHING_IN_COMMON`: the platform takes no message or service that the tool has."),
        (status = 502, description = "`REGISTRATION_REFUSED`: the platform refused.\n`REGISTRATION_NOT_ANSWERED`: it gave no answer that can be used."),
        (status = 503, description = "`OUTBOUND_BUSY`: too many requests are on their way, so the platform was not asked; try again."),
    ),
)]
pub(crate) async fn update(
    State(room): State<Registrations>,
    WithApiKey { tool, .. }: WithApiKey<ForManagement>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let remote = RemoteRegistration::open(&room, &tool.id, &id, WRITE).await?;
    let configuration = remote.management.configuration.as_deref();
    let configuration = configuration.ok_or(ManagementError::NoConfiguration)?;
    let document = request_of(&room, &tool, &remote.platform, configuration)?;
    let body = serde_json::to_vec(&document).map_err(Problem::internal)?;
    let answer = room.outbound.put_json(remote.request(), body).await;
    let (document, parsed) = remote.copy_in(&room, answer)?;
    if let Some(scopes) = parsed.scopes {
        let (platform_id, now) = (remote.platform.id.clone(), room.clock.now_ms());
        let save = room.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                platforms::set_granted(&mut tx, platform_id, scopes.join(" "), now).await
            })
        });
        save.await?;
        room.platforms.changed();
    }
    tracing::info!(
        platform_id = remote.platform.id,
        "registration updated at the platform"
    );
    Ok(Json(document))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_sent_or_was_refused_changed_nothing() {
        let not_sent = Arc::new(ServiceTokenError::Send(OutboundError::TimedOut));
        let refusal = |status| RegistrationRefusal::from_body(status, None, b"");
        for (error, is_open) in [
            (ManagementError::Busy(OutboundError::Busy), false),
            (ManagementError::Token(not_sent), false),
            (ManagementError::Refused(refusal(422)), false),
            (ManagementError::Refused(refusal(500)), true),
            (ManagementError::Send(OutboundError::TimedOut), true),
        ] {
            let problem = Problem::from(error);
            assert_eq!(problem.leaves_open(), is_open, "{problem:?}");
        }
    }

    #[test]
    fn our_own_limit_is_not_the_platforms_fault() {
        for (error, status, is_external) in [
            (OutboundError::Busy, 503, false),
            (OutboundError::TimedOut, 502, true),
        ] {
            let token = Arc::new(ServiceTokenError::Send(error.clone()));
            for error in [ManagementError::from(error), ManagementError::from(token)] {
                let problem = Problem::from(error);
                assert_eq!(problem.status, status, "{problem:?}");
                assert_eq!(problem.details.contains_key("externalError"), is_external);
                assert_eq!(problem.retry_after.is_some(), !is_external);
            }
        }
    }
}
