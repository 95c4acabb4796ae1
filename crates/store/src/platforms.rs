//! Registered platforms.

use serde::{Deserialize, Serialize};

use crate::engine::{StoreError, Tx, execute, fetch, statements};
pub use crate::key_method::KeyMethod;

macro_rules! columns {
    () => {
        "id, tool_id, issuer, client_id, name, authorization_endpoint, token_endpoint, authorization_server, key_method, \
         key_value, key_delivery, family, version, scopes, unknown_deployments, launch_rules, grade_rules, frame_origins, active, created_at, updated_at, addressed_as"
    };
}

/// The columns of a list; `$5` is the current time.
macro_rules! listed {
    () => {
        concat!(
            "SELECT ", columns!(), ", (SELECT k.public_pem FROM signing_keys k WHERE k.platform_id = p.id \
             AND (k.published_until IS NULL OR k.published_until > $5) ORDER BY CASE WHEN k.signs_from <= $5 THEN 0 ELSE 1 END, \
             k.signs_from DESC, k.created_at DESC LIMIT 1) AS public_pem FROM platforms p WHERE "
        )
    };
}

statements! {
    INSERT = "INSERT INTO platforms (id, tool_id, issuer, client_id, name, authorization_endpoint, token_endpoint, \
              authorization_server, key_method, key_value, family, version, scopes, registration_uri, \
              registration_token_sealed, configuration, unknown_deployments, frame_origins, active, created_at, \
              updated_at, key_delivery, launch_rules, grade_rules) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
              $17, $18, $19, $20, $20, $21, $22, $23)";
    REPLACE = "UPDATE platforms SET issuer = $3, client_id = $4, name = $5, authorization_endpoint = $6, \
               token_endpoint = $7, authorization_server = $8, key_method = $9, key_value = $10, unknown_deployments = $11, \
               frame_origins = $12, active = $13, updated_at = $14, key_delivery = $15, launch_rules = $16, grade_rules = $17, \
               stopped_at = CASE WHEN CAST($13 AS BOOLEAN) THEN NULL WHEN active THEN CAST($14 AS BIGINT) ELSE stopped_at END WHERE tool_id = $1 AND id = $2";
    LOCK = "UPDATE platforms SET id = id WHERE id = $1";
    SET_ACTIVE = "UPDATE platforms SET active = $3, updated_at = $4, \
                  stopped_at = CASE WHEN CAST($3 AS BOOLEAN) THEN NULL WHEN active THEN CAST($4 AS BIGINT) \
                  ELSE COALESCE(stopped_at, CAST($4 AS BIGINT)) END WHERE tool_id = $1 AND id = $2";
    DELETE = "DELETE FROM platforms WHERE tool_id = $1 AND id = $2";
    BY_ID = concat!("SELECT ", columns!(), " FROM platforms WHERE id = $1 \
             OR id = (SELECT platform_id FROM platform_aliases WHERE alias = $1)");
    ADD_ALIAS = "INSERT INTO platform_aliases (alias, platform_id) VALUES ($1, $2)";
    REFRESH = "UPDATE platforms SET family = $2, version = $3, scopes = $4, registration_uri = $5, \
               registration_token_sealed = $6, configuration = $7, \
               updated_at = $8, addressed_as = $9 WHERE id = $1";
    NAME_FAMILY = "UPDATE platforms SET family = $2 WHERE id = $1 AND family IS NULL";
    GRANTED = "UPDATE platforms SET scopes = $2, updated_at = $3 WHERE id = $1";
    MANAGEMENT = "SELECT registration_uri, registration_token_sealed, configuration FROM platforms WHERE id = $1";
    // Pages, with the current signing key. One statement per filter, each ordered by age; the ''
    // rules out the indexes of the other filters.
    PAGE = concat!(listed!(), "p.tool_id = $1 AND (p.created_at, p.id) > ($2, $3) ORDER BY p.created_at, p.id LIMIT $4");
    PAGE_OF_ISSUER = concat!(listed!(), "p.tool_id || '' = $1 AND p.issuer = $6 AND (p.created_at, p.id) > ($2, $3) \
                             ORDER BY p.created_at, p.id LIMIT $4");
    PAGE_OF_CLIENT = concat!(listed!(), "p.tool_id || '' = $1 AND p.client_id = $6 AND (p.created_at, p.id) > ($2, $3) \
                             AND (CAST($7 AS TEXT) IS NULL OR p.issuer = $7) ORDER BY p.created_at, p.id LIMIT $4");
    PAGE_OF_ID = concat!(listed!(), "p.tool_id || '' = $1 AND p.id = $6 AND (p.created_at, p.id) > ($2, $3) LIMIT $4");
    // Sorted afterwards; otherwise SQLite would choose the index for the order.
    OF_ISSUER = concat!("SELECT ", columns!(), " FROM platforms WHERE tool_id = $1 AND issuer = $2");
    OF_TOOL = concat!("SELECT ", columns!(), " FROM platforms WHERE tool_id = $1 ORDER BY created_at, id");
    IDS_OF_TOOL = "SELECT id FROM platforms WHERE tool_id = $1 ORDER BY created_at, id";
}

