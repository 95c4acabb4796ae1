//! The nonce of a login: good for one launch, or for one refusal of it.

use super::adapter::ADAPTER;
use super::room::Lti13;
use super::state::LoginState;
use crate::directory::platforms::Platform;
use crate::kit::clock::UNNOTICED_MS;
use crate::kit::{id, seal};
use crate::launch::Nonce;
use store::StoreError;

/// What makes a second use of a login's token fail.
pub(super) fn nonce(platform: &Platform, state: &LoginState) -> Nonce {
    // The time in front lets what is spent at one time lie together in the index; it is the same for the same nonce.
    let mut hash = state.expires.to_be_bytes().to_vec();
    hash.extend(seal::hash(&["nonce", &platform.id, &state.nonce]));
    Nonce {
        hash,
        // Past the state's life no token with this nonce is taken, unless the date goes back.
        until: state.expires * 1000 + 60_000 + UNNOTICED_MS,
    }
}

/// Leaves a row for the nonce of a login that came to nothing.
pub(super) async fn spend(
    room: &Lti13,
    platform: &Platform,
    state: &LoginState,
) -> Result<(), StoreError> {
    let id = id::new_id(room.clock.now_ms(), &room.random);
    let nonce = nonce(platform, state);
    room.launches.spend(&ADAPTER, platform, id, nonce).await
}
