//! A gate in front of an answer.

use std::sync::Arc;

use tokio::sync::watch;

/// Holds requests back until a test opens it. Its clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Default for Gate {
    /// A closed one.
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
    /// Lets everything pass from now on: what waits, and what comes.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    /// Until it is open.
    pub(crate) async fn passed(&self) {
        let mut state = self.0.subscribe();
        // The sender lives as long as this gate does.
        let _ = state.wait_for(|is_open| *is_open).await;
    }
}
