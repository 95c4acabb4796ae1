//! Launches on PostgreSQL: those that come while others are being written are stored together, with one commit.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgPool;
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::db::{Limits, StoreError, Tx, give_up_idle};
use super::launches::{self, NewLaunch};
use super::writer::WaitingLaunch;

/// Statements under way at once.
const UNDER_WAY: usize = 3;
/// Launches that one statement stores at most.
const TOGETHER: usize = 64;
/// What a server that ends a statement by itself gets to say so.
const GRACE: Duration = Duration::from_secs(2);

/// A handle to the task that gathers launches.
#[derive(Clone)]
pub struct Batches {
    queue: mpsc::Sender<WaitingLaunch>,
}

impl Batches {
    /// Starts the task; it ends with the last handle.
    pub(super) fn start(pool: PgPool, limits: Limits) -> Self {
        let (queue, waiting) = mpsc::channel(TOGETHER * 4);
        tokio::spawn(gather(pool, waiting, limits.statement + GRACE));
        Self { queue }
    }

    /// Queues a launch and waits until it is committed; false where its nonce was spent before.
    pub(super) async fn launch(&self, row: NewLaunch) -> Result<bool, StoreError> {
        let (reply, answer) = oneshot::channel();
        self.queue
            .send(WaitingLaunch { row, reply })
            .await
            .map_err(|_| StoreError::Stopped)?;
        answer.await.unwrap_or(Err(StoreError::Stopped))
    }
}

async fn gather(pool: PgPool, mut waiting: mpsc::Receiver<WaitingLaunch>, patience: Duration) {
    let places = Arc::new(Semaphore::new(UNDER_WAY));
    // The place first: whoever comes until there is one goes along.
    while let Ok(place) = places.clone().acquire_owned().await {
        let mut together = Vec::new();
        if waiting.recv_many(&mut together, TOGETHER).await == 0 {
            return;
        }
        let pool = pool.clone();
        tokio::spawn(async move {
            store(&pool, together, patience).await;
            drop(place);
        });
    }
}

async fn store(pool: &PgPool, mut together: Vec<WaitingLaunch>, patience: Duration) {
    together.retain(WaitingLaunch::is_waited_for);
    // Two batches with the same forms in them must not wait for each other.
    together.sort_unstable_by(|one, other| one.row.nonce_hash.cmp(&other.row.nonce_hash));
    let (rows, replies): (Vec<_>, Vec<_>) = together
        .into_iter()
        .map(|launch| (launch.row, launch.reply))
        .unzip();
    if rows.is_empty() {
        return;
    }
    let mut answers = insert(pool, &rows, false, patience).await;
    if let Err(error) = &answers {
        if error.is_lost() || matches!(error, StoreError::Silent) {
            give_up_idle(pool);
        }
        if error.is_lost() || error.is_rolled_back() {
            answers = insert(pool, &rows, true, patience).await;
        }
    }
    let answers = answers.unwrap_or_else(|error| {
        tracing::error!(%error, launches = rows.len(), "launches were not stored");
        error.for_each(rows.len())
    });
    for (reply, answer) in replies.into_iter().zip(answers) {
        // Whoever asked may have gone; the launch is stored all the same.
        let _ = reply.send(answer);
    }
}

/// Stores them with a connection of the pool; `again` where that failed and may yet succeed.
async fn insert(
    pool: &PgPool,
    rows: &[NewLaunch],
    again: bool,
    patience: Duration,
) -> Result<Vec<Result<bool, StoreError>>, StoreError> {
    let mut connection = pool.acquire().await?;
    let inserting = async {
        let tx = &mut Tx::Postgres(&mut connection);
        if again {
            Ok(launches::insert_each(tx, rows).await)
        } else {
            launches::insert_all(tx, rows).await
        }
    };
    match tokio::time::timeout(patience, inserting).await {
        Ok(answers) => answers,
        Err(_) => {
            // The pool would wait for it, too, before it lends its place to another.
            drop(connection.detach());
            Err(StoreError::Silent)
        }
    }
}
