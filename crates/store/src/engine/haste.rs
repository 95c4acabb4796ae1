//! Whether work that is spread over time should end soon, because the server is stopping.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// Ends the pauses of everything that shares it. Cloning it is cheap.
#[derive(Clone, Default)]
pub struct Haste(Arc<watch::Sender<bool>>);

impl Haste {
    /// Ends current pauses; from now on there are none.
    pub(super) fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Pauses for this long, unless there is haste.
    pub(super) async fn pause(&self, time: Duration) {
        let mut hurries = self.0.subscribe();
        let _ = timeout(time, hurries.wait_for(|hurries| *hurries)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn haste_ends_a_pause_and_allows_no_other() {
        const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let haste = Haste::default();
        let pause = haste.pause(A_DAY);
        let begin = async {
            tokio::task::yield_now().await;
            haste.begin();
        };
        tokio::join!(pause, begin);
        haste.pause(A_DAY).await;
    }
}
