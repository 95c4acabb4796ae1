//! The rosters in the store.

use store::rosters::{self, RosterRow};
use store::{Db, StoreError};

use super::kept::{Roster, RosterChanges};
use crate::events::{Event, Events, RosterChange};
use crate::kit::clock::Clock;
use crate::kit::id::id_from;
use crate::kit::seal::{self, Sealer};
use crate::launch::WithServices;
use crate::web::problem::Problem;

/// The rosters that applications have taken. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Rosters {
    pub db: Db,
    pub rows: Sealer,
    pub clock: Clock,
    pub events: Events,
}

/// A roster with its row.
pub(super) struct Known {
    pub row: RosterRow,
    pub roster: Roster,
}

/// A course of a deployment: two contexts of one course stay apart (SV-12).
pub(super) fn id(services: &WithServices) -> String {
    let place = &services.place;
    id_from(&seal::hash(&[
        "roster",
        &place.platform_id,
        &place.deployment_id,
        place.context_id.as_deref().unwrap_or_default(),
    ]))
}

/// What a roster is sealed together with.
pub(crate) fn identity(id: &str) -> String {
    format!("rosters/{id}")
}

impl Rosters {
    pub(super) async fn find(&self, id: String) -> Result<Option<Known>, Problem> {
        let row = rosters::by_id(&mut self.db.read().await?.tx(), id).await?;
        let open = |row: RosterRow| {
            let plain = self.rows.open(&identity(&row.id), &row.roster_sealed);
            let roster = serde_json::from_slice(&plain.map_err(Problem::internal)?);
            let roster = roster.map_err(Problem::internal)?;
            Ok(Known { row, roster })
        };
        row.map(open).transpose()
    }

    fn sealed(&self, id: &str, roster: &Roster) -> Result<Vec<u8>, Problem> {
        let plain = serde_json::to_vec(roster).map_err(Problem::internal)?;
        Ok(self.rows.seal(&identity(id), &plain))
    }

    /// The course's roster; an empty one the first time.
    pub(super) async fn known(&self, services: &WithServices) -> Result<Known, Problem> {
        let id = id(services);
        if let Some(known) = self.find(id.clone()).await? {
            return Ok(known);
        }
        let sealed = self.sealed(&id, &Roster::new())?;
        let (first, now) = (id.clone(), self.clock.now_ms());
        let (tool, platform) = (services.tool.id.clone(), services.platform.id.clone());
        let save = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(
                async move { rosters::first(&mut tx, first, tool, platform, sealed, now).await },
            )
        });
        save.await?;
        let known = self.find(id).await?;
        known.ok_or_else(|| Problem::internal("a roster that was just stored is gone"))
    }

    /// Keeps a roster in the place of this one, and tells how it changed; false if another request replaced it meanwhile.
    pub(super) async fn apply(
        &self,
        row: &RosterRow,
        (roster, changes): (&Roster, &RosterChanges),
        services: &WithServices,
        now: i64,
    ) -> Result<bool, Problem> {
        let (id, version) = (row.id.clone(), row.version);
        let sealed = self.sealed(&id, roster)?;
        let (event, tool_id) = (told(changes, services), services.tool.id.clone());
        let events = self.events.clone();
        let apply = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let applied = rosters::apply(&mut tx, id, version, sealed, now).await?;
                if let (true, Some(event)) = (applied, event) {
                    events.tell(&mut tx, &tool_id, &event).await?;
                }
                Ok(applied)
            })
        });
        let applied = apply.await?;
        self.events.committed();
        Ok(applied)
    }

    pub(super) async fn failed(&self, id: &str, why: &'static str) -> Result<(), Problem> {
        let (id, now) = (id.to_owned(), self.clock.now_ms());
        let fail = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { rosters::fail(&mut tx, id, now, why.to_owned()).await })
        });
        fail.await?;
        Ok(())
    }
}

/// What others hear of a roster, if it changed.
fn told(changes: &RosterChanges, services: &WithServices) -> Option<Event> {
    let place = &services.place;
    let change = RosterChange {
        platform_id: place.platform_id.clone(),
        deployment_id: place.deployment_id.clone(),
        context_id: place.context_id.clone(),
        added: changes.added.len(),
        changed: changes.changed.len(),
        removed: changes.removed.len(),
    };
    let is_other = change.added + change.changed + change.removed > 0;
    is_other.then_some(Event::RosterChanged(change))
}
