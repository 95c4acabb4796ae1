//! Why logins and launches are refused: one row per rule.

mod launch;
mod launch_rows;
mod login;
mod offer;
mod ours;
mod protocol;

pub(super) use launch::{LaunchRefusal, Unanswered};
pub(super) use login::LoginRefusal;
pub(super) use offer::{leading_back, offering, unknown_browser};
pub(super) use ours::{at_our_addresses, no_launch};
pub(crate) use protocol::explained;

use self::launch_rows::NOT_A_LAUNCH;
use crate::web::rule::Rule;

/// All rows of this room, besides those of the protocol.
pub(crate) const RULES: [&[Rule]; 3] = [LaunchRefusal::RULES, LoginRefusal::RULES, &[NOT_A_LAUNCH]];
