//! What was seen of an LMS that is being connected: it asked for our configuration, it registered, its keys were read, it was
//! activated here and there, and it launched.

use store::platform_list::{self, FoundPlatform, PlatformSearch};
use store::traces::{self, TraceFilter, TraceRow};
use store::{StoreError, Tx, registrations};

use crate::keys::theirs::KeyFailure;
use crate::kit::id::first_of;
use crate::portal::platforms::address_of;
use crate::portal::room::Portal;
use crate::portal::trial::ISSUER;
use crate::web::problem::Problem;
use crate::web::texts::{Text, portal_connect as texts};

/// Platforms that are looked at: of those that registered since, the youngest counts.
const MOST: i64 = 50;
/// What traces call an LMS that registers.
const REGISTRATION: &str = "registration";

/// Where a connection is looked for.
pub(super) struct Sought {
    /// This platform; else the youngest since then.
    pub(super) platform: Option<String>,
    /// Milliseconds since 1970.
    pub(super) since: i64,
    /// Whether the LMS asks for our configuration; else a person enters it here.
    pub(super) asks: bool,
}

/// How far it is.
pub(super) struct ProgressLine {
    /// `ok`, `now` or `todo`.
    pub(super) kind: &'static str,
    pub(super) says: Text,
}

/// The platform that showed up.
pub(super) struct SeenPlatform {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) address: String,
}

/// What was seen.
pub(super) struct ConnectProgress {
    pub(super) platform: Option<SeenPlatform>,
    pub(super) waits: Text,
    pub(super) lines: Vec<ProgressLine>,
    /// Whether it may be activated now.
    pub(super) can_activate: bool,
    /// Whether a registration waits for the tool's approval.
    pub(super) can_approve: bool,
    pub(super) is_done: bool,
    /// Why its keys can't be read, in English as every cause is; none if they can, or nobody knows yet.
    pub(super) no_keys: Option<String>,
    /// What failed last, and its reference: a registration, or an attempt of the platform.
    pub(super) failed: Option<(Text, String)>,
}

/// What the store knows.
#[derive(Default)]
struct StoredProgress {
    platform: Option<FoundPlatform>,
    /// The last time that an LMS asked for our configuration and was not refused.
    asked: Option<TraceRow>,
    /// Whether a registration waits for the tool's approval.
    is_undecided: bool,
    /// Whether it has ever sent anybody here.
    has_come: bool,
    has_launched: bool,
    failed: Option<TraceRow>,
}

/// Looks up what was seen so far.
///
/// # Errors
/// The store failed.
pub(super) async fn look(
    portal: &Portal,
    tool_id: &str,
    sought: &Sought,
) -> Result<ConnectProgress, Problem> {
    portal.traces.settled().await;
    let stored = stored(portal, tool_id, sought).await?;
    let keys = keys(portal, tool_id, &stored).await?;
    let is_registered = stored.platform.is_some();
    let is_active = stored
        .platform
        .as_ref()
        .is_some_and(|platform| platform.active);
    let has_launched = stored.has_launched;
    let registers = match sought.asks {
        true => texts::P_REGISTERS,
        false => texts::P_ENTERED,
    };
    let mut steps = vec![
        (registers, is_registered),
        (texts::P_KEYS, matches!(keys, Ok(true))),
        (texts::P_ACTIVE, is_active),
        (texts::P_THERE, stored.has_come),
        (texts::P_LAUNCH, has_launched),
    ];
    let has_asked = stored.asked.is_some();
    // One that was entered here never asked.
    if has_asked || (sought.asks && !is_registered) {
        steps.insert(0, (texts::P_ASKED, has_asked));
    }
    let (waits, can_activate, is_done) = match (is_registered, is_active, has_launched) {
        (false, ..) => (waits_to_register(&stored, sought), false, false),
        (true, false, _) => (texts::WAITS_ACTIVATE, true, false),
        (true, true, false) => (texts::WAITS_LAUNCH, false, false),
        (true, true, true) => (texts::CONNECTED, false, true),
    };
    let can_approve = stored.is_undecided;
    let failed = stored.failed.and_then(|row| {
        let says = match is_registered {
            true => texts::P_ATTEMPT_FAILED,
            false => texts::P_FAILED,
        };
        Some((says, row.correlation_id?))
    });
    Ok(ConnectProgress {
        waits,
        can_activate,
        can_approve,
        is_done,
        lines: lines(&steps),
        no_keys: keys.err().map(|failure| failure.to_string()),
        // What went wrong before it worked is over.
        failed: failed.filter(|_| !has_launched),
        platform: stored.platform.map(|platform| SeenPlatform {
            address: address_of(&platform.id),
            name: platform.name,
            id: platform.id,
        }),
    })
}

