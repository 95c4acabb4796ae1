//! Grouped rows on PostgreSQL: rows that arrive while others are being written are stored together,
//! with one commit.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgPool;
use tokio::sync::{Semaphore, mpsc};

use super::budget::{spent, spent_on};
use super::claim::Claim;
use super::error::StoreError;
use super::grouped::{Answers, Grouped, Waiting};
use super::held::{HeldConnection, Terms};
use super::pool::give_up_idle;
use super::tx::Tx;
use super::waiter::Waiter;

/// The most statements running at once.
const UNDER_WAY: usize = 3;

/// A handle to the task that collects rows.
#[derive(Clone)]
pub struct Batches<R> {
    queue: mpsc::Sender<Waiting<R>>,
    patience: Duration,
}

impl<R: Grouped> Batches<R> {
    /// Starts the task; it ends when the last handle is dropped.
    pub(super) fn start(pool: PgPool, terms: Terms) -> Self {
        let (queue, waiting) = mpsc::channel(R::ROWS * 4);
        let patience = terms.patience;
        tokio::spawn(gather(pool, waiting, terms));
        Self { queue, patience }
    }

    /// Queues a row and waits until it is committed. Returns false if the same row was already
    /// stored.
    pub(super) async fn insert(&self, row: R) -> Result<bool, StoreError> {
        let claim = Claim::default();
        let (waiter, answer) = Waiter::new(claim.clone());
        let waiting = Waiting { row, waiter };
        let inserting = async {
            let queued = self.queue.send(waiting).await;
            queued.map_err(|_| StoreError::Stopped)?;
            answer.await.unwrap_or(Err(StoreError::Stopped))
        };
        spent_on(self.patience, &claim, inserting).await?
    }
}

async fn gather<R: Grouped>(pool: PgPool, mut waiting: mpsc::Receiver<Waiting<R>>, terms: Terms) {
    let places = Arc::new(Semaphore::new(UNDER_WAY));
    // Get a slot first: all rows that arrive while waiting for one are stored together.
    while let Ok(place) = places.clone().acquire_owned().await {
        let mut together = Vec::new();
        if waiting.recv_many(&mut together, R::ROWS).await == 0 {
            return;
        }
        let (pool, terms) = (pool.clone(), terms.clone());
        tokio::spawn(async move {
            store(&pool, together, &terms).await;
            drop(place);
        });
    }
}

async fn store<R: Grouped>(pool: &PgPool, together: Vec<Waiting<R>>, terms: &Terms) {
    // Get the connection first: a row can't be called off once it has begun, and a connection may
    // take long to arrive.
    let held = HeldConnection::take_for_one(pool, terms).await;
    let mut together: Vec<_> = together
        .into_iter()
        .filter(|waiting| waiting.waiter.begin())
        .collect();
    together.sort_unstable_by(|one, other| one.row.order(&other.row));
    let (rows, waiters): (Vec<_>, Vec<_>) = together
        .into_iter()
        .map(|waiting| (waiting.row, waiting.waiter))
        .unzip();
    if rows.is_empty() {
        return;
    }
    let mut answers = match held {
        Ok(held) => insert(held, &rows, false, terms).await,
        Err(error) => Err(error),
    };
    if let Err(error) = &answers {
        if error.is_lost() {
            give_up_idle(pool);
        }
        let alone = terms.begin.is_some() && error.is_of_the_row();
        if error.is_lost() || error.is_rolled_back() || alone {
            answers = insert_again(pool, &rows, terms).await;
        }
    }
    let answers = answers.unwrap_or_else(|error| {
        tracing::error!(%error, rows = rows.len(), "a batch was not stored");
        error.for_each(rows.len())
    });
    for (waiter, answer) in waiters.into_iter().zip(answers) {
        waiter.answer(answer);
    }
}

/// Retries after a failure that may be temporary. If one failing row would roll back the whole
/// transaction, each row gets its own.
async fn insert_again<R: Grouped>(
    pool: &PgPool,
    rows: &[R],
    terms: &Terms,
) -> Result<Answers, StoreError> {
    let again = async |rows| {
        let held = HeldConnection::take_for_one(pool, terms).await?;
        insert(held, rows, true, terms).await
    };
    if terms.begin.is_none() {
        return again(rows).await;
    }
    let mut answers = Vec::with_capacity(rows.len());
    for row in rows {
        match again(std::slice::from_ref(row)).await {
            Ok(answer) => answers.extend(answer),
            Err(error) if error.is_of_the_row() => answers.push(Err(error)),
            Err(error) => {
                answers.extend(error.for_each(rows.len() - answers.len()));
                break;
            }
        }
    }
    Ok(answers)
}

/// Stores rows over a connection from the pool; `again` means that they may already be stored.
async fn insert<R: Grouped>(
    mut held: HeldConnection,
    rows: &[R],
    again: bool,
    terms: &Terms,
) -> Result<Answers, StoreError> {
    let inserting = async {
        let tx = &mut Tx::Postgres(held.lend_whole());
        if again {
            Ok(R::insert_each(tx, rows).await)
        } else {
            R::insert_all(tx, rows).await
        }
    };
    let done = spent(terms.patience, inserting).await;
    held.settle(done).await
}
