//! The repository about itself: references lead somewhere, decisions are in their index, links
//! work, names are used once, no test needs a port, a second try hides nothing.

mod codes;
mod columns;
mod decisions;
mod links;
mod names;
mod places;
mod ports;
mod references;
mod removals;
#[cfg(unix)]
mod second_try;
mod structure;
