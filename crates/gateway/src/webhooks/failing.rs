//! When a webhook is disabled: it answers that it is gone, or it has failed for days (grades.md
//! WH-3). A date that may be wrong proves nothing about days, so only failures since the date
//! became trustworthy count (docs/decisions/0262-nothing-is-given-up-by-a-doubtful-date.md).

use serde_json::json;
use store::webhooks::{self, WebhookRow};
use store::{StoreError, Tx};

use super::Webhooks;
use crate::audit::{Actor, AuditAction, AuditEntry};
use crate::events::Event;
use crate::jobs::Afterwards;

/// For how long every attempt must have failed, in milliseconds: five days.
const FAILING_MS: i64 = 5 * 24 * 60 * 60 * 1000;
/// And how many must have failed: one failed message and another a week later mean little.
const FAILURES: i64 = 10;

/// The webhook answered 410.
const GONE: &str = "GONE";
/// Every attempt failed for five days.
const FAILING: &str = "FAILING";

impl Webhooks {
    /// Records a failed attempt, and disables the webhook if it has failed for days.
    pub(super) async fn failing(
        &self,
        tx: &mut Tx<'_>,
        webhook: &WebhookRow,
    ) -> Result<Option<Afterwards>, StoreError> {
        let trusted = self.clock.trusted_ms();
        let now = trusted.unwrap_or_else(|| self.clock.now_ms());
        let failed = webhooks::failed(tx, webhook.id.clone(), now, trusted.is_some());
        match failed.await? {
            Some((since, failures)) if now - since >= FAILING_MS && failures >= FAILURES => {
                self.end(tx, webhook, FAILING).await
            }
            _ => Ok(None),
        }
    }

    /// Disables a webhook that answered 410.
    pub(super) async fn gone(
        &self,
        tx: &mut Tx<'_>,
        webhook: &WebhookRow,
    ) -> Result<Option<Afterwards>, StoreError> {
        self.end(tx, webhook, GONE).await
    }

    async fn end(
        &self,
        tx: &mut Tx<'_>,
        webhook: &WebhookRow,
        reason: &'static str,
    ) -> Result<Option<Afterwards>, StoreError> {
        let (id, url) = (webhook.id.clone(), webhook.url.clone());
        if !webhooks::disable(tx, id, reason, url).await? {
            return Ok(None);
        }
        let event = Event::WebhookDisabled {
            webhook_id: webhook.id.clone(),
            reason,
        };
        self.events.record(tx, &webhook.tool_id, &event).await?;
        let (tool_id, action) = (&webhook.tool_id, AuditAction::WebhookDisabled);
        let entry = AuditEntry::new(tool_id, Actor::server(), action, &*webhook.id);
        let entry = entry.before(json!({"active": true}));
        let entry = entry.after(json!({"active": false, "disabledReason": reason}));
        let mark = self.audit.append(tx, entry).await?;
        let id = webhook.id.clone();
        Ok(Some(Box::new(move || {
            tracing::warn!(webhook = id, reason, "webhook disabled");
            mark.log();
        })))
    }
}
