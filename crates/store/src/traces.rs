//! Traces. Those of accepted launches are in the launches' rows, all others in their own table;
//! they are read together (docs/traces.md).

use crate::engine::{BatchProgress, StoreError, Tx, execute, fetch, statements};

macro_rules! columns {
    () => {
        "id, correlation_id, tool_id, kind, outcome, reason, platform_id, deployment_id, trace, created_at"
    };
}

macro_rules! launch_columns {
    () => {
        "id, tool_id, dialect, platform_id, deployment_id, parked, trace, created_at"
    };
}

macro_rules! page {
    ($of:literal) => {
        concat!(
            "SELECT ", columns!(), " FROM traces WHERE ", $of, " AND (CAST($5 AS TEXT) IS NULL OR kind = $5) \
             AND (CAST($6 AS TEXT) IS NULL OR outcome = $6) AND (CAST($7 AS TEXT) IS NULL OR reason = $7) \
             ORDER BY id DESC LIMIT $8"
        )
    };
}

statements! {
    INSERT = "INSERT INTO traces (id, correlation_id, tool_id, kind, outcome, reason, platform_id, deployment_id, \
              signed, trace, created_at, delete_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    BY_REFERENCE = concat!(
        "SELECT ", columns!(), " FROM traces WHERE correlation_id = $1 AND (CAST($2 AS TEXT) IS NULL OR tool_id = $2)");
    LAUNCH = concat!(
        "SELECT ", launch_columns!(), " FROM launches WHERE id = $1 AND trace IS NOT NULL \
         AND (CAST($2 AS TEXT) IS NULL OR tool_id = $2)");
    PAGE = page!(
        "id >= $1 AND id < $2 AND (CAST($3 AS TEXT) IS NULL OR tool_id = $3) \
         AND (CAST($4 AS TEXT) IS NULL OR platform_id = $4)");
    // By an index of its own; the '' rules out the others.
    PAGE_OF_PLATFORM = page!(
        "platform_id = $4 AND id >= $1 AND id < $2 AND (CAST($3 AS TEXT) IS NULL OR tool_id || '' = $3)");
    LAUNCHES = concat!(
        "SELECT ", launch_columns!(), " FROM launches WHERE id >= $1 AND id < $2 AND trace IS NOT NULL \
         AND (CAST($3 AS TEXT) IS NULL OR tool_id = $3) AND (CAST($4 AS TEXT) IS NULL OR platform_id = $4) \
         AND (CAST($5 AS TEXT) IS NULL OR dialect = $5) AND (CAST($6 AS BOOLEAN) IS NULL OR parked = $6) \
         ORDER BY id DESC LIMIT $7");
    // The oldest launch to look at for a page.
    FLOOR = "SELECT id FROM launches WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT 1 OFFSET $3";
    DELETE_OVER = "DELETE FROM traces WHERE id IN \
                   (SELECT id FROM traces WHERE delete_at >= $1 AND delete_at < $2 ORDER BY delete_at LIMIT $3) \
                   RETURNING delete_at";
    // Ordered by both columns, so that only the index on both can be used.
    EXCESS = "SELECT id FROM traces WHERE signed >= $1 AND signed <= $1 ORDER BY signed DESC, id DESC LIMIT 1 OFFSET $2";
    DELETE_EXCESS = "DELETE FROM traces WHERE id IN \
                     (SELECT id FROM traces WHERE signed >= $1 AND signed <= $1 AND id <= $2 ORDER BY signed, id LIMIT $3)";
    // Younger rows are kept for their nonces, too.
    EXCESS_LAUNCHES = "SELECT created_at FROM launches WHERE document_sealed IS NULL AND trace IS NOT NULL \
                       AND created_at < $1 ORDER BY created_at DESC LIMIT 1 OFFSET $2";
    // The last launch of a batch that begins at $1.
    LAST_EXCESS = "SELECT created_at FROM launches WHERE document_sealed IS NULL AND trace IS NOT NULL \
                   AND created_at >= $1 AND created_at <= $2 ORDER BY created_at LIMIT 1 OFFSET $3";
    DELETE_EXCESS_LAUNCHES = "DELETE FROM launches WHERE id IN (SELECT id FROM launches WHERE document_sealed IS NULL \
                              AND trace IS NOT NULL AND created_at >= $1 AND created_at <= $2 ORDER BY created_at LIMIT $3)";
}

/// The most failures of one sort to keep; the oldest are removed first.
pub const MOST_FAILURES: i64 = 25_000;
/// The most launches to keep only for their trace.
pub const MOST_LAUNCHES: i64 = 200_000;
/// The most launches to look at for one page.
const LOOKED_THROUGH: i64 = 5_000;
/// An upper bound for how long a nonce could be replayed: a login plus the leeways is less.
const LONGEST_NONCE_MS: i64 = 30 * 60 * 1000;

