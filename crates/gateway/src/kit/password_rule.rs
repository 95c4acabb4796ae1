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

/// Why a password is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordFault {
    TooShort,
    TooLong,
    /// It contains the login.
    HoldsLogin,
    /// A guesser would try it early: common words, sequences, few different characters.
    TooSimple,
}

/// Whether a user with this login may choose this password.
pub(crate) fn is_good(password: &str, login: &str) -> bool {
    fault_of(password, login).is_none()
}

/// Why a user with this login may not choose this password.
pub(crate) fn fault_of(password: &str, login: &str) -> Option<PasswordFault> {
    let mut different: Vec<char> = password.chars().collect();
    if different.len() < SHORTEST {
        return Some(PasswordFault::TooShort);
    }
    if password.len() > LONGEST {
        return Some(PasswordFault::TooLong);
    }
    let own = login.trim().to_lowercase();
    if !own.is_empty() && password.to_lowercase().contains(&own) {
        return Some(PasswordFault::HoldsLogin);
    }
    different.sort_unstable();
    different.dedup();
    let is_simple = different.len() < DIFFERENT || uncommon(password) < UNCOMMON;
    is_simple.then_some(PasswordFault::TooSimple)
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
        let fault = |password: &str| fault_of(password, "mara@x.example");
        assert_eq!(fault("short"), Some(PasswordFault::TooShort));
        assert_eq!(
            fault("Mara@x.example 2026"),
            Some(PasswordFault::HoldsLogin)
        );
        assert_eq!(fault("password1234"), Some(PasswordFault::TooSimple));
        let long = "correct horse ".repeat(60);
        assert_eq!(fault(&long), Some(PasswordFault::TooLong));
    }
}
