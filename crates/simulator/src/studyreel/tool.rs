//! A tool that students can be launched into.

use serde_json::{Map, Value};

/// A tool that students can be launched into.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    /// Its id here.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where launches are posted.
    pub launch_url: String,
    /// The deployment id of its launches.
    pub deployment_id: String,
    /// All that it registered.
    pub registration: Map<String, Value>,
}

impl Tool {
    /// The tool that was configured at the start, not registered.
    pub fn configured(launch_url: String, deployment_id: String) -> Self {
        Self {
            id: "configured".to_owned(),
            name: "Configured tool".to_owned(),
            version: "1".to_owned(),
            launch_url,
            deployment_id,
            registration: Map::new(),
        }
    }
}
