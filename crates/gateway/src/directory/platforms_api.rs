//! `/admin/platforms`, `/api/platforms`: registered platforms, in LTIAAS's shape (ltiaas-api.md §2.9).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use lti::key::KeySet;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::app::App;
use crate::directory::auth::WithApiKey;
use crate::directory::frame_origins::{self, FrameOrigins};
use crate::directory::platforms::Platform;
use crate::directory::platforms::no_platform;
use crate::kit::id::new_id;
use crate::settings::launch::PlatformRules;
use crate::settings::launch::UnknownDeployments;
use crate::web::json::json_body;
use crate::web::problem::Problem;
use store::platforms::{self, KeyDelivery, Management, PlatformRow};
use store::{StoreError, signing_keys as stored_keys};

/// What an administrator sends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    url: String,
    client_id: String,
    name: String,
    authentication_endpoint: String,
    accesstoken_endpoint: String,
    auth_config: AuthConfig,
    authorization_server: Option<String>,
    active: Option<bool>,
    unknown_deployments: Option<UnknownDeployments>,
    key_delivery: Option<KeyDelivery>,
    /// Beside the platform's own; left out they stay as they are, since LTIAAS's clients don't know them.
    frame_origins: Option<Vec<String>>,
    /// As those.
    launch: Option<PlatformRules>,
}

#[derive(Serialize, Deserialize)]
struct AuthConfig {
    method: String,
    key: String,
}

/// What an administrator reads.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Output {
    id: String,
    url: String,
    client_id: String,
    name: String,
    authentication_endpoint: String,
    accesstoken_endpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_server: Option<String>,
    auth_config: AuthConfig,
    public_key: String,
    key_delivery: String,
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown_deployments: Option<String>,
    frame_origins: Vec<String>,
    #[serde(skip_serializing_if = "PlatformRules::is_empty")]
    launch: PlatformRules,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_family_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    login_url: String,
    launch_url: String,
    keyset_url: String,
}

impl Input {
    /// Every problem at once, so that one answer is enough to mend them.
    fn check(&self, app: &App) -> Result<(), Problem> {
        let mut errors = Vec::new();
        let mut wrong =
            |field: &str, problem: String| errors.push(json!({"field": field, "message": problem}));
        for (field, value) in [
            ("url", &self.url),
            ("clientId", &self.client_id),
            ("name", &self.name),
        ] {
            if value.trim().is_empty() || value.len() > 2048 || value.contains(char::is_control) {
                wrong(field, "must be a text of 1 to 2048 characters".into());
            }
        }
        let rules = self.launch.as_ref().map(PlatformRules::problems);
        for (member, problem) in rules.unwrap_or_default() {
            wrong(member, problem.into());
        }
        let mut endpoints = vec![
            (
                "authenticationEndpoint",
                self.authentication_endpoint.as_str(),
            ),
            ("accesstokenEndpoint", self.accesstoken_endpoint.as_str()),
        ];
        match self.auth_config.method.as_str() {
            "JWK_SET" => endpoints.push(("authConfig.key", &self.auth_config.key)),
            "JWK_KEY" | "RSA_KEY" => {
                if let Err(error) = KeySet::from_pasted(&self.auth_config.key) {
                    wrong("authConfig.key", error.to_string());
                }
            }
            _ => wrong(
                "authConfig.method",
                "must be JWK_SET, JWK_KEY or RSA_KEY".into(),
            ),
        }
        if self.listed_origins().is_none() {
            let problem = format!("{}; {} at most", frame_origins::FORM, frame_origins::MOST);
            wrong("frameOrigins", problem);
        }
        for (field, value) in endpoints {
            match Url::parse(value) {
                Err(error) => wrong(field, format!("is not an address: {error}")),
                Ok(url) => {
                    if let Err(blocked) = app.outbound.permits(&url) {
                        wrong(
                            field,
                            format!("{blocked}; the operator may open it with outbound_allow"),
                        );
                    }
                }
            }
        }
        if errors.is_empty() {
            return Ok(());
        }
        let fields: Vec<&str> = errors
            .iter()
            .filter_map(|error| error["field"].as_str())
            .collect();
        let description = format!(
            "Nothing was stored. Check these members: {}",
            fields.join(", ")
        );
        Err(Problem::bad_request("INVALID_PLATFORM", description)
            .with("errors", Value::Array(errors)))
    }

