//! Checks the key set that a platform names.

use lti::key::{KeySet, MAX_KEY_SET_BYTES};
use url::Url;

use super::advice::{chain, host};
use super::fetch::get;
use super::report::{Report, Verdict};
use crate::kit::outbound::Outbound;

/// Checks the key set, key by key.
pub(super) async fn look_at_keys(outbound: &Outbound, url: &Url, report: &mut Report) {
    const NO_LAUNCHES: &str =
        "Every launch is checked with a key from there, so none would be accepted.";
    let answer = match get(outbound, url, MAX_KEY_SET_BYTES).await {
        Ok(answer) if answer.status == 200 => answer,
        Ok(answer) => {
            let what = format!(
                "The key set's address answers with status {}.",
                answer.status
            );
            return report.add(Verdict::Wrong, what, NO_LAUNCHES);
        }
        Err(error) => {
            let host = host(url);
            let what = format!(
                "The key set can't be fetched from {host}: {}.",
                chain(&error)
            );
            return report.add(Verdict::Wrong, what, NO_LAUNCHES);
        }
    };
    let keys = match KeySet::parse(&answer.body) {
        Ok(keys) => keys,
        Err(error) => {
            let what = format!("The key set can't be used: {error}.");
            return report.add(Verdict::Wrong, what, NO_LAUNCHES);
        }
    };
    for (kid, fault) in keys.passed_over() {
        let kid = kid.as_deref().unwrap_or("without an id");
        let advice = "It is left aside. Launches signed with it are refused.";
        report.add(
            Verdict::Odd,
            format!("The key {kid} in the key set: {fault}."),
            advice,
        );
    }
    for kid in keys.ambiguous() {
        let advice = "None of them is used. The platform must give every key an id of its own.";
        report.add(
            Verdict::Odd,
            format!("Several keys share the id {kid}."),
            advice,
        );
    }
    match keys.len() {
        0 => report.add(
            Verdict::Wrong,
            "The key set has no key that can be used.",
            NO_LAUNCHES,
        ),
        1 => report.right("The key set has one usable key."),
        number => report.right(format!("The key set has {number} usable keys.")),
    }
}
