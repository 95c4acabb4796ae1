//! Which passwords are accepted: in the portal, and for its first owner in the settings.

/// Shortest password, in characters.
const SHORTEST: usize = 12;
/// Longest, in bytes.
const LONGEST: usize = 512;
/// How many different characters it needs.
const DIFFERENT: usize = 5;
/// What people put into passwords, and guessers try first.
const COMMON: [&str; 8] = [
    "password", "passwort", "hallpass", "qwerty", "qwertz", "asdfgh", "letmein", "welcome",
];
/// How many characters must remain without these, blanks and sequences.
const UNCOMMON: usize = 6;

/// Whether a user with this login may choose this password.
pub(crate) fn is_good(password: &str, login: &str) -> bool {
    let mut different: Vec<char> = password.chars().collect();
    let length = different.len();
    different.sort_unstable();
    different.dedup();
    let own = login.trim().to_lowercase();
    let is_own = !own.is_empty() && password.to_lowercase().contains(&own);
    length >= SHORTEST
        && password.len() <= LONGEST
        && different.len() >= DIFFERENT
        && uncommon(password) >= UNCOMMON
        && !is_own
}

/// How many characters are neither of a common word nor blank, nor continue a sequence, such as
/// `1234`, `cba` or `aaa`.
fn uncommon(password: &str) -> usize {
    let mut rest = password.to_lowercase();
    for word in COMMON {
        rest = rest.replace(word, " ");
    }
    let mut before = ' ';
    let is_new = |letter: &char| {
        let step = u32::from(*letter).abs_diff(u32::from(before));
        let continues = step <= 1 || (before, *letter) == ('9', '0');
        before = *letter;
        !continues && !letter.is_whitespace()
    };
    rest.chars().filter(is_new).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_password_is_long_and_not_the_login() {
        for good in ["correct horse battery", "quite another password"] {
            assert!(is_good(good, "mara@x.example"), "{good}");
        }
        for bad in [
            "short",
            "aaaaaaaaaaaaaaaaaaaa",
            "1212121212121212",
            "Mara@x.example 2026",
            "123456789012",
            "abcdefghijkl",
            "password1234",
            "passwordpassword",
            "Hallpass 2026!",
            "qwerty 123456",
        ] {
            assert!(!is_good(bad, "mara@x.example"), "{bad}");
        }
        assert!(!is_good(&"correct horse ".repeat(60), ""));
    }
}