    /// None where an entry is no origin.
    fn listed_origins(&self) -> Option<FrameOrigins> {
        FrameOrigins::parse(self.frame_origins.as_deref().unwrap_or_default())
    }

    fn into_platform(
        self,
        id: String,
        tool_id: String,
        active: bool,
        now_ms: i64,
    ) -> Result<Platform, StoreError> {
        let frame_origins = self.listed_origins().unwrap_or_default();
        let rules = self.launch.unwrap_or_default().to_text();
        Platform::try_from(PlatformRow {
            id,
            tool_id,
            issuer: self.url,
            client_id: self.client_id,
            name: self.name,
            authorization_endpoint: self.authentication_endpoint,
            token_endpoint: self.accesstoken_endpoint,
            authorization_server: self
                .authorization_server
                .filter(|server| !server.is_empty()),
            key_method: self.auth_config.method,
            key_value: self.auth_config.key,
            // Whoever adds a platform by hand may have pasted our key there: nothing changes it until they say not.
            key_delivery: self
                .key_delivery
                .unwrap_or(KeyDelivery::Pasted)
                .as_str()
                .to_owned(),
            family: None,
            version: None,
            scopes: String::new(),
            unknown_deployments: self
                .unknown_deployments
                .map(|policy| policy.as_str().to_owned()),
            frame_origins: frame_origins.policy(),
            launch_rules: rules.map_err(|error| StoreError::Corrupt(error.to_string()))?,
            active: self.active.unwrap_or(active),
            created_at: now_ms,
            updated_at: now_ms,
        })
    }
}

async fn output(app: &App, platform: Platform) -> Result<Output, Problem> {
    let public = &app.config.public_url;
    let Platform { row, launch } = platform;
    Ok(Output {
        public_key: app.our_keys.pem_of(&row.id).await?,
        login_url: public.join(&format!("/lti/login/{}", row.id)),
        launch_url: public.join("/lti/launch"),
        keyset_url: public.join(&format!("/lti/keys/{}", row.id)),
        id: row.id,
        url: row.issuer,
        client_id: row.client_id,
        name: row.name,
        authentication_endpoint: row.authorization_endpoint,
        accesstoken_endpoint: row.token_endpoint,
        authorization_server: row.authorization_server,
        auth_config: AuthConfig {
            method: row.key_method,
            key: row.key_value,
        },
        key_delivery: row.key_delivery,
        active: row.active,
        unknown_deployments: row.unknown_deployments,
        frame_origins: FrameOrigins::listed(&row.frame_origins).into_sources(),
        launch,
        product_family_code: row.family,
        version: row.version,
    })
}

fn taken(error: StoreError) -> Problem {
    if !error.is_taken() {
        return error.into();
    }
    Problem::new(
        StatusCode::CONFLICT,
        "URL_CLIENT_ID_COMBINATION_ALREADY_EXISTS",
        "A platform with this url and clientId is registered already.",
    )
}

/// `GET …/platforms`, filtered by `id`, `url` and `clientId`.
pub async fn list(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let mut found = platforms::of_tool(&mut app.db.read().await?.tx(), tool.id.clone()).await?;
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match &*name {
            "id" => found.retain(|platform| platform.id == value),
            "url" => found.retain(|platform| platform.issuer == value),
            "clientId" => found.retain(|platform| platform.client_id == value),
            _ => {}
        }
    }
    let mut outputs = Vec::with_capacity(found.len());
    for platform in found {
        outputs.push(output(&app, Platform::try_from(platform)?).await?);
    }
    Ok(Json(json!({"platforms": outputs})))
}

