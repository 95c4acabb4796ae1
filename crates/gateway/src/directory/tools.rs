//! Tools: the applications behind the gateway, each identified by its host name.

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

/// How long a committed change may wait for the tools to be reloaded.
const BEHIND: Duration = Duration::from_secs(2);

/// A tool and its settings.
#[derive(Clone, Debug)]
pub struct Tool {
    /// The tool's id; every row of the store belongs to one.
    pub id: String,
    /// The host name that identifies it.
    pub host: Option<String>,
    /// What its owner set.
    pub settings: ToolSettings,
}

impl Tool {
    /// Its name in that language, or the default one.
    pub fn name_in(&self, language: Language) -> &str {
        let mut names = self.settings.names.iter();
        names
            .find(|(tag, _)| Language::of_tag(tag) == Some(language))
            .map_or(&self.settings.name, |(_, name)| name)
    }

    /// The tool's name and appearance on pages in that language.
    pub(crate) fn face_in(&self, language: Language) -> ToolFace<'_> {
        ToolFace {
            name: self.name_in(language),
            theme: Some(&self.settings.theme),
        }
    }

    /// The base of its addresses: the installation's public address, with the tool's own host name
    /// if it has one.
    pub fn address<'a>(&self, installation: &'a PublicUrl) -> Cow<'a, PublicUrl> {
        installation.at(self.host.as_deref())
    }

    /// The row to store.
    ///
    /// # Errors
    /// The settings can't be written as JSON.
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

/// Every tool of the store, oldest first.
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
    /// Held from reading the tools until they are stored here, so that the newest win.
    reloading: Mutex<()>,
}

impl Tools {
    /// Starts empty: call [`Self::reload`] once before asking for tools.
    pub fn new(db: Db) -> Self {
        Self(Arc::new(ToolsInner {
            db,
            tools: RwLock::new(Arc::default()),
            reloading: Mutex::default(),
        }))
    }

    /// Reloads the tools: after a change here, and every few seconds for changes of other replicas.
    ///
    /// # Errors
    /// The store failed; the tools read before stay in force.
    pub async fn reload(&self) -> Result<(), StoreError> {
        let _reloading = self.0.reloading.lock().await;
        let found = stored(&self.0.db).await?.into_iter().map(Arc::new);
        let mut tools = self.0.tools.write().unwrap_or_else(PoisonError::into_inner);
        *tools = found.collect();
        Ok(())
    }

    /// Reloads the tools after a committed change. If that fails, the change remains, and the tools
    /// are reloaded within seconds (decision 0371).
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

    /// The tool with a host name, with or without a port. Otherwise the first one, which needs no
    /// host name.
    pub fn at(&self, host: &str) -> Option<Arc<Tool>> {
        let host = host
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
            .map_or(host, |(name, _)| name);
        // A name with the root's dot is the same name.
        let host = host.strip_suffix('.').unwrap_or(host);
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

    /// The same as the store has it now, for what another replica may just have changed.
    ///
    /// # Errors
    /// The store failed, or this version can't read the tool's settings.
    pub(crate) async fn by_id_now(&self, id: &str) -> Result<Option<Arc<Tool>>, StoreError> {
        let row = tools::by_id(&mut self.0.db.read().await?.tx(), id).await?;
        Ok(row.map(Tool::try_from).transpose()?.map(Arc::new))
    }

    /// The base of the addresses of the tool with this id.
    pub fn address_of<'a>(&self, id: &str, installation: &'a PublicUrl) -> Cow<'a, PublicUrl> {
        let tool = self.by_id(id);
        tool.map_or(Cow::Borrowed(installation), |tool| {
            tool.address(installation)
        })
    }

    /// Whether this is the tool that the settings file describes.
    pub fn is_first(&self, id: &str) -> bool {
        self.all().first().is_some_and(|first| first.id == id)
    }

    /// Whether pages may name the reason of a refusal (lti.md B-04).
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

/// The tool a request is for, by the host name it was sent to.
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
