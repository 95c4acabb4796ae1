//! What an event says, as it is stored.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::StoreError;

/// The members of an event.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct EventData {
    /// What it is about: webhooks carry this, and nothing else.
    ids: Map<String, Value>,
    /// More about it: only `GET /api/events` shows this.
    facts: Map<String, Value>,
}

impl EventData {
    /// Both are objects; members that are null are left out.
    pub(super) fn new(ids: Value, facts: Value) -> Self {
        let members = |value| match value {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        let mut data = Self {
            ids: members(ids),
            facts: members(facts),
        };
        data.ids.retain(|_, value| !value.is_null());
        data.facts.retain(|_, value| !value.is_null());
        data
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