/// `POST …/platforms`: manual registration. Active at once unless it says otherwise.
pub async fn create(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let input: Input = json_body(&body)?;
    input.check(&app)?;
    let now = app.clock.now_ms();
    let platform = input.into_platform(new_id(now, &app.random), tool.id.clone(), true, now)?;
    app.our_keys.assign(&tool.id, &platform.id).await?;
    let row = platform.clone().into_row()?;
    let stored = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { platforms::insert(&mut tx, row, Management::default()).await })
    });
    if let Err(error) = stored.await {
        app.our_keys.discard(&platform.id).await?;
        return Err(taken(error));
    }
    app.platforms.changed();
    tracing::info!(
        platform_id = platform.id,
        issuer = platform.issuer,
        "platform created"
    );
    Ok(Json(json!(output(&app, platform).await?)))
}

/// `GET …/platforms/:id`.
pub async fn read(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let platform = app.platforms.of_tool(&tool.id, &id).await?;
    Ok(Json(json!(output(&app, platform).await?)))
}

/// `PUT …/platforms/:id`.
pub async fn replace(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let input: Input = json_body(&body)?;
    input.check(&app)?;
    let before = app.platforms.of_tool(&tool.id, &id).await?;
    let says_delivery = input.key_delivery.is_some();
    let keeps_origins = input.frame_origins.is_none();
    let keeps_rules = input.launch.is_none();
    let mut platform = input.into_platform(
        before.id.clone(),
        tool.id.clone(),
        before.active,
        app.clock.now_ms(),
    )?;
    if !says_delivery {
        platform.key_delivery.clone_from(&before.key_delivery);
    }
    if keeps_origins {
        platform.frame_origins.clone_from(&before.frame_origins);
    }
    if keeps_rules {
        platform.launch.clone_from(&before.launch);
    }
    let row = platform.into_row()?;
    let stored = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { platforms::replace(&mut tx, row).await })
    });
    if !stored.await.map_err(taken)? {
        return Err(no_platform());
    }
    app.platforms.changed();
    tracing::info!(platform_id = before.id, "platform replaced");
    let platform = app.platforms.of_tool(&tool.id, &before.id).await?;
    Ok(Json(json!(output(&app, platform).await?)))
}

/// `DELETE …/platforms/:id`.
pub async fn delete(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let id = app.platforms.of_tool(&tool.id, &id).await?.id.clone();
    let (tool_id, platform_id) = (tool.id.clone(), id.clone());
    let deleted = app.db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let deleted = platforms::delete(&mut tx, tool_id, platform_id.clone()).await?;
            if deleted {
                stored_keys::delete_of_platform(&mut tx, platform_id).await?;
            }
            Ok(deleted)
        })
    });
    if !deleted.await? {
        return Err(no_platform());
    }
    app.platforms.changed();
    app.platform_keys.forget(&id);
    tracing::info!(platform_id = id, "platform deleted");
    Ok(StatusCode::NO_CONTENT)
}

/// `POST …/platforms/:id/activate`.
pub async fn activate(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    set_active(&app, &tool.id, id, true).await
}

/// `POST …/platforms/:id/deactivate`.
pub async fn deactivate(
    State(app): State<App>,
    WithApiKey(tool): WithApiKey,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    set_active(&app, &tool.id, id, false).await
}

async fn set_active(
    app: &App,
    tool_id: &str,
    id: String,
    active: bool,
) -> Result<Json<Value>, Problem> {
    let id = app.platforms.of_tool(tool_id, &id).await?.id.clone();
    let (tool, platform_id, now) = (tool_id.to_owned(), id.clone(), app.clock.now_ms());
    let changed = app.db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(
            async move { platforms::set_active(&mut tx, tool, platform_id, active, now).await },
        )
    });
    if !changed.await? {
        return Err(no_platform());
    }
    app.platforms.changed();
    tracing::info!(platform_id = id, active, "platform switched");
    let platform = app.platforms.of_tool(tool_id, &id).await?;
    Ok(Json(json!(output(app, platform).await?)))
}
