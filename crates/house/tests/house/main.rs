//! The repository about itself: references lead somewhere, decisions are in their index, links work, names are
//! used once.

mod decisions;
mod links;
mod names;
mod places;
mod references;
mod removals;
mod structure;
