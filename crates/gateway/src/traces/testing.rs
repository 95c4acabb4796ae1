//! Traces for unit tests: with a separate store, one tool, and no server.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use store::Db;
use store::StoreError;
use store::traces::TraceRow;
use tokio::sync::watch;

use super::{Traces, view};
use crate::directory::platforms::Platforms;
use crate::directory::tools::{Tool, Tools};
use crate::events::Events;
use crate::keys::ours::OurKeys;
use crate::kit::clock::{Clock, Random};
use crate::kit::seal::{Sealer, SecretKey};
use crate::settings::tool::ToolSettings;

/// A store with one tool, and its traces.
pub(crate) struct TraceRoom {
    pub(crate) tools: Tools,
    pub(crate) traces: Traces,
    db: Db,
    /// Dropping it stops the writing task.
    _stop: watch::Sender<bool>,
    _directory: tempfile::TempDir,
}

/// A room whose traces are written as they come in.
pub(crate) async fn room() -> TraceRoom {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", directory.path().join("t.db").display());
    let db = Db::open(&url, store::Limits::default()).await.unwrap();
    let tool = Tool {
        id: "tool".into(),
        host: None,
        settings: ToolSettings::default(),
    };
    let row = tool.to_row().unwrap();
    let insert = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { store::tools::insert(&mut tx, row, 0).await })
    });
    insert.await.unwrap();
    let tools = Tools::new(db.clone());
    tools.reload().await.unwrap();
    let random = Random::default();
    let rows = Sealer::new(&SecretKey::generate(&random).into(), "rows", random.clone());
    let keys = OurKeys::new(db.clone(), Clock::default(), rows.clone(), 0);
    let platforms = Platforms::new(db.clone(), rows, keys);
    let traces = Traces::new(
        tools.clone(),
        platforms,
        db.clone(),
        Clock::default(),
        random.clone(),
        Events::new(Clock::default(), random),
        |_| None,
    );
    let (stop, stopped) = watch::channel(false);
    let writing = traces.clone();
    tokio::spawn(async move { writing.run(stopped).await });
    TraceRoom {
        tools,
        traces,
        db,
        _stop: stop,
        _directory: directory,
    }
}

impl TraceRoom {
    /// The trace of a reference, once everything before it is written.
    pub(crate) async fn trace(&self, reference: &str) -> Option<TraceRow> {
        self.traces.settled().await;
        let mut reader = self.db.read().await.unwrap();
        view::find(&mut reader.tx(), reference, None).await.unwrap()
    }
}
