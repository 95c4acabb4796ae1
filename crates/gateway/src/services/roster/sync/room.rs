//! The rosters in the store.

use std::time::Duration;

use store::rosters::{self, RosterRow};
use store::{Db, StoreError};

use super::kept::{KeptMember, KnownRoster, Snapshot};
use super::slots::SyncSlots;
use super::sync_answer::RosterAnswer;
use super::taking::ReadRoster;
use crate::events::{Event, Events, RosterChange};
use crate::kit::clock::Clock;
use crate::kit::id::id_from;
use crate::kit::seal::{self, Sealer};
use crate::launch::WithServices;
use crate::web::problem::Problem;

/// A roster that is being read, or whose reading was interrupted.
pub(super) const NOT_FINISHED: &str = "ROSTER_NOT_FINISHED";

/// The synchronised rosters. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Rosters {
    pub db: Db,
    pub rows: Sealer,
    pub clock: Clock,
    /// How long reading a roster may take: less than the request, so that there is time to record
    /// the outcome.
    pub patience: Duration,
    pub events: Events,
    pub syncs: SyncSlots,
}

/// The id of a course of a deployment: two contexts of one course stay separate (SV-12).
pub(super) fn id(services: &WithServices) -> String {
    let place = &services.place;
    id_from(&seal::hash(&[
        "roster",
        &place.platform_id,
        &place.deployment_id,
        place.context_id.as_deref().unwrap_or_default(),
    ]))
}

/// The identity that a roster is sealed with.
pub(crate) fn identity(id: &str) -> String {
    format!("rosters/{id}")
}

impl Rosters {
    pub(super) async fn find(&self, id: String) -> Result<Option<KnownRoster>, Problem> {
        let row = self.row(id).await?;
        row.map(|row| self.open(row)).transpose()
    }

    async fn row(&self, id: String) -> Result<Option<RosterRow>, Problem> {
        Ok(rosters::by_id(&mut self.db.read().await?.tx(), id).await?)
    }

    pub(super) fn open(&self, mut row: RosterRow) -> Result<KnownRoster, Problem> {
        let sealed = std::mem::take(&mut row.roster_sealed);
        let plain = self.rows.open(&identity(&row.id), &sealed);
        drop(sealed);
        let snapshot = Snapshot::read(&plain.map_err(Problem::internal)?);
        let snapshot = snapshot.map_err(Problem::internal)?;
        Ok(KnownRoster { row, snapshot })
    }

    pub(super) fn sealed(&self, id: &str, snapshot: &Snapshot) -> Vec<u8> {
        let (identity, length) = (identity(id), snapshot.written_length());
        self.rows
            .seal_written(&identity, length, |sealed| snapshot.write(sealed))
    }

    /// The course's roster; empty the first time, or if the stored one can't be read.
    pub(super) async fn known(&self, services: &WithServices) -> Result<KnownRoster, Problem> {
        let id = id(services);
        if let Some(row) = self.row(id.clone()).await? {
            let version = row.version;
            match self.open(row) {
                Ok(known) => return Ok(known),
                Err(_) => self.give_up(id.clone(), version).await?,
            }
        }
        let nobody = Snapshot::default();
        let sealed = self.sealed(&id, &nobody);
        let (first, now) = (id.clone(), self.clock.now_ms());
        let next = nobody.forget_at(now);
        let (tool, platform) = (services.tool.id.clone(), services.platform.id.clone());
        let save = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                rosters::first(&mut tx, first, (tool, platform), sealed, now, next).await
            })
        });
        save.await?;
        let known = self.find(id).await?;
        known.ok_or_else(|| Problem::internal("a roster that was just stored is gone"))
    }

    /// Removes an unreadable roster. The next one knows no version, so it is returned whole.
    async fn give_up(&self, id: String, version: i64) -> Result<(), Problem> {
        tracing::error!(
            roster = id,
            "a stored roster can't be read, so it is taken from the beginning"
        );
        let delete = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { rosters::delete(&mut tx, id, version).await })
        });
        delete.await?;
        Ok(())
    }

    /// Records that the roster is being synchronised. Until the outcome is recorded, it counts as
    /// interrupted.
    pub(super) async fn begin(&self, id: &str) -> Result<(), Problem> {
        let (id, now) = (id.to_owned(), self.clock.now_ms());
        let begin = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { rosters::begin(&mut tx, id, now, NOT_FINISHED.to_owned()).await })
        });
        begin.await?;
        Ok(())
    }

    /// Replaces a roster with the new one. Returns the changes for the application, or `None` if
    /// another request replaced it meanwhile.
    pub(super) async fn apply(
        &self,
        taken: ReadRoster,
        services: &WithServices,
    ) -> Result<Option<RosterAnswer>, Problem> {
        let (id, version, now) = (taken.row.id.clone(), taken.row.version, taken.at);
        let snapshot = &taken.snapshot;
        let (sealed, next) = (self.sealed(&id, snapshot), snapshot.forget_at(now));
        let (event, tool_id) = (event_of(snapshot, now, services), services.tool.id.clone());
        // From here on, the roster is in memory only in its stored form.
        let learned = taken.answer();
        let events = self.events.clone();
        let apply = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let applied = rosters::apply(&mut tx, id, version, sealed, now, next).await?;
                if let (true, Some(event)) = (applied, event) {
                    events.record(&mut tx, &tool_id, &event).await?;
                }
                Ok(applied)
            })
        });
        let applied = apply.await?;
        self.events.committed();
        Ok(applied.then_some(learned))
    }

    /// Records why synchronising the roster failed.
    pub(super) async fn failed(&self, id: &str, why: &'static str) -> Result<(), Problem> {
        let id = id.to_owned();
        let fail = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { rosters::fail(&mut tx, id, why.to_owned()).await })
        });
        fail.await?;
        Ok(())
    }
}

/// The event about a roster that was synchronised at this time, if it changed.
fn event_of(snapshot: &Snapshot, at: i64, services: &WithServices) -> Option<Event> {
    let place = &services.place;
    let count = |is_of: fn(&KeptMember) -> Option<i64>| {
        let roster = snapshot.roster.values();
        let now = roster.filter(|kept| is_of(kept) == Some(at));
        now.count()
    };
    let change = RosterChange {
        platform_id: place.platform_id.clone(),
        deployment_id: place.deployment_id.clone(),
        context_id: place.context_id.clone(),
        added: count(|kept| Some(kept.added_at)),
        changed: count(|kept| kept.changed_at),
        removed: count(|kept| kept.removed_at),
    };
    let is_other = change.added + change.changed + change.removed > 0;
    is_other.then_some(Event::RosterChanged(change))
}
