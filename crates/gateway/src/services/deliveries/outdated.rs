//! Deliveries that were refused or have expired, and can't be retried because a newer score has
//! their place (docs/decisions/0423-an-outdated-refusal-is-superseded.md).

use store::deliveries::{self, DeliveryRow};
use store::{StoreError, Tx};

use super::Deliveries;
use super::details::open_details;
use super::rules::acceptance::outdates;
use super::rules::facts::ScoreFacts;
use super::rules::last::LastDelivered;
use super::rules::reason::DeliveryReason;
use super::rules::vendor::Vendor;

/// How many newer deliveries are looked at.
const NEWER: i64 = 20;

impl Deliveries {
    /// Ends a delivery that was not retried as superseded, if a newer score makes it pointless: a
    /// delivery of its lane, or the last one known, if that is newer. Otherwise its state keeps
    /// saying that a grade is missing.
    pub(super) async fn outdate(
        &self,
        tx: &mut Tx<'_>,
        row: &DeliveryRow,
        newer: Option<&LastDelivered>,
        vendor: Vendor,
    ) -> Result<(), StoreError> {
        // What can't be read was refused for that reason, which stays.
        let Ok(details) = open_details(&self.rows, row) else {
            return Ok(());
        };
        let older = ScoreFacts::new(&details.score, &details.options);
        let by = self.outdated_by(tx, row, older, vendor).await?;
        let has_grade = newer.is_some_and(|last| last.fraction(vendor).is_some());
        if by.is_some() || has_grade {
            let reason = DeliveryReason::NewerScore.code();
            deliveries::outdate(tx, &row.id, by.as_deref(), reason).await?;
        }
        Ok(())
    }

    /// The id of the newest delivery that makes this one pointless.
    async fn outdated_by(
        &self,
        tx: &mut Tx<'_>,
        row: &DeliveryRow,
        older: ScoreFacts<'_>,
        vendor: Vendor,
    ) -> Result<Option<String>, StoreError> {
        for newer in deliveries::newest(tx, row, NEWER).await? {
            let Ok(details) = open_details(&self.rows, &newer) else {
                continue;
            };
            let score = ScoreFacts::new(&details.score, &details.options);
            if outdates(score, older, vendor) {
                return Ok(Some(newer.id));
            }
        }
        Ok(None)
    }
}
