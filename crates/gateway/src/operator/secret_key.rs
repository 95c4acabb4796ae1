//! Changes the secret key: `hallpass keys rotate-secret` and `hallpass keys reseal`. It belongs to
//! the installation, so the audit entries are the first tool's.

use std::path::PathBuf;

use serde_json::json;

use super::command_audit::done;
use super::reseal::{ResealCounts, reseal};
use super::{Operator, OperatorError, setup};
use crate::audit::AuditAction;

impl Operator {
    /// Puts a new secret key before those in the data folder's file, and returns the file's path. A
    /// server seals with it from its next start on.
    ///
    /// # Errors
    /// The key comes from a setting, the file can't be read or written, or the store failed.
    pub async fn rotate_secret_key(&self) -> Result<PathBuf, OperatorError> {
        // Reading fails with the same error as writing, which leaves open what was changed.
        setup::secret_keys_in_file(&self.config)?;
        let first = self.tool_at(None).await?.id;
        let rotating = async {
            let path = setup::add_secret_key(&self.config, &self.random)?;
            let entry = done(&first, AuditAction::SecretKeyRotated, &first);
            Ok::<_, OperatorError>((path, vec![entry]))
        };
        self.noted("keys rotate-secret", &first, &first, rotating)
            .await
    }

    /// Seals everything in the store again with the newest secret key.
    ///
    /// # Errors
    /// No server seals with it yet, or the store failed.
    pub async fn reseal(&self) -> Result<ResealCounts, OperatorError> {
        let rows = setup::sealer_in_use(&self.config, &self.db, &self.random).await?;
        let first = self.tool_at(None).await?.id;
        let resealing = async {
            let counts = reseal(&self.db, &rows).await?;
            let ResealCounts {
                renewed,
                current,
                lost,
            } = counts;
            let entry = done(&first, AuditAction::SecretKeyResealed, &first);
            let entry = entry.after(json!({"renewed": renewed, "current": current, "lost": lost}));
            let entries: Vec<_> = (renewed > 0).then_some(entry).into_iter().collect();
            Ok::<_, OperatorError>((counts, entries))
        };
        self.noted("keys reseal", &first, &first, resealing).await
    }
}
