//! Lets platforms launch, and stops them. That also releases or holds scores: the transaction
//! changes the first few hundred, and the others follow in pieces ([`finish`]). Until then nothing
//! is sent to the platform.

use std::time::Duration;

use store::deliveries::{self, HeldPart};
use store::deployments::{self, Deployment, DeploymentStatus};
use store::{Db, StoreError, Tx, platforms};
use tokio::time::timeout;

use crate::events::{Event, Events};

/// How long a request waits for the last of very many scores, so that the next reader finds all of
/// them switched.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which platform to switch, and how.
#[derive(Clone, Debug)]
pub(crate) struct Switch {
    /// The tool it belongs to.
    pub(crate) tool_id: String,
    /// The platform's id.
    pub(crate) platform_id: String,
    /// Whether to accept its launches.
    pub(crate) active: bool,
}

/// Activates or deactivates a platform. Activating also lets its pending deployments in and
/// releases scores that were held for them. False if the tool has no such platform. Each change is
/// an event. The platform's row stays locked meanwhile, so that an attempt at a score is recorded
/// either before, and the score is then held or released like the others, or afterwards, under the
/// new state.
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
        // LTIAAS's clients know no deployments, so this is their only way to activate them.
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
        events.record(tx, &tool_id, &event).await?;
    }
    Ok(is_known)
}

/// Changes the status of a deployment, and holds or releases its scores. Locks the platform's row
/// as [`switch`] does. False if the platform has no such deployment.
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

/// Adds a deployment; if it was forgotten before, its scores are released. Locks the platform's row
/// as [`switch`] does. False if the platform has it already.
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

/// Adds the deployment of a launch, or lets it in if it was pending; its scores are released. Locks
/// the platform's row as [`switch`] does. False if it was known and not pending.
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

/// Forgets a deployment, whose scores are held until it is known again. Locks the platform's row as
/// [`switch`] does. False if the platform has no such deployment.
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

/// Whether a platform may launch; locks that until the transaction ends. `None` if there is no such
/// platform.
///
/// # Errors
/// The store failed.
pub(crate) async fn held(tx: &mut Tx<'_>, platform_id: &str) -> Result<Option<bool>, StoreError> {
    platforms::lock(tx, platform_id.to_owned()).await?;
    let row = platforms::by_id(tx, platform_id.to_owned()).await?;
    Ok(row.map(|row| row.active))
}

/// Finishes a platform's switches for all of its scores, in pieces that launches hardly notice.
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

/// The same for every platform.
///
/// # Errors
/// As [`finish`], for at least one of them.
pub(crate) async fn finish_all(db: &Db) -> Result<(), StoreError> {
    let left = deliveries::switching_platforms(&mut db.read().await?.tx()).await?;
    let mut all = Ok(());
    for id in left {
        all = all.and(finish(db, &id).await);
    }
    all
}

/// Waits up to some seconds for a platform's switches to be finished. They continue even if no one
/// waits any longer.
pub(crate) async fn settled(db: &Db, platform_id: &str) {
    if let Err(error) = soon_settled(db, platform_id).await {
        // The switch itself is committed; a server continues within seconds.
        tracing::warn!(platform_id, %error, "scores are not all held or released yet");
    }
}

async fn soon_settled(db: &Db, platform_id: &str) -> Result<(), StoreError> {
    if !deliveries::is_switching(&mut db.read().await?.tx(), platform_id).await? {
        return Ok(());
    }
    let (db, id) = (db.clone(), platform_id.to_owned());
    // In a separate task: it may need the store for longer than a request may.
    let finishing = tokio::spawn(async move { finish(&db, &id).await });
    match timeout(PATIENCE, finishing).await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) | Err(_) => Ok(()),
    }
}
