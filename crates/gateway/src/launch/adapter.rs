//! The interface between the launch core and adapters. `app.rs` fills the table of adapters.

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

/// Why a session has ended, in a sentence for the application; `None` while it continues.
pub(crate) type EndReason<'a> = BoxFuture<'a, Result<Option<&'static str>, Problem>>;

/// A way for launches to arrive: how to read the launches that this adapter verified.
#[derive(Debug)]
pub struct Adapter {
    /// Its name. It is stored with each launch, so it must never change.
    pub name: &'static str,
    /// How long a launch may be served from memory without checking the store.
    pub life: Duration,
    /// Whether a launch's session has ended for a reason that only the adapter knows: the person's
    /// account, or the tool's rules for who may launch. Called whenever the application asks for
    /// the launch. Platform, deployment and blocked people are checked for every adapter.
    pub ended: for<'a> fn(&'a Db, &'a Tool, &'a Launch) -> EndReason<'a>,
    /// The launch in the common form that applications read.
    pub facts: fn(&Launch, Option<&Platform>, &PublicUrl) -> Result<Facts, Problem>,
    /// The launch as the platform sent it.
    pub raw: fn(&Launch, Option<&Platform>) -> Result<RawMembers, Problem>,
    /// The person in a document that was stored before rows had a column for them; `None` for an
    /// anonymous launch.
    pub subject: fn(&str) -> Result<Option<String>, serde_json::Error>,
}

/// All adapters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Adapters(pub(crate) &'static [&'static Adapter]);

impl Adapters {
    /// The adapter with this name.
    pub(crate) fn named(self, name: &str) -> Option<&'static Adapter> {
        let mut adapters = self.0.iter();
        adapters.find(|adapter| adapter.name == name).copied()
    }
}
