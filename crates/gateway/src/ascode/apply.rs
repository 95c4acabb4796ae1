//! Applies a configuration. The plan is made while other work continues, and carried out in one
//! transaction, which first checks that the plan's basis hasn't changed. Platforms to remove are
//! only stopped in the transaction, and removed afterwards (decision 0356).

use super::document::InstallationCode;
use super::error::CodeError;
use super::plan::{ApplyOptions, Plan};
use super::planner::{Draft, Planner};
use super::room::AsCode;
use super::step::StoppedPlatform;
use crate::directory::{removal, switching};

/// How often to try again if something else keeps changing the installation.
const TRIES: usize = 3;

/// An applied configuration. Platforms to remove are only stopped so far.
pub(crate) struct AppliedPlan {
    pub(crate) plan: Plan,
    pub(super) stopped: Vec<StoppedPlatform>,
}

impl AsCode {
    /// Plans a configuration and, unless it is a dry run, carries the plan out: everything or
    /// nothing. What already matches is not touched. Platforms to remove are only stopped; once the
    /// plan is recorded, [`Self::remove_stopped`] removes them, which may take long.
    ///
    /// # Errors
    /// Mistakes in the file, or the store failed.
    pub(crate) async fn change(
        &self,
        code: InstallationCode,
        how: ApplyOptions,
    ) -> Result<AppliedPlan, CodeError> {
        let code = code.checked()?;
        for _ in 0..TRIES {
            let draft = self.draft(&code, how).await?;
            if how.dry_run || draft.steps.is_empty() {
                let (plan, stopped) = (draft.plan, Vec::new());
                return Ok(AppliedPlan { plan, stopped });
            }
            // Making a key takes a good part of a second, so do it before the transaction.
            let keys = draft.steps.iter().filter(|step| step.needs_key()).count();
            self.our_keys.prepare(keys).await?;
            match self.carry_out(draft).await {
                Err(CodeError::Meanwhile) => {}
                done => return done,
            }
        }
        Err(CodeError::Meanwhile)
    }

    /// Empties and removes the stopped platforms. The plan names those that can't be removed yet;
    /// the configuration counts as applied nevertheless. First finishes holding or releasing scores
    /// as the configuration says.
    pub(crate) async fn remove_stopped(&self, applied: AppliedPlan) -> Plan {
        if let Err(error) = switching::finish_all(&self.db).await {
            // A server continues within seconds.
            tracing::warn!(%error, "scores are not all held or released yet");
        }
        let AppliedPlan { mut plan, stopped } = applied;
        let mut failed = None;
        for StoppedPlatform { tool_id, id, thing } in stopped {
            if failed.is_none() {
                match removal::remove_stopped(&self.db, &tool_id, &id).await {
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(error) => failed = Some(error),
                }
            }
            tracing::warn!(
                platform_id = id,
                "a platform is stopped, and not removed yet"
            );
            plan.unfinished.push(thing);
        }
        if let Some(error) = failed {
            tracing::warn!(%error, "removing platforms was broken off");
        }
        plan
    }

    async fn draft(&self, code: &InstallationCode, how: ApplyOptions) -> Result<Draft, CodeError> {
        let mut planner = Planner::new(self, how);
        let mut reader = self.db.read().await?;
        planner.plan(&mut reader.tx(), code).await?;
        planner.end()
    }

    async fn carry_out(&self, draft: Draft) -> Result<AppliedPlan, CodeError> {
        let room = self.clone();
        let carry_out = self.db.write::<_, CodeError, _>(move |mut tx| {
            Box::pin(async move {
                let Draft {
                    mut plan,
                    steps,
                    snapshots,
                } = draft;
                for snapshot in snapshots {
                    if !snapshot.holds(&mut tx).await? {
                        return Err(CodeError::Meanwhile);
                    }
                }
                let now = room.clock.now_ms();
                let mut stopped = Vec::new();
                for step in steps {
                    step.run(&mut tx, &room.events, now, &mut stopped).await?;
                }
                plan.applied = true;
                Ok(AppliedPlan { plan, stopped })
            })
        });
        let applied = match carry_out.await {
            // For example, another replica is applying a configuration of the same tool.
            Err(CodeError::Store(error)) if error.is_of_another() => {
                return Err(CodeError::Meanwhile);
            }
            applied => applied?,
        };
        self.events.committed();
        self.our_keys.wake();
        Ok(applied)
    }
}
