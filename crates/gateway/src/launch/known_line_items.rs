//! The line items that the application has used, so that a launch can say whether its own is one of
//! them (services.md SV-15). A line item that has only appeared in a launch or a list is not known,
//! because nothing has yet said what it is for.

use std::time::Duration;

use store::{Db, StoreError, line_item_handles, line_items};
use url::Url;

use crate::kit::cache::Cache;
use crate::kit::clock::Clock;
use crate::kit::id::id_from;
use crate::kit::seal;
use crate::web::problem::Problem;

/// The most line items in memory.
const MOST_REMEMBERED: usize = 50_000;
/// How long a used line item is remembered without checking the store.
const USED: Duration = Duration::from_secs(3600);
/// How long another replica's first use may go unnoticed here.
const UNUSED: Duration = Duration::from_secs(10);
/// How long to keep the handle of a deleted line item that isn't used again.
const HANDLE_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The line items that applications have used.
pub(crate) struct KnownLineItems {
    db: Db,
    clock: Clock,
    /// Whether a line item is used, by its hash.
    seen: Cache<String, bool>,
}

impl KnownLineItems {
    pub(super) fn new(db: Db, clock: Clock) -> Self {
        Self {
            db,
            clock,
            seen: Cache::new(MOST_REMEMBERED).living(|used| if *used { USED } else { UNUSED }),
        }
    }

    /// Whether the application ever used a line item.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn is_known(
        &self,
        platform_id: &str,
        line_item: &str,
    ) -> Result<bool, Problem> {
        let id = id_of(platform_id, line_item);
        if let Some(known) = self.seen.get(&id) {
            return Ok(known);
        }
        let known = self.db.look_up(|mut tx| {
            let id = id.clone();
            Box::pin(async move { line_items::is_known(&mut tx, id).await })
        });
        let known = known.await?;
        self.seen.insert(id, known);
        Ok(known)
    }

    /// Records that the application used a line item. If the store fails, that doesn't affect what
    /// was done at the platform; the next use will be recorded.
    pub(crate) async fn used(&self, platform_id: &str, line_item: &str) {
        let id = id_of(platform_id, line_item);
        if self.seen.get(&id) == Some(true) {
            return;
        }
        let (row, platform_id, now) = (id.clone(), platform_id.to_owned(), self.clock.now_ms());
        let used = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { line_items::used(&mut tx, row, platform_id, now).await })
        });
        match used.await {
            Ok(_) => self.seen.insert(id, true),
            Err(error) => tracing::warn!(%error, "the use of a line item was not noted"),
        }
    }

    /// Forgets a line item that the application deleted, including its handle.
    pub(crate) async fn deleted(&self, platform_id: &str, line_item: &str) {
        let id = id_of(platform_id, line_item);
        self.seen.forget(&id);
        let (platform_id, line_item) = (platform_id.to_owned(), line_item.to_owned());
        let forget_at = self.clock.now_ms() + HANDLE_MS;
        let forget = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                line_items::forget(&mut tx, id).await?;
                line_item_handles::lose_line_item(&mut tx, platform_id, line_item, forget_at).await
            })
        });
        if let Err(error) = forget.await {
            tracing::warn!(%error, "a deleted line item was not forgotten");
        }
    }

    /// Removes outdated entries from memory.
    pub(super) fn tidy(&self) {
        self.seen.tidy();
    }
}

/// The hash of a line item, the same for all equivalent spellings of its address.
fn id_of(platform_id: &str, line_item: &str) -> String {
    let url = Url::parse(line_item).map_or_else(|_| line_item.to_owned(), String::from);
    id_from(&seal::hash(&["line item", platform_id, &url]))
}
