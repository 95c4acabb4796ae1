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
mod search;
mod several;

use std::sync::Arc;
use std::time::Duration;

use store::line_item_handles::{self as stored, HandleOwner, HandleRow, HandleTarget};
use store::{Db, StoreError};
use url::Url;

use crate::kit::clock::{Clock, Random};
use crate::kit::standstill::Standstills;
use crate::launch::{Launches, ServicePlace};
use crate::services::deliveries::{DeliveryKeys, FoundLineItem};
use crate::services::platform_client::PlatformClient;

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
    /// How long a search may take: a list of many pages, and creating a line item.
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

    /// Sets the line item of a handle, overriding anything known before.
    async fn set(&self, handle: HandleOwner, found: &FoundLineItem) -> Result<(), StoreError> {
        let target = target(found);
        let pin = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::pin(&mut tx, handle, target).await })
        });
        pin.await
    }

    /// Replaces the line item `old` of a handle, unless an application has set another one
    /// meanwhile. Returns the one to use.
    async fn replace(
        &self,
        handle: &HandleOwner,
        old: &Url,
        found: FoundLineItem,
    ) -> Result<FoundLineItem, StoreError> {
        let (id, old, target) = (handle.id.clone(), old.to_string(), target(&found));
        let replace = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::replace(&mut tx, id, old, target).await })
        });
        if replace.await? {
            return Ok(found);
        }
        // If none is known any more, the next score looks for it.
        Ok(self.by_id(&handle.id).await?.unwrap_or(found))
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
