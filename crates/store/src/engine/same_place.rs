//! Whether two addresses lead to the same database.

use sqlx::postgres::PgConnection;
use sqlx::{Executor, Row};

use super::error::StoreError;

/// Where we are, and a moment that no two servers have in common: the server's start. Addresses
/// would not do, for a pooler may reach the server by a socket.
const PLACE: &str = "SELECT current_database()::TEXT, COALESCE(current_schema()::TEXT, ''), \
                     (EXTRACT(EPOCH FROM pg_postmaster_start_time()) * 1000000)::BIGINT::TEXT";

/// Makes sure that both connections lead to the same schema of the same database.
///
/// # Errors
/// They don't, or the store failed.
pub(super) async fn compare(
    serving: &mut PgConnection,
    direct: &mut PgConnection,
) -> Result<(), StoreError> {
    let [ours, theirs] = [place(serving).await?, place(direct).await?];
    if ours == theirs {
        return Ok(());
    }
    let is_other_server = ours[2] != theirs[2];
    let told = |[database, schema, _]: [String; 3]| {
        let database = database.escape_default();
        let schema = schema.escape_default();
        format!("the database \"{database}\" (schema \"{schema}\")")
    };
    let (ours, mut theirs) = (told(ours), told(theirs));
    if is_other_server {
        theirs.push_str(" of another server");
    }
    Err(StoreError::Elsewhere(ours, theirs))
}

/// Without a prepared statement, which a pooler might lend to others.
async fn place(connection: &mut PgConnection) -> Result<[String; 3], StoreError> {
    let row = connection.fetch_one(PLACE).await?;
    Ok([row.try_get(0)?, row.try_get(1)?, row.try_get(2)?])
}
