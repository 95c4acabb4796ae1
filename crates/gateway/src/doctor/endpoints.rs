//! Checks the key set that a platform names.

use lti::key::{KeySet, MAX_KEY_SET_BYTES};
use url::Url;

use super::advice::{chain, host};
use super::fetch::get;
use super::found::PlatformFinding;
use crate::kit::outbound::Outbound;

/// Checks the key set, key by key.
pub(super) async fn look_at_keys(outbound: &Outbound, url: &Url) -> Vec<PlatformFinding> {
    match fetched(outbound, url).await {
        Ok(keys) => found_in(&keys),
        Err(found) => vec![found],
    }
}

async fn fetched(outbound: &Outbound, url: &Url) -> Result<KeySet, PlatformFinding> {
    let answer = get(outbound, url, MAX_KEY_SET_BYTES).await;
    let answer = answer.map_err(|error| PlatformFinding::KeySetNotFetched {
        host: host(url),
        why: chain(&error),
    })?;
    if answer.status != 200 {
        return Err(PlatformFinding::KeySetStatus(answer.status));
    }
    KeySet::parse(&answer.body).map_err(|error| PlatformFinding::KeySetUnusable {
        why: error.to_string(),
    })
}

fn found_in(keys: &KeySet) -> Vec<PlatformFinding> {
    let aside = keys.passed_over().iter();
    let aside = aside.map(|(kid, fault)| PlatformFinding::KeyLeftAside {
        kid: kid.clone(),
        why: fault.to_string(),
    });
    let shared = keys.ambiguous().map(str::to_owned);
    let shared = shared.map(PlatformFinding::KidShared);
    let usable = PlatformFinding::UsableKeys(keys.len());
    aside.chain(shared).chain([usable]).collect()
}
