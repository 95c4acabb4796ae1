//! What was seen of an LMS that is being connected: it registered, was activated here, and launched.

use store::platform_list::{self, FoundPlatform, PlatformSearch};
use store::traces::{self, TraceFilter};
use store::{StoreError, Tx};

use crate::kit::id::first_of;
use crate::portal::platforms::address_of;
use crate::portal::room::Portal;
use crate::web::texts::{Text, portal_connect as texts};

/// Platforms that are looked at: of those that registered since, the youngest counts.
const MOST: i64 = 50;

/// Where a connection is looked for.
pub(super) struct Sought {
    /// This platform; else the youngest since then.
    pub(super) platform: Option<String>,
    /// Milliseconds since 1970.
    pub(super) since: i64,
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
    pub(super) lines: [ProgressLine; 3],
    /// Whether it may be activated now.
    pub(super) can_activate: bool,
    pub(super) is_done: bool,
    /// The reference of a registration that failed since, if none came through.
    pub(super) failed: Option<String>,
}

/// Looks up what was seen so far.
pub(super) async fn look(
    portal: &Portal,
    tool_id: &str,
    sought: &Sought,
) -> Result<ConnectProgress, StoreError> {
    portal.traces.settled().await;
    let mut reader = portal.db.read().await?;
    let tx = &mut reader.tx();
    let seen = platform(tx, tool_id, sought).await?;
    let has_launched = match &seen {
        Some(platform) => has_launched(tx, tool_id, &platform.id).await?,
        None => false,
    };
    let failed = match &seen {
        Some(_) => None,
        None => failed(tx, tool_id, sought.since).await?,
    };
    let is_active = seen.as_ref().is_some_and(|platform| platform.active);
    let done = [seen.is_some(), is_active, has_launched];
    let says = [texts::P_REGISTERS, texts::P_ACTIVE, texts::P_LAUNCH];
    let at = done.iter().position(|done| !done);
    let mut lines = says.map(|says| ProgressLine { kind: "ok", says });
    for (place, line) in lines.iter_mut().enumerate() {
        line.kind = match at {
            Some(at) if place == at => "now",
            Some(at) if place > at => "todo",
            _ => "ok",
        };
    }
    let waits = match at {
        Some(0) => texts::WAITS_REGISTER,
        Some(1) => texts::WAITS_ACTIVATE,
        Some(_) => texts::WAITS_LAUNCH,
        None => texts::CONNECTED,
    };
    Ok(ConnectProgress {
        can_activate: at == Some(1),
        is_done: at.is_none(),
        platform: seen.map(|platform| SeenPlatform {
            address: address_of(&platform.id),
            name: platform.name,
            id: platform.id,
        }),
        lines,
        waits,
        failed,
    })
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
    if let Some(id) = &sought.platform {
        return Ok(found.into_iter().find(|platform| platform.id == *id));
    }
    Ok(found.into_iter().max_by_key(|platform| platform.created_at))
}

async fn has_launched(
    tx: &mut Tx<'_>,
    tool_id: &str,
    platform_id: &str,
) -> Result<bool, StoreError> {
    let filter = TraceFilter {
        tool_id: Some(tool_id.to_owned()),
        platform_id: Some(platform_id.to_owned()),
        kind: Some("launch".to_owned()),
        outcome: Some(traces::ACCEPTED.to_owned()),
        limit: 1,
        ..TraceFilter::default()
    };
    Ok(!traces::page(tx, &filter).await?.rows.is_empty())
}

/// The reference of the newest registration that failed since then.
async fn failed(tx: &mut Tx<'_>, tool_id: &str, since: i64) -> Result<Option<String>, StoreError> {
    let filter = TraceFilter {
        tool_id: Some(tool_id.to_owned()),
        kind: Some("registration".to_owned()),
        outcome: Some(traces::FAILED.to_owned()),
        from_id: Some(first_of(since)),
        limit: 1,
        ..TraceFilter::default()
    };
    let found = traces::page(tx, &filter).await?.rows;
    Ok(found.into_iter().find_map(|row| row.correlation_id))
}