/// What is waited for before there is a platform.
fn waits_to_register(stored: &StoredProgress, sought: &Sought) -> Text {
    let at = |row: &Option<TraceRow>| row.as_ref().map(|row| row.id.clone());
    match stored.is_undecided {
        true => texts::WAITS_APPROVAL,
        // What failed since is shown below, and has to begin again.
        false if at(&stored.asked) > at(&stored.failed) => texts::WAITS_GO_ON,
        false if sought.asks => texts::WAITS_REGISTER,
        false => texts::WAITS_ENTRY,
    }
}

/// What was done is done, and the first that wasn't is waited for.
fn lines(steps: &[(Text, bool)]) -> Vec<ProgressLine> {
    let now = steps.iter().position(|(_, is_done)| !is_done);
    let steps = steps.iter().enumerate();
    let lines = steps.map(|(place, (says, is_done))| ProgressLine {
        kind: match is_done {
            true => "ok",
            false if now == Some(place) => "now",
            false => "todo",
        },
        says: *says,
    });
    lines.collect()
}

/// Whether the platform's keys are at hand. They are fetched now if nobody needed them yet.
async fn keys(
    portal: &Portal,
    tool_id: &str,
    stored: &StoredProgress,
) -> Result<Result<bool, KeyFailure>, Problem> {
    let Some(found) = &stored.platform else {
        return Ok(Ok(false));
    };
    if stored.has_launched {
        return Ok(Ok(true));
    }
    let room = &portal.directory;
    let platform = room.platforms.of_tool(tool_id, &found.id).await?;
    Ok(room.platform_keys.at_hand(&platform))
}

async fn stored(
    portal: &Portal,
    tool_id: &str,
    sought: &Sought,
) -> Result<StoredProgress, StoreError> {
    let mut reader = portal.db.read().await?;
    let tx = &mut reader.tx();
    let platform = platform(tx, tool_id, sought).await?;
    let since = |platform: Option<&str>, kind: Option<&str>, outcome: Option<&str>| TraceFilter {
        tool_id: Some(tool_id.to_owned()),
        platform_id: platform.map(str::to_owned),
        kind: kind.map(str::to_owned),
        outcome: outcome.map(str::to_owned),
        from_id: Some(first_of(sought.since)),
        limit: 1,
        ..TraceFilter::default()
    };
    let registering = |outcome| since(None, Some(REGISTRATION), Some(outcome));
    let mut asked = newest(tx, registering(traces::WAITING)).await?;
    if asked.is_none() {
        asked = newest(tx, registering(traces::ACCEPTED)).await?;
    }
    let Some(platform) = platform else {
        let now = portal.clock.now_ms();
        let undecided = registrations::undecided_number(tx, tool_id.to_owned(), now).await?;
        return Ok(StoredProgress {
            failed: newest(tx, registering(traces::FAILED)).await?,
            is_undecided: undecided > 0,
            asked,
            ..StoredProgress::default()
        });
    };
    let of_platform = |kind, outcome| since(Some(platform.id.as_str()), kind, outcome);
    let accepted = of_platform(Some("launch"), Some(traces::ACCEPTED));
    let launched = newest(tx, accepted).await?;
    let has_launched = launched.is_some();
    let mut came = launched;
    for kind in ["login", "launch"] {
        if came.is_none() {
            came = newest(tx, of_platform(Some(kind), None)).await?;
        }
    }
    Ok(StoredProgress {
        failed: newest(tx, of_platform(None, Some(traces::FAILED))).await?,
        has_come: came.is_some(),
        is_undecided: false,
        platform: Some(platform),
        has_launched,
        asked,
    })
}

async fn newest(tx: &mut Tx<'_>, filter: TraceFilter) -> Result<Option<TraceRow>, StoreError> {
    let page = traces::page(tx, &filter).await?;
    Ok(page.rows.into_iter().next())
}

/// The platform that is meant.
async fn platform(
    tx: &mut Tx<'_>,
    tool_id: &str,
    sought: &Sought,
) -> Result<Option<FoundPlatform>, StoreError> {
    let mut found = Vec::new();
    for active in [true, false] {
        let search = PlatformSearch {
            active,
            after: Some((sought.since, String::new())),
            limit: MOST,
            ..PlatformSearch::default()
        };
        found.extend(platform_list::page(tx, tool_id, &search).await?);
    }
    // The test person's LMS is none that anybody connects.
    found.retain(|platform| platform.issuer != ISSUER);
    if let Some(id) = &sought.platform {
        return Ok(found.into_iter().find(|platform| platform.id == *id));
    }
    Ok(found.into_iter().max_by_key(|platform| platform.created_at))
}
