//! Traces: of accepted launches in their rows, of all else in a table of their own; read together (docs/traces.md).

use crate::engine::{StoreError, Tx, execute, fetch, statements};

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

statements! {
    INSERT = "INSERT INTO traces (id, correlation_id, tool_id, kind, outcome, reason, platform_id, deployment_id, \
              signed, trace, created_at, delete_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    BY_REFERENCE = concat!(
        "SELECT ", columns!(), " FROM traces WHERE correlation_id = $1 AND (CAST($2 AS TEXT) IS NULL OR tool_id = $2)");
    LAUNCH = concat!(
        "SELECT ", launch_columns!(), " FROM launches WHERE id = $1 AND trace IS NOT NULL \
         AND (CAST($2 AS TEXT) IS NULL OR tool_id = $2)");
    PAGE = concat!(
        "SELECT ", columns!(), " FROM traces WHERE id >= $1 AND id < $2 AND (CAST($3 AS TEXT) IS NULL OR tool_id = $3) \
         AND (CAST($4 AS TEXT) IS NULL OR platform_id = $4) AND (CAST($5 AS TEXT) IS NULL OR kind = $5) \
         AND (CAST($6 AS TEXT) IS NULL OR outcome = $6) AND (CAST($7 AS TEXT) IS NULL OR reason = $7) \
         ORDER BY id DESC LIMIT $8");
    LAUNCHES = concat!(
        "SELECT ", launch_columns!(), " FROM launches WHERE id >= $1 AND id < $2 AND trace IS NOT NULL \
         AND (CAST($3 AS TEXT) IS NULL OR tool_id = $3) AND (CAST($4 AS TEXT) IS NULL OR platform_id = $4) \
         AND (CAST($5 AS TEXT) IS NULL OR dialect = $5) AND (CAST($6 AS BOOLEAN) IS NULL OR parked = $6) \
         ORDER BY id DESC LIMIT $7");
    // The launch up to which a page is looked for.
    FLOOR = "SELECT id FROM launches WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT 1 OFFSET $3";
    DELETE_OVER = "DELETE FROM traces WHERE id IN \
                   (SELECT id FROM traces WHERE delete_at < $1 ORDER BY delete_at LIMIT $2)";
    // Ordered by both, so that no other index than that of both will do.
    EXCESS = "SELECT id FROM traces WHERE signed >= $1 AND signed <= $1 ORDER BY signed DESC, id DESC LIMIT 1 OFFSET $2";
    DELETE_EXCESS = "DELETE FROM traces WHERE id IN \
                     (SELECT id FROM traces WHERE signed >= $1 AND signed <= $1 AND id <= $2 ORDER BY signed, id LIMIT $3)";
    // Younger rows are there for their nonces as well.
    EXCESS_LAUNCHES = "SELECT created_at FROM launches WHERE document_sealed IS NULL AND trace IS NOT NULL \
                       AND created_at < $1 ORDER BY created_at DESC LIMIT 1 OFFSET $2";
    DELETE_EXCESS_LAUNCHES = "DELETE FROM launches WHERE id IN (SELECT id FROM launches WHERE document_sealed IS NULL \
                              AND trace IS NOT NULL AND created_at <= $1 ORDER BY created_at LIMIT $2)";
}

/// Failures of one sort that are kept at most; the oldest go first.
pub const MOST_FAILURES: i64 = 25_000;
/// Launches that are kept for their trace alone at most.
pub const MOST_LAUNCHES: i64 = 200_000;
/// Launches that are looked through for one page at most.
const LOOKED_THROUGH: i64 = 10_000;
/// How long a nonce could be sent again: a login and the leeways, which is less.
const LONGEST_NONCE_MS: i64 = 30 * 60 * 1000;

/// A trace of anything but an accepted launch.
pub struct NewTrace {
    /// Sorts by time, like the ids of launches.
    pub id: String,
    /// What a person reads out to support.
    pub correlation_id: String,
    /// The tool it is about.
    pub tool_id: String,
    /// What was attempted.
    pub kind: &'static str,
    /// What came of it.
    pub outcome: &'static str,
    /// The code of the rule that refused it.
    pub reason: Option<&'static str>,
    /// The platform, where it is known.
    pub platform_id: Option<String>,
    /// The deployment, where it is known.
    pub deployment_id: Option<String>,
    /// Whether a platform's signature was verified.
    pub signed: bool,
    /// What was written down.
    pub trace: String,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub delete_at: i64,
}

