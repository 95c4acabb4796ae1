//! Whether a launch's session may continue: an operator can block a person, a deployment or a
//! platform at any time (lti.md I-24, I-26; ltiaas-api.md §8, question 17), and each adapter can
//! have its own reasons to end a session.

use std::sync::Arc;

use super::launches::Launches;
use super::verified::Launch;
use crate::directory::platforms::{Platform, Platforms};
use crate::directory::standing::Stopped;
use crate::directory::tools::Tool;
use crate::web::problem::Problem;

/// Checks a launch whenever its application asks for it, whichever adapter it came through. Returns
/// its platform, if that is registered. If it isn't, only the adapter knows what can end the
/// session.
///
/// # Errors
/// 401 if the session has ended, or the store failed.
pub(super) async fn check(
    platforms: &Platforms,
    launches: &Launches,
    tool: &Tool,
    launch: &Launch,
) -> Result<Option<Arc<Platform>>, Problem> {
    if let Some(why) = launches.ended(tool, launch).await? {
        return Err(Problem::unauthorized(why));
    }
    let Some(platform_id) = &launch.platform_id else {
        return Ok(None);
    };
    if let Some(subject) = &launch.subject
        && platforms.is_blocked(platform_id, subject).await?
    {
        return Err(Problem::unauthorized(
            "The person of this launch was blocked: their session is over.",
        ));
    }
    let standing = platforms.standing(platform_id, &launch.deployment_id);
    let platform = standing.await?.map_err(|stopped| {
        Problem::unauthorized(match stopped {
            Stopped::Platform => "The platform of this launch is no longer active.",
            Stopped::Deployment => {
                "The deployment of this launch is no longer active: its sessions are over."
            }
        })
    })?;
    Ok(Some(platform))
}
