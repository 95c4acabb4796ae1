//! A tool that students can be launched into.

use serde_json::{Map, Value};

/// A tool that students can be launched into.
#[derive(Clone, Debug, PartialEq)]
pub struct StudyReelTool {
    /// Its id here.
    pub id: String,
    /// Its registered name, for people.
    pub name: String,
    /// The application's registered version.
    pub version: String,
    /// Where to post launches.
    pub launch_url: String,
    /// The deployment id of its launches.
    pub deployment_id: String,
    /// Its whole registration.
    pub registration: Map<String, Value>,
}

impl StudyReelTool {
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