/// A trace of anything except an accepted launch.
pub struct NewTrace {
    /// Sorts by time, like the ids of launches.
    pub id: String,
    /// The reference that a person reads out to support.
    pub correlation_id: String,
    /// The tool it is about.
    pub tool_id: String,
    /// What was attempted.
    pub kind: &'static str,
    /// [`ACCEPTED`], [`WAITING`] or [`FAILED`].
    pub outcome: &'static str,
    /// The code of the rule that refused it.
    pub reason: Option<&'static str>,
    /// The platform, if known.
    pub platform_id: Option<String>,
    /// The deployment, if known.
    pub deployment_id: Option<String>,
    /// Whether a platform's signature was verified.
    pub signed: bool,
    /// The recorded steps.
    pub trace: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub delete_at: i64,
}

/// A trace as read, of a launch or anything else.
#[derive(Debug, sqlx::FromRow)]
pub struct TraceRow {
    /// Sorts by time.
    pub id: String,
    /// The reference that a person reads out to support; an accepted launch has none.
    pub correlation_id: Option<String>,
    /// The tool it is about.
    pub tool_id: String,
    /// What was attempted.
    pub kind: String,
    /// [`ACCEPTED`], [`WAITING`] or [`FAILED`].
    pub outcome: String,
    /// The code of the rule that refused it.
    pub reason: Option<String>,
    /// The platform, if known.
    pub platform_id: Option<String>,
    /// The deployment, if known.
    pub deployment_id: Option<String>,
    /// The recorded steps.
    pub trace: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

#[derive(sqlx::FromRow)]
struct TracedLaunch {
    id: String,
    tool_id: String,
    dialect: String,
    platform_id: Option<String>,
    deployment_id: Option<String>,
    parked: bool,
    trace: String,
    created_at: i64,
}

/// The outcome of a success.
pub const ACCEPTED: &str = "accepted";
/// The outcome of something that waits for a person.
pub const WAITING: &str = "waiting";
/// The outcome of a refusal or an error.
pub const FAILED: &str = "failed";

const LTI: &str = "lti13";
const LAUNCH_KIND: &str = "launch";

impl From<TracedLaunch> for TraceRow {
    fn from(launch: TracedLaunch) -> Self {
        Self {
            id: launch.id,
            correlation_id: None,
            tool_id: launch.tool_id,
            // The other dialects have their own kinds.
            kind: if launch.dialect == LTI {
                LAUNCH_KIND.to_owned()
            } else {
                launch.dialect
            },
            outcome: if launch.parked { WAITING } else { ACCEPTED }.to_owned(),
            reason: None,
            platform_id: launch.platform_id,
            deployment_id: launch.deployment_id,
            trace: launch.trace,
            created_at: launch.created_at,
        }
    }
}

/// Which traces to return.
#[derive(Clone, Debug, Default)]
pub struct TraceFilter {
    /// Only attempts at this tool.
    pub tool_id: Option<String>,
    /// Only attempts from this platform, if it was identified.
    pub platform_id: Option<String>,
    /// `login`, `launch`, `registration` or `studyreel`.
    pub kind: Option<String>,
    /// With this outcome.
    pub outcome: Option<String>,
    /// Refused by the rule with this code.
    pub reason: Option<String>,
    /// From this id on; ids begin with their time.
    pub from_id: Option<String>,
    /// Before this id.
    pub to_id: Option<String>,
    /// Only those before this id.
    pub before: Option<String>,
    /// The most to return.
    pub limit: i64,
}

/// A page of traces.
pub struct TracePage {
    /// Newest first.
    pub rows: Vec<TraceRow>,
    /// Where the next page begins, if there may be one.
    pub next: Option<String>,
}

/// Stores a trace.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, trace: NewTrace) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        trace.id,
        trace.correlation_id,
        trace.tool_id,
        trace.kind,
        trace.outcome,
        trace.reason,
        trace.platform_id,
        trace.deployment_id,
        trace.signed,
        trace.trace,
        trace.created_at,
        trace.delete_at,
    )
}

/// The trace of an accepted launch, by the launch's id, optionally of one tool only.
///
/// # Errors
/// The store failed.
pub async fn of_launch(
    tx: &mut Tx<'_>,
    id: &str,
    tool_id: Option<String>,
) -> Result<Option<TraceRow>, StoreError> {
    let launch = fetch!(optional, tx, TracedLaunch, LAUNCH, id, tool_id)?;
    Ok(launch.map(TraceRow::from))
}

/// The trace of a failure, by its reference, optionally of one tool only.
///
/// # Errors
/// The store failed.
pub async fn by_reference(
    tx: &mut Tx<'_>,
    reference: &str,
    tool_id: Option<String>,
) -> Result<Option<TraceRow>, StoreError> {
    fetch!(optional, tx, TraceRow, BY_REFERENCE, reference, tool_id)
}

