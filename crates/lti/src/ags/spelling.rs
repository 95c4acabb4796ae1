//! How platforms return the names that a tool gives its line items (`resourceId` and `tag`).
//!
//! ```
//! use lti::ags::Spelling;
//!
//! // Sakai 25 keeps a name as forms are encoded. Whether a platform does can't be seen in the name.
//! let sakai = Spelling::MaybeEncoded;
//! assert!(sakai.means("quiz%3A7", "quiz:7"));
//! assert_eq!(sakai.maybe_written("quiz%3A7").as_deref(), Some("quiz:7"));
//! assert!(!Spelling::AsWritten.means("quiz%3A7", "quiz:7"));
//! ```

use url::form_urlencoded;

/// The members that contain a tool's own names.
pub(super) const NAMES: [&str; 2] = ["resourceId", "tag"];

/// How a platform returns a tool's names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Spelling {
    /// As the tool wrote them, byte for byte.
    #[default]
    AsWritten,
    /// As written, or form-encoded, without bars and without surrounding blanks. Sakai up to
    /// version 25 encodes them, drops names of a single character, and compares filters with the
    /// encoded form. Newer versions have both: a column keeps its encoded name until it is
    /// replaced.
    MaybeEncoded,
}

impl Spelling {
    /// Whether a name from the platform may be this name of the tool's.
    #[must_use]
    pub fn means(self, found: &str, written: &str) -> bool {
        found == written || (self == Self::MaybeEncoded && found == encoded(written))
    }

    /// What the tool wrote if this name is encoded; `None` if it can't be an encoded one.
    #[must_use]
    pub fn maybe_written(self, found: &str) -> Option<String> {
        if self == Self::AsWritten {
            return None;
        }
        let pair = format!("name={found}");
        let (_, written) = form_urlencoded::parse(pair.as_bytes()).next()?;
        // If encoding it again gives something else, it is not an encoded name.
        let is_encoded = *written != *found && encoded(&written) == found;
        is_encoded.then(|| written.into_owned())
    }
}

/// A name as Sakai encodes it.
fn encoded(name: &str) -> String {
    let kept = name.replace('|', "");
    let kept = kept.trim_matches(|c: char| c <= ' ');
    form_urlencoded::byte_serialize(kept.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use test_case::cases;

    use super::*;

    const SAKAI: Spelling = Spelling::MaybeEncoded;

    #[cases("F-24")]
    #[test]
    fn a_name_is_known_by_what_sakai_makes_of_it() {
        for (written, found) in [
            ("quiz-7", "quiz-7"),
            ("quiz:7", "quiz%3A7"),
            ("unit 1/a*b", "unit+1%2Fa*b"),
            ("50%", "50%25"),
            ("50%25", "50%2525"),
            ("a+b", "a%2Bb"),
            ("Prüfung", "Pr%C3%BCfung"),
            (" a|b\t", "ab"),
        ] {
            assert!(SAKAI.means(found, written), "{written}");
            assert!(SAKAI.means(written, written), "{written}: newer ones");
            let is_same = found == written;
            assert_eq!(Spelling::AsWritten.means(found, written), is_same);
        }
        assert!(!SAKAI.means("quiz:7", "quiz%3A7"));
        assert!(!SAKAI.means("quiz%3a7", "quiz:7"), "it writes capitals");
        assert!(!SAKAI.means("quiz%3A8", "quiz:7"));
    }

    #[cases("F-24")]
    #[test]
    fn only_what_sakai_would_write_may_be_encoded() {
        for (found, written) in [
            ("quiz%3A7", Some("quiz:7")),
            ("50%2525", Some("50%25")),
            ("a+b", Some("a b")),
            ("quiz-7", None),
            ("50%", None),
            ("50%zz", None),
            ("quiz%3a7", None),
            ("quiz:7", None),
            ("a=b&c", None),
            ("%FF", None),
            ("C++", None),
            ("", None),
        ] {
            assert_eq!(SAKAI.maybe_written(found).as_deref(), written, "{found}");
            assert_eq!(Spelling::AsWritten.maybe_written(found), None, "{found}");
        }
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_found_again(name in ".{0,40}") {
            let kept = encoded(&name);
            prop_assert!(SAKAI.means(&kept, &name));
            let written = SAKAI.maybe_written(&kept).unwrap_or_else(|| kept.clone());
            prop_assert_eq!(encoded(&written), kept);
        }
    }
}
