//! Rotates keys on a running server: when an operator orders it, and according to the tools'
//! schedules.

use store::platforms::{self, PlatformRow};
use store::signing_keys;

use crate::audit::Audit;
use crate::keys::ours::OurKeys;
use crate::keys::rotation::{DAY_MS, Rotation, RotationError, rotate};
use crate::settings::keys::KeyRules;

/// How many platforms one pass of the schedule handles.
const AT_ONCE: i64 = 20;

impl OurKeys {
    /// Rotates a platform's key to one from the pool.
    ///
    /// # Errors
    /// See [`RotationError`]; then nothing has changed.
    pub async fn rotate(&self, platform: &PlatformRow, how: Rotation) -> Result<(), RotationError> {
        let now = self.0.clock.now_ms();
        let changed = rotate(&self.0.db, now, platform, how, None, None).await;
        self.wake();
        changed?;
        self.changed();
        Ok(())
    }

    /// Rotates the keys of a tool's platforms that are due at `now`, in milliseconds since 1970.
    /// Each call handles some; the next one continues. Each rotation is in the audit.
    ///
    /// # Errors
    /// No key could be created, or the store failed.
    pub(crate) async fn rotate_due(
        &self,
        tool_id: &str,
        rules: KeyRules,
        now: i64,
        audit: &Audit,
    ) -> Result<(), RotationError> {
        if rules.rotate_after_days == 0 {
            return Ok(());
        }
        let db = &self.0.db;
        let before = now - i64::from(rules.rotate_after_days) * DAY_MS;
        let tool_id = tool_id.to_owned();
        let due = signing_keys::due(&mut db.read().await?.tx(), tool_id, before, AT_ONCE).await?;
        for platform_id in due {
            let platform = platforms::by_id(&mut db.read().await?.tx(), platform_id).await?;
            let Some(platform) = platform else { continue };
            loop {
                let how = Rotation::Due(rules, before);
                match rotate(db, now, &platform, how, None, Some(audit)).await {
                    Ok(_) | Err(RotationError::NoPlatform) => break,
                    Err(RotationError::NoKey) => self.refill().await?,
                    Err(error) => return Err(error),
                }
            }
        }
        self.changed();
        Ok(())
    }
}
