//! Which passwords are accepted: in the portal, and for its first owner in the settings.

/// Shortest password, in characters.
const SHORTEST: usize = 12;
/// Longest, in bytes.
const LONGEST: usize = 512;
/// How many different characters it needs.
const DIFFERENT: usize = 5;

/// Whether a user with this login may choose this password.
pub(crate) fn is_good(password: &str, login: &str) -> bool {
    let mut different: Vec<char> = password.chars().collect();
    let length = different.len();
    different.sort_unstable();
    different.dedup();
    let own = login.trim().to_lowercase();
    let is_own = !own.is_empty() && password.to_lowercase().contains(&own);
    length >= SHORTEST && password.len() <= LONGEST && different.len() >= DIFFERENT && !is_own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_password_is_long_and_not_the_login() {
        assert!(is_good("correct horse battery", "mara@x.example"));
        for bad in [
            "short",
            "aaaaaaaaaaaaaaaaaaaa",
            "1212121212121212",
            "Mara@x.example 2026",
        ] {
            assert!(!is_good(bad, "mara@x.example"), "{bad}");
        }
        assert!(!is_good(&"correct horse ".repeat(60), ""));
    }
}
