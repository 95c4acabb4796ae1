//! Holds deliveries while their platform or deployment is inactive or their service key is revoked (grades.md GR-11).

use crate::engine::{StoreError, Tx, execute, fetch, statements};
use crate::jobs;

// Whether the server that was sending it has died.
macro_rules! is_left {
    () => {
        "(SELECT jobs.id FROM jobs WHERE jobs.id = score_deliveries.job_id AND jobs.state || '' = 'running') IS NULL"
    };
}

macro_rules! hold {
    ($which:literal) => {
        concat!(
            "UPDATE score_deliveries SET state = 'held', reason = $3, held_since = COALESCE(held_since, $2), \
             next_attempt_at = NULL WHERE waiting_for = $1 AND (state || '' IN ('queued', 'unknown') OR \
             (state || '' = 'sending' AND ", is_left!(), "))", $which
        )
    };
}

// The time on hold is not counted.
macro_rules! release {
    ($which:literal) => {
        concat!(
            "UPDATE score_deliveries SET state = CASE WHEN unsure THEN 'unknown' ELSE 'queued' END, reason = NULL, \
             give_up_at = give_up_at + CASE WHEN held_since < $2 THEN $2 - held_since ELSE 0 END, held_since = NULL, \
             next_attempt_at = $2 \
             WHERE waiting_for = $1 AND state || '' = 'held' AND reason || '' = $3", $which
        )
    };
}

macro_rules! jobs_of {
    ($which:literal) => {
        concat!(
            "SELECT job_id FROM score_deliveries WHERE waiting_for = $1 AND state || '' = 'held' AND reason || '' = $2",
            $which,
            " LIMIT $3"
        )
    };
}

macro_rules! of_admitted {
    ($statement:ident) => {
        $statement!(
            " AND (SELECT deployments.status FROM deployments WHERE deployments.platform_id = score_deliveries.platform_id \
             AND deployments.deployment_id = score_deliveries.deployment_id) = 'active'"
        )
    };
}

statements! {
    HOLD_PLATFORM = hold!("");
    HOLD_DEPLOYMENT = hold!(" AND deployment_id = $4");
    HOLD_PLACE = hold!(" AND place_id || '' = $4 AND key_issued_at IS NOT NULL");
    JOBS_OF_PLATFORM = jobs_of!("");
    JOBS_OF_DEPLOYMENT = jobs_of!(" AND deployment_id = $4");
    JOBS_OF_PLACE = jobs_of!(" AND place_id || '' = $4");
    JOBS_OF_ADMITTED = of_admitted!(jobs_of);
    RELEASE_PLATFORM = release!("");
    RELEASE_DEPLOYMENT = release!(" AND deployment_id = $4");
    RELEASE_PLACE = release!(" AND place_id || '' = $4");
    RELEASE_ADMITTED = of_admitted!(release);
    // Filters by state alone, because few rows are in it: only those being sent right now.
    LEFT = concat!(
        "SELECT id FROM score_deliveries WHERE state = 'sending' AND waiting_for || '' = $1 AND ",
        is_left!(),
        " LIMIT 1"
    );
    STOPPED_AT = "SELECT stopped_at FROM platforms WHERE id = $1";
    // Excludes deliveries held by a stop themselves: their time is extended when they are released.
    OUTLAST = concat!(
        "UPDATE score_deliveries SET \
         give_up_at = give_up_at + $2 - CASE WHEN held_since > $3 THEN held_since ELSE $3 END, \
         held_since = held_since + $2 - CASE WHEN held_since > $3 THEN held_since ELSE $3 END \
         WHERE waiting_for = $1 AND (held_since IS NULL OR held_since <= $2) AND \
         ((state || '' = 'held' AND reason || '' NOT IN ($4, $5, $6)) OR (state || '' = 'sending' AND ", is_left!(), "))"
    );
}

/// How many released deliveries start at once.
const HASTENED: i64 = 1_000;

/// The part that prevents deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeldPart {
    /// An inactive platform.
    Platform(String),
    /// An inactive deployment of a platform.
    Deployment(String, String),
    /// A platform's place whose service keys were revoked: all keys issued so far, whatever the date was then.
    ServiceKeys(String, String),
}

impl HeldPart {
    /// The reason on deliveries held for an inactive platform.
    pub const PLATFORM_INACTIVE: &'static str = "PLATFORM_INACTIVE";
    /// The reason on deliveries held for an inactive deployment.
    pub const DEPLOYMENT_INACTIVE: &'static str = "DEPLOYMENT_INACTIVE";
    /// The reason on deliveries that arrived with a service key that is now revoked.
    pub const SERVICE_KEY_REVOKED: &'static str = "SERVICE_KEY_REVOKED";

