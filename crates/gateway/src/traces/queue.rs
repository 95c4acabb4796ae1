//! From a failed request to a row: a bounded queue that never delays a request, and one task that
//! writes queued traces in batches.

use std::time::Duration;

use store::StoreError;
use store::traces::{self, ACCEPTED, FAILED, NewTrace, WAITING};
use tokio::sync::watch;

use super::attempt::TraceOrder;
use super::facts::{Failure, TraceFacts};
use super::room::Traces;
use super::sample::MissedFailures;
use crate::events::Event;
use crate::kit::id;

/// How many traces one transaction writes.
const TOGETHER: usize = 64;
/// How often to look for finished windows.
const LOOK: Duration = Duration::from_secs(5);

impl Traces {
    /// Writes traces until `stop` changes, then the rest of the queue.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let Some(mut waiting) = self.waiting() else {
            return;
        };
        let mut look = tokio::time::interval(LOOK);
        let mut messages = Vec::with_capacity(TOGETHER);
        let mut stopping = false;
        while !stopping {
            tokio::select! {
                // Empty the queue before checking for a stop.
                biased;
                _ = waiting.recv_many(&mut messages, TOGETHER) => self.write(&mut messages).await,
                _ = look.tick() => {
                    let over = self.sampler().take_over(self.0.clock.uptime());
                    self.tell_missed(over).await;
                }
                _ = stop.changed() => stopping = true,
            }
        }
        waiting.close();
        while waiting.recv_many(&mut messages, TOGETHER).await > 0 {
            self.write(&mut messages).await;
        }
        let all = self.sampler().take_all();
        self.tell_missed(all).await;
    }

    async fn write(&self, messages: &mut Vec<TraceOrder>) {
        let mut rows = Vec::with_capacity(messages.len());
        let mut told = Vec::new();
        let mut waiting = Vec::new();
        for message in messages.drain(..) {
            match message {
                TraceOrder::Write(attempt) => {
                    told.extend(attempt.event().map(|event| (attempt.tool_id(), event)));
                    rows.push(attempt.row(&self.0.random));
                }
                TraceOrder::Settled(reply) => waiting.push(reply),
            }
        }
        self.insert(rows, told).await;
        for reply in waiting {
            let _ = reply.send(());
        }
    }

    /// Stores one trace per sort for the failures that were only counted.
    async fn tell_missed(&self, missed: Vec<MissedFailures>) {
        let rows = missed.into_iter().filter_map(|missed| {
            let MissedFailures { sort, number, last } = missed;
            let tool = self.0.tools.by_id(&sort.tool_id)?;
            let last = self.0.clock.date_of(last);
            let mut facts = TraceFacts {
                failure: Some(Box::new(Failure {
                    text: format!("{number} more in that minute, which were only counted"),
                    more: Some(number),
                    ..Failure::default()
                })),
                ..TraceFacts::default()
            };
            let minutes = i64::from(tool.settings.retention.trace_minutes);
            // A registration that did not fail is counted under its outcome.
            let good = [ACCEPTED, WAITING]
                .into_iter()
                .find(|good| *good == sort.reason);
            Some(NewTrace {
                id: id::new_id(last, &self.0.random),
                correlation_id: id::correlation_id(&self.0.random),
                tool_id: sort.tool_id,
                kind: sort.kind.name(),
                outcome: good.unwrap_or(FAILED),
                reason: good.is_none().then_some(sort.reason),
                platform_id: sort.platform_id,
                deployment_id: None,
                signed: sort.signed,
                trace: facts.written(),
                created_at: last,
                delete_at: last + minutes * 60_000,
            })
        });
        let mut rows: Vec<NewTrace> = rows.collect();
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(TOGETHER));
            let these = std::mem::replace(&mut rows, rest);
            self.insert(these, Vec::new()).await;
        }
    }

    /// Stores traces and their events.
    async fn insert(&self, rows: Vec<NewTrace>, told: Vec<(String, Event)>) {
        if rows.is_empty() {
            return;
        }
        let (number, events, any) = (rows.len(), self.0.events.clone(), !told.is_empty());
        let insert = self.0.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                for row in rows {
                    traces::insert(&mut tx, row).await?;
                }
                for (tool_id, event) in told {
                    events.record(&mut tx, &tool_id, &event).await?;
                }
                Ok(())
            })
        });
        match insert.await {
            Ok(()) if any => self.0.events.committed(),
            Ok(()) => {}
            Err(error) => {
                tracing::warn!(%error, number, "traces could not be written, and are lost");
            }
        }
    }
}
