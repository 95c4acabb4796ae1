//! Writes what a command changes into the audit, and before that it begins.

use std::sync::{Mutex, MutexGuard, PoisonError};

use store::{Db, StoreError};

use crate::audit::{Actor, Audit, AuditAction, AuditEntry, BegunChange};
use crate::kit::clock::{Clock, Random};
use crate::operator::setup::{self, SetupError};
use crate::settings::installation::Config;

/// Records what one command changes.
pub(super) struct CommandAudit {
    config: Config,
    db: Db,
    clock: Clock,
    random: Random,
    /// Why a change could not be recorded.
    unrecorded: Mutex<Option<String>>,
}

/// An entry about what the command line did to the subject with this id.
pub(super) fn done(tool_id: &str, action: AuditAction, subject: &str) -> AuditEntry {
    AuditEntry::new(tool_id, Actor::command(), action, subject)
}

impl CommandAudit {
    pub(super) fn new(config: &Config, db: &Db, clock: &Clock, random: &Random) -> Self {
        Self {
            config: config.clone(),
            db: db.clone(),
            clock: clock.clone(),
            random: random.clone(),
            unrecorded: Mutex::default(),
        }
    }

    /// Stores that a change begins, which needs no secret key. The subject may be stored for ever.
    ///
    /// # Errors
    /// The store failed, so nothing may be changed.
    pub(super) async fn begin(
        &self,
        command: &str,
        tool_id: &str,
        subject: &str,
    ) -> Result<BegunChange, StoreError> {
        let (clock, random) = (self.clock.clone(), self.random.clone());
        let request = format!("hallpass {command}");
        let begun = BegunChange::new(self.db.clone(), clock, random, request, subject);
        begun.begin(tool_id, &Actor::command()).await?;
        Ok(begun)
    }

    /// Records what a change came to, and passes it on. If it failed, it stays begun only if it
    /// may have happened all the same.
    ///
    /// # Errors
    /// The change's own.
    pub(super) async fn finish<T, E>(
        &self,
        begun: &BegunChange,
        change: Result<(T, Vec<AuditEntry>), E>,
        leaves_open: impl FnOnce(&E) -> bool,
    ) -> Result<T, E> {
        match change {
            Ok((done, entries)) => {
                self.record(begun, entries).await;
                Ok(done)
            }
            Err(error) => {
                if !leaves_open(&error) {
                    begun.end().await;
                }
                Err(error)
            }
        }
    }

    /// Records what was changed; without entries, nothing was. If they can't be written, for
    /// example because the secret key is missing, [`Self::unrecorded`] says so.
    async fn record(&self, begun: &BegunChange, entries: Vec<AuditEntry>) {
        if entries.is_empty() {
            begun.end().await;
        } else if let Err(error) = self.write(begun, entries).await {
            // Commands have no log, and their callers may.
            tracing::warn!(%error, "what the command did is not in the audit log");
            *self.last_unrecorded() = Some(error.to_string());
        }
    }

    /// Why the last change that is not in the audit log couldn't be recorded.
    pub(super) fn unrecorded(&self) -> Option<String> {
        self.last_unrecorded().clone()
    }

    fn last_unrecorded(&self) -> MutexGuard<'_, Option<String>> {
        let unrecorded = self.unrecorded.lock();
        unrecorded.unwrap_or_else(PoisonError::into_inner)
    }

    async fn write(&self, begun: &BegunChange, entries: Vec<AuditEntry>) -> Result<(), SetupError> {
        let (rows, root) = setup::secrets_of_servers(&self.config, &self.db, &self.random).await?;
        let audit = Audit::new(rows, &root, self.clock.clone(), self.random.clone());
        Ok(begun.note(&audit, entries).await?)
    }
}
