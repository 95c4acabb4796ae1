//! Activates and deactivates platforms, and with them holds or releases their scores: the transaction switches the
//! first few hundred, the rest follow in pieces ([`finish`]). Until all are done, nothing is sent to the platform.

use std::time::Duration;

use store::deliveries::{self, HeldPart};
use store::deployments::{self, Deployment, DeploymentStatus};
use store::{Db, StoreError, Tx, platforms};
use tokio::time::timeout;

use crate::events::{Event, Events};

/// How long a request waits for the last of very many scores, so that the next read shows all of them switched.
const PATIENCE: Duration = Duration::from_secs(10);

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
    let (mut stopped_at, mut admitted) = (None, 0);
    if active {
        stopped_at = deliveries::stopped_at(tx, &platform_id, now_ms).await?;
        // LTIAAS's clients know no deployments, and this is their only word.
        admitted = deployments::admit_all(tx, platform_id.clone()).await?;
    }
    let (tool, id) = (tool_id.clone(), platform_id.clone());
    let is_known = platforms::set_active(tx, tool, id, active, now_ms).await?;
    let is_switched = is_known && was_active == Some(!active);
    if is_switched || admitted > 0 {
        let what = HeldPart::Platform(platform_id.clone());
        deliveries::switch(tx, &what, active, stopped_at, now_ms).await?;
    }
    if is_switched {
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
        deliveries::switch(tx, &held, is_active, None, now_ms).await?;
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
        deliveries::switch(tx, &held, true, None, now_ms).await?;
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
        deliveries::switch(tx, &held, true, None, now_ms).await?;
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
        deliveries::switch(tx, &held, false, None, now_ms).await?;
    }
    Ok(forgotten)
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

/// Continues a platform's switches until they have reached all of its scores, in pieces small enough not to delay
/// launches.
///
/// # Errors
/// The store failed; the next call continues.
pub(crate) async fn finish(db: &Db, platform_id: &str) -> Result<(), StoreError> {
    let id = platform_id.to_owned();
    let sweep = db.sweep(move |mut tx, most| {
        let id = id.clone();
        Box::pin(async move {
            platforms::lock(&mut tx, id.clone()).await?;
            deliveries::go_on(&mut tx, &id, most).await
        })
    });
    sweep.await.map(drop)
}

/// See [`finish`], for every platform.
///
/// # Errors
/// It failed for at least one of them.
pub(crate) async fn finish_all(db: &Db) -> Result<(), StoreError> {
    let left = deliveries::switching_platforms(&mut db.read().await?.tx()).await?;
    let mut all = Ok(());
    for id in left {
        all = all.and(finish(db, &id).await);
    }
    all
}

/// Waits some seconds for a platform's switches to finish. If they take longer, they continue without anyone waiting.
pub(crate) async fn settled(db: &Db, platform_id: &str) {
    if let Err(error) = soon_settled(db, platform_id).await {
        // The switch itself has been stored; a server continues within seconds.
        tracing::warn!(platform_id, %error, "scores are not all held or released yet");
    }
}

async fn soon_settled(db: &Db, platform_id: &str) -> Result<(), StoreError> {
    if !deliveries::is_switching(&mut db.read().await?.tx(), platform_id).await? {
        return Ok(());
    }
    let (db, id) = (db.clone(), platform_id.to_owned());
    // In a separate task, because it may take longer than a request can.
    let finishing = tokio::spawn(async move { finish(&db, &id).await });
    match timeout(PATIENCE, finishing).await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) | Err(_) => Ok(()),
    }
}
