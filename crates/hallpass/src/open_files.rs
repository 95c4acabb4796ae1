//! How many files and connections the system lets this process have open.

/// What is open beside connections of clients: the store's and the outgoing ones, at their most.
#[cfg(unix)]
const OTHERS: usize = 256;

/// Raises the limit as far as the system allows, and says how many of `wanted` connections there is room for.
#[cfg(unix)]
pub(crate) fn room_for(wanted: usize) -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    let lower = limit.current;
    limit.current = limit.maximum;
    if setrlimit(Resource::Nofile, limit).is_err() {
        // Some systems have a maximum above what they take.
        limit.current = lower;
    }
    let Some(files) = limit.current else {
        return wanted;
    };
    let files = usize::try_from(files).unwrap_or(usize::MAX);
    files.saturating_sub(OTHERS).max(files / 2).min(wanted)
}

/// Other systems don't count connections among files.
#[cfg(not(unix))]
pub(crate) fn room_for(wanted: usize) -> usize {
    wanted
}
