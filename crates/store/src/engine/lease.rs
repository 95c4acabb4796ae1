//! Lets only one server at a time bring the tables up to date, using a row as the lock. Every
//! database that speaks PostgreSQL's or SQLite's dialect has rows; advisory locks exist only in
//! PostgreSQL, and a pooler in transaction mode loses them.
//!
//! The holder of a lease keeps incrementing a counter. If it stands still for [`EXPIRY`], the
//! holder is considered dead. Only the waiting server's own clock is used, so clocks are never
//! compared.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::error::StoreError;
use super::statement::{execute, fetch};
use super::tx::Tx;

/// How often a holder increments the counter.
pub(super) const BEAT: Duration = Duration::from_secs(3);
/// A lease without a beat for this long is taken over.
pub(super) const EXPIRY: Duration = Duration::from_secs(20);
/// How often to check a lease that another server holds.
const LOOK: Duration = Duration::from_millis(200);
/// The holder's name when the lease is free.
const NOBODY: &str = "";

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_lease \
                     (id BIGINT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, beats BIGINT NOT NULL)";
const ROW: &str =
    "INSERT INTO schema_lease (id, holder, beats) VALUES (1, '', 0) ON CONFLICT (id) DO NOTHING";
const SEEN: &str = "SELECT holder, beats FROM schema_lease WHERE id = 1";
const TAKE: &str = "UPDATE schema_lease SET holder = $1, beats = beats + 1 \
                    WHERE id = 1 AND holder = $2 AND beats = $3";
const COUNT_UP: &str = "UPDATE schema_lease SET beats = beats + 1 WHERE id = 1 AND holder = $1";
const GIVE_BACK: &str = "UPDATE schema_lease SET holder = '' WHERE id = 1 AND holder = $1";

/// A unique name for a holder.
pub(super) fn name() -> String {
    // Each of these is random, drawn by the system.
    let number = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", number(), number())
}

/// Waits until `me` holds the lease.
///
/// # Errors
/// The store failed.
pub(super) async fn take(tx: &mut Tx<'_>, me: &str, expiry: Duration) -> Result<(), StoreError> {
    match execute!(any, tx, TABLE) {
        // Another server is creating it right now.
        Err(error) if error.is_taken() || error.is_made() => sleep(LOOK).await,
        made => drop(made?),
    }
    execute!(any, tx, ROW)?;
    let mut seen = None;
    let mut since = Instant::now();
    loop {
        let now: (String, i64) = fetch!(one, tx, (String, i64), SEEN)?;
        if seen.as_ref() != Some(&now) {
            (seen, since) = (Some(now.clone()), Instant::now());
        }
        let is_free = now.0 == NOBODY || since.elapsed() >= expiry;
        if is_free && execute!(optional, tx, TAKE, me, now.0, now.1)? {
            return Ok(());
        }
        sleep(LOOK).await;
    }
}

/// Sends a sign of life.
///
/// # Errors
/// The store failed.
pub(super) async fn count_up(tx: &mut Tx<'_>, me: &str) -> Result<(), StoreError> {
    execute!(any, tx, COUNT_UP, me).map(drop)
}

/// Releases the lease.
///
/// # Errors
/// The store failed.
pub(super) async fn give_back(tx: &mut Tx<'_>, me: &str) -> Result<(), StoreError> {
    execute!(any, tx, GIVE_BACK, me).map(drop)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use sqlx::Connection;
    use sqlx::sqlite::SqliteConnection;

    use super::*;

    #[tokio::test]
    async fn a_lease_is_taken_over_only_after_its_beats_stand_still() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let tx = &mut Tx::Sqlite(&mut connection);
        let expiry = Duration::from_millis(700);
        take(tx, "one", expiry).await.unwrap();
        let begun = Instant::now();
        take(tx, "other", expiry).await.unwrap();
        assert!(begun.elapsed() >= expiry);
        // The one presumed dead comes back, but holds nothing.
        count_up(tx, "one").await.unwrap();
        give_back(tx, "one").await.unwrap();
        let (holder, beats) = fetch!(one, tx, (String, i64), SEEN).unwrap();
        assert_eq!((&*holder, beats), ("other", 2));
        give_back(tx, "other").await.unwrap();
        let begun = Instant::now();
        take(tx, "third", expiry).await.unwrap();
        assert!(begun.elapsed() < expiry);
    }

    #[test]
    fn no_two_holders_have_a_name_in_common() {
        assert_ne!(name(), name());
    }
}
