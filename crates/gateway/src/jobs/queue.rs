//! Adds jobs to the store.

use std::sync::Arc;

use store::jobs::NewJob;
use store::{Db, StoreError};
use tokio::sync::Notify;

use super::backlog::Backlog;
use crate::kit::clock::{Clock, Random};
use crate::kit::id::new_id;
use crate::kit::seal::Sealer;

/// Where rooms add their jobs. Cloning it is cheap.
#[derive(Clone)]
pub struct Jobs(Arc<JobsInner>);

struct JobsInner {
    db: Db,
    clock: Clock,
    random: Random,
    rows: Sealer,
    backlog: Backlog,
    woken: Notify,
}

/// A job ordered by a room.
#[derive(Clone, Debug)]
pub struct JobOrder<'a> {
    /// The tool it belongs to.
    pub tool_id: &'a str,
    /// The kind's name.
    pub kind: &'static str,
    /// The share of the workers' time it uses: a platform, an address. Every share gets its turn.
    pub share: &'a str,
    /// The id of the thing it is about. It is stored in plain text, so it must not be personal
    /// data.
    pub subject: &'a str,
    /// Jobs with the same key are done one at a time. It must not be personal data either.
    pub order_key: Option<&'a str>,
    /// Its input; sealed.
    pub payload: Option<&'a [u8]>,
}

/// Too many jobs of a kind are already waiting.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0} jobs wait to be done, and no more are taken")]
pub struct QueueFull(pub i64);

/// Why a job was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum NoRoom {
    /// There are too many.
    #[error(transparent)]
    Full(#[from] QueueFull),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The identity that a job's payload is sealed with.
pub(crate) fn payload_identity(id: &str) -> String {
    format!("jobs/{id}/payload")
}

impl Jobs {
    /// The jobs in this store.
    pub fn new(db: Db, clock: Clock, random: Random, rows: Sealer) -> Self {
        Self(Arc::new(JobsInner {
            backlog: Backlog::default(),
            woken: Notify::new(),
            db,
            clock,
            random,
            rows,
        }))
    }

    /// The row of a job. Store it with [`store::jobs::insert`] in the transaction that promises the
    /// job. Call [`Self::wake`] afterwards to start it at once; otherwise it starts within a
    /// second.
    pub fn row(&self, order: &JobOrder<'_>) -> NewJob {
        let now = self.0.clock.now_ms();
        let id = new_id(now, &self.0.random);
        let seal = |payload| self.0.rows.seal(&payload_identity(&id), payload);
        NewJob {
            payload_sealed: order.payload.map(seal),
            tool_id: order.tool_id.to_owned(),
            kind: order.kind,
            share: order.share.to_owned(),
            subject: order.subject.to_owned(),
            order_key: order.order_key.map(str::to_owned),
            due_at: now,
            created_at: now,
            id,
        }
    }

    /// Checks that another job of a kind fits if at most `most` may wait. The count is refreshed
    /// every few seconds, so slightly more may get in.
    ///
    /// # Errors
    /// There are too many, or the store failed.
    pub async fn admit(&self, kind: &'static str, most: i64) -> Result<(), NoRoom> {
        self.admitted((kind, None), most).await
    }

    /// Like [`Self::admit`], but for one share of a kind.
    ///
    /// # Errors
    /// There are too many, or the store failed.
    pub async fn admit_to(&self, kind: &'static str, share: &str, most: i64) -> Result<(), NoRoom> {
        self.admitted((kind, Some(share)), most).await
    }

    async fn admitted(
        &self,
        counted: (&'static str, Option<&str>),
        most: i64,
    ) -> Result<(), NoRoom> {
        let (db, now) = (&self.0.db, self.0.clock.uptime());
        match self.0.backlog.admit(db, counted, most, now).await? {
            true => Ok(()),
            false => Err(QueueFull(most).into()),
        }
    }

    /// Tells this server's worker that a job was committed.
    pub fn wake(&self) {
        self.0.woken.notify_one();
    }

    /// Waits for [`Self::wake`]; returns at once if it was called since the last time.
    pub(super) async fn woken(&self) {
        self.0.woken.notified().await;
    }

    pub(super) fn db(&self) -> &Db {
        &self.0.db
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(super) fn random(&self) -> &Random {
        &self.0.random
    }

    pub(super) fn rows(&self) -> &Sealer {
        &self.0.rows
    }
}
