//! Records what the command line changes in the audit, and stores before that it begins
//! (docs/decisions/0500-a-commands-change-is-stored-before-it-begins.md).

use std::sync::{MutexGuard, PoisonError};

use serde_json::Value;

use super::{Operator, OperatorError, setup};
use crate::ascode::{Plan, PlannedChange};
use crate::audit::{Actor, Audit, AuditAction, AuditEntry, BegunChange};
use crate::directory::tools::stored;

/// An entry about what the command line did to the subject with this id.
pub(super) fn done(tool_id: &str, action: AuditAction, subject: &str) -> AuditEntry {
    AuditEntry::new(tool_id, Actor::command(), action, subject)
}

impl Operator {
    /// Makes a change, and records it in the entries that it returns; none if nothing was changed.
    /// That it begins is stored before, which needs no secret key. If the entries can't be written,
    /// for example because that key is missing, the change remains, and [`Self::unrecorded`] says
    /// so; a server then records that it was begun.
    ///
    /// # Errors
    /// As `change`, or the store failed before it.
    pub(super) async fn noted<T>(
        &self,
        command: &str,
        tool_id: &str,
        subject: &str,
        change: impl Future<Output = Result<(T, Vec<AuditEntry>), OperatorError>>,
    ) -> Result<T, OperatorError> {
        let (clock, random) = (self.clock.clone(), self.random.clone());
        let request = format!("hallpass {command}");
        let begun = BegunChange::new(self.db.clone(), clock, random, request, subject);
        begun.begin(tool_id, &Actor::command()).await?;
        let (done, entries) = match change.await {
            Ok(changed) => changed,
            Err(error) => {
                if !error.leaves_open() {
                    begun.end().await;
                }
                return Err(error);
            }
        };
        if entries.is_empty() {
            begun.end().await;
        } else if let Err(error) = self.write_entries(&begun, entries).await {
            // Commands have no log, and their callers may.
            tracing::warn!(%error, "what the command did is not in the audit log");
            *self.last_unrecorded() = Some(error.to_string());
        }
        Ok(done)
    }

    /// Why the last change that is not in the audit log couldn't be recorded.
    pub fn unrecorded(&self) -> Option<String> {
        self.last_unrecorded().clone()
    }

    fn last_unrecorded(&self) -> MutexGuard<'_, Option<String>> {
        let unrecorded = self.unrecorded.lock();
        unrecorded.unwrap_or_else(PoisonError::into_inner)
    }

    async fn write_entries(
        &self,
        begun: &BegunChange,
        entries: Vec<AuditEntry>,
    ) -> Result<(), OperatorError> {
        let (rows, root) = setup::secrets_in_use(&self.config, &self.db, &self.random).await?;
        let audit = Audit::new(rows, &root, self.clock.clone(), self.random.clone());
        Ok(begun.note(&audit, entries).await?)
    }

    /// An entry for each tool about what a configuration changed there.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn entries_of(&self, plan: &Plan) -> Result<Vec<AuditEntry>, OperatorError> {
        let mut entries = Vec::new();
        if !plan.applied {
            return Ok(entries);
        }
        for tool in stored(&self.db).await? {
            let own = plan.changes.iter().filter(|one| one.tool == tool.host);
            let own: Vec<Value> = own.map(PlannedChange::brief).collect();
            if !own.is_empty() {
                let entry = done(&tool.id, AuditAction::ConfigurationApplied, &tool.id);
                entries.push(entry.named(&*tool.settings.name).after(own));
            }
        }
        Ok(entries)
    }
}
