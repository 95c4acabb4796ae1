//! Why a score has no line item yet, in the terms of deliveries.

use store::StoreError;

use crate::services::deliveries::{DeliveryReason, NoLineItem};
use crate::services::platform_failure::CallFailure;

/// The store failed: try again.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
pub(super) fn by_store(error: StoreError) -> NoLineItem {
    NoLineItem::NotNow(format!("our store failed: {error}"))
}

/// The platform doesn't permit it.
pub(super) fn not_granted(said: &str) -> NoLineItem {
    NoLineItem::Refused(DeliveryReason::ScopeMissing, said.to_owned())
}

/// It can never be done.
pub(super) fn refused(said: &str) -> NoLineItem {
    NoLineItem::Refused(DeliveryReason::Other, said.to_owned())
}

/// The platform's answer isn't enough to continue, but a later one may be: retry according to the
/// schedule.
pub(super) fn not_yet(said: &str) -> NoLineItem {
    NoLineItem::Failed(CallFailure::Unreadable(said.as_bytes().to_vec()))
}
