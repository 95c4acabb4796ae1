//! Sessions: a sign-in starts one with a new token; signing out, its owner, or time ends it.

use axum::http::HeaderMap;
use store::StoreError;
use store::portal_sessions::{self, NewPortalSession, PortalSession};
use store::portal_users::{self, PortalUser};

use super::cookies::PortalCookie;
use super::people::agent::agent;
use super::room::Portal;
use crate::audit::AuditEntry;
use crate::directory::tools::Tool;
use crate::kit::id::{is_token, new_id};

/// An unused session ends after twelve hours, in milliseconds.
const IDLE_MS: i64 = 12 * 60 * 60 * 1000;
/// Every session ends after seven days, in milliseconds.
const LONGEST_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// The header that the script sends when a page refreshes automatically.
const LIVE: &str = "x-hallpass-live";
/// The precision of the last use, in milliseconds: it is written at most this often.
const EXACT_MS: i64 = 60 * 1000;

/// Whether a page refreshes automatically, so that nobody may be looking.
pub(super) fn is_live(headers: &HeaderMap) -> bool {
    headers.contains_key(LIVE)
}

impl Portal {
    /// Starts a session for a user who proved at `confirmed_at`, in milliseconds since 1970, who
    /// they are; `user` is as it was read for that. Ends the browser's former session, because a
    /// token from before a sign-in must be worthless after it. Returns the new token; `None` if
    /// what was proven counts no more (decision 0510).
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn begin_session(
        &self,
        user: &PortalUser,
        headers: &HeaderMap,
        confirmed_at: i64,
    ) -> Result<Option<String>, StoreError> {
        let now = self.clock.now_ms();
        let token = self.random.token();
        let before = PortalCookie::Session.read(headers, &self.public_url);
        let before = before.map(|token| self.own.keys.session(&token));
        let session = NewPortalSession {
            id: new_id(now, &self.random),
            token_hash: self.own.keys.session(&token),
            user_id: user.id.clone(),
            round: user.sign_in_round,
            agent: agent(headers),
            now,
            confirmed_at,
            expires_at: now + IDLE_MS,
        };
        let begin = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let is_begun = portal_sessions::begin(&mut tx, session).await?;
                if let Some(before) = before.filter(|_| is_begun) {
                    portal_sessions::end(&mut tx, before).await?;
                }
                Ok(is_begun)
            })
        });
        Ok(begin.await?.then_some(token))
    }

    /// The session of a request, if it is still valid and belongs to this tool's portal. A page
    /// that refreshes automatically doesn't count as use: it may be on a screen that everyone has
    /// left.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn session(
        &self,
        headers: &HeaderMap,
        tool: &Tool,
    ) -> Result<Option<PortalSession>, StoreError> {
        let token = PortalCookie::Session.read(headers, &self.public_url);
        // Anyone can send a cookie. Don't look up one that can't be ours, or was unknown a moment
        // ago.
        let Some(token) = token.filter(|token| is_token(token)) else {
            return Ok(None);
        };
        let hash = self.own.keys.session(&token);
        if self.own.memory.is_unknown(&hash) {
            return Ok(None);
        }
        let known_by = hash.clone();
        let look_up = self.db.look_up(move |mut tx| {
            let hash = known_by.clone();
            Box::pin(async move { portal_sessions::by_token(&mut tx, hash).await })
        });
        let found = look_up.await?;
        if found.is_none() {
            self.own.memory.note_unknown(hash);
        }
        let now = self.clock.now_ms();
        let session =
            found.filter(|session| session.tool_id == tool.id && now < session.expires_at);
        if let Some(session) = &session
            && now - session.seen_at >= EXACT_MS
            && !is_live(headers)
        {
            self.note_use(session, now).await?;
        }
        Ok(session)
    }

    async fn note_use(&self, session: &PortalSession, now: i64) -> Result<(), StoreError> {
        let (id, user_id) = (session.id.clone(), session.user_id.clone());
        let ends = (now + IDLE_MS).min(session.created_at + LONGEST_MS);
        let note = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                portal_users::seen(&mut tx, user_id, now).await?;
                portal_sessions::seen(&mut tx, id, now, ends).await
            })
        });
        note.await.map(drop)
    }

    /// Ends the session of a request, if it has one, and writes this audit entry.
    ///
    /// # Errors
    /// The store failed.
    pub(super) async fn end_session(
        &self,
        headers: &HeaderMap,
        entry: AuditEntry,
    ) -> Result<(), StoreError> {
        let Some(token) = PortalCookie::Session.read(headers, &self.public_url) else {
            return Ok(());
        };
        let (hash, audit) = (self.own.keys.session(&token), self.audit.clone());
        let end = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                if !portal_sessions::end(&mut tx, hash).await? {
                    return Ok(None);
                }
                audit.append(&mut tx, entry).await.map(Some)
            })
        });
        if let Some(mark) = end.await? {
            mark.log();
        }
        Ok(())
    }
}
