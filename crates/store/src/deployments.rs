//! Deployments: the places in a platform where the tool is installed.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    SAVE = "INSERT INTO deployments (platform_id, deployment_id, status, first_seen) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (platform_id, deployment_id) DO NOTHING";
    SET_STATUS = "UPDATE deployments SET status = $3 WHERE platform_id = $1 AND deployment_id = $2";
    ADMIT = "UPDATE deployments SET status = 'active' \
             WHERE platform_id = $1 AND deployment_id = $2 AND status = 'pending'";
    ADMIT_ALL = "UPDATE deployments SET status = 'active' WHERE platform_id = $1 AND status = 'pending'";
    DELETE = "DELETE FROM deployments WHERE platform_id = $1 AND deployment_id = $2";
    OF_PLATFORM = "SELECT deployment_id, status, first_seen FROM deployments WHERE platform_id = $1 \
                   ORDER BY first_seen, deployment_id";
    // The '' keeps both databases from starting with the deployments.
    OF_TOOL = "SELECT d.platform_id, d.deployment_id, d.status, d.first_seen FROM platforms p \
               JOIN deployments d ON d.platform_id = p.id || '' WHERE p.tool_id = $1 ORDER BY p.created_at, p.id";
    // Two are enough to know that there are several.
    ACTIVE_PLATFORMS = "SELECT p.id FROM platforms p JOIN deployments d ON d.platform_id = p.id \
                        WHERE p.tool_id = $1 AND p.issuer = $2 AND p.active AND d.deployment_id = $3 LIMIT 2";
    ONE = "SELECT deployment_id, status, first_seen FROM deployments WHERE platform_id = $1 AND deployment_id = $2";
}

/// Whether launches from a deployment are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeploymentStatus {
    /// Accepted.
    Active,
    /// Seen, and waiting for an operator.
    Pending,
    /// Stopped by an operator.
    Disabled,
}

impl DeploymentStatus {
    /// Its name, as stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Pending => "pending",
            Self::Disabled => "disabled",
        }
    }
}

/// A deployment as stored.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// The platform's id for it, byte for byte.
    pub deployment_id: String,
    /// Whether launches are accepted.
    pub status: DeploymentStatus,
    /// Milliseconds since 1970.
    pub first_seen: i64,
}

#[derive(sqlx::FromRow)]
struct DeploymentRow {
    deployment_id: String,
    status: String,
    first_seen: i64,
}

/// A deployment with its platform.
#[derive(sqlx::FromRow)]
struct DeploymentOfRow {
    platform_id: String,
    #[sqlx(flatten)]
    row: DeploymentRow,
}

impl TryFrom<DeploymentRow> for Deployment {
    type Error = StoreError;

    fn try_from(row: DeploymentRow) -> Result<Self, StoreError> {
        let status = match row.status.as_str() {
            "active" => DeploymentStatus::Active,
            "pending" => DeploymentStatus::Pending,
            "disabled" => DeploymentStatus::Disabled,
            other => return Err(StoreError::Corrupt(format!("deployment status {other}"))),
        };
        Ok(Self {
            deployment_id: row.deployment_id,
            status,
            first_seen: row.first_seen,
        })
    }
}

/// Saves a deployment unless it is known. Returns true if it was new.
///
/// # Errors
/// The store failed.
pub async fn save(
    tx: &mut Tx<'_>,
    platform_id: String,
    deployment_id: String,
    status: DeploymentStatus,
    now_ms: i64,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        SAVE,
        platform_id,
        deployment_id,
        status.as_str(),
        now_ms
    )
}

/// Changes a deployment's status. Returns false if it isn't known.
///
/// # Errors
/// The store failed.
pub async fn set_status(
    tx: &mut Tx<'_>,
    platform_id: String,
    deployment_id: String,
    status: DeploymentStatus,
) -> Result<bool, StoreError> {
    execute!(
        optional,
        tx,
        SET_STATUS,
        platform_id,
        deployment_id,
        status.as_str()
    )
}

/// Activates a deployment that is waiting for an operator. Returns false if it isn't.
///
/// # Errors
/// The store failed.
pub async fn admit(
    tx: &mut Tx<'_>,
    platform_id: String,
    deployment_id: String,
) -> Result<bool, StoreError> {
    execute!(optional, tx, ADMIT, platform_id, deployment_id)
}

/// Activates every deployment of a platform that is waiting for an operator.
///
/// # Errors
/// The store failed.
pub async fn admit_all(tx: &mut Tx<'_>, platform_id: String) -> Result<u64, StoreError> {
    execute!(any, tx, ADMIT_ALL, platform_id)
}

/// Deletes a deployment. Returns false if it isn't known.
///
/// # Errors
/// The store failed.
pub async fn delete(
    tx: &mut Tx<'_>,
    platform_id: String,
    deployment_id: String,
) -> Result<bool, StoreError> {
    execute!(optional, tx, DELETE, platform_id, deployment_id)
}

/// A platform's deployments, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_platform(
    tx: &mut Tx<'_>,
    platform_id: String,
) -> Result<Vec<Deployment>, StoreError> {
    fetch!(all, tx, DeploymentRow, OF_PLATFORM, platform_id)?
        .into_iter()
        .map(Deployment::try_from)
        .collect()
}

/// The deployments of all of a tool's platforms, each with its platform's id, grouped by platform.
///
/// # Errors
/// The store failed.
pub async fn of_tool(
    tx: &mut Tx<'_>,
    tool_id: String,
) -> Result<Vec<(String, Deployment)>, StoreError> {
    let rows = fetch!(all, tx, DeploymentOfRow, OF_TOOL, tool_id)?;
    let mut found = Vec::with_capacity(rows.len());
    for DeploymentOfRow { platform_id, row } in rows {
        found.push((platform_id, Deployment::try_from(row)?));
    }
    Ok(found)
}

/// One deployment.
///
/// # Errors
/// The store failed.
pub async fn one(
    tx: &mut Tx<'_>,
    platform_id: String,
    deployment_id: String,
) -> Result<Option<Deployment>, StoreError> {
    fetch!(optional, tx, DeploymentRow, ONE, platform_id, deployment_id)?
        .map(Deployment::try_from)
        .transpose()
}

/// The active platforms of an issuer that have this deployment, at most two.
///
/// # Errors
/// The store failed.
pub async fn active_platforms(
    tx: &mut Tx<'_>,
    tool_id: String,
    issuer: String,
    deployment_id: String,
) -> Result<Vec<String>, StoreError> {
    let found = fetch!(
        all,
        tx,
        (String,),
        ACTIVE_PLATFORMS,
        tool_id,
        issuer,
        deployment_id
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}
