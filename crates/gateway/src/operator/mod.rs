//! What operators can do directly in the store while servers are running, with the server's
//! settings: `hallpass platforms`, `hallpass keys`, `hallpass api-keys`, `hallpass export`,
//! `hallpass apply`, `hallpass deliveries`, `hallpass portal`, `hallpass traces`. Servers notice a
//! change within five seconds, when their caches expire.

mod advice;
mod api_keys;
mod ascode;
pub mod backup;
mod command_audit;
mod deliveries;
mod noted;
mod platforms;
mod portal;
pub mod reseal;
mod secret_key;
pub mod serving;
pub mod setup;
pub mod studyreel_register;

use serde_json::{Value, json};

use self::advice::for_operators;
pub use self::api_keys::ListedApiKey;
use self::command_audit::{CommandAudit, done};
pub use self::deliveries::StalledPlatform;
pub use self::platforms::KnownPlatform;
pub use self::portal::{ListedPortalUser, PortalAddress};
use self::setup::SetupError;
use crate::advice::explained;
use crate::ascode::CodeError;
use crate::audit::AuditAction;
use crate::directory::api_keys::new::BadApiKey;
use crate::directory::tools::{self};
use crate::events::Events;
use crate::keys::pair::{self, KeyError};
use crate::keys::rotation::{self, KeyEntry, Rotation, RotationError, rotate};
use crate::kit::clock::{Clock, Random};
use crate::settings::installation::Config;
use crate::settings::tool::ToolSettings;
use crate::studyreel::read_paths;
use crate::traces::view::{describe, find};
use store::platforms::PlatformRow;
use store::signing_keys as stored_keys;
use store::tools::ToolRow;
use store::traces::{self, TraceFilter, TraceRow};
use store::webhooks::WebhookRow;
use store::{Db, StoreError, Tx, learning_paths};
use studyreel::placement::LearningPath;

/// Why a command fails.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// There is no store, or it is empty.
    #[error(
        "there is no store at the address in the setting database_url ({0}). Give the settings that `hallpass serve` \
         runs with, and let it start once"
    )]
    NoStore(StoreError),
    /// No such platform.
    #[error("there is no platform {0}; `hallpass platforms list` shows them")]
    NoPlatform(String),
    /// The platform keeps its old key.
    #[error("platform {0}: {1}")]
    Kept(String, #[source] RotationError),
    /// The secret key.
    #[error(transparent)]
    Secret(#[from] SetupError),
    /// No key could be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The API key is invalid as requested.
    #[error(transparent)]
    BadApiKey(#[from] BadApiKey),
    /// The tool has too many API keys.
    #[error("the tool has 200 API keys, and may not have more: `hallpass api-keys revoke` some")]
    TooManyApiKeys,
    /// No tool at this host.
    #[error("there is no tool with the host name {0}; GET /admin/tools lists them")]
    NoTool(String),
    /// No such API key.
    #[error("there is no API key {0}; `hallpass api-keys list` shows them")]
    NoApiKey(String),
    /// No such delivery.
    #[error(
        "there is no delivery {0}, or it is no longer kept; `hallpass deliveries list` shows them"
    )]
    NoDelivery(String),
    /// The delivery can't be changed.
    #[error("delivery {0}")]
    Delivery(String),
    /// Something failed while a delivery was changed.
    #[error("delivery {0}")]
    DeliveryFailed(String),
    /// No such trace.
    #[error(
        "there is no trace {0}. It may be too old, or one of so many failures for the same reason that they were only \
         counted: `hallpass traces tail` shows the newest. Errors of the API (/api, /admin) and of the portal leave no trace \
         at all: look for this id in the server's log"
    )]
    NoTrace(String),
    /// The configuration can't be read or applied.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// No user of the portal has this login.
    #[error("no user of the portal has the login {0}; `hallpass portal users` lists them")]
    NoPortalUser(String),
    /// The portal has several users, and none was named.
    #[error("the portal has several users; name one: `hallpass portal users` lists them")]
    WhichPortalUser,
    /// The store can't be opened, or a query failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OperatorError {
    /// Whether there is no store. One that is busy or belongs to another user does exist, so don't
    /// claim that it is missing.
    fn of_opening(config: &Config, error: StoreError) -> Self {
        match setup::denied_database(config) {
            Some(denied) => Self::Secret(denied),
            None if error.is_busy() => Self::Store(error),
            None => Self::NoStore(error),
        }
    }

    /// Whether the command may have changed something all the same.
    fn leaves_open(&self) -> bool {
        match self {
            Self::Store(_)
            | Self::DeliveryFailed(_)
            | Self::Code(CodeError::Store(_))
            // The secret key's file may have its new content, though not on disk yet.
            | Self::Secret(SetupError::File { .. }) => true,
            Self::Key(error)
            | Self::Kept(_, RotationError::Key(error))
            | Self::Code(CodeError::Key(error)) => matches!(error, KeyError::Store(_)),
            Self::Code(CodeError::Refused(problem)) => problem.leaves_open(),
            _ => false,
        }
    }
}

