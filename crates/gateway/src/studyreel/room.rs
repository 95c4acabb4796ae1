//! The room: everything that the handlers of StudyReel's addresses can use.

use std::sync::Arc;

use store::Db;
use studyreel::placement::LearningPath;

use super::hook::Hook;
use super::keys::StudyReelKeys;
use super::paths::Paths;
use super::student_sealer::StudentSealer;
use crate::directory::tools::Tools;
use crate::kit::clock::{Clock, Random};
use crate::kit::outbound::Outbound;
use crate::kit::seal::Sealer;
use crate::launch::Launches;
use crate::settings::public_url::PublicUrl;

/// StudyReel's launches, their students, and what the application may know of them. Cloning it is cheap.
#[derive(Clone)]
pub struct StudyReel {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) random: Random,
    pub(super) public_url: Arc<PublicUrl>,
    pub(super) tools: Tools,
    pub(super) launches: Launches,
    /// Learning paths.
    pub paths: Paths,
    pub(super) keys: StudyReelKeys,
    pub(super) sealer: StudentSealer,
    pub(super) hook: Hook,
}
