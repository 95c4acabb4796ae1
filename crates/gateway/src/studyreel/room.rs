//! The room: everything the handlers of StudyReel's addresses can use.

use std::sync::Arc;

use axum::http::{HeaderMap, Uri};
use store::Db;
use studyreel::placement::LearningPath;

use super::access;
use super::hook::Hook;
use super::keys::StudyReelKeys;
use super::paths::Paths;
use super::refused_links::RefusedLinks;
use super::student_sealer::StudentSealer;
use crate::directory::tools::{Tool, Tools, host_of};
use crate::events::Events;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::kit::seal::Sealer;
use crate::launch::{Launches, Ltiks};
use crate::settings::public_url::PublicUrl;
use crate::usage::Usage;
use crate::web::client::Clients;
use crate::web::limiter::Limiter;

/// StudyReel's launches, their students, and what the application may know of them. Cloning it is
/// cheap.
#[derive(Clone)]
pub struct StudyReel {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) random: Random,
    pub(super) public_url: Arc<PublicUrl>,
    is_local: bool,
    pub(super) tools: Tools,
    pub(super) launches: Launches,
    pub(super) ltiks: Ltiks,
    pub(super) clients: Clients,
    limiter: Limiter,
    /// The addresses whose links have to queue.
    pub(super) refused_links: Arc<RefusedLinks>,
    pub(super) keys: StudyReelKeys,
    pub(super) sealer: StudentSealer,
    pub(super) paths: Paths,
    pub(super) hook: Hook,
    pub(super) events: Events,
    pub(super) usage: Usage,
}

/// What the room is built from.
pub struct StudyReelParts {
    pub db: Db,
    pub clock: Clock,
    pub random: Random,
    /// The only HTTP client.
    pub outbound: Outbound,
    /// Seals what is stored of students.
    pub rows: Sealer,
    /// Derived from the secret that stays when the secret keys that seal the store change.
    pub keys: StudyReelKeys,
    /// The base of links.
    pub public_url: PublicUrl,
    /// Whether only this machine can reach the installation.
    pub is_local: bool,
    /// The tools that launches are for.
    pub tools: Tools,
    /// Where launches are stored.
    pub launches: Launches,
    /// Makes the `ltik` a student's browser is sent on with.
    pub ltiks: Ltiks,
    /// Finds clients' addresses.
    pub clients: Clients,
    /// Limits requests.
    pub limiter: Limiter,
    /// The learning paths in the settings file.
    pub written_paths: Vec<LearningPath>,
    /// Where new students are announced.
    pub(crate) events: Events,
    /// Counts launches and students.
    pub usage: Usage,
}

impl From<StudyReelParts> for StudyReel {
    fn from(parts: StudyReelParts) -> Self {
        let sealer = StudentSealer::new(parts.rows);
        let paths = Paths::new(parts.db.clone(), parts.tools.clone(), parts.written_paths);
        let hook = Hook::new(
            parts.db.clone(),
            parts.clock.clone(),
            parts.outbound,
            parts.keys.clone(),
            sealer.clone(),
            paths.clone(),
        );
        Self {
            db: parts.db,
            clock: parts.clock,
            random: parts.random,
            public_url: Arc::new(parts.public_url),
            is_local: parts.is_local,
            tools: parts.tools,
            launches: parts.launches,
            ltiks: parts.ltiks,
            clients: parts.clients,
            limiter: parts.limiter,
            refused_links: Arc::default(),
            keys: parts.keys,
            sealer,
            paths,
            hook,
            events: parts.events,
            usage: parts.usage,
        }
    }
}

impl StudyReel {
    /// The tool a request is for, if it accepts launches from StudyReel.
    pub(super) fn tool_at(&self, uri: &Uri, headers: &HeaderMap) -> Option<Arc<Tool>> {
        self.tools
            .at(host_of(uri, headers))
            .filter(|tool| tool.settings.studyreel.enabled)
    }

    /// Whether the tool accepts launches at the unguessable address only.
    pub(super) fn needs_capability(&self, tool: &Tool) -> bool {
        access::needs_capability(&tool.settings.studyreel, self.is_local)
    }

    /// Counts a request under a key. The error is the number of seconds to wait if the key has used
    /// up this minute's share.
    pub(super) fn admit(&self, key: &[&str], per_minute: u32) -> Result<(), u32> {
        self.limiter.admit(key, per_minute, self.clock.uptime())
    }

    /// Drops a tool's cached learning paths after they were changed here.
    pub(crate) fn paths_changed(&self, tool_id: &str) {
        self.paths.changed(tool_id);
    }

    /// Drops expired cache entries.
    pub fn tidy(&self) {
        self.paths.tidy();
    }
}
