//! One search for a handle's line item at a time, across all servers. A search shows that it goes
//! on by changing its name in the handle's row, so that others soon notice when its server has
//! died, and it notices itself when another search has taken over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use store::StoreError;
use store::line_item_handles::{self as stored, HandleLook, HandleOwner};
use tokio::sync::{Mutex, MutexGuard};

use super::outcome::by_store;
use super::{KEPT_MS, LineItemHandles, target};
use crate::kit::id::new_id;
use crate::services::call::SendBy;
use crate::services::deliveries::{FoundLineItem, NoLineItem};

/// How often a search shows that it goes on.
const SIGN: Duration = Duration::from_secs(5);
/// A search that has shown nothing for this long, measured by this server's own time, is dead.
const DEAD_SEARCH: Duration = Duration::from_secs(30);
/// How long after a sign a line item may be asked for: if the answer takes the usual time, too, no
/// other search has begun by then.
const CREATES_WITHIN: Duration = Duration::from_secs(10);
/// The same as [`DEAD_SEARCH`] for servers of older versions, whose searches show nothing.
const OLD_SEARCH: Duration = Duration::from_secs(5 * 60);
/// What those servers compare with their date, in milliseconds.
const OLD_SEARCH_MS: i64 = 5 * 60 * 1000;
/// What the names of searches that show signs begin with.
const MARK: &str = "~";

/// A search of this server.
pub(super) struct HandleSearch<'a> {
    room: &'a LineItemHandles,
    handle: HandleOwner,
    /// Its current name; locked while it is changed.
    name: Mutex<String>,
    /// Whether the line item was asked for and the platform has not answered.
    may_be_created: AtomicBool,
}

impl LineItemHandles {
    /// Starts a search; `None` if another one is in progress or has just found the line item.
    pub(super) async fn look(
        &self,
        handle: &HandleOwner,
    ) -> Result<Option<HandleSearch<'_>>, StoreError> {
        let dead = self.dead_search(&handle.id).await?;
        let now = self.clock.now_ms();
        let name = self.new_name();
        let look = HandleLook {
            owner: name.clone(),
            until: now + OLD_SEARCH_MS,
            forget_at: now + KEPT_MS,
        };
        let asked = handle.clone();
        let begun = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::look(&mut tx, asked, look, dead).await })
        });
        Ok(begun.await?.then(|| HandleSearch {
            room: self,
            handle: handle.clone(),
            name: Mutex::new(name),
            may_be_created: AtomicBool::new(false),
        }))
    }

    fn new_name(&self) -> String {
        format!("{MARK}{}", new_id(self.clock.now_ms(), &self.random))
    }

    /// The search for a handle whose server must have died; empty if there is none.
    async fn dead_search(&self, id: &str) -> Result<String, StoreError> {
        let row = self.row(id).await?;
        let looking = row.filter(|row| row.line_item.is_none() && row.owned_until != 0);
        let name = looking.map(|row| row.owner).unwrap_or_default();
        let long = match name.starts_with(MARK) {
            true => DEAD_SEARCH,
            false => OLD_SEARCH,
        };
        let now = self.clock.uptime();
        let is_dead = !name.is_empty() && self.searches.has_stood(id, &name, now, long);
        Ok(if is_dead { name } else { String::new() })
    }
}

impl HandleSearch<'_> {
    /// Does the searching, and shows meanwhile that it goes on.
    pub(super) async fn during<T>(
        &self,
        searching: impl Future<Output = Result<T, NoLineItem>>,
    ) -> Result<T, NoLineItem> {
        tokio::pin!(searching);
        loop {
            tokio::select! {
                found = &mut searching => return found,
                () = tokio::time::sleep(SIGN) => {
                    // If it is locked, the search is giving a sign itself.
                    if let Ok(name) = self.name.try_lock() {
                        match self.show_life(name).await {
                            Ok(true) => {}
                            Ok(false) => return Err(taken_over()),
                            // The platform may be creating the line item: its answer still counts.
                            Err(error) => tracing::warn!(
                                %error,
                                "a search for a line item could not show that it goes on"
                            ),
                        }
                    }
                }
            }
        }
    }

    /// Until when the line item may be asked for; the request must use it.
    pub(super) async fn may_create(&self) -> Result<SendBy, NoLineItem> {
        // Counted from before the sign: a server may stand still right after it.
        let by = SendBy::within(&self.room.clock, CREATES_WITHIN);
        match self.show_life(self.name.lock().await).await {
            Ok(true) => {
                self.may_be_created.store(true, Ordering::Relaxed);
                Ok(by)
            }
            Ok(false) => Err(taken_over()),
            Err(error) => Err(by_store(error)),
        }
    }

    /// The platform has answered, so it creates nothing more.
    pub(super) fn is_answered(&self) {
        self.may_be_created.store(false, Ordering::Relaxed);
    }

    /// Gives a sign. Returns false if another search took over.
    async fn show_life(&self, mut name: MutexGuard<'_, String>) -> Result<bool, StoreError> {
        let (id, before, after) = (self.handle.id.clone(), name.clone(), self.room.new_name());
        let renewed = (after.clone(), self.room.clock.now_ms() + OLD_SEARCH_MS);
        let shown = self.room.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::renew(&mut tx, id, before, renewed).await })
        });
        let is_shown = shown.await?;
        if is_shown {
            *name = after;
        }
        Ok(is_shown)
    }

    /// Stores what it found. Returns false if another search took over meanwhile.
    pub(super) async fn keep(self, found: &FoundLineItem) -> Result<bool, StoreError> {
        let (id, name) = (self.handle.id, self.name.into_inner());
        let target = target(found);
        let keep = self.room.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::found(&mut tx, id, name, target).await })
        });
        keep.await
    }

    /// Ends it without a result, so that the next one need not wait. If this fails, the next one
    /// waits half a minute. It also does if the platform may still be creating the line item: until
    /// then, it would find none, and create another one
    /// (docs/decisions/0492-an-unanswered-creation-is-waited-for.md).
    pub(super) async fn give_up(self) {
        if self.may_be_created.into_inner() {
            tracing::info!(
                platform_id = self.handle.platform_id,
                "a line item was asked for without an answer; it is looked for in half a minute"
            );
            return;
        }
        let (id, name) = (self.handle.id, self.name.into_inner());
        let give_up = self.room.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::give_up(&mut tx, id, name).await })
        });
        if let Err(error) = give_up.await {
            tracing::warn!(%error, "a handle waits for a search that has ended");
        }
    }
}

fn taken_over() -> NoLineItem {
    NoLineItem::NotNow("another score has taken over the search for this line item".into())
}
