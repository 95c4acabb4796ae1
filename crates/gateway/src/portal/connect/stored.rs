//! What the store knows of an LMS that is being connected.

use store::platform_list::{self, FoundPlatform, PlatformSearch};
use store::traces::{self, TraceFilter, TraceRow};
use store::{StoreError, Tx, platforms};

use super::arrivals::{SeenDeployments, deployments_of, under_another_client_id};
use super::lms::Lms;
use crate::kit::id::first_of;
use crate::portal::room::Portal;
use crate::portal::trial::ISSUER;
use crate::registration::undecided::UndecidedOffer;
use crate::web::problem::Problem;

/// How many of the platforms registered since then are looked at.
const MOST_PLATFORMS: i64 = 50;

/// How many registrations are searched for platforms that registered again.
const MOST_AGAIN: i64 = 10;

/// The kind of a registration's traces.
const REGISTRATION: &str = "registration";

/// How many platforms are offered to choose from.
const MOST_CHOICES: usize = 6;

/// What to look for.
pub(super) struct ProgressQuery {
    /// This platform; if `None`, one that has registered since then and may be this LMS.
    pub(super) platform: Option<String>,
    pub(super) lms: &'static Lms,
    /// Milliseconds since 1970.
    pub(super) since: i64,
}

/// What the store knows.
#[derive(Default)]
pub(super) struct StoredProgress {
    pub(super) platform: Option<FoundPlatform>,
    /// The candidates, if there are several.
    pub(super) choices: Vec<FoundPlatform>,
    /// The last time that an LMS asked for our configuration and was not refused.
    pub(super) asked: Option<TraceRow>,
    /// Whether a registration that may be this LMS's waits for the tool's approval.
    pub(super) is_undecided: bool,
    /// Whether a person entered the platform, rather than the LMS by our URL.
    pub(super) is_by_hand: bool,
    /// Whether it has ever sent anyone here.
    pub(super) has_come: bool,
    pub(super) has_launched: bool,
    /// The reference of its newest launch.
    pub(super) launch: Option<String>,
    pub(super) failed: Option<TraceRow>,
    /// The last login with its issuer, but another client id.
    pub(super) astray: Option<TraceRow>,
    pub(super) deployments: SeenDeployments,
}

impl StoredProgress {
    /// Reads what is known by now.
    ///
    /// # Errors
    /// The store failed, or a registration that waits can't be opened.
    pub(super) async fn read(
        portal: &Portal,
        tool_id: &str,
        sought: &ProgressQuery,
    ) -> Result<Self, Problem> {
        let stored = Self::of_attempts(portal, tool_id, sought).await?;
        let is_open = stored.platform.is_none();
        Ok(Self {
            is_undecided: is_open && has_offer(portal, tool_id, sought.lms).await?,
            ..stored
        })
    }

    /// All but the registrations that wait for the tool's approval.
    async fn of_attempts(
        portal: &Portal,
        tool_id: &str,
        sought: &ProgressQuery,
    ) -> Result<Self, StoreError> {
        let mut reader = portal.db.read().await?;
        let tx = &mut reader.tx();
        let now = portal.clock.now_ms();
        let (platform, choices) = match &sought.platform {
            Some(id) => (platform_list::one(tx, tool_id, id, now).await?, Vec::new()),
            None => only_one(newcomers(tx, tool_id, sought, now).await?),
        };
        if let Some(platform) = platform {
            return Self::of_platform(tx, tool_id, platform, sought.since).await;
        }
        let attempts = SoughtAttempts {
            tool_id,
            platform_id: None,
            since: sought.since,
        };
        let (kind, waiting, failed) = (Some(REGISTRATION), traces::WAITING, traces::FAILED);
        Ok(Self {
            asked: attempts.newest(tx, kind, Some(waiting)).await?,
            failed: attempts.newest(tx, kind, Some(failed)).await?,
            choices,
            ..Self::default()
        })
    }

