//! A gate that holds answers back.

use std::sync::Arc;

use tokio::sync::watch;

/// Holds requests back until a test opens it. Clones share one gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Default for Gate {
    /// A closed gate.
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl PartialEq for Gate {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Gate {
    /// From now on lets everything pass: waiting requests and new ones.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    /// Waits until the gate is open.
    pub(crate) async fn passed(&self) {
        let mut state = self.0.subscribe();
        // The sender lives as long as this gate does.
        let _ = state.wait_for(|is_open| *is_open).await;
    }
}
