//! Launches on PostgreSQL: those that come while others are being written are stored together, with one commit.

use std::sync::Arc;

use sqlx::postgres::PgPool;
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::db::{StoreError, Tx};
use super::launches::{self, NewLaunch};
use super::writer::WaitingLaunch;

/// Statements under way at once.
const UNDER_WAY: usize = 3;
/// Launches that one statement stores at most.
const TOGETHER: usize = 64;

/// A handle to the task that gathers launches.
#[derive(Clone)]
pub struct Batches {
    queue: mpsc::Sender<WaitingLaunch>,
}

impl Batches {
    /// Starts the task; it ends with the last handle.
    pub(super) fn start(pool: PgPool) -> Self {
        let (queue, waiting) = mpsc::channel(TOGETHER * 4);
        tokio::spawn(gather(pool, waiting));
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

async fn gather(pool: PgPool, mut waiting: mpsc::Receiver<WaitingLaunch>) {
    let places = Arc::new(Semaphore::new(UNDER_WAY));
    // The place first: whoever comes until there is one goes along.
    while let Ok(place) = places.clone().acquire_owned().await {
        let mut together = Vec::new();
        if waiting.recv_many(&mut together, TOGETHER).await == 0 {
            return;
        }
        let pool = pool.clone();
        tokio::spawn(async move {
            store(&pool, together).await;
            drop(place);
        });
    }
}

async fn store(pool: &PgPool, together: Vec<WaitingLaunch>) {
    let (rows, replies): (Vec<_>, Vec<_>) = together
        .into_iter()
        .map(|launch| (launch.row, launch.reply))
        .unzip();
    let answers = match pool.acquire().await {
        Ok(mut connection) => launches::insert_all(&mut Tx::Postgres(&mut connection), &rows).await,
        Err(error) => {
            tracing::error!(%error, launches = rows.len(), "no connection to store launches with");
            let none = || Err(StoreError::Database(sqlx::Error::PoolTimedOut));
            rows.iter().map(|_| none()).collect()
        }
    };
    for (reply, answer) in replies.into_iter().zip(answers) {
        // Whoever asked may have gone; the launch is stored all the same.
        let _ = reply.send(answer);
    }
}
