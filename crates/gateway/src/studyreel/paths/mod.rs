//! The learning paths of a tool: those in the settings file, those defined with
//! `/admin/learning-paths`, or the standard ones.
//!
//! The settings file overrides the API: if it defines a path with some id or for some subject, the
//! API can't define another. One that the API defined earlier is kept but is not in force.

pub(crate) mod api;
mod offered;

use std::sync::Arc;

use store::{Db, StoreError, learning_paths};
use studyreel::placement::LearningPath;

pub use offered::OfferedPaths;
pub(crate) use offered::{is_overruled, read_paths, row_of};

use crate::directory::tools::Tools;
use crate::kit::cache::Cache;

/// The learning paths of all tools, cached. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Paths(Arc<PathsInner>);

struct PathsInner {
    db: Db,
    tools: Tools,
    /// Those in the settings file.
    written: Vec<LearningPath>,
    in_force: Cache<String, Arc<Vec<LearningPath>>>,
}

impl Paths {
    /// The paths in this store; `written` are those in the settings file.
    pub(super) fn new(db: Db, tools: Tools, written: Vec<LearningPath>) -> Self {
        Self(Arc::new(PathsInner {
            db,
            tools,
            written,
            in_force: Cache::new(1000),
        }))
    }

    /// The settings file's paths for a tool. The settings file only covers the first tool.
    fn written(&self, tool_id: &str) -> &[LearningPath] {
        if self.0.tools.is_first(tool_id) {
            &self.0.written
        } else {
            &[]
        }
    }

    /// The paths that place launches into a tool.
    ///
    /// # Errors
    /// The store failed, or this version can't read a path.
    pub(super) async fn of(&self, tool_id: &str) -> Result<Arc<Vec<LearningPath>>, StoreError> {
        if let Some(paths) = self.0.in_force.get(tool_id) {
            return Ok(paths);
        }
        let paths = Arc::new(self.offered(tool_id).await?.in_force);
        self.0.in_force.insert(tool_id.to_owned(), paths.clone());
        Ok(paths)
    }

    /// What a tool offers, and where it comes from. Always reads the store.
    async fn offered(&self, tool_id: &str) -> Result<OfferedPaths, StoreError> {
        let stored = self.stored(tool_id).await?;
        Ok(OfferedPaths::of(self.written(tool_id), stored))
    }

    async fn stored(&self, tool_id: &str) -> Result<Vec<LearningPath>, StoreError> {
        let mut reader = self.0.db.read().await?;
        let rows = learning_paths::of_tool(&mut reader.tx(), tool_id.to_owned()).await?;
        read_paths(rows)
    }

    /// Drops a tool's cached paths after they were changed here.
    pub(crate) fn changed(&self, tool_id: &str) {
        self.0.in_force.forget(tool_id);
    }

    /// Drops expired cache entries.
    pub(super) fn tidy(&self) {
        self.0.in_force.tidy();
    }
}
