//! StudyReel launches: from the request to a placed student with a one-time login link.

pub mod placement;

use axum::Router;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::app::App;
use crate::launch::facts::Facts;

/// What is kept of a StudyReel launch.
#[derive(Debug, Serialize, Deserialize)]
pub struct Message {
    /// The body as it came.
    pub payload: Box<serde_json::value::RawValue>,
    /// The student as placed by this launch.
    pub student: Value,
}

impl Message {
    /// Bytes it takes in a cache, roughly.
    pub fn weight(&self) -> usize {
        self.payload.get().len() + 1024
    }

    /// `GET /api/idtoken?raw=true`.
    pub fn raw(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_str(self.payload.get())
    }

    /// The launch in the one shape.
    pub fn facts(&self, _app: &App) -> Facts {
        todo!()
    }
}

/// StudyReel's addresses.
pub fn router() -> Router<App> {
    Router::new()
}
