//! The content of an event, as stored.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::StoreError;

use super::members::EventMembers;

/// The members of an event.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct EventData {
    /// What the event is about. Webhooks carry only this.
    ids: Map<String, Value>,
    /// Details, which only `GET /api/events` shows.
    facts: Map<String, Value>,
}

impl EventData {
    /// Splits an event's members. Absent ones are omitted.
    ///
    /// # Errors
    /// They can't be written as JSON.
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

    /// Parses the stored form.
    ///
    /// # Errors
    /// The text is not one that we wrote.
    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        serde_json::from_str(text)
            .map_err(|error| StoreError::Corrupt(format!("an event: {error}")))
    }

    /// The members that a webhook carries.
    pub(crate) fn into_ids(self) -> Map<String, Value> {
        self.ids
    }

    /// All members.
    pub(crate) fn into_whole(self) -> Map<String, Value> {
        let mut whole = self.ids;
        whole.extend(self.facts);
        whole
    }
}
