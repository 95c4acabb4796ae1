//! The limit on open files and connections of this process.

/// The maximum number of files and connections besides those of clients: the store's and outgoing
/// ones.
#[cfg(unix)]
const OTHERS: usize = 256;

/// Raises the limit as far as the system allows. Returns how many of `wanted` connections fit.
#[cfg(unix)]
pub(crate) fn room_for(wanted: usize) -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    let lower = limit.current;
    limit.current = limit.maximum;
    if setrlimit(Resource::Nofile, limit).is_err() {
        // On some systems, the stated maximum is higher than what they accept.
        limit.current = lower;
    }
    let Some(files) = limit.current else {
        return wanted;
    };
    let files = usize::try_from(files).unwrap_or(usize::MAX);
    files.saturating_sub(OTHERS).max(files / 2).min(wanted)
}

/// On other systems, connections don't count as files.
#[cfg(not(unix))]
pub(crate) fn room_for(wanted: usize) -> usize {
    wanted
}