/// Traces by time, newest first, of accepted launches and everything else.
///
/// # Errors
/// The store failed.
pub async fn page(tx: &mut Tx<'_>, filter: &TraceFilter) -> Result<TracePage, StoreError> {
    let mut from = filter.from_id.clone().unwrap_or_default();
    // Sorts after every id.
    let mut to = filter.to_id.clone().unwrap_or_else(|| "~".to_owned());
    if let Some(before) = filter.before.as_ref().filter(|before| **before < to) {
        to.clone_from(before);
    }
    let is_launch = matches!(
        filter.kind.as_deref(),
        None | Some(LAUNCH_KIND | "studyreel")
    );
    let has_launches =
        is_launch && filter.reason.is_none() && filter.outcome.as_deref() != Some(FAILED);
    let mut floor = None;
    let mut rows = Vec::new();
    if has_launches {
        floor = fetch!(optional, tx, (String,), FLOOR, &from, &to, LOOKED_THROUGH)?;
        if let Some((floor,)) = &floor {
            from.clone_from(floor);
        }
        let launches = launches_between(tx, filter, &from, &to).await?;
        rows.extend(launches.into_iter().map(TraceRow::from));
    }
    let others = match filter.platform_id {
        Some(_) => PAGE_OF_PLATFORM,
        None => PAGE,
    };
    let others = fetch!(
        all,
        tx,
        TraceRow,
        others,
        &from,
        &to,
        filter.tool_id.as_deref(),
        filter.platform_id.as_deref(),
        filter.kind.as_deref(),
        filter.outcome.as_deref(),
        filter.reason.as_deref(),
        filter.limit
    )?;
    rows.extend(others);
    rows.sort_by(|a, b| b.id.cmp(&a.id));
    let limit = usize::try_from(filter.limit).unwrap_or(0);
    rows.truncate(limit);
    let next = if rows.len() == limit {
        rows.last().map(|row| row.id.clone())
    } else {
        floor.map(|(floor,)| floor)
    };
    Ok(TracePage { rows, next })
}

async fn launches_between(
    tx: &mut Tx<'_>,
    filter: &TraceFilter,
    from: &str,
    to: &str,
) -> Result<Vec<TracedLaunch>, StoreError> {
    let dialect = match filter.kind.as_deref() {
        Some(LAUNCH_KIND) => Some(LTI),
        other => other,
    };
    let outcome = filter.outcome.as_deref();
    let parked = outcome.map(|outcome| outcome == WAITING);
    fetch!(
        all,
        tx,
        TracedLaunch,
        LAUNCHES,
        from,
        to,
        filter.tool_id.as_deref(),
        filter.platform_id.as_deref(),
        dialect,
        parked,
        filter.limit
    )
}

/// Removes up to `most` expired traces, from those that expired at `from` on.
///
/// # Errors
/// The store failed.
pub async fn clean_up(
    tx: &mut Tx<'_>,
    now_ms: i64,
    from: i64,
    most: i64,
) -> Result<BatchProgress, StoreError> {
    let ends = fetch!(all, tx, (i64,), DELETE_OVER, from, now_ms, most)?;
    Ok(BatchProgress::of(&ends, from))
}

/// How far the traces exceed the limits: for each sort, the newest trace that must be removed.
#[derive(Debug, Default)]
pub struct Excess {
    signed: Option<String>,
    unsigned: Option<String>,
    launches: Option<i64>,
}

/// Checks whether the traces exceed the limits, using indexes alone. It counts everything stored,
/// so call it once for any number of calls to [`delete_excess`] and [`delete_excess_launches`].
///
/// # Errors
/// The store failed.
pub async fn excess(tx: &mut Tx<'_>, now_ms: i64) -> Result<Excess, StoreError> {
    let mut found = Excess::default();
    for (signed, place) in [(true, &mut found.signed), (false, &mut found.unsigned)] {
        let row = fetch!(optional, tx, (String,), EXCESS, signed, MOST_FAILURES)?;
        *place = row.map(|(id,)| id);
    }
    let row = fetch!(
        optional,
        tx,
        (i64,),
        EXCESS_LAUNCHES,
        now_ms - LONGEST_NONCE_MS,
        MOST_LAUNCHES
    )?;
    found.launches = row.map(|(created_at,)| created_at);
    Ok(found)
}

/// Removes up to `most` excess failures of each sort. Returns how many; fewer than `most` means
/// that none is left.
///
/// # Errors
/// The store failed.
pub async fn delete_excess(tx: &mut Tx<'_>, excess: &Excess, most: i64) -> Result<u64, StoreError> {
    let mut gone = 0;
    for (signed, id) in [(true, &excess.signed), (false, &excess.unsigned)] {
        if let Some(id) = id {
            gone += execute!(any, tx, DELETE_EXCESS, signed, id, most)?;
        }
    }
    Ok(gone)
}

/// Removes up to `most` excess launches, from those created at `from` on.
///
/// # Errors
/// The store failed.
pub async fn delete_excess_launches(
    tx: &mut Tx<'_>,
    excess: &Excess,
    from: i64,
    most: i64,
) -> Result<BatchProgress, StoreError> {
    let Some(newest) = excess.launches else {
        return Ok(BatchProgress {
            rows: 0,
            until: from,
        });
    };
    let last = fetch!(optional, tx, (i64,), LAST_EXCESS, from, newest, most - 1)?;
    let until = last.map_or(newest, |(created_at,)| created_at);
    let rows = execute!(any, tx, DELETE_EXCESS_LAUNCHES, from, until, most)?;
    Ok(BatchProgress { rows, until })
}
