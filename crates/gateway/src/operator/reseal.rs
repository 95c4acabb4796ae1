//! Resealing everything stored after the secret key was changed: `hallpass keys reseal`.

use crate::directory::platforms::blocked_identity;
use crate::keys::pair;
use crate::kit::seal::Sealer;
use crate::operator::studyreel_register;
use crate::portal::people::profile::{invited_identity, profile_identity, totp_identity};
use crate::services::deliveries::identities as deliveries;
use crate::services::roster::sync::identity as roster_identity;
use crate::{audit, idempotency, jobs, launch, registration, studyreel, webhooks};
use store::sealed::{self, SealedColumn, SealedRow};
use store::{Db, StoreError};

/// Rows per transaction; launches get a turn in between.
const PAGE_SIZE: i64 = 200;

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResealCounts {
    /// Rows that are now sealed with the newest key.
    pub renewed: u64,
    /// Rows that already were.
    pub current: u64,
    /// Rows that no key opens.
    pub lost: u64,
}

fn identity(column: SealedColumn, id: &str) -> String {
    match column {
        SealedColumn::SigningKeys => pair::sealed_as(id),
        SealedColumn::Platforms => registration::token_row(id),
        SealedColumn::BlockedPeople => blocked_identity(id),
        SealedColumn::Students => studyreel::student_row(id),
        SealedColumn::Placements => studyreel::placement_row(id),
        SealedColumn::Launches => launch::identity(id),
        SealedColumn::Rosters => roster_identity(id),
        SealedColumn::ServicePlaces => launch::place_identity(id),
        SealedColumn::JobPayloads => jobs::payload_identity(id),
        SealedColumn::JobHistories => jobs::history_identity(id),
        SealedColumn::Webhooks | SealedColumn::FormerWebhooks => webhooks::secret_identity(id),
        SealedColumn::FirstAnswers => idempotency::identity(id),
        SealedColumn::Deliveries => deliveries::details_identity(id),
        SealedColumn::DeliveryBodies => deliveries::body_identity(id),
        SealedColumn::DeliveryAttempts => deliveries::attempts_identity(id),
        SealedColumn::ScoreLasts => deliveries::last_identity(id),
        SealedColumn::StudyReelRegistrations => studyreel_register::identity(id),
        SealedColumn::PortalUsers => profile_identity(id),
        SealedColumn::SecondSteps => totp_identity(id),
        SealedColumn::PortalLinks => invited_identity(id),
        SealedColumn::AuditEntries => audit::details_identity(id),
    }
}

/// Reseals every row that was not sealed with the first key. Safe while servers run with that key;
/// if interrupted, the next call resumes.
///
/// # Errors
/// The store failed.
pub async fn reseal(db: &Db, rows: &Sealer) -> Result<ResealCounts, StoreError> {
    let mut done = ResealCounts::default();
    for column in SealedColumn::ALL {
        let mut after = String::new();
        loop {
            let page = sealed::page(&mut db.read().await?.tx(), column, after, PAGE_SIZE).await?;
            let Some(last) = page.last() else { break };
            after = last.id.clone();
            let mut renewals = Vec::new();
            for row in page {
                match rows.renewed(&identity(column, &row.id), &row.sealed) {
                    Ok(Some(new)) => renewals.push((row, new)),
                    Ok(None) => done.current += 1,
                    Err(error) => {
                        tracing::warn!(column = column.name(), id = row.id, %error, "a row can't be sealed again");
                        done.lost += 1;
                    }
                }
            }
            if !renewals.is_empty() {
                done.renewed += store(db, column, renewals).await?;
            }
        }
    }
    Ok(done)
}

/// A row that has changed meanwhile was sealed by a server, so with the newest key.
async fn store(
    db: &Db,
    column: SealedColumn,
    renewals: Vec<(SealedRow, Vec<u8>)>,
) -> Result<u64, StoreError> {
    db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            let mut renewed = 0;
            for (row, new) in renewals {
                renewed += u64::from(sealed::renew(&mut tx, column, row, new).await?);
            }
            Ok(renewed)
        })
    })
    .await
}
