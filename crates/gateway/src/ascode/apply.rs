//! Making a configuration so: planned, and carried out in one transaction.

use std::sync::Arc;

use super::document::InstallationCode;
use super::error::CodeError;
use super::plan::{Applying, Plan};
use super::planner::{Draft, Planner};
use super::room::AsCode;

/// How many times it is tried while something else changes the installation.
const TRIES: usize = 3;

impl AsCode {
    /// Plans a configuration and, unless it is a dry run, carries the plan out: all of it or nothing. What is
    /// configured already doesn't change.
    ///
    /// # Errors
    /// Mistakes in the file, or the store failed.
    pub async fn apply(&self, code: InstallationCode, how: Applying) -> Result<Plan, CodeError> {
        let code = Arc::new(code.checked()?);
        for _ in 0..TRIES {
            let draft = self.draft(&code, how).await?;
            if how.dry_run || draft.steps.is_empty() {
                return Ok(draft.plan);
            }
            // Making a key takes a good part of a second: the transaction finds them made.
            let keys = draft.steps.iter().filter(|step| step.needs_key()).count();
            self.our_keys.prepare(keys).await?;
            match self.carry_out(Arc::clone(&code), how).await {
                Err(CodeError::Meanwhile) => {}
                done => return done,
            }
        }
        Err(CodeError::Meanwhile)
    }

    async fn draft(&self, code: &InstallationCode, how: Applying) -> Result<Draft, CodeError> {
        let mut planner = Planner::new(self, how);
        let mut reader = self.db.read().await?;
        planner.plan(&mut reader.tx(), code).await?;
        planner.end()
    }

    /// Plans again, on rows that are locked until the transaction ends.
    async fn carry_out(
        &self,
        code: Arc<InstallationCode>,
        how: Applying,
    ) -> Result<Plan, CodeError> {
        let room = self.clone();
        let carry_out = self.db.write::<_, CodeError, _>(move |mut tx| {
            Box::pin(async move {
                let mut planner = Planner::new(&room, how).locking();
                planner.plan(&mut tx, &code).await?;
                let Draft { mut plan, steps } = planner.end()?;
                let now = room.clock.now_ms();
                for step in steps {
                    step.run(&mut tx, &room.events, now).await?;
                }
                plan.applied = true;
                Ok(plan)
            })
        });
        let plan = carry_out.await?;
        self.events.committed();
        self.our_keys.wake();
        Ok(plan)
    }
}
