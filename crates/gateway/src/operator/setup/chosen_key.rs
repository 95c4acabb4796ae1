//! Whether the first API key that an operator chose can be guessed.

use crate::settings::installation::Config;

/// Shortest random text that can't: 32 hexadecimal digits are 128 bits.
const SHORTEST: usize = 32;
/// How many different characters nearly every random one of that length has.
const DIFFERENT: usize = 8;

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

fn is_guessable(key: &str) -> bool {
    let mut different: Vec<char> = key.chars().collect();
    let length = different.len();
    different.sort_unstable();
    different.dedup();
    length < SHORTEST || different.len() < DIFFERENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_monotonous_keys_can_be_guessed() {
        for guessable in [
            "0123456789abcdef",
            "hallpasshallpasshallpass",
            "hallpasshallpasshallpasshallpass",
            "0f1e2d3c4b5a69788796a5b4c3d2e1f",
        ] {
            assert!(is_guessable(guessable), "{guessable}");
        }
        for good in [
            "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "hallpass_yQm0bJ8Zr1sVt3Xw5Ua7Kd9Lf2Nh4Pj6Rk8TmCoEqG",
        ] {
            assert!(!is_guessable(good), "{good}");
        }
    }
}