/// SQLite has a single writer and no such clause.
const KEEP_ON_SERVER: &str = "SELECT id FROM platforms WHERE id = $1 FOR SHARE";

/// A platform as stored: one registration, identified by issuer and client id.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PlatformRow {
    /// Our id for it.
    pub id: String,
    /// The tool it belongs to.
    pub tool_id: String,
    /// Issuer, compared byte for byte.
    pub issuer: String,
    /// The client id it assigned to us.
    pub client_id: String,
    /// Its display name.
    pub name: String,
    /// Where to send logins.
    pub authorization_endpoint: String,
    /// Where to request access tokens.
    pub token_endpoint: String,
    /// The audience of token requests, if it isn't the token endpoint.
    pub authorization_server: Option<String>,
    /// How its keys are obtained.
    #[sqlx(try_from = "String")]
    pub key_method: KeyMethod,
    /// The key set's URL, the key as JWK, or the key as PEM.
    pub key_value: String,
    /// How our public key reaches the platform: see [`KeyDelivery`].
    pub key_delivery: String,
    /// Product family, such as `moodle`.
    pub family: Option<String>,
    /// The product's version.
    pub version: Option<String>,
    /// The scopes it granted, separated by spaces.
    pub scopes: String,
    /// What to do with unknown deployments, if it differs from the tool's rule.
    pub unknown_deployments: Option<String>,
    /// Origins that may frame our pages, in addition to those of the addresses here, separated by
    /// spaces.
    pub frame_origins: String,
    /// Its other rules for launches, as JSON.
    pub launch_rules: String,
    /// Its rules for delivering scores, as JSON.
    pub grade_rules: String,
    /// Whether its launches are accepted.
    pub active: bool,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub updated_at: i64,
    /// The id in the addresses that the platform has for us, if it isn't [`Self::id`], because it
    /// registered again.
    pub addressed_as: Option<String>,
}

impl PlatformRow {
    /// The id in the addresses that the platform has for us.
    pub fn address_id(&self) -> &str {
        self.addressed_as.as_ref().unwrap_or(&self.id)
    }
}

/// How our public key reaches a platform (lti.md G-07).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyDelivery {
    /// The platform fetches our key set.
    Url,
    /// An administrator pasted the key, and must do so again when it changes.
    Pasted,
}

impl KeyDelivery {
    /// Its name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Pasted => "pasted",
        }
    }
}

/// How to read or change a registration later (RFC 7592).
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub struct Management {
    /// `registration_client_uri`.
    #[sqlx(rename = "registration_uri")]
    pub uri: Option<String>,
    /// `registration_access_token`, sealed.
    #[sqlx(rename = "registration_token_sealed")]
    pub token_sealed: Option<Vec<u8>>,
    /// The platform's configuration as it sent it.
    pub configuration: Option<String>,
}

/// Adds a platform.
///
/// # Errors
/// The store failed; [`StoreError::is_taken`] if issuer and client id are already registered.
pub async fn insert(
    tx: &mut Tx<'_>,
    platform: PlatformRow,
    management: Management,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        platform.id,
        platform.tool_id,
        platform.issuer,
        platform.client_id,
        platform.name,
        platform.authorization_endpoint,
        platform.token_endpoint,
        platform.authorization_server,
        platform.key_method.as_str(),
        platform.key_value,
        platform.family,
        platform.version,
        platform.scopes,
        management.uri,
        management.token_sealed,
        management.configuration,
        platform.unknown_deployments,
        platform.frame_origins,
        platform.active,
        platform.created_at,
        platform.key_delivery,
        platform.launch_rules,
        platform.grade_rules,
    )
}

/// Replaces the fields that an administrator may set. Returns false if there is no such platform.
///
/// # Errors
/// As [`insert`].
pub async fn replace(tx: &mut Tx<'_>, platform: PlatformRow) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        REPLACE,
        platform.tool_id,
        platform.id,
        platform.issuer,
        platform.client_id,
        platform.name,
        platform.authorization_endpoint,
        platform.token_endpoint,
        platform.authorization_server,
        platform.key_method.as_str(),
        platform.key_value,
        platform.unknown_deployments,
        platform.frame_origins,
        platform.active,
        platform.updated_at,
        platform.key_delivery,
        platform.launch_rules,
        platform.grade_rules,
    )
}

/// Locks a platform's row until the transaction ends. Returns false if there is no such platform.
///
/// # Errors
/// The store failed.
pub async fn lock(tx: &mut Tx<'_>, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, LOCK, id)
}

/// Takes a shared lock on a platform's row until the transaction ends. Waits for a transaction that
/// has locked it ([`lock`]).
///
/// # Errors
/// The store failed.
pub async fn keep(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(_) => fetch!(optional, tx, (String,), KEEP_ON_SERVER, id).map(drop),
    }
}

/// Activates or deactivates a platform. Returns false if there is no such platform.
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
    execute!(optional, tx, SET_ACTIVE, tool_id, id, active, now_ms)
}

