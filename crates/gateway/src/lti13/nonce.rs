//! The nonce of a login: valid for one launch, or for one refusal of it.

use super::adapter::ADAPTER;
use super::room::Lti13;
use super::state::LoginState;
use crate::directory::platforms::Platform;
use crate::kit::clock::UNNOTICED_MS;
use crate::kit::{id, seal};
use crate::launch::Nonce;
use store::StoreError;

/// Makes a second use of a login's token fail.
pub(super) fn nonce(platform: &Platform, state: &LoginState) -> Nonce {
    // It begins with the time, so that nonces spent at the same time are adjacent in the index; the
    // time is always the same for the same nonce.
    let mut hash = state.expires.to_be_bytes().to_vec();
    hash.extend(seal::hash(&["nonce", &platform.id, &state.nonce]));
    Nonce {
        hash,
        // After the state has expired, no token with this nonce is accepted, unless the clock is
        // set back.
        until: state.expires * 1000 + 60_000 + UNNOTICED_MS,
    }
}

/// Stores the nonce of a failed login as spent.
pub(super) async fn spend(
    room: &Lti13,
    platform: &Platform,
    state: &LoginState,
) -> Result<(), StoreError> {
    let id = id::new_id(room.clock.now_ms(), &room.random);
    let nonce = nonce(platform, state);
    room.launches.spend(&ADAPTER, platform, id, nonce).await
}
