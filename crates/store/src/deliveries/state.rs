//! The states of a delivery.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::engine::StoreError;

macro_rules! states {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// The state of a delivery.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum DeliveryState {
            $($(#[doc = $doc])+ $name,)+
        }

        impl DeliveryState {
            /// Every state.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name, as stored and shown.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

states! {
    /// Waiting for its turn.
    Queued = "queued";
    /// A request is about to be sent, or has been sent.
    Sending = "sending";
    /// Waiting for a person to do something.
    Held = "held";
    /// Sent, but no answer came.
    Unknown = "unknown";
    /// The platform has it.
    Delivered = "delivered";
    /// The platform refused it, or it could not be sent.
    Refused = "refused";
    /// Replaced by a newer or better one.
    Superseded = "superseded";
    /// Given up by a person.
    Cancelled = "cancelled";
    /// Its time limit was reached.
    Expired = "expired";
}

impl DeliveryState {
    /// The state with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.as_str() == name)
    }
}

impl TryFrom<String> for DeliveryState {
    type Error = StoreError;

    fn try_from(text: String) -> Result<Self, StoreError> {
        Self::named(&text)
            .ok_or_else(|| StoreError::Corrupt(format!("a delivery's state is {text:?}")))
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for DeliveryState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
