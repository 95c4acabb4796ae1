//! Why a grade that is still on its way didn't arrive at the last try, and where to look.

use store::deliveries::DeliveryState;

use crate::portal::people::person::Person;
use crate::portal::people::rights::OfPlatforms;
use crate::portal::platforms::address_of;
use crate::services::deliveries::Delivery;
use crate::web::texts::{Text, portal_deliveries as texts};

/// The trouble of a delivery.
pub(super) struct DeliveryTrouble {
    pub(super) says: Text,
    /// The platform's page, for users who may see it.
    pub(super) platform: Option<String>,
}

impl DeliveryTrouble {
    /// The trouble at the newest try, unless the delivery has a reason of its own, or its end.
    pub(super) fn of(delivery: &Delivery, person: &Person) -> Option<Self> {
        let is_waiting = matches!(
            delivery.state,
            DeliveryState::Queued | DeliveryState::Sending | DeliveryState::Unknown
        );
        if !is_waiting || delivery.reason.is_some() {
            return None;
        }
        let attempts = delivery.attempts.iter();
        let newest = attempts.max_by(|one, other| one.at.cmp(&other.at))?;
        let says = match newest.outcome.as_str() {
            "no token" => texts::TROUBLE_TOKEN,
            "delivered" | "throttled" | "not sent" | "ended" | "held" => return None,
            _ => texts::TROUBLE_ANSWER,
        };
        let may_see = person.may_read::<OfPlatforms>();
        Some(Self {
            says,
            platform: may_see.then(|| address_of(&delivery.platform)),
        })
    }
}
