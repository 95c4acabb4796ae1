//! Converts launches to and from rows of the store. The person and the adapter's data are sealed;
//! the store finds launches by the other columns.

use store::StoreError;
use store::launches::{LaunchRow, LaunchTrace, NewLaunch};

use super::adapter::Adapters;
use super::document::{self, DocumentParts};
use super::verified::{Launch, Nonce, Release};
use crate::kit::seal::Sealer;
use crate::web::problem::Problem;

/// Converts launches to rows and back.
pub(super) struct Rows {
    /// Seals documents.
    pub(super) sealer: Sealer,
    /// The adapters whose launches are stored here.
    pub(super) adapters: Adapters,
}

impl Rows {
    pub(super) fn row(
        &self,
        launch: &Launch,
        nonce: Nonce,
        release: Release,
        trace: Option<LaunchTrace>,
    ) -> NewLaunch {
        NewLaunch {
            id: launch.id.clone(),
            tool_id: launch.tool_id.clone(),
            dialect: launch.adapter,
            platform_id: launch.platform_id.clone(),
            deployment_id: Some(launch.deployment_id.clone()),
            nonce_hash: nonce.hash,
            document_sealed: Some(self.sealed(launch)),
            created_at: launch.created_at,
            expires_at: launch.expires_at,
            nonce_until: nonce.until,
            parked: release == Release::Later,
            trace,
        }
    }

    /// The person and the document, sealed.
    fn sealed(&self, launch: &Launch) -> Vec<u8> {
        let head = document::head(launch.subject.as_deref(), launch.answers_by_frame);
        let parts = [head.as_slice(), launch.document.as_bytes()];
        self.sealer.seal_joined(&identity(&launch.id), &parts)
    }

    pub(super) fn open(&self, row: LaunchRow) -> Result<Launch, Problem> {
        let plain = self.sealer.open(&identity(&row.id), &row.document_sealed);
        let plain = plain.map_err(Problem::internal)?;
        let corrupt = |what: &str| StoreError::Corrupt(format!("launch {}: {what}", row.id));
        let adapter = self.adapters.named(&row.dialect);
        let adapter = adapter.ok_or_else(|| corrupt(&format!("dialect {}", row.dialect)))?;
        let (subject, document, answers_by_frame) = match document::read(&plain) {
            Some(DocumentParts::Whole(subject, document, by_frame)) => {
                (subject.map(str::to_owned), document, by_frame)
            }
            Some(DocumentParts::Bare(document)) => {
                let subject = (adapter.subject)(document);
                let subject = subject.map_err(|error| corrupt(&error.to_string()))?;
                (subject, document, false)
            }
            None => return Err(corrupt("its document").into()),
        };
        let deployment_id = row.deployment_id.as_deref();
        let deployment_id = deployment_id.ok_or_else(|| corrupt("no deployment"))?;
        Ok(Launch {
            deployment_id: deployment_id.to_owned(),
            document: document.into(),
            id: row.id,
            tool_id: row.tool_id,
            platform_id: row.platform_id,
            adapter: adapter.name,
            subject,
            answers_by_frame,
            created_at: row.created_at,
            expires_at: row.expires_at,
        })
    }
}

/// The identity that a launch's document is sealed with.
pub(crate) fn identity(launch_id: &str) -> String {
    format!("launches/{launch_id}")
}
