//! Handles: the application's own names for content. Each can be chosen only once in a course
//! (services.md SV-3, SV-4).
//!
//! Signing an answer reserves its handles for half an hour, longer than any platform takes to show
//! the chosen content. A launch or a line item with the handle places it. Until it is released, it
//! can't be chosen in that course again.

pub(crate) mod api;
mod course;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use store::reservations::{self as stored, NewReservation, Reservation};
use store::{Db, StoreError};
use url::Url;

use super::facts::Facts;
use crate::events::{ContentPlaced, Event, Events};
use crate::kit::cache::Cache;
use crate::kit::clock::Clock;
use crate::web::problem::Problem;

pub(crate) use course::Course;

/// The name under which platforms carry a handle: as a custom parameter, and as a parameter of the
/// link's address.
pub(crate) const PARAMETER: &str = lti::content_item::HANDLE;

/// How long a signed answer may take to arrive.
const RESERVED_MS: i64 = 30 * 60 * 1000;
/// How long handles that were released or never placed stay in lists.
const LISTED_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// The most sightings in memory. They spare frequently launched links most lookups.
const MOST_SIGHTINGS: usize = 50_000;
const SEEN: Duration = Duration::from_secs(60);

/// The reservations of this installation.
pub(crate) struct Reservations {
    db: Db,
    clock: Clock,
    events: Events,
    /// Recently seen reservations, by reservation and link.
    seen: Cache<(String, String), ()>,
}

/// Where content with a handle was seen.
struct Sighting {
    /// The link that launched with the handle.
    link: Option<String>,
    /// The address of its line item.
    line_item: Option<String>,
}

impl Sighting {
    fn says_nothing_new(&self, known: &Reservation) -> bool {
        known.placed_at.is_some()
            && (self.link.is_none() || known.resource_link_id == self.link)
            && (self.line_item.is_none() || known.line_item == self.line_item)
    }
}