/// The store of an installation.
pub struct Operator {
    config: Config,
    db: Db,
    clock: Clock,
    random: Random,
    events: Events,
    audit: CommandAudit,
}

impl Operator {
    /// Opens the store that a server set up.
    ///
    /// # Errors
    /// It doesn't exist.
    pub async fn new(config: &Config, clock: Clock) -> Result<Self, OperatorError> {
        let db = Db::attach(config.store(), config.fixed.store)
            .await
            .map_err(|error| OperatorError::of_opening(config, error))?;
        let random = Random::default();
        let operator = Self {
            config: config.clone(),
            audit: CommandAudit::new(config, &db, &clock, &random),
            db,
            events: Events::new(clock.clone(), random.clone()),
            clock,
            random,
        };
        // A file or a database without our tables doesn't count as a store.
        match store::tools::any(&mut operator.db.read().await?.tx()).await {
            Ok(_) => Ok(operator),
            Err(error) => Err(OperatorError::of_opening(config, error)),
        }
    }

    /// A platform's keys, in the order in which they sign.
    ///
    /// # Errors
    /// The store failed.
    pub async fn keys(&self, platform: &PlatformRow) -> Result<Vec<KeyEntry>, OperatorError> {
        let times =
            stored_keys::times(&mut self.db.read().await?.tx(), platform.id.clone()).await?;
        Ok(rotation::keys(times, self.clock.now_ms()))
    }

    /// Replaces a platform's key with one made here and now: with overlap according to its tool's
    /// rules, or at once.
    ///
    /// # Errors
    /// The platform keeps its key, for the reason given; or no key could be made, or the store
    /// failed.
    pub async fn rotate(&self, platform: &PlatformRow, at_once: bool) -> Result<(), OperatorError> {
        let how = if at_once {
            Rotation::Now
        } else {
            let mut all = tools::stored(&self.db).await?.into_iter();
            let tool = all.find(|tool| tool.id == platform.tool_id);
            Rotation::Overlap(tool.map(|tool| tool.settings.keys).unwrap_or_default())
        };
        let rows = setup::sealer_in_use(&self.config, &self.db, &self.random).await?;
        let fresh = pair::generate(&rows).await?;
        let (tool_id, id) = (&*platform.tool_id, &*platform.id);
        let rotating = async {
            let now = self.clock.now_ms();
            let rotated = rotate(&self.db, now, platform, how, Some(fresh), None).await;
            rotated.map_err(|error| OperatorError::Kept(id.to_owned(), error))?;
            let entry = done(tool_id, AuditAction::PlatformKeyRotated, id);
            let entry = entry.named(&*platform.name).after(json!({"now": at_once}));
            Ok::<_, OperatorError>(((), vec![entry]))
        };
        self.noted("keys rotate", tool_id, id, rotating).await
    }

    /// Discards the keys kept ready for new platforms; servers make new ones. After a theft, these
    /// are stolen, too. They belong to the installation, so the entry is the first tool's.
    ///
    /// # Errors
    /// No server seals with the first secret key yet, so no platform could change its key either;
    /// or the store failed.
    pub async fn empty_pool(&self) -> Result<(), OperatorError> {
        setup::sealer_in_use(&self.config, &self.db, &self.random).await?;
        let first = self.tool_at(None).await?.id;
        let emptying = async {
            let empty = self.db.write_one::<_, StoreError, _>(|mut tx| {
                Box::pin(async move { stored_keys::empty_pool(&mut tx).await })
            });
            let discarded = empty.await?;
            let entry = done(&first, AuditAction::SigningKeysDiscarded, &first);
            let entry = entry.after(json!({"discarded": discarded}));
            let entries: Vec<_> = (discarded > 0).then_some(entry).into_iter().collect();
            Ok::<_, OperatorError>(((), entries))
        };
        self.noted("keys rotate", &first, &first, emptying).await
    }

