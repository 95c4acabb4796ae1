//! Line items by the application's handles: `resourceId` and `tag` in a course (grades.md GR-22 to
//! GR-25).
//!
//! For the first score with a handle, one of the servers finds the line item, or creates it if
//! there is none; then it is remembered. If several match, there is no guessing: an application
//! decides ([`pin`]). A line item that a teacher deleted is recreated only if the settings say so.

mod container;
mod find;
mod in_step;
mod outcome;
pub(crate) mod pin;
mod scope;
pub(crate) mod score;
mod several;

use std::sync::Arc;
use std::time::Duration;

use store::line_item_handles::{self as stored, HandleLook, HandleOwner, HandleRow, HandleTarget};
use store::{Db, StoreError};
use url::Url;

use crate::kit::clock::{Clock, Random};
use crate::kit::id::new_id;
use crate::kit::standstill::Standstills;
use crate::launch::{Launches, ServicePlace};
use crate::services::deliveries::{DeliveryKeys, FoundLineItem};
use crate::services::platform_client::PlatformClient;

/// A search that takes longer than this, measured by this server's own time, is considered dead. It
/// is longer than [`LineItemHandles::patience`].
const DEAD_SEARCH: Duration = Duration::from_secs(5 * 60);
/// The same for servers of older versions, in milliseconds: they compare dates.
const DEAD_SEARCH_MS: i64 = 5 * 60 * 1000;
/// How long a handle without a line item is kept.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// The handles of this installation. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct LineItemHandles {
    pub db: Db,
    pub clock: Clock,
    pub random: Random,
    pub keys: DeliveryKeys,
    pub client: PlatformClient,
    pub launches: Launches,
    /// Searches in progress anywhere.
    pub searches: Arc<Standstills<String>>,
    /// How long a search may take: a list of many pages, and creating a line item. After that
    /// another search may begin, and if both continued they would create two line items.
    pub patience: Duration,
}

impl LineItemHandles {
    /// A handle at a place: the same for all links of the course.
    fn owner(
        &self,
        tool_id: &str,
        place: &ServicePlace,
        resource_id: &str,
        tag: Option<&str>,
    ) -> HandleOwner {
        HandleOwner {
            id: self.keys.handle(
                &place.platform_id,
                &place.deployment_id,
                place.context_id.as_deref(),
                resource_id,
                tag,
            ),
            tool_id: tool_id.to_owned(),
            platform_id: place.platform_id.clone(),
        }
    }

    /// The line item of a handle, if known.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn known(
        &self,
        tool_id: &str,
        place: &ServicePlace,
        resource_id: &str,
        tag: Option<&str>,
    ) -> Result<Option<FoundLineItem>, StoreError> {
        let handle = self.owner(tool_id, place, resource_id, tag);
        self.by_id(&handle.id).await
    }

    async fn row(&self, id: &str) -> Result<Option<HandleRow>, StoreError> {
        let row = self.db.look_up(|mut tx| {
            let id = id.to_owned();
            Box::pin(async move { stored::by_id(&mut tx, id).await })
        });
        row.await
    }

    async fn by_id(&self, id: &str) -> Result<Option<FoundLineItem>, StoreError> {
        let Some(HandleRow {
            line_item: Some(line_item),
            score_maximum,
            ..
        }) = self.row(id).await?
        else {
            return Ok(None);
        };
        let url = Url::parse(&line_item);
        Ok(Some(FoundLineItem {
            url: url.map_err(|error| StoreError::Corrupt(error.to_string()))?,
            score_maximum: score_maximum.and_then(|maximum| maximum.parse().ok()),
        }))
    }

    /// Starts a search. Returns its name, or `None` if another server is searching or has just
    /// found the line item.
    async fn look(&self, handle: &HandleOwner) -> Result<Option<String>, StoreError> {
        let dead = self.dead_search(&handle.id).await?;
        let now = self.clock.now_ms();
        let owner = new_id(now, &self.random);
        let look = HandleLook {
            owner: owner.clone(),
            until: now + DEAD_SEARCH_MS,
            forget_at: now + KEPT_MS,
        };
        let handle = handle.clone();
        let begun = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::look(&mut tx, handle, look, dead).await })
        });
        Ok(begun.await?.then_some(owner))
    }

    /// The search for a handle that has taken so long that its server must have died; empty if
    /// there is none.
    async fn dead_search(&self, id: &str) -> Result<String, StoreError> {
        let row = self.row(id).await?;
        let looking = row.filter(|row| row.line_item.is_none() && row.owned_until != 0);
        let owner = looking.map(|row| row.owner).unwrap_or_default();
        let now = self.clock.uptime();
        let is_dead = !owner.is_empty() && self.searches.has_stood(id, &owner, now, DEAD_SEARCH);
        Ok(if is_dead { owner } else { String::new() })
    }

    /// Stores what a search found. Returns false if another search took over meanwhile.
    async fn keep(
        &self,
        handle: &HandleOwner,
        owner: String,
        found: &FoundLineItem,
    ) -> Result<bool, StoreError> {
        let (id, target) = (handle.id.clone(), target(found));
        let keep = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::found(&mut tx, id, owner, target).await })
        });
        keep.await
    }

    /// Ends a search that found nothing, so that the next one need not wait. If this fails, the
    /// next one waits a few minutes.
    async fn give_up(&self, handle: &HandleOwner, owner: String) {
        let id = handle.id.clone();
        let give_up = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::give_up(&mut tx, id, owner).await })
        });
        if let Err(error) = give_up.await {
            tracing::warn!(%error, "a handle waits for a search that has ended");
        }
    }

    /// Sets the line item of a handle, overriding anything known before.
    async fn set(&self, handle: HandleOwner, found: &FoundLineItem) -> Result<(), StoreError> {
        let target = target(found);
        let pin = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::pin(&mut tx, handle, target).await })
        });
        pin.await
    }

    /// Forgets the line item of a handle, so that it is searched for again.
    async fn lose(&self, handle: &HandleOwner, line_item: &Url) -> Result<(), StoreError> {
        let (id, line_item) = (handle.id.clone(), line_item.to_string());
        let forget_at = self.clock.now_ms() + KEPT_MS;
        let lose = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::lose(&mut tx, id, line_item, forget_at).await })
        });
        lose.await.map(drop)
    }
}

fn target(found: &FoundLineItem) -> HandleTarget {
    let maximum = found.score_maximum.as_ref();
    HandleTarget {
        line_item: found.url.to_string(),
        score_maximum: maximum.map(ToString::to_string),
    }
}
