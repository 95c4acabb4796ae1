//! The scopes that a place grants for line items.

use lti::claims::scope::{LINE_ITEM, LINE_ITEM_READONLY};

use super::outcome::not_granted;
use crate::launch::GradeAddresses;
use crate::services::deliveries::NoLineItem;

/// The scope for reading line items.
pub(super) fn reading(grades: &GradeAddresses) -> Result<&'static str, NoLineItem> {
    granted(grades, &[LINE_ITEM_READONLY, LINE_ITEM]).ok_or_else(|| {
        not_granted(
            "the platform doesn't let us read line items here, so the handle's can't be found",
        )
    })
}

/// The scope for creating and changing them.
pub(super) fn writing(grades: &GradeAddresses) -> Result<&'static str, NoLineItem> {
    granted(grades, &[LINE_ITEM]).ok_or_else(|| {
        not_granted("no line item has this handle, and the platform lets the tool create none here")
    })
}

fn granted(grades: &GradeAddresses, wanted: &[&'static str]) -> Option<&'static str> {
    let is_granted = |scope: &&str| grades.scopes.iter().any(|one| one == scope);
    wanted.iter().copied().find(is_granted)
}
