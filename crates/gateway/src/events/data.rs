//! What an event says, as it is stored.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::StoreError;

use super::members::EventMembers;

/// The members of an event.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct EventData {
    /// What it is about: webhooks carry this, and nothing else.
    ids: Map<String, Value>,
    /// More about it: only `GET /api/events` shows this.
    facts: Map<String, Value>,
}

impl EventData {
    /// What these members say. Those that are absent are left out.
    ///
    /// # Errors
    /// They can't be written.
    pub(super) fn of<M: EventMembers>(members: &M) -> serde_json::Result<Self> {
        let mut data = Self::default();
        let Value::Object(all) = serde_json::to_value(members)? else {
            return Ok(data);
        };
        for (name, value) in all {
            let part = if M::IDS.contains(&name.as_str()) {
                &mut data.ids
            } else {
                &mut data.facts
            };
            if !value.is_null() {
                part.insert(name, value);
            }
        }
        Ok(data)
    }

    /// As it is stored.
    ///
    /// # Errors
    /// It isn't what we wrote.
    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text)
            .map_err(|error| StoreError::Corrupt(format!("an event: {error}")))
    }

    /// What a webhook carries.
    pub(crate) fn into_ids(self) -> Map<String, Value> {
        self.ids
    }

    /// Everything.
    pub(crate) fn into_whole(self) -> Map<String, Value> {
        let mut whole = self.ids;
        whole.extend(self.facts);
        whole
    }
}
