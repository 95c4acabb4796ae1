//! Who changed what in a tool. Rows are only ever added: each gets the tool's next number and a
//! hash that covers the row before it. No statement here changes or removes a row. Two things
//! elsewhere do: resealing ([`crate::sealed`]), and removing a tool ([`crate::removed_tools`]).

use crate::engine::{StoreError, Tx, execute, fetch, statements};

macro_rules! columns {
    () => {
        "id, number, actor, action, subject, details_sealed, hash, created_at"
    };
}

statements! {
    BEGIN = "INSERT INTO audit_heads (tool_id, number, hash) VALUES ($1, 0, $2) ON CONFLICT (tool_id) DO NOTHING";
    // Locks the row until the transaction ends: of two concurrent entries, the second waits for the
    // first.
    NEXT = "UPDATE audit_heads SET number = number + 1 WHERE tool_id = $1 RETURNING number, hash";
    ADVANCE = "UPDATE audit_heads SET hash = $2 WHERE tool_id = $1";
    HEAD = "SELECT number, hash FROM audit_heads WHERE tool_id = $1";
    INSERT = "INSERT INTO audit_entries (id, tool_id, number, actor, action, subject, details_sealed, hash, created_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    PAGE = concat!("SELECT ", columns!(), " FROM audit_entries WHERE tool_id = $1 AND number < $2 AND number >= $9 \
            AND (CAST($3 AS TEXT) IS NULL OR actor = $3 OR substr(actor, 1, length($3) + 1) = $3 || ':') \
            AND (CAST($4 AS TEXT) IS NULL OR action = $4 OR substr(action, 1, length($4) + 1) = $4 || '.') \
            AND (CAST($5 AS TEXT) IS NULL OR (subject = $5 \
                 AND (CAST($10 AS TEXT) IS NULL OR substr(action, 1, length($10)) <> $10))) \
            AND created_at >= $6 AND created_at < $7 \
            ORDER BY number DESC LIMIT $8");
    AFTER = concat!("SELECT ", columns!(), " FROM audit_entries WHERE tool_id = $1 AND number > $2 ORDER BY number LIMIT $3");
}

/// An entry as stored.
#[derive(Clone, sqlx::FromRow)]
pub struct AuditRow {
    /// Sorts by time, and is part of what the details are sealed with.
    pub id: String,
    /// Its position in the tool's chain, from 1.
    pub number: i64,
    /// Who did it: a kind and an id.
    pub actor: String,
    /// What was done, such as `platform.activated`.
    pub action: String,
    /// What it was done to, by its id.
    pub subject: String,
    /// Names, and the state before and after, sealed.
    pub details_sealed: Vec<u8>,
    /// A keyed hash of this entry and the previous entry's hash.
    pub hash: Vec<u8>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// The end of a tool's chain.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AuditHead {
    /// The number of the last entry; 0 if there is none.
    pub number: i64,
    /// The keyed hash of the last entry, which the next one covers.
    pub hash: Vec<u8>,
}

/// Which entries to return.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only by this actor, or by all of a kind: `user:<id>` or `user`.
    pub actor: Option<String>,
    /// Only this action, or all of an area: `platform.activated` or `platform`.
    pub action: Option<String>,
    /// Only about this subject.
    pub subject: Option<String>,
    /// Entries whose action begins with this are not found by their subject.
    pub hidden_subjects: Option<&'static str>,
    /// From this time on, in milliseconds since 1970.
    pub since: Option<i64>,
    /// Before this time.
    pub until: Option<i64>,
}

/// Takes a tool's next number, and returns it with the hash of the previous entry. The first entry
/// is chained to `beginning`. All other entries of the tool wait until the transaction ends.
///
/// # Errors
/// The store failed.
pub async fn next(
    tx: &mut Tx<'_>,
    tool_id: &str,
    beginning: Vec<u8>,
) -> Result<AuditHead, StoreError> {
    execute!(optional, tx, BEGIN, tool_id, beginning)?;
    fetch!(one, tx, AuditHead, NEXT, tool_id)
}

/// Adds the entry whose number came from [`next`].
///
/// # Errors
/// The store failed.
pub async fn append(tx: &mut Tx<'_>, tool_id: &str, row: AuditRow) -> Result<(), StoreError> {
    execute!(one, tx, ADVANCE, tool_id, row.hash.clone())?;
    execute!(
        one,
        tx,
        INSERT,
        row.id,
        tool_id,
        row.number,
        row.actor,
        row.action,
        row.subject,
        row.details_sealed,
        row.hash,
        row.created_at
    )
}

/// The end of a tool's chain, if it has begun.
///
/// # Errors
/// The store failed.
pub async fn head(tx: &mut Tx<'_>, tool_id: &str) -> Result<Option<AuditHead>, StoreError> {
    fetch!(optional, tx, AuditHead, HEAD, tool_id)
}

/// Up to `most` entries with numbers in a range, newest first.
///
/// # Errors
/// The store failed.
pub async fn page(
    tx: &mut Tx<'_>,
    tool_id: &str,
    filter: &AuditFilter,
    (from, before): (i64, i64),
    most: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    fetch!(
        all,
        tx,
        AuditRow,
        PAGE,
        tool_id,
        before,
        filter.actor.as_deref(),
        filter.action.as_deref(),
        filter.subject.as_deref(),
        filter.since.unwrap_or(i64::MIN),
        filter.until.unwrap_or(i64::MAX),
        most,
        from,
        filter.hidden_subjects
    )
}

/// Up to `most` entries after this number, in order.
///
/// # Errors
/// The store failed.
pub async fn after(
    tx: &mut Tx<'_>,
    tool_id: &str,
    number: i64,
    most: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    fetch!(all, tx, AuditRow, AFTER, tool_id, number, most)
}
