//! Why logins and launches are refused: one row a rule.

mod launch;
mod launch_rows;
mod login;
mod offer;
mod protocol;

pub(super) use launch::{LaunchRefusal, Unanswered};
pub(super) use launch_rows::NOT_A_LAUNCH;
pub(super) use login::LoginRefusal;
pub(super) use offer::{leading_back, offering, unknown_browser};

use crate::web::rule::{Rule, advice_among};

/// Every row of this room.
pub(crate) const RULES: [&[Rule]; 3] = [LaunchRefusal::RULES, LoginRefusal::RULES, &[NOT_A_LAUNCH]];

/// The advice on a code of this room or of the protocol.
pub(crate) fn advice(code: &str) -> Option<&'static str> {
    let rules = RULES.iter().find_map(|rules| advice_among(rules, code));
    rules.or_else(|| protocol::advice_on(code))
}
