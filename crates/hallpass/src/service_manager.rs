//! Notifies a service manager, if there is one: sd_notify(3). Otherwise does nothing.

/// The server is ready.
pub(crate) fn ready() {
    tell("READY=1");
}

/// The server is rereading its settings and will call [`ready`] afterwards. The timestamp lets the
/// manager tell this from an earlier message.
pub(crate) fn reloading() {
    #[cfg(target_os = "linux")]
    {
        use rustix::time::{ClockId, clock_gettime};
        let now = clock_gettime(ClockId::Monotonic);
        let micros = now.tv_sec * 1_000_000 + now.tv_nsec / 1_000;
        tell(&format!("RELOADING=1\nMONOTONIC_USEC={micros}"));
    }
}

/// The server has been asked to stop.
pub(crate) fn stopping() {
    tell("STOPPING=1");
}

#[cfg(not(target_os = "linux"))]
fn tell(_: &str) {}

#[cfg(target_os = "linux")]
#[expect(
    clippy::disallowed_methods,
    reason = "this variable is the service manager's, no setting"
)]
fn tell(state: &str) {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    let Some(path) = std::env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    let address = match path.as_bytes() {
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name),
        _ => SocketAddr::from_pathname(&path),
    };
    let send = || UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address?);
    if let Err(error) = send() {
        tracing::debug!(%error, "the service manager was not told {state:?}");
    }
}
