//! Why a score has no line item yet, in the words of deliveries.

use store::StoreError;

use crate::services::deliveries::{DeliveryReason, NoLineItem};
use crate::services::platform_failure::CallFailure;

/// The store failed: it is tried again.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
pub(super) fn by_store(error: StoreError) -> NoLineItem {
    NoLineItem::NotNow(format!("our store failed: {error}"))
}

/// The platform doesn't let us.
pub(super) fn not_granted(said: &str) -> NoLineItem {
    NoLineItem::Refused(DeliveryReason::ScopeMissing, said.to_owned())
}

/// It can't be done, whenever it is tried.
pub(super) fn refused(said: &str) -> NoLineItem {
    NoLineItem::Refused(DeliveryReason::Other, said.to_owned())
}

/// What the platform answered is not enough to go on with; it may be later, so it is tried again by the schedule.
pub(super) fn not_yet(said: &str) -> NoLineItem {
    NoLineItem::Failed(CallFailure::Unreadable(said.as_bytes().to_vec()))
}
