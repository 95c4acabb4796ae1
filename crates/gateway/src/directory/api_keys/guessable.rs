//! Whether an API key that an operator chose can be guessed (decision 0513).

use super::new::PREFIX;

/// Shortest random text that can't: 32 hexadecimal digits are 128 bits.
pub const SHORTEST: usize = 32;
/// How many different characters nearly every random one of that length has.
const DIFFERENT: usize = 8;
/// The longest key that the setting takes: longer texts are no keys, and not worth comparing.
const LONGEST: usize = 255;

/// Whether a key is too short, too long or too monotonous to be a random one. Those that we make
/// never are.
pub fn is_guessable(api_key: &str) -> bool {
    if api_key.len() > LONGEST {
        return true;
    }
    let random = api_key.strip_prefix(PREFIX).unwrap_or(api_key);
    let mut different = Vec::with_capacity(DIFFERENT);
    for character in random.chars() {
        if different.len() == DIFFERENT {
            break;
        }
        if !different.contains(&character) {
            different.push(character);
        }
    }
    different.len() < DIFFERENT || random.chars().count() < SHORTEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_monotonous_keys_can_be_guessed() {
        for guessable in [
            "",
            "0123456789abcdef",
            "hallpasshallpasshallpass",
            "hallpasshallpasshallpasshallpass",
            "0f1e2d3c4b5a69788796a5b4c3d2e1f",
            "hallpass_0f1e2d3c4b5a6978",
            "hallpass_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(is_guessable(guessable), "{guessable}");
        }
        for good in [
            "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "hallpass_0f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "hallpass_yQm0bJ8Zr1sVt3Xw5Ua7Kd9Lf2Nh4Pj6Rk8TmCoEqG",
        ] {
            assert!(!is_guessable(good), "{good}");
        }
        let long = "0123456789abcde".repeat(17);
        assert!(!is_guessable(&long) && is_guessable(&format!("{long}f")));
    }
}
