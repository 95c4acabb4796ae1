//! Pages about platforms: the list, what is waiting, and one platform with everything that belongs
//! to it. Every action calls the function behind the API (decision 0330).

pub(crate) mod blocked;
pub(crate) mod check;
mod compared;
pub(crate) mod delete;
pub(crate) mod deployments;
pub(crate) mod form;
mod head;
mod health;
pub(crate) mod in_use;
pub(crate) mod keys;
pub(crate) mod launches;
pub(crate) mod list;
pub(crate) mod overview;
pub(crate) mod queue;
pub(crate) mod registration;
pub(crate) mod remedies;
pub(crate) mod rules;
pub(crate) mod slips;
pub(crate) mod switch;
pub(crate) mod waiting_row;

pub(crate) use head::{address_of, platform_of};