    async fn of_platform(
        tx: &mut Tx<'_>,
        tool_id: &str,
        platform: FoundPlatform,
        since: i64,
    ) -> Result<Self, StoreError> {
        let attempts = SoughtAttempts {
            tool_id,
            platform_id: Some(&platform.id),
            since,
        };
        let accepted = Some(traces::ACCEPTED);
        let asked = attempts.newest(tx, Some(REGISTRATION), accepted).await?;
        let launched = attempts.newest(tx, Some("launch"), accepted).await?;
        let has_launched = launched.is_some();
        let reference = |row: &TraceRow| row.correlation_id.as_ref().unwrap_or(&row.id).clone();
        let launch = launched.as_ref().map(reference);
        let mut came = launched;
        // Launches are looked through last, because they are the most.
        for (kind, outcome) in [
            ("login", None),
            ("launch", Some(traces::FAILED)),
            ("launch", Some(traces::WAITING)),
        ] {
            if came.is_none() {
                came = attempts.newest(tx, Some(kind), outcome).await?;
            }
        }
        let management = platforms::management(tx, platform.id.clone()).await?;
        let astray = match has_launched {
            true => None,
            false => under_another_client_id(tx, tool_id, &platform, since).await?,
        };
        Ok(Self {
            failed: attempts.newest(tx, None, Some(traces::FAILED)).await?,
            is_by_hand: management.is_some_and(|stored| stored.configuration.is_none()),
            // One with another client id may come from another school with the same issuer.
            has_come: came.is_some(),
            deployments: deployments_of(tx, &platform.id).await?,
            platform: Some(platform),
            astray,
            has_launched,
            launch,
            asked,
            ..Self::default()
        })
    }
}

/// Which attempts are looked at: those at a tool since then, from one platform if it is known.
struct SoughtAttempts<'a> {
    tool_id: &'a str,
    platform_id: Option<&'a str>,
    /// Milliseconds since 1970.
    since: i64,
}

impl SoughtAttempts<'_> {
    /// The newest of this kind and with this outcome; `None` stands for any.
    async fn newest(
        &self,
        tx: &mut Tx<'_>,
        kind: Option<&str>,
        outcome: Option<&str>,
    ) -> Result<Option<TraceRow>, StoreError> {
        let filter = TraceFilter {
            tool_id: Some(self.tool_id.to_owned()),
            platform_id: self.platform_id.map(str::to_owned),
            kind: kind.map(str::to_owned),
            outcome: outcome.map(str::to_owned),
            from_id: Some(first_of(self.since)),
            limit: 1,
            ..TraceFilter::default()
        };
        let page = traces::page(tx, &filter).await?;
        Ok(page.rows.into_iter().next())
    }
}

/// The platform if there is only one, otherwise the candidates.
fn only_one(mut found: Vec<FoundPlatform>) -> (Option<FoundPlatform>, Vec<FoundPlatform>) {
    match found.len() {
        1 => (found.pop(), Vec::new()),
        _ => (None, found),
    }
}

/// Whether a registration waits for the tool's approval that isn't known to be another LMS's.
async fn has_offer(portal: &Portal, tool_id: &str, lms: &Lms) -> Result<bool, Problem> {
    let Some(tool) = portal.tools.by_id(tool_id) else {
        return Ok(false);
    };
    let can_be = |offer: &UndecidedOffer| {
        let family = Some(&*offer.family).filter(|family| !family.is_empty());
        lms.can_be(family, &offer.issuer)
    };
    portal.registrations.is_undecided(&tool, can_be).await
}

/// Platforms that have registered since then, for the first time or again, oldest first. Leaves out
/// those that are known to be another LMS, and the test person's.
async fn newcomers(
    tx: &mut Tx<'_>,
    tool_id: &str,
    sought: &ProgressQuery,
    now: i64,
) -> Result<Vec<FoundPlatform>, StoreError> {
    let search = PlatformSearch {
        after: Some((sought.since, String::new())),
        limit: MOST_PLATFORMS,
        ..PlatformSearch::default()
    };
    let mut found = platform_list::pages_of_both(tx, tool_id, &search).await?;
    let again = TraceFilter {
        tool_id: Some(tool_id.to_owned()),
        kind: Some(REGISTRATION.to_owned()),
        outcome: Some(traces::ACCEPTED.to_owned()),
        from_id: Some(first_of(sought.since)),
        limit: MOST_AGAIN,
        ..TraceFilter::default()
    };
    for row in traces::page(tx, &again).await?.rows {
        let id = row.platform_id.unwrap_or_default();
        if found.iter().all(|known| known.id != id) {
            found.extend(platform_list::one(tx, tool_id, &id, now).await?);
        }
    }
    let lms = sought.lms;
    found.retain(|found| {
        found.issuer != ISSUER && lms.can_be(found.family.as_deref(), &found.issuer)
    });
    found.sort_by_key(|platform| platform.created_at);
    found.truncate(MOST_CHOICES);
    Ok(found)
}