/// A trace as it is read, of a launch or of anything else.
#[derive(Debug, sqlx::FromRow)]
pub struct TraceRow {
    /// Sorts by time.
    pub id: String,
    /// What a person reads out to support; an accepted launch has none.
    pub correlation_id: Option<String>,
    /// The tool it is about.
    pub tool_id: String,
    /// What was attempted.
    pub kind: String,
    /// What came of it.
    pub outcome: String,
    /// The code of the rule that refused it.
    pub reason: Option<String>,
    /// The platform, where it is known.
    pub platform_id: Option<String>,
    /// The deployment, where it is known.
    pub deployment_id: Option<String>,
    /// What was written down.
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

/// The outcome of what did its work.
pub const ACCEPTED: &str = "accepted";
/// The outcome of what waits for someone.
pub const WAITING: &str = "waiting";
/// The outcome of what was refused or went wrong.
pub const FAILED: &str = "failed";

const LTI: &str = "lti13";
const LAUNCH_KIND: &str = "launch";

impl From<TracedLaunch> for TraceRow {
    fn from(launch: TracedLaunch) -> Self {
        let l = launch;
        Self {
            id: l.id,
            correlation_id: None,
            tool_id: l.tool_id,
            // The other dialects are kinds of their own.
            kind: if l.dialect == LTI {
                LAUNCH_KIND.to_owned()
            } else {
                l.dialect
            },
            outcome: if l.parked { WAITING } else { ACCEPTED }.to_owned(),
            reason: None,
            platform_id: l.platform_id,
            deployment_id: l.deployment_id,
            trace: l.trace,
            created_at: l.created_at,
        }
    }
}

/// Which traces are asked for.
#[derive(Clone, Debug, Default)]
pub struct TraceFilter {
    /// Attempts at this tool alone.
    pub tool_id: Option<String>,
    /// Attempts from this platform alone, as far as it was found.
    pub platform_id: Option<String>,
    /// `login`, `launch`, `registration` or `studyreel`.
    pub kind: Option<String>,
    /// With this outcome.
    pub outcome: Option<String>,
    /// Refused by this rule.
    pub reason: Option<String>,
    /// From this id on: ids begin with their time.
    pub from_id: Option<String>,
    /// Before this id.
    pub to_id: Option<String>,
    /// Only those before this id.
    pub before: Option<String>,
    /// At most so many.
    pub limit: i64,
}

/// A page of traces.
pub struct TracePage {
    /// The newest first.
    pub rows: Vec<TraceRow>,
    /// Where the next page begins, if there may be one.
    pub next: Option<String>,
}

/// Stores a trace.
///
/// # Errors
/// The store failed.
pub async fn insert(tx: &mut Tx<'_>, trace: NewTrace) -> Result<(), StoreError> {
    let t = trace;
    execute!(
        one,
        tx,
        INSERT,
        t.id,
        t.correlation_id,
        t.tool_id,
        t.kind,
        t.outcome,
        t.reason,
        t.platform_id,
        t.deployment_id,
        t.signed,
        t.trace,
        t.created_at,
        t.delete_at,
    )
}

/// The trace of an accepted launch, by the launch's id; of one tool, if one is given.
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

/// The trace of a failure, by its reference; of one tool, if one is given.
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

/// Traces by time, the newest first: of accepted launches and of all else together.
///
/// # Errors
/// The store failed.
pub async fn page(tx: &mut Tx<'_>, filter: &TraceFilter) -> Result<TracePage, StoreError> {
    let f = filter;
    let mut from = f.from_id.clone().unwrap_or_default();
    // Behind every id.
    let mut to = f.to_id.clone().unwrap_or_else(|| "~".to_owned());
    if let Some(before) = f.before.as_ref().filter(|before| **before < to) {
        to.clone_from(before);
    }
    let is_launch = matches!(f.kind.as_deref(), None | Some(LAUNCH_KIND | "studyreel"));
    let has_launches = is_launch && f.reason.is_none() && f.outcome.as_deref() != Some(FAILED);
    let mut floor = None;
    let mut rows = Vec::new();
    if has_launches {
        floor = fetch!(optional, tx, (String,), FLOOR, &from, &to, LOOKED_THROUGH)?;
        if let Some((floor,)) = &floor {
            from.clone_from(floor);
        }
        let launches = launches_between(tx, f, &from, &to).await?;
        rows.extend(launches.into_iter().map(TraceRow::from));
    }
    let others = fetch!(
        all,
        tx,
        TraceRow,
        PAGE,
        &from,
        &to,
        f.tool_id.as_deref(),
        f.platform_id.as_deref(),
        f.kind.as_deref(),
        f.outcome.as_deref(),
        f.reason.as_deref(),
        f.limit
    )?;
    rows.extend(others);
    rows.sort_by(|a, b| b.id.cmp(&a.id));
    let limit = usize::try_from(f.limit).unwrap_or(0);
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

/// Removes up to `most` traces whose time is over; gives how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, DELETE_OVER, now_ms, most)
}

/// What is more than may be kept: the newest trace of each sort that has to go.
#[derive(Debug, Default)]
pub struct Excess {
    signed: Option<String>,
    unsigned: Option<String>,
    launches: Option<i64>,
}

/// Looks whether there is more than may be kept, by index alone. It counts all that is kept: once for any number of
/// [`delete_excess`].
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

/// Removes up to `most` of each sort that is too many; gives how many. Fewer than `most` means that none is left.
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
    if let Some(created_at) = excess.launches {
        gone += execute!(any, tx, DELETE_EXCESS_LAUNCHES, created_at, most)?;
    }
    Ok(gone)
}
