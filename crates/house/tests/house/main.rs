//! The repository about itself: references lead somewhere, decisions are in their index, links work.

mod decisions;
mod links;
mod places;
mod references;
mod structure;
