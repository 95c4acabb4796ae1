//! What an operator may do to the store beside a running server, with the settings the server has: `hallpass
//! platforms`. A server sees the change within five seconds, when its caches run out.

use crate::clock::Clock;
use crate::config::Config;
use crate::store::platforms::{self, Platform};
use crate::store::{Db, StoreError, learning_paths, tools};
use crate::studyreel::placement::LearningPath;
use crate::tool::ToolSettings;

/// Why a command fails.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// There is no store, or nothing in it.
    #[error(
        "there is no store at the address in the setting database_url ({0}). Give the settings that `hallpass serve` \
         runs with, and let it start once"
    )]
    NoStore(StoreError),
    /// No such platform.
    #[error("there is no platform {0}; `hallpass platforms list` shows them")]
    NoPlatform(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The store of an installation.
pub struct Operator {
    db: Db,
    clock: Clock,
}

impl Operator {
    /// Opens the store as a server set it up.
    ///
    /// # Errors
    /// It isn't there.
    pub async fn new(config: &Config, clock: Clock) -> Result<Self, OperatorError> {
        let db = Db::attach(&config.database_url)
            .await
            .map_err(OperatorError::NoStore)?;
        let operator = Self { db, clock };
        // A file or a database without our tables is no store either.
        match tools::any(&mut operator.db.read().await?.tx()).await {
            Ok(_) => Ok(operator),
            Err(error) => Err(OperatorError::NoStore(error)),
        }
    }

    /// Every platform, oldest first.
    ///
    /// # Errors
    /// The store failed.
    pub async fn platforms(&self) -> Result<Vec<Platform>, OperatorError> {
        let mut reader = self.db.read().await?;
        let mut found = Vec::new();
        for (_, tool) in tools::all(&mut reader.tx()).await? {
            found.extend(platforms::of_tool(&mut reader.tx(), tool.id).await?);
        }
        Ok(found)
    }

    /// Lets a platform launch, or stops it, and gives it as it is then.
    ///
    /// # Errors
    /// There is no such platform, or the store failed.
    pub async fn switch(&self, id: &str, active: bool) -> Result<Platform, OperatorError> {
        let found = platforms::by_id(&mut self.db.read().await?.tx(), id.to_owned()).await?;
        let platform = found.ok_or_else(|| OperatorError::NoPlatform(id.to_owned()))?;
        let (tool_id, platform_id) = (platform.tool_id.clone(), platform.id.clone());
        let now = self.clock.now_ms();
        let switched = self.db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                platforms::set_active(&mut tx, tool_id, platform_id, active, now).await
            })
        });
        if switched.await? {
            Ok(Platform { active, ..platform })
        } else {
            Err(OperatorError::NoPlatform(id.to_owned()))
        }
    }

    /// The settings of the first tool, as its owner left them.
    ///
    /// # Errors
    /// The store failed.
    pub async fn tool(&self) -> Result<Option<ToolSettings>, OperatorError> {
        let mut found = tools::all(&mut self.db.read().await?.tx()).await?;
        Ok((!found.is_empty()).then(|| found.remove(0).1.settings))
    }

    /// The learning paths of the first tool that the API defined.
    ///
    /// # Errors
    /// The store failed.
    pub async fn learning_paths(&self) -> Result<Vec<LearningPath>, OperatorError> {
        let mut reader = self.db.read().await?;
        let tools = tools::all(&mut reader.tx()).await?;
        let Some((_, first)) = tools.into_iter().next() else {
            return Ok(Vec::new());
        };
        Ok(learning_paths::of_tool(&mut reader.tx(), first.id).await?)
    }

    /// Closes the store.
    pub async fn close(self) {
        self.db.close().await;
    }
}
