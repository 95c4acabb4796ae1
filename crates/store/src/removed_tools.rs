//! Rows that belong to a tool and are removed with it. Rows that expire within days anyway are not
//! included: launches, traces, events, jobs.

use crate::engine::{StoreError, Tx, execute, fetch, statements};
use crate::usage;

statements! {
    INVITES = "DELETE FROM invites WHERE tool_id = $1";
    LEARNING_PATHS = "DELETE FROM learning_paths WHERE tool_id = $1";
    AUDIT_BEGUN = "DELETE FROM audit_begun WHERE tool_id = $1";
    AUDIT_HEADS = "DELETE FROM audit_heads WHERE tool_id = $1";
    AUDIT_ENTRIES = "DELETE FROM audit_entries WHERE id IN \
                     (SELECT id FROM audit_entries WHERE tool_id = $1 ORDER BY number LIMIT $2)";
    PORTAL_LINKS = "DELETE FROM portal_links WHERE tool_id = $1";
    PORTAL_USERS = "DELETE FROM portal_users WHERE tool_id = $1";
    REGISTRATIONS = "DELETE FROM registrations WHERE tool_id = $1";
    STUDYREEL_REGISTRATIONS = "DELETE FROM studyreel_registrations WHERE tool_id = $1";
    WEBHOOKS = "DELETE FROM webhooks WHERE tool_id = $1";
    PLATFORMS = "SELECT id FROM platforms WHERE tool_id = $1 ORDER BY created_at, id LIMIT $2";
    SIGNING_KEYS = "DELETE FROM signing_keys WHERE kid IN \
                    (SELECT kid FROM signing_keys WHERE tool_id = $1 ORDER BY published_until, signs_from LIMIT $2)";
    STUDENTS = "DELETE FROM students WHERE id IN \
                (SELECT id FROM students WHERE tool_id = $1 ORDER BY status, id LIMIT $2)";
}

/// Removes everything of which a tool has only a few rows: invitations, learning paths, portal
/// users, registrations in progress, webhooks, changes that a crash ended, and the usage of the
/// tool as a whole.
///
/// # Errors
/// The store failed.
pub async fn remove_few(tx: &mut Tx<'_>, tool_id: &str) -> Result<(), StoreError> {
    execute!(any, tx, INVITES, tool_id)?;
    execute!(any, tx, LEARNING_PATHS, tool_id)?;
    execute!(any, tx, AUDIT_BEGUN, tool_id)?;
    execute!(any, tx, AUDIT_HEADS, tool_id)?;
    execute!(any, tx, PORTAL_LINKS, tool_id)?;
    execute!(any, tx, PORTAL_USERS, tool_id)?;
    execute!(any, tx, REGISTRATIONS, tool_id)?;
    execute!(any, tx, STUDYREEL_REGISTRATIONS, tool_id)?;
    execute!(any, tx, WEBHOOKS, tool_id)?;
    usage::delete_totals(tx, tool_id.to_owned(), 0, i64::MAX).await
}

/// The ids of some of the tool's platforms. They are removed one by one, because each may have any
/// number of rows.
///
/// # Errors
/// The store failed.
pub async fn platforms(
    tx: &mut Tx<'_>,
    tool_id: &str,
    most: i64,
) -> Result<Vec<String>, StoreError> {
    let found = fetch!(all, tx, (String,), PLATFORMS, tool_id, most)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Removes some entries of the tool's audit log, because they name its staff. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn remove_audit_entries(
    tx: &mut Tx<'_>,
    tool_id: String,
    most: i64,
) -> Result<u64, StoreError> {
    execute!(any, tx, AUDIT_ENTRIES, tool_id, most)
}

/// Removes some of our keys for the tool's platforms. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn remove_signing_keys(
    tx: &mut Tx<'_>,
    tool_id: String,
    most: i64,
) -> Result<u64, StoreError> {
    execute!(any, tx, SIGNING_KEYS, tool_id, most)
}

/// Removes some of the tool's students and everything known about them. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn remove_students(
    tx: &mut Tx<'_>,
    tool_id: String,
    most: i64,
) -> Result<u64, StoreError> {
    execute!(any, tx, STUDENTS, tool_id, most)
}

/// Removes some of its platforms' usage. Returns how many rows.
///
/// # Errors
/// The store failed.
pub async fn remove_usage(tx: &mut Tx<'_>, tool_id: String, most: i64) -> Result<u64, StoreError> {
    usage::delete_old(tx, tool_id, (0, i64::MAX), most).await
}
