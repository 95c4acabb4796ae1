//! One-time links of the portal. Only the hash of each code is stored.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO portal_links \
              (id, tool_id, code_hash, kind, role, mail_sealed, user_id, created_at, expires_at, made_by) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    BY_CODE = "SELECT id, tool_id, kind, role, mail_sealed, user_id, created_at, expires_at FROM portal_links \
               WHERE code_hash = $1";
    OF_TOOL = "SELECT id, tool_id, kind, role, mail_sealed, user_id, created_at, expires_at FROM portal_links \
               WHERE tool_id = $1 ORDER BY created_at, id";
    TAKE = "DELETE FROM portal_links WHERE id = $1";
    TAKE_OF_USER = "DELETE FROM portal_links WHERE user_id = $1";
    TAKE_OF_MAKER = "DELETE FROM portal_links WHERE made_by = $1";
    CLEAN_UP = "DELETE FROM portal_links WHERE id IN \
                (SELECT id FROM portal_links WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)";
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalLinkKind {
    /// Become the first owner of a portal that has no users.
    FirstOwner,
    /// Join.
    Invitation,
    /// Choose a new password.
    NewPassword,
}

impl PortalLinkKind {
    const ALL: [Self; 3] = [Self::FirstOwner, Self::Invitation, Self::NewPassword];

    /// Its name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FirstOwner => "firstOwner",
            Self::Invitation => "invitation",
            Self::NewPassword => "newPassword",
        }
    }
}

/// An unused link.
#[derive(Clone)]
pub struct PortalLink {
    /// Its id; the code itself is not kept.
    pub id: String,
    /// The tool whose portal it is.
    pub tool_id: String,
    /// Its purpose.
    pub kind: PortalLinkKind,
    /// The role of the new user.
    pub role: String,
    /// The invited person, sealed.
    pub mail_sealed: Option<Vec<u8>>,
    /// The user whose password it resets.
    pub user_id: Option<String>,
    /// Milliseconds since 1970.
    pub created_at: i64,
    /// Milliseconds since 1970.
    pub expires_at: i64,
}

#[derive(sqlx::FromRow)]
struct PortalLinkRow {
    id: String,
    tool_id: String,
    kind: String,
    role: String,
    mail_sealed: Option<Vec<u8>>,
    user_id: Option<String>,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<PortalLinkRow> for PortalLink {
    type Error = StoreError;

    fn try_from(row: PortalLinkRow) -> Result<Self, StoreError> {
        let mut kinds = PortalLinkKind::ALL.into_iter();
        let kind = kinds.find(|kind| kind.as_str() == row.kind);
        let unknown = || StoreError::Corrupt(format!("portal link of kind {}", row.kind));
        Ok(Self {
            kind: kind.ok_or_else(unknown)?,
            id: row.id,
            tool_id: row.tool_id,
            role: row.role,
            mail_sealed: row.mail_sealed,
            user_id: row.user_id,
            created_at: row.created_at,
            expires_at: row.expires_at,
        })
    }
}

/// Adds a link made by this user, or by the command line.
///
/// # Errors
/// The store failed.
pub async fn insert(
    tx: &mut Tx<'_>,
    code_hash: Vec<u8>,
    link: PortalLink,
    made_by: Option<String>,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        link.id,
        link.tool_id,
        code_hash,
        link.kind.as_str(),
        link.role,
        link.mail_sealed,
        link.user_id,
        link.created_at,
        link.expires_at,
        made_by
    )
}

/// The link with this code, expired or not.
///
/// # Errors
/// The store failed.
pub async fn by_code(
    tx: &mut Tx<'_>,
    code_hash: Vec<u8>,
) -> Result<Option<PortalLink>, StoreError> {
    let row = fetch!(optional, tx, PortalLinkRow, BY_CODE, code_hash)?;
    row.map(PortalLink::try_from).transpose()
}

/// Every unused link of a tool, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_tool(tx: &mut Tx<'_>, tool_id: String) -> Result<Vec<PortalLink>, StoreError> {
    let rows = fetch!(all, tx, PortalLinkRow, OF_TOOL, tool_id)?;
    rows.into_iter().map(PortalLink::try_from).collect()
}

/// Uses up or withdraws a link. Returns false if that was already done.
///
/// # Errors
/// The store failed.
pub async fn take(tx: &mut Tx<'_>, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, TAKE, id)
}

/// Withdraws a user's links for choosing a new password. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn take_of_user(tx: &mut Tx<'_>, user_id: String) -> Result<u64, StoreError> {
    execute!(any, tx, TAKE_OF_USER, user_id)
}

/// Withdraws the links that a user made. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn take_of_maker(tx: &mut Tx<'_>, user_id: String) -> Result<u64, StoreError> {
    execute!(any, tx, TAKE_OF_MAKER, user_id)
}

/// Removes up to `most` expired links. Returns how many.
///
/// # Errors
/// The store failed.
pub async fn clean_up(tx: &mut Tx<'_>, now_ms: i64, most: i64) -> Result<u64, StoreError> {
    execute!(any, tx, CLEAN_UP, now_ms, most)
}