    /// The reason on its held deliveries.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Platform(_) => Self::PLATFORM_INACTIVE,
            Self::Deployment(..) => Self::DEPLOYMENT_INACTIVE,
            Self::ServiceKeys(..) => Self::SERVICE_KEY_REVOKED,
        }
    }
}

/// Holds the waiting deliveries. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn hold(tx: &mut Tx<'_>, held: &HeldPart, now_ms: i64) -> Result<u64, StoreError> {
    let reason = held.reason();
    match held {
        HeldPart::Platform(id) => execute!(any, tx, HOLD_PLATFORM, id, now_ms, reason),
        HeldPart::Deployment(id, deployment) => {
            execute!(any, tx, HOLD_DEPLOYMENT, id, now_ms, reason, deployment)
        }
        HeldPart::ServiceKeys(id, place) => {
            execute!(any, tx, HOLD_PLACE, id, now_ms, reason, place)
        }
    }
}

/// Whether a server died while sending a delivery to this platform, and no other server has taken over its job.
///
/// # Errors
/// The store failed.
pub async fn is_any_left(tx: &mut Tx<'_>, platform_id: &str) -> Result<bool, StoreError> {
    let found = fetch!(optional, tx, (String,), LEFT, platform_id)?;
    Ok(found.is_some())
}

/// Releases held deliveries. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn release(tx: &mut Tx<'_>, held: &HeldPart, now_ms: i64) -> Result<u64, StoreError> {
    let jobs = jobs_of(tx, held).await?;
    hasten(tx, jobs, now_ms).await?;
    let reason = held.reason();
    match held {
        HeldPart::Platform(id) => execute!(any, tx, RELEASE_PLATFORM, id, now_ms, reason),
        HeldPart::Deployment(id, deployment) => {
            execute!(any, tx, RELEASE_DEPLOYMENT, id, now_ms, reason, deployment)
        }
        HeldPart::ServiceKeys(id, place) => {
            execute!(any, tx, RELEASE_PLACE, id, now_ms, reason, place)
        }
    }
}

/// Extends the time limit of deliveries that were waiting for something else while the platform was inactive (a
/// student's enrolment, or the end of an attempt whose server died), because they had no chance to be sent. Call it
/// before the platform becomes active again. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn outlast(tx: &mut Tx<'_>, platform_id: &str, now_ms: i64) -> Result<u64, StoreError> {
    let found = fetch!(optional, tx, (Option<i64>,), STOPPED_AT, platform_id)?;
    let stopped_at = found.and_then(|(stopped_at,)| stopped_at);
    let Some(stopped_at) = stopped_at.filter(|stopped_at| *stopped_at < now_ms) else {
        return Ok(0);
    };
    execute!(
        any,
        tx,
        OUTLAST,
        platform_id,
        now_ms,
        stopped_at,
        HeldPart::PLATFORM_INACTIVE,
        HeldPart::DEPLOYMENT_INACTIVE,
        HeldPart::SERVICE_KEY_REVOKED
    )
}

/// Releases deliveries that were held for deployments which are now active. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn release_admitted(
    tx: &mut Tx<'_>,
    platform_id: &str,
    now_ms: i64,
) -> Result<u64, StoreError> {
    let reason = HeldPart::DEPLOYMENT_INACTIVE;
    let jobs = fetch!(
        all,
        tx,
        (String,),
        JOBS_OF_ADMITTED,
        platform_id,
        reason,
        HASTENED
    )?;
    hasten(tx, jobs, now_ms).await?;
    execute!(any, tx, RELEASE_ADMITTED, platform_id, now_ms, reason)
}

/// Makes jobs due now. As everywhere, jobs are locked before deliveries, in order of their ids. Jobs beyond the limit
/// run at their own due time: a platform that was away for long need not get everything at once.
async fn hasten(tx: &mut Tx<'_>, mut jobs: Vec<(String,)>, now_ms: i64) -> Result<(), StoreError> {
    jobs.sort_unstable();
    for (job_id,) in &jobs {
        jobs::hasten(tx, job_id, now_ms).await?;
    }
    Ok(())
}

/// The jobs of some held deliveries.
async fn jobs_of(tx: &mut Tx<'_>, held: &HeldPart) -> Result<Vec<(String,)>, StoreError> {
    let (reason, most) = (held.reason(), HASTENED);
    match held {
        HeldPart::Platform(id) => fetch!(all, tx, (String,), JOBS_OF_PLATFORM, id, reason, most),
        HeldPart::Deployment(id, deployment) => {
            fetch!(
                all,
                tx,
                (String,),
                JOBS_OF_DEPLOYMENT,
                id,
                reason,
                most,
                deployment
            )
        }
        HeldPart::ServiceKeys(id, place) => {
            fetch!(all, tx, (String,), JOBS_OF_PLACE, id, reason, most, place)
        }
    }
}
