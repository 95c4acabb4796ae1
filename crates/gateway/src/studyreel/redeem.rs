//! Redeems a login link (studyreel.md §8).

use store::StoreError;
use store::login_links::{self, LoginLink};

use super::link_cookie::AGAIN_SECONDS;
use super::link_refusal::LinkRefusal;
use super::login_link::{hash, redeemer_hash};
use super::room::StudyReel;
use crate::web::problem::Problem;

/// For how long after a link was used a browser without its cookie is sent back to try again: one
/// that sent two requests at once has the cookie by then.
const JUST_NOW_MS: i64 = 10 * 1000;

/// Why a link doesn't open.
pub(super) enum ClosedLink {
    /// It was used a moment ago, and this browser has no cookie. It may be the same browser, still
    /// waiting for its first answer. With the launch's id.
    JustNow(String),
    /// Any other reason, with the id of the link's launch if it is known.
    Over(LinkRefusal, Option<String>),
}

/// A link that opens.
pub(super) enum RedeemedLink {
    /// This request used it up.
    Now(LoginLink),
    /// This browser used it up a moment ago.
    Again(LoginLink),
}

/// Uses a link of this tool up for a new redeemer. A link that this browser has just redeemed opens
/// again.
pub(super) async fn redeem(
    room: &StudyReel,
    tool_id: &str,
    token: &str,
    redeemer: &str,
    came_before: Option<String>,
) -> Result<Result<RedeemedLink, ClosedLink>, Problem> {
    let token_hash = hash(token);
    let now = room.clock.now_ms();
    // Anyone can ask for any link, so the writer is only used for one that may open.
    let known_by = token_hash.clone();
    let look_up = room.db.look_up(move |mut tx| {
        let token = known_by.clone();
        Box::pin(async move { login_links::state(&mut tx, token).await })
    });
    let found = look_up.await?;
    let Some(found) = found.filter(|found| found.tool_id == tool_id) else {
        return Ok(Err(ClosedLink::Over(LinkRefusal::Unknown, None)));
    };
    if found.used_at.is_none() && now < found.expires_at {
        let (token, redeemer) = (token_hash.clone(), redeemer_hash(redeemer));
        let write = room.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { login_links::redeem(&mut tx, token, redeemer, now).await })
        });
        if let Some(link) = write.await? {
            return Ok(Ok(RedeemedLink::Now(link)));
        }
    }
    let mut reader = room.db.read().await?;
    let is_new = came_before.is_none();
    if let Some(cookie) = came_before {
        let (token, since) = (token_hash.clone(), now - AGAIN_SECONDS * 1000);
        let browser = redeemer_hash(&cookie);
        if let Some(link) = login_links::reopen(&mut reader.tx(), token, browser, since).await? {
            return Ok(Ok(RedeemedLink::Again(link)));
        }
    }
    let state = login_links::state(&mut reader.tx(), token_hash).await?;
    if let Some(state) = state.as_ref().filter(|_| is_new)
        && state.used_at.is_some_and(|used| now - used < JUST_NOW_MS)
    {
        return Ok(Err(ClosedLink::JustNow(state.launch_id.clone())));
    }
    let refusal = match &state {
        None => LinkRefusal::Unknown,
        Some(state) if state.used_at.is_some() => LinkRefusal::Used,
        Some(state) if state.expires_at <= now => LinkRefusal::Expired,
        Some(_) => LinkRefusal::StudentNotActive,
    };
    let launch_id = state.map(|state| state.launch_id);
    Ok(Err(ClosedLink::Over(refusal, launch_id)))
}
