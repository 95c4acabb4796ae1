//! Exports and applies an installation's configuration directly in the store, even while servers
//! are running: `hallpass export` and `apply`.

use crate::ascode::{ApplyOptions, AsCode, InstallationCode, Plan, export};
use crate::directory::tools::stored;
use crate::keys::ours::OurKeys;
use crate::kit::outbound::Outbound;

use super::{Operator, OperatorError, setup};

impl Operator {
    /// The configuration of every tool. With `secrets`, it includes the sealed secrets of webhooks.
    ///
    /// # Errors
    /// The store failed, or the secret key isn't the store's.
    pub async fn export(&self, secrets: bool) -> Result<InstallationCode, OperatorError> {
        let rows = match secrets {
            true => Some(setup::sealer_in_use(&self.config, &self.db, &self.random).await?),
            false => None,
        };
        let tools = stored(&self.db).await?;
        let mut reader = self.db.read().await?;
        Ok(export(&mut reader.tx(), &tools, rows.as_ref()).await?)
    }

    /// Makes the installation match the configuration; `outbound` checks which addresses are
    /// permitted.
    ///
    /// # Errors
    /// Mistakes in the configuration, the secret key isn't the store's, or the store failed.
    pub async fn apply(
        &self,
        outbound: Outbound,
        code: InstallationCode,
        how: ApplyOptions,
    ) -> Result<Plan, OperatorError> {
        let rows = setup::sealer_in_use(&self.config, &self.db, &self.random).await?;
        let room = AsCode {
            db: self.db.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            // Only servers make keys ahead of time.
            our_keys: OurKeys::new(self.db.clone(), self.clock.clone(), rows.clone(), 0),
            rows,
            outbound,
            public_url: self.config.public_url.clone(),
            events: self.events.clone(),
            written_paths: self.config.learning_paths.as_slice().into(),
        };
        let applied = match how.dry_run {
            true => room.change(code, how).await?,
            false => {
                // The file may change any tool, or make one, so the first stands for all.
                let first = self.tool_at(None).await?.id;
                let changing = async {
                    let applied = room.change(code, how).await?;
                    let entries = self.entries_of(&applied.plan).await?;
                    Ok::<_, OperatorError>((applied, entries))
                };
                self.noted("apply", &first, &first, changing).await?
            }
        };
        // After recording, because this may take long and be interrupted.
        Ok(room.remove_stopped(applied).await)
    }
}
