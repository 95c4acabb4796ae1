//! Activates and deactivates platforms.

use store::deliveries::{self, HeldPart};
use store::deployments::{self, Deployment, DeploymentStatus};
use store::{StoreError, Tx, platforms};

use crate::events::{Event, Events};

/// Which platform to switch, and how.
#[derive(Clone, Debug)]
pub(crate) struct Switch {
    /// The tool it belongs to.
    pub(crate) tool_id: String,
    /// The platform's id.
    pub(crate) platform_id: String,
    /// Whether its launches are accepted.
    pub(crate) active: bool,
}

/// Activates or deactivates a platform. Activating it also activates its waiting deployments, and releases scores held
/// for them. Returns false if the tool has no such platform. Each change is an event. The platform's row is locked
/// meanwhile: the outcome of a delivery attempt is recorded either before, so that its score is held or released like
/// the others, or afterwards, according to the new state.
///
/// # Errors
/// The store failed.
pub(crate) async fn switch(
    tx: &mut Tx<'_>,
    events: &Events,
    switch: Switch,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let Switch {
        tool_id,
        platform_id,
        active,
    } = switch;
    let was_active = held(tx, &platform_id).await?;
    if active {
        deliveries::outlast(tx, &platform_id, now_ms).await?;
        // LTIAAS's clients don't know deployments, so activating the platform is their only way to say this.
        if deployments::admit_all(tx, platform_id.clone()).await? > 0 {
            deliveries::release_admitted(tx, &platform_id, now_ms).await?;
        }
    }
    let (tool, id) = (tool_id.clone(), platform_id.clone());
    let is_known = platforms::set_active(tx, tool, id, active, now_ms).await?;
    if is_known && was_active == Some(!active) {
        switch_deliveries(tx, &HeldPart::Platform(platform_id.clone()), active, now_ms).await?;
        let event = Event::PlatformSwitched {
            platform_id,
            active,
        };
        events.tell(tx, &tool_id, &event).await?;
    }
    Ok(is_known)
}

/// Changes the status of a deployment, and holds or releases its scores. The platform's row is locked as in [`switch`].
/// Returns false if the platform has no such deployment.
///
/// # Errors
/// The store failed.
pub(crate) async fn switch_deployment(
    tx: &mut Tx<'_>,
    platform_id: String,
    deployment_id: String,
    status: DeploymentStatus,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let held = HeldPart::Deployment(platform_id.clone(), deployment_id.clone());
    let is_active = status == DeploymentStatus::Active;
    platforms::lock(tx, platform_id.clone()).await?;
    let changed = deployments::set_status(tx, platform_id, deployment_id, status).await?;
    if changed {
        switch_deliveries(tx, &held, is_active, now_ms).await?;
    }
    Ok(changed)
}

/// Adds a deployment, and releases the scores of one that had been deleted. The platform's row is locked as in
/// [`switch`]. Returns false if the platform already has it.
///
/// # Errors
/// The store failed.
pub(crate) async fn add_deployment(
    tx: &mut Tx<'_>,
    platform_id: String,
    new: Deployment,
) -> Result<bool, StoreError> {
    let held = HeldPart::Deployment(platform_id.clone(), new.deployment_id.clone());
    platforms::lock(tx, platform_id.clone()).await?;
    let (id, status, now_ms) = (new.deployment_id, new.status, new.first_seen);
    let added = deployments::save(tx, platform_id, id, status, now_ms).await?;
    if added && status == DeploymentStatus::Active {
        switch_deliveries(tx, &held, true, now_ms).await?;
    }
    Ok(added)
}

/// Adds a deployment from which a launch came, or activates it if it was waiting, and releases its scores. The
/// platform's row is locked as in [`switch`]. Returns false if it was known and not waiting.
///
/// # Errors
/// The store failed.
pub(crate) async fn admit_deployment(
    tx: &mut Tx<'_>,
    platform_id: String,
    new: Deployment,
) -> Result<bool, StoreError> {
    let (id, now_ms) = (new.deployment_id.clone(), new.first_seen);
    if add_deployment(tx, platform_id.clone(), new).await? {
        return Ok(true);
    }
    let held = HeldPart::Deployment(platform_id.clone(), id.clone());
    let is_admitted = deployments::admit(tx, platform_id, id).await?;
    if is_admitted {
        switch_deliveries(tx, &held, true, now_ms).await?;
    }
    Ok(is_admitted)
}

/// Deletes a deployment, and holds its scores until it is known again. The platform's row is locked as in [`switch`].
/// Returns false if the platform has no such deployment.
///
/// # Errors
/// The store failed.
pub(crate) async fn forget_deployment(
    tx: &mut Tx<'_>,
    platform_id: String,
    deployment_id: String,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let held = HeldPart::Deployment(platform_id.clone(), deployment_id.clone());
    platforms::lock(tx, platform_id.clone()).await?;
    let forgotten = deployments::delete(tx, platform_id, deployment_id).await?;
    if forgotten {
        switch_deliveries(tx, &held, false, now_ms).await?;
    }
    Ok(forgotten)
}

/// Holds or releases waiting scores (grades.md GR-11).
///
/// # Errors
/// The store failed.
pub(crate) async fn switch_deliveries(
    tx: &mut Tx<'_>,
    what: &HeldPart,
    active: bool,
    now_ms: i64,
) -> Result<(), StoreError> {
    match active {
        true => deliveries::release(tx, what, now_ms).await.map(drop),
        false => deliveries::hold(tx, what, now_ms).await.map(drop),
    }
}

/// Whether a platform is active, locked until the transaction ends; `None` if there is no such platform.
///
/// # Errors
/// The store failed.
pub(crate) async fn held(tx: &mut Tx<'_>, platform_id: &str) -> Result<Option<bool>, StoreError> {
    platforms::lock(tx, platform_id.to_owned()).await?;
    let row = platforms::by_id(tx, platform_id.to_owned()).await?;
    Ok(row.map(|row| row.active))
}
