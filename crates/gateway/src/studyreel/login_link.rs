//! The one-time login link: 256 random bits, handed out once and stored as a hash (studyreel.md
//! §8).

use store::login_links::NewLink;

use super::room::StudyReel;
use crate::directory::tools::Tool;
use crate::kit::seal;
use crate::launch::Launch;

/// A link that is not stored yet.
pub(super) struct FreshLink {
    pub(super) url: String,
    token_hash: Vec<u8>,
    life_ms: i64,
}

impl FreshLink {
    /// A new link into a tool. The host is the tool's configured one, whatever the request said
    /// (studyreel.md §8, line 7).
    pub(super) fn new(room: &StudyReel, tool: &Tool) -> Self {
        let token = room.random.token();
        let public_url = tool.address(&room.public_url);
        let url = public_url.join("/studyreel/learn?token=");
        Self {
            token_hash: hash(&token),
            life_ms: i64::from(tool.settings.studyreel.login_link_seconds) * 1000,
            url: url + &token,
        }
    }

    /// The row to store, for a launch of this student.
    pub(super) fn row(
        &self,
        launch: &Launch,
        student_id: &str,
        landing_path: Option<String>,
    ) -> NewLink {
        NewLink {
            token_hash: self.token_hash.clone(),
            landing_path,
            tool_id: launch.tool_id.clone(),
            student_id: student_id.to_owned(),
            launch_id: launch.id.clone(),
            created_at: launch.created_at,
            expires_at: launch.created_at + self.life_ms,
        }
    }
}

/// The hash that a token is stored and looked up by.
pub(super) fn hash(token: &str) -> Vec<u8> {
    seal::hash(&["login link", token])
}

/// The hash that identifies the browser which redeemed a link.
pub(super) fn redeemer_hash(cookie: &str) -> Vec<u8> {
    seal::hash(&["login link redeemer", cookie])
}
