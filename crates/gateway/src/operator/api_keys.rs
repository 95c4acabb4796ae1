//! Manages API keys directly in the store, even while servers are running. Needs only the store and
//! the secret key: the way back in when no API key is left.

use serde_json::json;
use store::StoreError;
use store::api_keys::{self, ApiKeyRow};

use super::command_audit::done;
use super::{Operator, OperatorError};
use crate::audit::AuditAction;
use crate::directory::api_keys::new::{DAY_MS, Hasher, MOST_KEYS, NewApiKey, is_last};
use crate::directory::api_keys::scope::Scope;
use crate::directory::tools;
use crate::events::Event;
use crate::operator::setup;

/// An API key, and the tool that it is for.
pub struct ListedApiKey {
    /// As stored: the key itself is there only as a hash.
    pub key: ApiKeyRow,
    /// The tool's name.
    pub tool: String,
    /// The tool's host name; the first tool has none.
    pub tool_host: Option<String>,
}

impl Operator {
    /// The API keys of every tool, oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub async fn api_keys(&self) -> Result<Vec<ApiKeyRow>, OperatorError> {
        Ok(api_keys::all(&mut self.db.read().await?.tx()).await?)
    }

    /// The same, each with its tool.
    ///
    /// # Errors
    /// The store failed.
    pub async fn listed_api_keys(&self) -> Result<Vec<ListedApiKey>, OperatorError> {
        let tools = tools::stored(&self.db).await?;
        let listed = self.api_keys().await?.into_iter().map(|key| {
            let tool = tools.iter().find(|tool| tool.id == key.tool_id);
            ListedApiKey {
                tool: tool.map_or_else(String::new, |tool| tool.settings.name.clone()),
                tool_host: tool.and_then(|tool| tool.host.clone()),
                key,
            }
        });
        Ok(listed.collect())
    }

    /// Creates an API key and returns it with its row: of the tool with this host name, or of the
    /// first tool. It expires after `days`, if given.
    ///
    /// # Errors
    /// The name is invalid, there is no such tool, it has too many keys, the secret key isn't the
    /// store's, or the store failed.
    pub async fn create_api_key(
        &self,
        host: Option<&str>,
        name: &str,
        scope: Scope,
        days: Option<u32>,
    ) -> Result<(String, ApiKeyRow), OperatorError> {
        let now = self.clock.now_ms();
        let end = days.map(|days| now + i64::from(days) * DAY_MS);
        let new = NewApiKey::new(name, scope, end, now)?;
        let hasher = Hasher::new(&setup::root_in_use(&self.config, &self.db, &self.random).await?);
        let tool = self.tool_at(host).await?.id;
        let mut reader = self.db.read().await?;
        let keys = api_keys::all(&mut reader.tx()).await?.into_iter();
        drop(reader);
        if keys.filter(|key| key.tool_id == tool).count() >= MOST_KEYS {
            return Err(OperatorError::TooManyApiKeys);
        }
        let (key, row) = new.make(&hasher, &tool, now, &self.random);
        let (inserted, events) = (row.clone(), self.events.clone());
        let insert = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let made = Event::ApiKeyCreated {
                    api_key_id: inserted.id.clone(),
                    scope: inserted.scope.clone(),
                };
                events.record(&mut tx, &inserted.tool_id, &made).await?;
                api_keys::insert(&mut tx, inserted).await
            })
        });
        let making = async {
            insert.await?;
            let after = json!({"name": row.name, "scope": row.scope});
            let entry = done(&tool, AuditAction::ApiKeyMade, &row.id).named(&*row.name);
            Ok::<_, OperatorError>(((), vec![entry.after(after)]))
        };
        self.noted("api-keys create", &tool, &row.id, making)
            .await?;
        Ok((key, row))
    }

    /// Revokes an API key. Returns whether no remaining key has full access for another day.
    ///
    /// # Errors
    /// There is no such key, or the store failed.
    pub async fn revoke_api_key(&self, id: &str) -> Result<bool, OperatorError> {
        let missing = || OperatorError::NoApiKey(id.to_owned());
        let mut keys = self.api_keys().await?.into_iter();
        let key = keys.find(|key| key.id == id).ok_or_else(missing)?;
        let tool = key.tool_id;
        let (tool_id, key_id, now) = (tool.clone(), id.to_owned(), self.clock.now_ms());
        let revoke = self.db.write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                let keys = api_keys::all(&mut tx).await?;
                let is_last = is_last(&keys, &tool_id, &key_id, now);
                let is_revoked = api_keys::delete(&mut tx, tool_id, key_id).await?;
                Ok(is_revoked.then_some(is_last))
            })
        });
        let revoking = async {
            // Another command or a server may have been faster.
            let is_last = revoke.await?.ok_or_else(missing)?;
            let entry = done(&tool, AuditAction::ApiKeyRevoked, id);
            Ok::<_, OperatorError>((is_last, vec![entry]))
        };
        self.noted("api-keys revoke", &tool, id, revoking).await
    }
}
