//! Letting platforms launch, and stopping them. Scores are held or go on with that: a transaction writes the first few hundred, and
//! further ones follow in pieces ([`finish`]). Until then nothing is sent to the platform.

use std::time::Duration;

use store::deliveries::{self, HeldPart};
use store::deployments::{self, Deployment, DeploymentStatus};
use store::{Db, StoreError, Tx, platforms};
use tokio::time::timeout;

use crate::events::{Event, Events};

/// How long a request waits for the last of very many scores, so that whoever reads them next finds all of them switched.
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

/// Whether a platform may launch, which stays so until the transaction ends; `None` if there is no such platform.
///
/// # Errors
/// The store failed.
pub(crate) async fn held(tx: &mut Tx<'_>, platform_id: &str) -> Result<Option<bool>, StoreError> {
    platforms::lock(tx, platform_id.to_owned()).await?;
    let row = platforms::by_id(tx, platform_id.to_owned()).await?;
    Ok(row.map(|row| row.active))
}

/// Goes on with a platform's switches until all of its scores have heard of them, in pieces that launches hardly notice.
///
/// # Errors
/// The store failed; the next time goes on.
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
/// As [`finish`], for one of them at least.
pub(crate) async fn finish_all(db: &Db) -> Result<(), StoreError> {
    let left = deliveries::switching_platforms(&mut db.read().await?.tx()).await?;
    let mut all = Ok(());
    for id in left {
        all = all.and(finish(db, &id).await);
    }
    all
}

/// Waits until a platform's switches are done, for some seconds. If they take longer they go on, as they do if nobody waits.
pub(crate) async fn settled(db: &Db, platform_id: &str) {
    if let Err(error) = soon_settled(db, platform_id).await {
        // What was switched is; a server goes on within seconds.
        tracing::warn!(platform_id, %error, "scores are not all held or released yet");
    }
}

async fn soon_settled(db: &Db, platform_id: &str) -> Result<(), StoreError> {
    if !deliveries::is_switching(&mut db.read().await?.tx(), platform_id).await? {
        return Ok(());
    }
    let (db, id) = (db.clone(), platform_id.to_owned());
    // On its own: it takes the store longer than a request may.
    let finishing = tokio::spawn(async move { finish(&db, &id).await });
    match timeout(PATIENCE, finishing).await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) | Err(_) => Ok(()),
    }
}
