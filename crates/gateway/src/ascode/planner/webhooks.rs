//! Webhooks, checked as in `/admin/webhooks`.

use std::collections::BTreeMap;

use store::webhooks::{self, WebhookRow};
use store::{StoreError, Tx};

use super::super::document::{ToolCode, WebhookCode};
use super::super::plan::{ChangeKind, MemberChange, differences};
use super::super::secret;
use super::super::step::CodeStep;
use super::{PlannedTool, Planner, json};
use crate::kit::id::new_id;
use crate::webhooks::{
    MOST_WEBHOOKS, address, fresh_secret, replaced_secrets, secret_identity, types,
};

/// A webhook in the file, checked.
struct GivenWebhook {
    url: String,
    types: String,
    active: bool,
    secret: Option<Vec<u8>>,
}

impl Planner<'_> {
    pub(super) async fn webhooks(
        &mut self,
        tx: &mut Tx<'_>,
        tool: &mut PlannedTool,
        code: &ToolCode,
    ) -> Result<(), StoreError> {
        let Some(codes) = &code.webhooks else {
            return Ok(());
        };
        let mut given = Vec::new();
        for (index, code) in codes.iter().enumerate() {
            let at = format!("{}.webhooks[{index}]", tool.at);
            given.extend(self.given_webhook(&at, code));
        }
        given.sort_by(|a, b| (&a.url, &a.types).cmp(&(&b.url, &b.types)));
        let mut known = self.known_webhooks(tx, tool).await?;
        let mut count = 0;
        for given in given {
            count += 1;
            // Several with the same address are matched by their order.
            let of_url = known.get_mut(&given.url).and_then(Vec::pop);
            match of_url {
                Some(before) => self.changed_webhook(tool, before, given)?,
                None => self.added_webhook(tool, given),
            }
        }
        for row in known.into_values().flatten() {
            if self.unnamed(tool, "webhook", row.url) {
                self.steps.push(CodeStep::RemoveWebhook {
                    tool_id: tool.id.clone(),
                    id: row.id,
                });
            } else {
                count += 1;
            }
        }
        if count > MOST_WEBHOOKS {
            let problem = format!("a tool has at most {MOST_WEBHOOKS}");
            self.wrong(tool.at.clone(), "webhooks", problem);
        }
        Ok(())
    }

    /// The tool's webhooks by address. Those with the same address are in reverse order, for `pop`.
    async fn known_webhooks(
        &self,
        tx: &mut Tx<'_>,
        tool: &mut PlannedTool,
    ) -> Result<BTreeMap<String, Vec<WebhookRow>>, StoreError> {
        let mut known: BTreeMap<String, Vec<WebhookRow>> = BTreeMap::new();
        let Some(snapshot) = &mut tool.snapshot else {
            return Ok(known);
        };
        let mut rows = webhooks::of_tool(tx, tool.id.clone()).await?;
        snapshot.webhooks = Some(rows.clone());
        rows.sort_by(|a, b| (&b.url, &b.types).cmp(&(&a.url, &a.types)));
        for row in rows {
            known.entry(row.url.clone()).or_default().push(row);
        }
        Ok(known)
    }

    fn given_webhook(&mut self, at: &str, code: &WebhookCode) -> Option<GivenWebhook> {
        let url = match address(&self.room.outbound, &code.url) {
            Ok(url) => url,
            Err(problem) => {
                let says = problem.description.trim_start_matches("url: ").to_owned();
                self.wrong(at, "url", says);
                return None;
            }
        };
        let secret = match &code.secret {
            None => None,
            Some(text) => {
                let secret = secret::read(&self.room.rows, &url, text);
                if secret.is_none() {
                    let problem = "must be as hallpass export --secrets wrote it for this url, with this installation's \
                                   secret key; leave it out to have a new one made";
                    self.wrong(at, "secret", problem);
                }
                secret
            }
        };
        Some(GivenWebhook {
            types: types(code.events.clone()),
            active: code.active,
            secret,
            url,
        })
    }

    fn added_webhook(&mut self, tool: &PlannedTool, given: GivenWebhook) {
        let id = new_id(self.now, &self.room.random);
        let fresh = || fresh_secret(&self.room.random).to_vec();
        let secret = given.secret.unwrap_or_else(fresh);
        let row = WebhookRow {
            tool_id: tool.id.clone(),
            url: given.url.clone(),
            types: given.types,
            active: given.active,
            disabled_reason: None,
            secret_sealed: self.room.rows.seal(&secret_identity(&id), &secret),
            former_sealed: None,
            former_until: None,
            failing_since: None,
            failures: 0,
            missed_at: None,
            created_at: self.now,
            id,
        };
        self.steps.push(CodeStep::AddWebhook(Box::new(row)));
        self.changes(tool, ChangeKind::Create, "webhook", given.url, Vec::new());
    }

    fn changed_webhook(
        &mut self,
        tool: &PlannedTool,
        before: WebhookRow,
        given: GivenWebhook,
    ) -> Result<(), StoreError> {
        let after = WebhookRow {
            types: given.types,
            active: given.active,
            ..before.clone()
        };
        let written = |row: &WebhookRow| json(&WebhookCode::of(row));
        let mut members = differences(&written(&before)?, &written(&after)?);
        if !members.is_empty() {
            self.steps.push(CodeStep::ChangeWebhook(Box::new(after)));
        }
        let rows = &self.room.rows;
        let other = match given.secret {
            Some(secret) if secret::opened(rows, &before)? != secret => Some(secret),
            _ => None,
        };
        if let Some(secret) = other {
            // Shows neither secret.
            members.push(MemberChange {
                member: "secret".into(),
                before: None,
                after: None,
            });
            self.steps.push(CodeStep::ReplaceSecret {
                sealed: rows.seal(&secret_identity(&before.id), &secret),
                former: replaced_secrets(rows, &before, self.now)?,
                webhook: Box::new(before),
            });
        }
        if !members.is_empty() {
            self.changes(tool, ChangeKind::Change, "webhook", given.url, members);
        }
        Ok(())
    }
}
