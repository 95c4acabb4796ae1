//! Platforms and deployments waiting for a decision.

use crate::engine::{StoreError, Tx, fetch, statements};

statements! {
    PLATFORMS = "SELECT id, name, issuer, family, version, scopes, created_at FROM platforms WHERE tool_id = $1 AND NOT active \
                 AND stopped_at IS NULL ORDER BY created_at, id LIMIT $2";
    // Across all tools, few deployments are waiting, so they are found first, whatever the
    // statistics say about platforms.
    DEPLOYMENTS = "SELECT d.platform_id, p.name, d.deployment_id, d.first_seen FROM deployments d \
                   JOIN platforms p ON p.id = d.platform_id WHERE d.status = 'pending' AND d.first_seen > 0 AND p.tool_id || '' = $1 AND p.active \
                   ORDER BY d.first_seen LIMIT $2";
}

/// A registered platform that is waiting for a decision.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WaitingPlatform {
    /// Our id for it.
    pub id: String,
    /// Its display name.
    pub name: String,
    /// Its issuer, as it writes it.
    pub issuer: String,
    /// Product family, such as `moodle`.
    pub family: Option<String>,
    /// The product's version.
    pub version: Option<String>,
    /// The scopes it grants, separated by spaces.
    pub scopes: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// A known deployment of an active platform that is waiting for a decision.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct WaitingDeployment {
    /// Our id for its platform.
    pub platform_id: String,
    /// The platform's display name.
    pub name: String,
    /// The platform's id for the deployment.
    pub deployment_id: String,
    /// Milliseconds since 1970.
    pub first_seen: i64,
}

/// Up to `most` waiting platforms, oldest first.
///
/// # Errors
/// The store failed.
pub async fn platforms(
    tx: &mut Tx<'_>,
    tool_id: String,
    most: i64,
) -> Result<Vec<WaitingPlatform>, StoreError> {
    fetch!(all, tx, WaitingPlatform, PLATFORMS, tool_id, most)
}

/// Up to `most` waiting deployments, oldest first.
///
/// # Errors
/// The store failed.
pub async fn deployments(
    tx: &mut Tx<'_>,
    tool_id: String,
    most: i64,
) -> Result<Vec<WaitingDeployment>, StoreError> {
    fetch!(all, tx, WaitingDeployment, DEPLOYMENTS, tool_id, most)
}
