//! People whose launches from a platform an operator has blocked. Their ids are sealed; the lists
//! are short.

use crate::engine::{StoreError, Tx, execute, fetch, statements};

statements! {
    INSERT = "INSERT INTO blocked_people (id, platform_id, subject_sealed, created_at) VALUES ($1, $2, $3, $4)";
    DELETE = "DELETE FROM blocked_people WHERE id = $1";
    OF_PLATFORM = "SELECT id, subject_sealed, created_at FROM blocked_people WHERE platform_id = $1 ORDER BY created_at, id";
}

/// A person who may not launch from a platform.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct BlockedPerson {
    /// Our id for the block.
    pub id: String,
    /// The platform's id for the person, sealed.
    pub subject_sealed: Vec<u8>,
    /// Milliseconds since 1970.
    pub created_at: i64,
}

/// Blocks a person.
///
/// # Errors
/// The store failed.
pub async fn insert(
    tx: &mut Tx<'_>,
    platform_id: String,
    person: BlockedPerson,
) -> Result<(), StoreError> {
    execute!(
        one,
        tx,
        INSERT,
        person.id,
        platform_id,
        person.subject_sealed,
        person.created_at
    )
}

/// Unblocks a person. Returns false if there is no such block.
///
/// # Errors
/// The store failed.
pub async fn delete(tx: &mut Tx<'_>, id: String) -> Result<bool, StoreError> {
    execute!(optional, tx, DELETE, id)
}

/// All blocks of a platform, oldest first.
///
/// # Errors
/// The store failed.
pub async fn of_platform(
    tx: &mut Tx<'_>,
    platform_id: String,
) -> Result<Vec<BlockedPerson>, StoreError> {
    fetch!(all, tx, BlockedPerson, OF_PLATFORM, platform_id)
}
