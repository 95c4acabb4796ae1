//! `POST /portal/backup`: a backup to download, for owners of the first tool (portal.md PO-6).

use axum::extract::State;

use super::page::PortalAnswer;
use super::people::rights::OfTools;
use super::room::Portal;
use super::signed_in::PortalForm;
use super::tools::only_first;
use crate::audit::AuditAction;
use crate::backup::{Backups, refusal};

const HOME: &str = "/portal";

/// The archive. It contains everything, so the password is required.
pub(crate) async fn download(
    State(portal): State<Portal>,
    State(backups): State<Backups>,
    form: PortalForm<OfTools>,
) -> PortalAnswer {
    let person = &form.person;
    only_first(&portal, person).await?;
    form.confirmed(&portal, HOME)?;
    let entry = person.entry(AuditAction::BackupMade, &*person.tool.id);
    match backups.download(entry).await {
        Ok(archive) => Ok(archive),
        Err(error) => {
            let (problem, says) = refusal(&error);
            if problem.status.is_server_error() {
                tracing::error!(%error, "a backup could not be made");
            }
            portal.refused(person, HOME, says)
        }
    }
}
