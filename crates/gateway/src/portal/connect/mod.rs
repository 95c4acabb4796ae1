//! Connecting an LMS: choosing it, its steps in its own words, what we have seen of it so far,
//! invitations, and registering one by hand (portal.md PO-4).

mod address;
mod arrivals;
pub(crate) mod by_hand;
pub(crate) mod choose;
mod first_deployment;
#[cfg(test)]
mod guides;
pub(crate) mod invites;
mod letter;
mod lms;
pub(crate) mod ours;
mod progress;
mod step;
mod steps;
mod stored;
pub(crate) mod url_way;
pub(crate) mod wizard;

pub(crate) use address::by_hand_with;
