//! Holds deliveries while their platform or deployment is inactive or their service key is revoked
//! (grades.md GR-11).

use super::part::{AcceptedSpan, HeldPart};
use crate::engine::{StoreError, Tx, execute, fetch, statements};
use crate::jobs;

// Whether the server that was sending it has died.
macro_rules! is_left {
    () => {
        "(SELECT jobs.id FROM jobs WHERE jobs.id = score_deliveries.job_id AND jobs.state || '' = 'running') IS NULL"
    };
}

// Limits a statement to deliveries accepted in a span.
macro_rules! of_span {
    ($after:literal, $until:literal) => {
        concat!(
            "waiting_for = $1 AND created_at > ",
            $after,
            " AND created_at <= ",
            $until
        )
    };
}

macro_rules! hold {
    ($which:literal) => {
        concat!(
            "UPDATE score_deliveries SET state = 'held', reason = $3, held_since = COALESCE(held_since, $2), \
             next_attempt_at = NULL WHERE ", of_span!("$4", "$5"), " AND (state || '' IN ('queued', 'unknown') OR \
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
             next_attempt_at = $2 WHERE ", of_span!("$4", "$5"), " AND state || '' = 'held' AND reason || '' = $3", $which
        )
    };
}

macro_rules! jobs_of {
    ($which:literal) => {
        concat!(
            "SELECT job_id FROM score_deliveries WHERE ",
            of_span!("$4", "$5"),
            " AND state || '' = 'held' AND reason || '' = $2",
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
    HOLD_DEPLOYMENT = hold!(" AND deployment_id = $6");
    HOLD_PLACE = hold!(" AND place_id || '' = $6 AND key_issued_at IS NOT NULL");
    JOBS_OF_PLATFORM = jobs_of!("");
    JOBS_OF_DEPLOYMENT = jobs_of!(" AND deployment_id = $6");
    JOBS_OF_PLACE = jobs_of!(" AND place_id || '' = $6");
    JOBS_OF_ADMITTED = of_admitted!(jobs_of);
    RELEASE_PLATFORM = release!("");
    RELEASE_DEPLOYMENT = release!(" AND deployment_id = $6");
    RELEASE_PLACE = release!(" AND place_id || '' = $6");
    RELEASE_ADMITTED = of_admitted!(release);
    // Filters by state alone, because few rows are in it: only those being sent right now. COALESCE
    // keeps PostgreSQL from reading the index of a platform's moving scores, which may hold very
    // many.
    LEFT = concat!(
        "SELECT id FROM score_deliveries WHERE state = 'sending' AND COALESCE(waiting_for, '') = $1 AND ",
        is_left!(),
        " LIMIT 1"
    );
    STOPPED_AT = "SELECT stopped_at FROM platforms WHERE id = $1";
    // Excludes deliveries held by a stop themselves: their time is extended when they are released.
    OUTLAST = concat!(
        "UPDATE score_deliveries SET \
         give_up_at = give_up_at + $2 - CASE WHEN held_since > $3 THEN held_since ELSE $3 END, \
         held_since = held_since + $2 - CASE WHEN held_since > $3 THEN held_since ELSE $3 END WHERE ",
        of_span!("$7", "$8"), " AND (held_since IS NULL OR held_since <= $2) AND \
         ((state || '' = 'held' AND reason || '' NOT IN ($4, $5, $6)) OR (state || '' = 'sending' AND ", is_left!(), "))"
    );
}

/// How many released deliveries start at once.
const HASTENED: i64 = 1_000;

/// Holds the waiting deliveries.
///
/// # Errors
/// The store failed.
pub(super) async fn hold(
    tx: &mut Tx<'_>,
    held: &HeldPart,
    of: AcceptedSpan,
    now_ms: i64,
) -> Result<(), StoreError> {
    let (reason, AcceptedSpan { after, until }) = (held.reason(), of);
    let (id, part) = held.ids();
    let done = match held {
        HeldPart::Platform(_) => {
            execute!(any, tx, HOLD_PLATFORM, id, now_ms, reason, after, until)
        }
        HeldPart::Deployment(..) => {
            execute!(
                any,
                tx,
                HOLD_DEPLOYMENT,
                id,
                now_ms,
                reason,
                after,
                until,
                part
            )
        }
        HeldPart::ServiceKeys(..) => {
            execute!(any, tx, HOLD_PLACE, id, now_ms, reason, after, until, part)
        }
    };
    done.map(drop)
}

/// Whether a server died while sending a delivery to this platform, and no other server has taken
/// over its job.
///
/// # Errors
/// The store failed.
pub async fn is_any_left(tx: &mut Tx<'_>, platform_id: &str) -> Result<bool, StoreError> {
    let found = fetch!(optional, tx, (String,), LEFT, platform_id)?;
    Ok(found.is_some())
}

/// Releases held deliveries. If they are the first to be released, their jobs become due now; the
/// others run at their own due time, because a platform that was away for long need not get
/// everything at once.
///
/// # Errors
/// The store failed.
pub(super) async fn release(
    tx: &mut Tx<'_>,
    held: &HeldPart,
    of: AcceptedSpan,
    are_first: bool,
    now_ms: i64,
) -> Result<(), StoreError> {
    if are_first {
        let jobs = jobs_of(tx, held, of).await?;
        hasten(tx, jobs, now_ms).await?;
    }
    let (reason, AcceptedSpan { after, until }) = (held.reason(), of);
    let (id, part) = held.ids();
    let done = match held {
        HeldPart::Platform(_) => {
            execute!(any, tx, RELEASE_PLATFORM, id, now_ms, reason, after, until)
        }
        HeldPart::Deployment(..) => {
            execute!(
                any,
                tx,
                RELEASE_DEPLOYMENT,
                id,
                now_ms,
                reason,
                after,
                until,
                part
            )
        }
        HeldPart::ServiceKeys(..) => {
            execute!(
                any,
                tx,
                RELEASE_PLACE,
                id,
                now_ms,
                reason,
                after,
                until,
                part
            )
        }
    };
    done.map(drop)
}

/// Since when a platform has been inactive, in milliseconds since 1970, if that was before now.
///
/// # Errors
/// The store failed.
pub async fn stopped_at(
    tx: &mut Tx<'_>,
    platform_id: &str,
    now_ms: i64,
) -> Result<Option<i64>, StoreError> {
    let found = fetch!(optional, tx, (Option<i64>,), STOPPED_AT, platform_id)?;
    let stopped_at = found.and_then(|(stopped_at,)| stopped_at);
    Ok(stopped_at.filter(|stopped_at| *stopped_at < now_ms))
}

/// Extends the time limit of deliveries that were waiting for something else while the platform was
/// inactive (a student's enrolment, or the end of an attempt whose server died), because they had
/// no chance to be sent.
///
/// # Errors
/// The store failed.
pub(super) async fn outlast(
    tx: &mut Tx<'_>,
    platform_id: &str,
    of: AcceptedSpan,
    stopped_at: i64,
    now_ms: i64,
) -> Result<(), StoreError> {
    let done = execute!(
        any,
        tx,
        OUTLAST,
        platform_id,
        now_ms,
        stopped_at,
        HeldPart::PLATFORM_INACTIVE,
        HeldPart::DEPLOYMENT_INACTIVE,
        HeldPart::SERVICE_KEY_REVOKED,
        of.after,
        of.until
    );
    done.map(drop)
}

/// Releases deliveries that were held for deployments which are now active. Jobs are treated as in
/// [`release`].
///
/// # Errors
/// The store failed.
pub(super) async fn release_admitted(
    tx: &mut Tx<'_>,
    platform_id: &str,
    of: AcceptedSpan,
    are_first: bool,
    now_ms: i64,
) -> Result<(), StoreError> {
    let (reason, AcceptedSpan { after, until }) = (HeldPart::DEPLOYMENT_INACTIVE, of);
    if are_first {
        let jobs = fetch!(
            all,
            tx,
            (String,),
            JOBS_OF_ADMITTED,
            platform_id,
            reason,
            HASTENED,
            after,
            until
        )?;
        hasten(tx, jobs, now_ms).await?;
    }
    let done = execute!(
        any,
        tx,
        RELEASE_ADMITTED,
        platform_id,
        now_ms,
        reason,
        after,
        until
    );
    done.map(drop)
}

/// Makes jobs due now. As everywhere, jobs are locked before deliveries, in order of their ids.
async fn hasten(tx: &mut Tx<'_>, mut jobs: Vec<(String,)>, now_ms: i64) -> Result<(), StoreError> {
    jobs.sort_unstable();
    for (job_id,) in &jobs {
        jobs::hasten(tx, job_id, now_ms).await?;
    }
    Ok(())
}

/// The jobs of some deliveries that are held.
async fn jobs_of(
    tx: &mut Tx<'_>,
    held: &HeldPart,
    of: AcceptedSpan,
) -> Result<Vec<(String,)>, StoreError> {
    let (reason, AcceptedSpan { after, until }) = (held.reason(), of);
    let ((id, part), most) = (held.ids(), HASTENED);
    match held {
        HeldPart::Platform(_) => {
            fetch!(
                all,
                tx,
                (String,),
                JOBS_OF_PLATFORM,
                id,
                reason,
                most,
                after,
                until
            )
        }
        HeldPart::Deployment(..) => {
            fetch!(
                all,
                tx,
                (String,),
                JOBS_OF_DEPLOYMENT,
                id,
                reason,
                most,
                after,
                until,
                part
            )
        }
        HeldPart::ServiceKeys(..) => {
            fetch!(
                all,
                tx,
                (String,),
                JOBS_OF_PLACE,
                id,
                reason,
                most,
                after,
                until,
                part
            )
        }
    }
}
