//! Requests to stop the program, from the person or the system.

/// Starts listening for Ctrl-C and SIGTERM. The returned future completes at the first one; the
/// second one ends the program at once, whatever is running, which is safe because stored data is
/// stored. Call this before printing "ready", so that a signal sent right after that line is
/// handled.
pub(crate) fn watch() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut orders = orders()?;
    Ok(async move {
        orders.next().await;
        tokio::spawn(async move {
            orders.next().await;
            // Not `std::process::exit`: its clean-up would destroy things that other threads still
            // use, and one that draws random numbers for a key would abort.
            signal_hook::low_level::exit(1);
        });
    })
}

#[cfg(unix)]
struct Orders {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
fn orders() -> std::io::Result<Orders> {
    use tokio::signal::unix::{SignalKind, signal};
    Ok(Orders {
        interrupt: signal(SignalKind::interrupt())?,
        terminate: signal(SignalKind::terminate())?,
    })
}

#[cfg(unix)]
impl Orders {
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Orders(tokio::signal::windows::CtrlC);

#[cfg(windows)]
fn orders() -> std::io::Result<Orders> {
    tokio::signal::windows::ctrl_c().map(Orders)
}

#[cfg(windows)]
impl Orders {
    async fn next(&mut self) {
        let _ = self.0.recv().await;
    }
}
