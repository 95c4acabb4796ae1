//! Changes that have begun. What a request or a command is about to change is stored before, and
//! removed with its entry, so a crash between change and entry leaves a row that becomes an entry
//! itself (docs/decisions/0488-a-change-is-stored-before-it-begins.md).

use std::sync::{Arc, OnceLock};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use serde_json::json;
use store::audit_begun::{self, BegunRow};
use store::{Db, StoreError, within_budget};

use super::action::AuditAction;
use super::entry::{Actor, AuditEntry};
use super::room::{Audit, BEHIND};
use crate::kit::clock::{Clock, Random, iso};
use crate::kit::id::new_id;
use crate::web::problem::Problem;

/// After how long a request or command that began a change is considered dead, wherever it ran:
/// longer than almost any takes. Of one that takes longer there are two entries.
const UNFINISHED_MS: i64 = 10 * 60 * 1000;
/// How many rows are read at a time.
const AT_ONCE: i64 = 100;

/// A change that may begin: of a command, or in a request's extensions, for the code that lets the
/// caller in. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct BegunChange(Arc<ChangeToBegin>);

struct ChangeToBegin {
    db: Db,
    clock: Clock,
    random: Random,
    request: String,
    subject: String,
    /// The id of its row, once that is stored.
    id: OnceLock<String>,
}

impl BegunChange {
    /// A change by a request with this method and route, or by a command. The subject may be stored
    /// for ever.
    pub(crate) fn new(
        db: Db,
        clock: Clock,
        random: Random,
        request: String,
        subject: &str,
    ) -> Self {
        Self(Arc::new(ChangeToBegin {
            db,
            clock,
            random,
            request,
            subject: subject.to_owned(),
            id: OnceLock::new(),
        }))
    }

    /// Stores that the change begins. Call it before anything is changed.
    ///
    /// # Errors
    /// The store failed, so nothing may be changed.
    pub(crate) async fn begin(&self, tool_id: &str, actor: &Actor) -> Result<(), StoreError> {
        let change = &self.0;
        if change.id.get().is_some() {
            return Ok(());
        }
        let now = change.clock.now_ms();
        let row = BegunRow {
            id: new_id(now, &change.random),
            tool_id: tool_id.to_owned(),
            actor: actor.key(),
            request: change.request.clone(),
            subject: change.subject.clone(),
            begun_at: now,
        };
        let id = row.id.clone();
        let insert = change.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { audit_begun::insert(&mut tx, row).await })
        });
        insert.await?;
        // Set only once: a request is admitted by one extractor.
        let _ = change.id.set(id);
        Ok(())
    }

    /// Records what was changed, as [`Audit::write`] does, and with it that the change is finished.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) async fn note(
        &self,
        audit: &Audit,
        entries: Vec<AuditEntry>,
    ) -> Result<(), StoreError> {
        let id = self.0.id.get().cloned();
        audit.write_after(&self.0.db, id, entries).await
    }

    /// There is nothing to record, or it is recorded.
    pub(crate) async fn end(&self) {
        let Some(id) = self.0.id.get().cloned() else {
            return;
        };
        let remove = self.0.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { audit_begun::remove(&mut tx, id).await })
        });
        if let Err(error) = within_budget(BEHIND, remove).await {
            let request = &*self.0.request;
            tracing::warn!(%error, request, "this will be in the audit log as unfinished");
        }
    }

    /// The same after what a handler returns, unless that leaves open what was done.
    pub(crate) async fn end_after<T>(&self, done: Result<T, Problem>) -> Result<T, Problem> {
        if !done.as_ref().is_err_and(Problem::leaves_open) {
            self.end().await;
        }
        done
    }

    /// The same after an answer.
    pub(crate) async fn end_with(&self, answer: Response) -> Response {
        if !leaves_open(&answer) {
            self.end().await;
        }
        answer
    }

    /// Runs a request whose handler records what it changes.
    pub(crate) async fn around(self, mut request: Request, next: Next) -> Response {
        request.extensions_mut().insert(self.clone());
        self.end_with(next.run(request).await).await
    }
}

impl Audit {
    /// Records changes that began long ago and were never finished, each once, whichever server
    /// began it.
    ///
    /// # Errors
    /// The store failed; the next call continues.
    pub(crate) async fn note_unfinished(&self, db: &Db) -> Result<(), StoreError> {
        let until = self.clock.now_ms().saturating_sub(UNFINISHED_MS);
        loop {
            let mut reader = db.read().await?;
            let rows = audit_begun::before(&mut reader.tx(), until, AT_ONCE).await?;
            drop(reader);
            let is_last = i64::try_from(rows.len()).is_ok_and(|found| found < AT_ONCE);
            for row in rows {
                self.note_one_unfinished(db, row).await?;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    async fn note_one_unfinished(&self, db: &Db, row: BegunRow) -> Result<(), StoreError> {
        let audit = self.clone();
        let write = db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                // Another server may have been faster, or the request is done at last.
                if !audit_begun::remove(&mut tx, row.id.clone()).await? {
                    return Ok(None);
                }
                audit.append(&mut tx, unfinished(row)).await.map(Some)
            })
        });
        if let Some(mark) = write.await? {
            mark.log();
        }
        Ok(())
    }
}

/// Whether a request with this answer may have changed something without an entry.
fn leaves_open(answer: &Response) -> bool {
    match answer.extensions().get::<Arc<Problem>>() {
        Some(problem) => problem.leaves_open(),
        None => answer.status().is_server_error(),
    }
}

/// The entry about a change of which only the beginning is known.
fn unfinished(row: BegunRow) -> AuditEntry {
    let actor = Actor::of_key(&row.actor);
    let entry = AuditEntry::new(
        &row.tool_id,
        actor,
        AuditAction::ChangeUnfinished,
        row.subject,
    );
    entry.after(json!({"request": row.request, "begunAt": iso(row.begun_at)}))
}