/// Removes a platform and its deployments. Returns false if there is no such platform.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, tool_id: String, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, DELETE, tool_id, id)
}

/// One platform.
///
/// # Errors
/// The store failed.
pub async fn by_id(tx: &mut Tx<'_>, id: String) -> Result<Option<PlatformRow>, StoreError> {
    fetch!(optional, tx, PlatformRow, BY_ID, id)
}

/// Every platform of an issuer, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_issuer(
    tx: &mut Tx<'_>,
    tool_id: String,
    issuer: String,
) -> Result<Vec<PlatformRow>, StoreError> {
    let mut found = fetch!(all, tx, PlatformRow, OF_ISSUER, tool_id, issuer)?;
    found.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(found)
}

/// Every platform of a tool, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_tool(tx: &mut Tx<'_>, tool_id: String) -> Result<Vec<PlatformRow>, StoreError> {
    fetch!(all, tx, PlatformRow, OF_TOOL, tool_id)
}

/// The ids of every platform of a tool, oldest first.
///
/// # Errors
/// The store failed.
pub async fn ids_of_tool(tx: &mut Tx<'_>, tool_id: &str) -> Result<Vec<String>, StoreError> {
    let found = fetch!(all, tx, (String,), IDS_OF_TOOL, tool_id)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Which platforms to return.
#[derive(Clone, Debug, Default)]
pub struct PlatformFilter {
    /// The one with this id.
    pub id: Option<String>,
    /// Those with exactly this `iss`.
    pub issuer: Option<String>,
    /// Those with this client id.
    pub client_id: Option<String>,
    /// Only those created after this one, given its creation time in milliseconds since 1970 and
    /// its id.
    pub after: Option<(i64, String)>,
    /// The most to return.
    pub limit: i64,
}

/// A platform in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListedPlatform {
    /// The platform itself.
    #[sqlx(flatten)]
    pub row: PlatformRow,
    /// The public half of the key that currently signs for it, as PEM.
    pub public_pem: Option<String>,
}

/// A page of a tool's platforms, oldest first.
///
/// # Errors
/// The store failed.
pub async fn page(
    tx: &mut Tx<'_>,
    tool_id: &str,
    filter: &PlatformFilter,
    now_ms: i64,
) -> Result<Vec<ListedPlatform>, StoreError> {
    let (at, id) = filter.after.clone().unwrap_or((i64::MIN, String::new()));
    macro_rules! listed {
        ($statement:ident $(, $by:expr)*) => {
            fetch!(
                all, tx, ListedPlatform, $statement, tool_id, at, id, filter.limit, now_ms $(, $by)*
            )
        };
    }
    let mut found = match (&filter.id, &filter.client_id, &filter.issuer) {
        (Some(id), ..) => listed!(PAGE_OF_ID, id),
        (_, Some(client_id), _) => listed!(PAGE_OF_CLIENT, client_id, filter.issuer.as_deref()),
        (.., Some(issuer)) => listed!(PAGE_OF_ISSUER, issuer),
        _ => listed!(PAGE),
    }?;
    // The one with the id may not match the other filters.
    found.retain(|platform| {
        let of =
            |asked: &Option<String>, has: &str| asked.as_deref().is_none_or(|asked| asked == has);
        of(&filter.issuer, &platform.row.issuer) && of(&filter.client_id, &platform.row.client_id)
    });
    Ok(found)
}

/// Adds a second id for a platform that registered again.
///
/// # Errors
/// The store failed.
pub async fn add_alias(
    tx: &mut Tx<'_>,
    alias: String,
    platform_id: String,
) -> Result<(), StoreError> {
    execute!(one, tx, ADD_ALIAS, alias, platform_id)
}

/// Updates what a platform says about itself when it registers again. Issuer, client id, endpoints,
/// keys and the active flag stay unchanged.
///
/// # Errors
/// The store failed.
pub async fn refresh(
    tx: &mut Tx<'_>,
    platform: PlatformRow,
    management: Management,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        REFRESH,
        platform.id,
        platform.family,
        platform.version,
        platform.scopes,
        management.uri,
        management.token_sealed,
        management.configuration,
        platform.updated_at,
        platform.addressed_as
    )
}

/// How to read or change a platform's registration.
///
/// # Errors
/// The store failed.
pub async fn management(tx: &mut Tx<'_>, id: String) -> Result<Option<Management>, StoreError> {
    fetch!(optional, tx, Management, MANAGEMENT, id)
}

/// Sets the product family of a platform that has none. Returns false if it has one, or is gone.
///
/// # Errors
/// The store failed.
pub async fn name_family(tx: &mut Tx<'_>, id: &str, family: &str) -> Result<bool, StoreError> {
    execute!(optional, tx, NAME_FAMILY, id, family)
}

/// Updates the scopes that a platform grants.
///
/// # Errors
/// The store failed.
pub async fn set_granted(
    tx: &mut Tx<'_>,
    id: String,
    scopes: String,
    now_ms: i64,
) -> Result<(), StoreError> {
    execute!(one, tx, GRANTED, id, scopes, now_ms)
}