    /// Traces of every tool, newest first, as [`traces::view`](crate::traces::view) shows them,
    /// each with the id that the store sorts by.
    ///
    /// # Errors
    /// The store failed.
    pub async fn traces(
        &self,
        filter: &TraceFilter,
    ) -> Result<Vec<(String, Value)>, OperatorError> {
        let mut reader = self.db.read().await?;
        let page = traces::page(&mut reader.tx(), filter).await?;
        let mut shown = Vec::with_capacity(page.rows.len());
        for row in page.rows {
            let trace = self.describe(&mut reader.tx(), &row).await?;
            shown.push((row.id, trace));
        }
        Ok(shown)
    }

    /// A trace, found by the reference on an error page or by a launch's id.
    ///
    /// # Errors
    /// There is none, or the store failed.
    pub async fn trace(&self, id: &str) -> Result<Value, OperatorError> {
        let mut reader = self.db.read().await?;
        let found = find(&mut reader.tx(), id, None).await?;
        let row = found.ok_or_else(|| OperatorError::NoTrace(id.to_owned()))?;
        self.describe(&mut reader.tx(), &row).await
    }

    async fn describe(&self, tx: &mut Tx<'_>, row: &TraceRow) -> Result<Value, OperatorError> {
        let platform = match &row.platform_id {
            Some(id) => store::platforms::by_id(tx, id.clone()).await?,
            None => None,
        };
        let now = self.clock.now_ms();
        let mut trace = describe(row, platform.as_ref(), now, explained)?;
        if let Some(reason) = &mut trace.reason {
            let id = row.platform_id.as_deref();
            reason.text = for_operators(&reason.text, id);
            reason.advice = for_operators(&reason.advice, id);
        }
        serde_json::to_value(trace).map_err(|error| StoreError::Corrupt(error.to_string()).into())
    }

    /// The first tool's settings as stored.
    ///
    /// # Errors
    /// The store failed.
    pub async fn tool(&self) -> Result<Option<ToolSettings>, OperatorError> {
        let first = tools::stored(&self.db).await?.into_iter().next();
        Ok(first.map(|tool| tool.settings))
    }

    /// The learning paths of the first tool that the API defined.
    ///
    /// # Errors
    /// The store failed.
    pub async fn learning_paths(&self) -> Result<Vec<LearningPath>, OperatorError> {
        let mut reader = self.db.read().await?;
        let tools = store::tools::all(&mut reader.tx()).await?;
        let Some(first) = tools.into_iter().next() else {
            return Ok(Vec::new());
        };
        let rows = learning_paths::of_tool(&mut reader.tx(), first.id).await?;
        Ok(read_paths(rows)?)
    }

    /// The webhooks of every tool that were disabled because they failed for days or answered 410.
    ///
    /// # Errors
    /// The store failed.
    pub async fn disabled_webhooks(&self) -> Result<Vec<WebhookRow>, OperatorError> {
        Ok(store::webhooks::disabled(&mut self.db.read().await?.tx()).await?)
    }

    /// The tool with this host name, or the first one.
    async fn tool_at(&self, host: Option<&str>) -> Result<ToolRow, OperatorError> {
        let mut tools = store::tools::all(&mut self.db.read().await?.tx())
            .await?
            .into_iter();
        let Some(host) = host else {
            let none = || StoreError::Corrupt("there is no tool".to_owned());
            return Ok(tools.next().ok_or_else(none)?);
        };
        let is_at = |tool: &ToolRow| {
            tool.host
                .as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(host))
        };
        let found = tools.find(is_at);
        found.ok_or_else(|| OperatorError::NoTool(host.to_owned()))
    }

    /// Closes the store.
    pub async fn close(self) {
        self.db.close().await;
    }
}
