//! Makes a backup to download.

use axum::response::{IntoResponse, Response};
use serde_json::json;
use store::{Db, StoreError, installation};

use super::archive::Archive;
use super::copied::copied;
use super::error::BackupError;
use super::files::beside;
use crate::audit::{Audit, AuditEntry};
use crate::directory::tools::Tools;
use crate::kit::clock::Clock;

/// What it needs.
pub(crate) struct Backups {
    pub(crate) db: Db,
    pub(crate) audit: Audit,
    pub(crate) clock: Clock,
    pub(crate) tools: Tools,
    pub(crate) database_url: String,
}

impl Backups {
    /// Copies the store to a file beside it and sends the copy as an archive; the copy is then
    /// deleted. The audit entry records who downloaded it.
    ///
    /// # Errors
    /// The store is a server's, another backup is under way, or there is no room for a copy.
    pub(crate) async fn download(&self, entry: AuditEntry) -> Result<Response, BackupError> {
        let database = store::sqlite_file(&self.database_url)?.ok_or(BackupError::Server)?;
        let copied = copied(&database, &beside(&database, ".backup"), &self.clock).await?;
        let manifest = &copied.manifest;
        // Digits are safe in a file name on every system.
        let time = manifest.made_at.chars().filter(|c| *c != ':').take(17);
        let name = format!("hallpass-{}", time.collect::<String>());
        let entry = entry.after(json!({
            "file": name,
            "bytes": manifest.bytes,
            "sha256": manifest.sha256,
        }));
        self.note(copied.at, entry).await?;
        Ok(Archive::new(name, copied).into_response())
    }

    async fn note(&self, at: i64, entry: AuditEntry) -> Result<(), StoreError> {
        let audit = self.audit.clone();
        let write = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                installation::note_backup(&mut tx, at).await?;
                audit.append(&mut tx, entry).await
            })
        });
        write.await?.log();
        Ok(())
    }
}
