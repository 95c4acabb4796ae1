//! What the launch core asks of an adapter. The adapters stand in a table that `app.rs` fills.

use std::time::Duration;

use serde_json::{Map, Value};

use super::facts::Facts;
use super::verified::Launch;
use crate::directory::platforms::Platform;
use crate::settings::public_url::PublicUrl;
use crate::web::problem::Problem;

/// A launch as the platform sent it: the members of `GET /api/idtoken?raw=true`.
pub type RawClaims = Map<String, Value>;

/// A way for launches to come in: how the launches it verified are read.
#[derive(Debug)]
pub struct Adapter {
    /// Its name, which is stored with each launch and so never changes.
    pub name: &'static str,
    /// How long a launch may be answered from memory without a look into the store.
    pub life: Duration,
    /// The launch in the one shape that applications read.
    pub facts: fn(&Launch, Option<&Platform>, &PublicUrl) -> Result<Facts, Problem>,
    /// The launch as the platform sent it.
    pub raw: fn(&Launch, Option<&Platform>) -> Result<RawClaims, Problem>,
    /// The person of a document that was stored before rows named them; `None` for an anonymous launch.
    pub subject: fn(&str) -> Result<Option<String>, serde_json::Error>,
}

/// Every way for launches to come in.
#[derive(Clone, Copy, Debug)]
pub struct Adapters(pub &'static [&'static Adapter]);

impl Adapters {
    /// An adapter by its name.
    pub fn named(self, name: &str) -> Option<&'static Adapter> {
        let mut adapters = self.0.iter();
        adapters.find(|adapter| adapter.name == name).copied()
    }
}
