//! Whether the first API key that an operator chose can be guessed.

use crate::directory::api_keys::guessable::{SHORTEST, is_guessable};
use crate::settings::installation::Config;

/// Warns if the setting has a key that can be guessed, which is in use.
pub(super) fn warn_if_guessable(config: &Config) {
    if config
        .bootstrap_api_key
        .as_deref()
        .is_some_and(is_guessable)
    {
        tracing::warn!(
            "the setting bootstrap_api_key has a key that may be guessed, and that may do everything: choose at least \
             {SHORTEST} random characters. `hallpass api-keys create` makes a better one; then revoke this one"
        );
    }
}
