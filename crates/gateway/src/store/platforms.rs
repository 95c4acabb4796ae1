//! Registered platforms.

use super::{StoreError, Tx, execute, fetch, statements};

macro_rules! columns {
    () => {
        "id, tool_id, issuer, client_id, name, authorization_endpoint, token_endpoint, authorization_server, key_method, \
         key_value, family, version, scopes, active, created_at, updated_at"
    };
}

statements! {
    INSERT = "INSERT INTO platforms (id, tool_id, issuer, client_id, name, authorization_endpoint, token_endpoint, \
              authorization_server, key_method, key_value, family, version, scopes, registration_uri, \
              registration_token_sealed, active, created_at, updated_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)";
    REPLACE = "UPDATE platforms SET issuer = $3, client_id = $4, name = $5, authorization_endpoint = $6, \
               token_endpoint = $7, authorization_server = $8, key_method = $9, key_value = $10, active = $11, \
               updated_at = $12 WHERE tool_id = $1 AND id = $2";
    SET_ACTIVE = "UPDATE platforms SET active = $3, updated_at = $4 WHERE tool_id = $1 AND id = $2";
    DELETE = "DELETE FROM platforms WHERE tool_id = $1 AND id = $2";
    BY_ID = concat!("SELECT ", columns!(), " FROM platforms WHERE id = $1");
    OF_ISSUER = concat!("SELECT ", columns!(), " FROM platforms WHERE tool_id = $1 AND issuer = $2 ORDER BY created_at, id");
    OF_TOOL = concat!("SELECT ", columns!(), " FROM platforms WHERE tool_id = $1 ORDER BY created_at, id");
}

/// A platform as it is stored: one registration, the pair of issuer and client id.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Platform {
    /// Our id for it.
    pub id: String,
    /// The tool it belongs to.
    pub tool_id: String,
    /// Issuer, compared byte for byte.
    pub issuer: String,
    /// The client id that the platform gave us.
    pub client_id: String,
    /// What people call it.
    pub name: String,
    /// Where logins are sent.
    pub authorization_endpoint: String,
    /// Where access tokens are asked for.
    pub token_endpoint: String,
    /// Audience of token requests where it isn't the token endpoint.
    pub authorization_server: Option<String>,
    /// `JWK_SET`, `JWK_KEY` or `RSA_KEY`.
    pub key_method: String,
    /// The key set's URL, the key as JWK, or the key as PEM.
    pub key_value: String,
    /// Product family, such as `moodle`.
    pub family: Option<String>,
    /// The product's version.
    pub version: Option<String>,
    /// Scopes it granted, separated by blanks.
    pub scopes: String,
    /// Whether launches are taken.
    pub active: bool,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub updated_at: i64,
}

/// Where a registration can later be read or changed (RFC 7592).
#[derive(Debug, Default)]
pub struct Management {
    /// `registration_client_uri`.
    pub uri: Option<String>,
    /// `registration_access_token`, sealed.
    pub token_sealed: Option<Vec<u8>>,
}

/// Adds a platform.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] where issuer and client id are already registered.
pub async fn insert(
    tx: &mut Tx<'_>,
    platform: Platform,
    management: Management,
) -> Result<(), StoreError> {
    let p = platform;
    execute!(
        tx,
        INSERT,
        p.id,
        p.tool_id,
        p.issuer,
        p.client_id,
        p.name,
        p.authorization_endpoint,
        p.token_endpoint,
        p.authorization_server,
        p.key_method,
        p.key_value,
        p.family,
        p.version,
        p.scopes,
        management.uri,
        management.token_sealed,
        p.active,
        p.created_at,
    )
    .and_then(super::db::one_row)
}

/// Replaces what an administrator may set; false where there is no such platform.
///
/// # Errors
/// As [`insert`].
pub async fn replace(tx: &mut Tx<'_>, platform: Platform) -> Result<bool, StoreError> {
    let p = platform;
    Ok(execute!(
        tx,
        REPLACE,
        p.tool_id,
        p.id,
        p.issuer,
        p.client_id,
        p.name,
        p.authorization_endpoint,
        p.token_endpoint,
        p.authorization_server,
        p.key_method,
        p.key_value,
        p.active,
        p.updated_at,
    )? == 1)
}

/// Lets a platform launch, or stops it; false where there is no such platform.
///
/// # Errors
/// The store failed.
pub async fn set_active(
    tx: &mut Tx<'_>,
    tool_id: String,
    id: String,
    active: bool,
    now_ms: i64,
) -> Result<bool, StoreError> {
    Ok(execute!(tx, SET_ACTIVE, tool_id, id, active, now_ms)? == 1)
}

/// Removes a platform and its deployments; false where there is no such platform.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, tool_id: String, id: String) -> Result<bool, StoreError> {
    Ok(execute!(tx, DELETE, tool_id, id)? == 1)
}

/// One platform.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<Platform>, StoreError> {
    fetch!(optional, tx, Platform, BY_ID, id)
}

/// Every platform of an issuer, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_issuer(
    tx: &mut Tx<'_>,
    tool_id: String,
    issuer: String,
) -> Result<Vec<Platform>, StoreError> {
    fetch!(all, tx, Platform, OF_ISSUER, tool_id, issuer)
}

/// Every platform of a tool, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_tool(tx: &mut Tx<'_>, tool_id: String) -> Result<Vec<Platform>, StoreError> {
    fetch!(all, tx, Platform, OF_TOOL, tool_id)
}
