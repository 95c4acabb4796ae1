//! What the launch core asks of an adapter. The adapters stand in a table that `app.rs` fills.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use store::Db;

use super::facts::Facts;
use super::verified::Launch;
use crate::directory::platforms::Platform;
use crate::directory::tools::Tool;
use crate::settings::public_url::PublicUrl;
use crate::web::problem::Problem;

/// A launch as the platform sent it: the members of `GET /api/idtoken?raw=true`.
pub(crate) type RawMembers = Map<String, Value>;

/// Why a session is over, in a sentence for the application; `None` while it goes on.
pub(crate) type Ended<'a> = BoxFuture<'a, Result<Option<&'static str>, Problem>>;

/// A way for launches to come in: how the launches it verified are read.
#[derive(Debug)]
pub struct Adapter {
    /// Its name, which is stored with each launch and so never changes.
    pub name: &'static str,
    /// How long a launch may be answered from memory without a look into the store.
    pub life: Duration,
    /// Whether a launch's session is over by what only the adapter knows: its person's account, or rules of the tool for who
    /// may launch. Asked whenever the application asks for the launch; its platform, its deployment and blocked people are
    /// looked at for every adapter.
    pub ended: for<'a> fn(&'a Db, &'a Tool, &'a Launch) -> Ended<'a>,
    /// The launch in the one shape that applications read.
    pub facts: fn(&Launch, Option<&Platform>, &PublicUrl) -> Result<Facts, Problem>,
    /// The launch as the platform sent it.
    pub raw: fn(&Launch, Option<&Platform>) -> Result<RawMembers, Problem>,
    /// The person of a document that was stored before rows named them; `None` for an anonymous launch.
    pub subject: fn(&str) -> Result<Option<String>, serde_json::Error>,
}

/// Every way for launches to come in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Adapters(pub(crate) &'static [&'static Adapter]);

impl Adapters {
    /// An adapter by its name.
    pub(crate) fn named(self, name: &str) -> Option<&'static Adapter> {
        let mut adapters = self.0.iter();
        adapters.find(|adapter| adapter.name == name).copied()
    }
}
