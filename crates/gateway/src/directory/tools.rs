//! Tools: the applications behind the gateway, found by their host names.

use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::{HeaderMap, Uri, header::HOST, request, uri};
use serde_json::Value;
use store::tools::{self, ToolRow};
use store::{Db, StoreError, within_budget};
use tokio::sync::Mutex;

use crate::settings::public_url::PublicUrl;
use crate::settings::tool::ToolSettings;
use crate::web::language::Language;
use crate::web::page::ToolFace;
use crate::web::problem::Problem;

/// How long a completed change may wait for the tools to be read again.
const BEHIND: Duration = Duration::from_secs(2);

/// A tool and its settings.
#[derive(Clone, Debug)]
pub struct Tool {
    /// The tool's id, which most rows of the store refer to.
    pub id: String,
    /// Its host name.
    pub host: Option<String>,
    /// The owner's settings.
    pub settings: ToolSettings,
}

impl Tool {
    /// Its name in a language, or the default name if there is none.
    pub fn name_in(&self, language: Language) -> &str {
        let mut names = self.settings.names.iter();
        names
            .find(|(tag, _)| Language::of_tag(tag) == Some(language))
            .map_or(&self.settings.name, |(_, name)| name)
    }

    /// How pages in that language present it.
    pub(crate) fn face_in(&self, language: Language) -> ToolFace<'_> {
        ToolFace {
            name: self.name_in(language),
            theme: Some(&self.settings.theme),
        }
    }

    /// The base URL of its addresses: the installation's public address, with the tool's own host name if it has one.
    pub fn address<'a>(&self, installation: &'a PublicUrl) -> Cow<'a, PublicUrl> {
        installation.at(self.host.as_deref())
    }

    /// The row for storing it.
    ///
    /// # Errors
    /// The settings can't be serialised.
    pub fn to_row(&self) -> Result<ToolRow, StoreError> {
        let settings = serde_json::to_string(&self.settings);
        Ok(ToolRow {
            id: self.id.clone(),
            host: self.host.clone(),
            settings: settings.map_err(|error| StoreError::Corrupt(error.to_string()))?,
        })
    }
}

impl TryFrom<ToolRow> for Tool {
    type Error = StoreError;

    fn try_from(row: ToolRow) -> Result<Self, StoreError> {
        let value: Value = serde_json::from_str(&row.settings)
            .map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(Self {
            id: row.id,
            host: row.host,
            settings: ToolSettings::from_json(value)
                .map_err(|problem| StoreError::Corrupt(problem.to_string()))?,
        })
    }
}

/// Every tool in the store, oldest first.
///
/// # Errors
/// The store failed, or this version can't read a tool's settings.
pub async fn stored(db: &Db) -> Result<Vec<Tool>, StoreError> {
    let rows = tools::all(&mut db.read().await?.tx()).await?;
    rows.into_iter().map(Tool::try_from).collect()
}

/// The tools of this installation, kept in memory. Cloning it is cheap.
#[derive(Clone)]
pub struct Tools(Arc<ToolsInner>);

struct ToolsInner {
    db: Db,
    tools: RwLock<Arc<[Arc<Tool>]>>,
    /// Held while reading and storing the tools, so that the newest win.
    reloading: Mutex<()>,
}

impl Tools {
    /// No tools yet: call [`Self::reload`] once before using them.
    pub fn new(db: Db) -> Self {
        Self(Arc::new(ToolsInner {
            db,
            tools: RwLock::new(Arc::default()),
            reloading: Mutex::default(),
        }))
    }

    /// Reads the tools again: after a change here, and every few seconds to notice changes by other replicas.
    ///
    /// # Errors
    /// The store failed; the previously read tools stay in force.
    pub async fn reload(&self) -> Result<(), StoreError> {
        let _reloading = self.0.reloading.lock().await;
        let found = stored(&self.0.db).await?.into_iter().map(Arc::new);
        let mut tools = self.0.tools.write().unwrap_or_else(PoisonError::into_inner);
        *tools = found.collect();
        Ok(())
    }

    /// Reads the tools again after a completed change. If that fails, the change stands, and they are read again within
    /// seconds (decision 0371).
    pub(crate) async fn changed(&self) {
        if let Err(error) = within_budget(BEHIND, self.reload()).await {
            tracing::warn!(%error, "the tools were not read again after a change");
        }
    }

    /// Every tool, oldest first.
    pub fn all(&self) -> Arc<[Arc<Tool>]> {
        let tools = self.0.tools.read();
        tools.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The tool with a host name, with or without a port; otherwise the first one, which needs no host name.
    pub fn at(&self, host: &str) -> Option<Arc<Tool>> {
        let host = host
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
            .map_or(host, |(name, _)| name);
        let tools = self.all();
        let is_named = |tool: &&Arc<Tool>| {
            let name = tool.host.as_deref();
            name.is_some_and(|name| name.eq_ignore_ascii_case(host))
        };
        tools
            .iter()
            .find(is_named)
            .or_else(|| tools.first())
            .cloned()
    }

    /// A tool by its id.
    pub fn by_id(&self, id: &str) -> Option<Arc<Tool>> {
        self.all().iter().find(|tool| tool.id == id).cloned()
    }

    /// The base URL of the addresses of the tool with this id.
    pub fn address_of<'a>(&self, id: &str, installation: &'a PublicUrl) -> Cow<'a, PublicUrl> {
        let tool = self.by_id(id);
        tool.map_or(Cow::Borrowed(installation), |tool| {
            tool.address(installation)
        })
    }

    /// Whether this is the tool described in the settings file.
    pub fn is_first(&self, id: &str) -> bool {
        self.all().first().is_some_and(|first| first.id == id)
    }

    /// Whether pages may show the reason for a refusal (lti.md B-04).
    pub fn show_reasons(&self) -> bool {
        let tools = self.all();
        tools.iter().all(|tool| tool.settings.launch.show_reasons)
    }
}

/// The host that a request was sent to: HTTP/2 has it in the address, HTTP/1 in a header.
pub fn host_of<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> &'a str {
    let header = || headers.get(HOST).and_then(|value| value.to_str().ok());
    uri.authority()
        .map(uri::Authority::as_str)
        .or_else(header)
        .unwrap_or("")
}

/// The tool that a request is for, by the host name it was sent to.
pub struct AtTool(pub Arc<Tool>);

impl<S: Send + Sync> FromRequestParts<S> for AtTool
where
    Tools: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut request::Parts, state: &S) -> Result<Self, Problem> {
        Tools::from_ref(state)
            .at(host_of(&parts.uri, &parts.headers))
            .map(Self)
            .ok_or_else(Problem::unavailable)
    }
}
