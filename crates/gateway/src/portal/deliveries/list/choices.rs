//! Platforms to filter deliveries by.

use store::StoreError;
use store::platform_list::{self, FoundPlatform, PlatformSearch};

use crate::portal::room::Portal;

/// How many platforms are offered.
const MOST_CHOICES: i64 = 20;

pub(super) struct PlatformChoice {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) is_chosen: bool,
}

/// The platforms to choose from: those that may launch, as many as the list holds.
///
/// # Errors
/// The store failed.
pub(super) async fn choices(
    portal: &Portal,
    tool_id: &str,
    chosen: Option<&str>,
) -> Result<Vec<PlatformChoice>, StoreError> {
    let now = portal.clock.now_ms();
    let search = PlatformSearch {
        active: true,
        limit: MOST_CHOICES,
        now,
        ..PlatformSearch::default()
    };
    let mut reader = portal.db.read().await?;
    let tx = &mut reader.tx();
    let mut found = platform_list::page(tx, tool_id, &search).await?;
    if let Some(id) = chosen.filter(|id| found.iter().all(|row| row.id != *id)) {
        found.extend(platform_list::one(tx, tool_id, id, now).await?);
    }
    let choice = |row: FoundPlatform| PlatformChoice {
        is_chosen: chosen == Some(row.id.as_str()),
        id: row.id,
        name: row.name,
    };
    Ok(found.into_iter().map(choice).collect())
}