/// Why handles were not reserved.
#[derive(Debug)]
pub(crate) enum NotReserved {
    /// Another answer has reserved this one.
    Taken(String),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for NotReserved {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Reservations {
    pub(super) fn new(db: Db, clock: Clock, events: Events) -> Self {
        Self {
            db,
            clock,
            events,
            seen: Cache::new(MOST_SIGHTINGS).living(|()| SEEN),
        }
    }

    /// Reserves all handles of an answer in a course, or none.
    ///
    /// # Errors
    /// One is already reserved or placed, or the store failed.
    pub(crate) async fn reserve(
        &self,
        course: &Course,
        handles: &[String],
        answer_id: &str,
    ) -> Result<(), NotReserved> {
        if handles.is_empty() {
            return Ok(());
        }
        let now = self.clock.now_ms();
        let new = handles.iter().map(|handle| NewReservation {
            id: course.reservation(handle),
            course_id: course.id.clone(),
            tool_id: course.tool_id.clone(),
            platform_id: course.platform_id.clone(),
            handle: handle.clone(),
            answer_id: answer_id.to_owned(),
            reserved_at: now,
            reserved_until: now + RESERVED_MS,
            forget_at: now + RESERVED_MS + LISTED_MS,
        });
        let mut new: Vec<NewReservation> = new.collect();
        // Always in the same order, so that two answers with the same handles can't deadlock.
        new.sort_by(|one, other| one.id.cmp(&other.id));
        let reserve = self.db.write::<_, NotReserved, _>(move |mut tx| {
            Box::pin(async move {
                for reservation in new {
                    let handle = reservation.handle.clone();
                    if !stored::reserve(&mut tx, reservation).await? {
                        return Err(NotReserved::Taken(handle));
                    }
                }
                Ok(())
            })
        });
        reserve.await
    }

    /// Gives back the reservations of an answer that was never signed.
    pub(crate) async fn give_back(&self, course: &Course, handles: &[String], answer_id: &str) {
        let now = self.clock.now_ms();
        for handle in handles {
            let (id, answer_id) = (course.reservation(handle), answer_id.to_owned());
            let give_back = self.db.write_one::<_, StoreError, _>(move |mut tx| {
                Box::pin(async move { stored::give_back(&mut tx, id, answer_id, now).await })
            });
            if let Err(error) = give_back.await {
                tracing::warn!(%error, "a handle stays reserved for half an hour");
            }
        }
    }

    /// Places the handle of a launch, if it contains one that was reserved in its course. Returns
    /// true if so.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn launched(&self, tool_id: &str, facts: &Facts) -> Result<bool, Problem> {
        let (Some(link), Some(handle)) = (&facts.resource_link, carried(facts)) else {
            return Ok(false);
        };
        let course = Course::of(tool_id, facts);
        let id = course.reservation(&handle);
        let sighting = (id.clone(), link.id.clone());
        if self.seen.get(&sighting).is_some() {
            return Ok(false);
        }
        let line_item = facts.grades.as_ref();
        let line_item = line_item.and_then(|grades| grades.lineitem.clone());
        let seen = Sighting {
            link: Some(link.id.clone()),
            line_item,
        };
        let is_placed = self.place(&course, &id, seen).await?;
        self.seen.insert(sighting, ());
        Ok(is_placed)
    }

    /// Places the handles of line items, given by their `resourceId` and address. The platform's
    /// list is worth more than that: if the store fails, the next list places them.
    pub(crate) async fn listed(&self, course: &Course, items: &[(String, String)]) {
        if let Err(error) = self.place_listed(course, items).await {
            tracing::warn!(%error, "handles of line items were not placed");
        }
    }

    async fn place_listed(
        &self,
        course: &Course,
        items: &[(String, String)],
    ) -> Result<(), StoreError> {
        if items.is_empty() {
            return Ok(());
        }
        // Most applications choose nothing with handles.
        if self.page(course, String::new(), 1).await?.is_empty() {
            return Ok(());
        }
        let mut addresses = BTreeMap::new();
        for (handle, address) in items {
            let id = course.reservation(handle);
            addresses.entry(id).or_insert(address);
        }
        let ids: Vec<String> = addresses.keys().cloned().collect();
        for id in self.without_line_item(&ids).await? {
            let seen = Sighting {
                link: None,
                line_item: addresses.get(&id).map(|address| (*address).clone()),
            };
            self.place(course, &id, seen).await?;
        }
        Ok(())
    }

    async fn without_line_item(&self, ids: &[String]) -> Result<BTreeSet<String>, StoreError> {
        let mut reader = self.db.read().await?;
        stored::without_line_item(&mut reader.tx(), ids).await
    }

    /// Records where a handle was seen, and announces it the first time. Returns false if it was
    /// never reserved.
    async fn place(&self, course: &Course, id: &str, seen: Sighting) -> Result<bool, StoreError> {
        let Some(known) = self.by_id(id).await? else {
            return Ok(false);
        };
        if seen.says_nothing_new(&known) {
            return Ok(true);
        }
        let event = Event::DeeplinkPlaced(ContentPlaced {
            platform_id: course.platform_id.clone(),
            deployment_id: course.deployment_id.clone(),
            context_id: course.context_id.clone(),
            handle: known.handle,
            resource_link_id: seen.link.clone(),
            line_item_id: seen.line_item.clone(),
        });
        let (id, now) = (id.to_owned(), self.clock.now_ms());
        let (events, tool_id) = (self.events.clone(), course.tool_id.clone());
        let place = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let Sighting { link, line_item } = seen;
                let (first, at) = (link.clone(), line_item.clone());
                if stored::arrive(&mut tx, id.clone(), now, first, at).await? {
                    events.record(&mut tx, &tool_id, &event).await?;
                    return Ok(true);
                }
                stored::place(&mut tx, id, now, link, line_item).await
            })
        });
        let is_placed = place.await?;
        self.events.committed();
        Ok(is_placed)
    }

    async fn by_id(&self, id: &str) -> Result<Option<Reservation>, StoreError> {
        let found = self.db.look_up(|mut tx| {
            let id = id.to_owned();
            Box::pin(async move { stored::by_id(&mut tx, id).await })
        });
        found.await
    }

    async fn page(
        &self,
        course: &Course,
        after: String,
        most: i64,
    ) -> Result<Vec<Reservation>, StoreError> {
        let mut reader = self.db.read().await?;
        stored::of_course(&mut reader.tx(), course.id.clone(), after, most).await
    }

    /// Frees a handle. Returns false if it was never reserved in the course.
    async fn release(&self, course: &Course, handle: &str) -> Result<bool, StoreError> {
        let (id, now) = (course.reservation(handle), self.clock.now_ms());
        let release = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { stored::release(&mut tx, id, now, now + LISTED_MS).await })
        });
        let is_released = release.await?;
        // If a launch comes later after all, it must be looked up again.
        let id = course.reservation(handle);
        self.seen.forget_where(|(seen, _), ()| *seen == id);
        Ok(is_released)
    }

    /// Frees the handle of a line item that the application deleted. The line item is gone in any
    /// case, so if the store fails, the handle merely stays reserved.
    pub(crate) async fn line_item_deleted(&self, course: &Course, line_item: &Url) {
        let (course, line_item) = (course.id.clone(), line_item.to_string());
        let now = self.clock.now_ms();
        let release = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let until = now + LISTED_MS;
                stored::release_line_item(&mut tx, course, line_item, now, until).await
            })
        });
        if let Err(error) = release.await {
            tracing::warn!(%error, "the handle of a deleted line item stays taken");
        }
    }

    /// Removes outdated entries from memory.
    pub(super) fn tidy(&self) {
        self.seen.tidy();
    }
}

/// The handle in a launch: some platforms preserve a link's custom parameters, others its address.
fn carried(facts: &Facts) -> Option<String> {
    let custom = facts.custom.get(PARAMETER).cloned();
    let handle = custom.or_else(|| {
        let target = facts.target.contains(PARAMETER).then_some(&facts.target)?;
        let target = Url::parse(target).ok()?;
        let found = target.query_pairs().find(|(name, _)| name == PARAMETER);
        found.map(|(_, handle)| handle.into_owned())
    });
    handle.filter(|handle| !handle.is_empty())
}
