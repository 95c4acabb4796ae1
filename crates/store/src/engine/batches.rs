//! Grouped rows on PostgreSQL: those that come while others are being written are stored together, with one commit.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgPool;
use tokio::sync::{Semaphore, mpsc};

use super::error::StoreError;
use super::grouped::{Answers, Grouped, Waiting};
use super::limits::Limits;
use super::pool::give_up_idle;
use super::tx::Tx;

/// Statements under way at once.
const UNDER_WAY: usize = 3;
/// Extra time for the server to report that it cancelled a statement.
const GRACE: Duration = Duration::from_secs(2);

/// A handle to the task that gathers rows.
#[derive(Clone)]
pub struct Batches<R> {
    queue: mpsc::Sender<Waiting<R>>,
}

impl<R: Grouped> Batches<R> {
    /// Starts the task; it ends with the last handle.
    pub(super) fn start(pool: PgPool, limits: Limits) -> Self {
        let (queue, waiting) = mpsc::channel(R::ROWS * 4);
        tokio::spawn(gather(pool, waiting, limits.statement + GRACE));
        Self { queue }
    }

    /// Queues a row and waits until it is committed; false if the same was stored before.
    pub(super) async fn insert(&self, row: R) -> Result<bool, StoreError> {
        let (waiting, answer) = Waiting::new(row);
        self.queue
            .send(waiting)
            .await
            .map_err(|_| StoreError::Stopped)?;
        answer.await.unwrap_or(Err(StoreError::Stopped))
    }
}

async fn gather<R: Grouped>(
    pool: PgPool,
    mut waiting: mpsc::Receiver<Waiting<R>>,
    patience: Duration,
) {
    let places = Arc::new(Semaphore::new(UNDER_WAY));
    // The place first: all that come until there is one are stored together.
    while let Ok(place) = places.clone().acquire_owned().await {
        let mut together = Vec::new();
        if waiting.recv_many(&mut together, R::ROWS).await == 0 {
            return;
        }
        let pool = pool.clone();
        tokio::spawn(async move {
            store(&pool, together, patience).await;
            drop(place);
        });
    }
}

async fn store<R: Grouped>(pool: &PgPool, mut together: Vec<Waiting<R>>, patience: Duration) {
    together.retain(Waiting::is_waited_for);
    together.sort_unstable_by(|one, other| one.row.order(&other.row));
    let (rows, replies): (Vec<_>, Vec<_>) = together
        .into_iter()
        .map(|waiting| (waiting.row, waiting.reply))
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
        tracing::error!(%error, rows = rows.len(), "a batch was not stored");
        error.for_each(rows.len())
    });
    for (reply, answer) in replies.into_iter().zip(answers) {
        // The request may have gone; its row is stored all the same.
        let _ = reply.send(answer);
    }
}

/// Stores them with a connection of the pool; `again` after a failure that may yet succeed.
async fn insert<R: Grouped>(
    pool: &PgPool,
    rows: &[R],
    again: bool,
    patience: Duration,
) -> Result<Answers, StoreError> {
    let mut connection = pool.acquire().await?;
    let inserting = async {
        let tx = &mut Tx::Postgres(&mut connection);
        if again {
            Ok(R::insert_each(tx, rows).await)
        } else {
            R::insert_all(tx, rows).await
        }
    };
    match tokio::time::timeout(patience, inserting).await {
        Ok(answers) => answers,
        Err(_) => {
            // The pool, too, would wait for it before it gives its place to another connection.
            drop(connection.detach());
            Err(StoreError::Silent)
        }
    }
}
