//! The learning paths of a tool: its own, or the standard ones.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use super::placement::{LearningPath, standard_paths};
use crate::app::App;
use crate::store::{StoreError, learning_paths};

/// How long another replica's change may go unseen here.
const FRESH: Duration = Duration::from_secs(5);

/// Learning paths at hand, by tool.
pub struct Paths(Cache<String, Arc<Vec<LearningPath>>>);

impl Default for Paths {
    fn default() -> Self {
        let cache = Cache::builder().max_capacity(1000).time_to_live(FRESH);
        Self(cache.build())
    }
}

impl Paths {
    /// What a tool offers.
    ///
    /// # Errors
    /// The store failed, or a path can't be read by this version.
    pub async fn of(&self, app: &App, tool_id: &str) -> Result<Arc<Vec<LearningPath>>, StoreError> {
        if let Some(paths) = self.0.get(tool_id).await {
            return Ok(paths);
        }
        let mut reader = app.db.read().await?;
        let own = learning_paths::of_tool(&mut reader.tx(), tool_id.to_owned()).await?;
        let paths = Arc::new(if own.is_empty() {
            standard_paths()
        } else {
            own
        });
        self.0.insert(tool_id.to_owned(), paths.clone()).await;
        Ok(paths)
    }
}
