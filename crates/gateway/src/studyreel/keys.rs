//! The keys this room derives from the installation's secret, so that none of them has to be
//! stored.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use studyreel::Dialect;

use crate::kit::seal::{self, SecretKey};

/// The room's keys. Cloning them is cheap. They stay when the secret keys that seal the store
/// change, because they identify students and StudyReel stores the launch URL.
#[derive(Clone)]
pub struct StudyReelKeys(Arc<StudyReelKeysInner>);

struct StudyReelKeysInner {
    capability: Key,
    signing: Key,
    header: Key,
    subject: Key,
    hook: Key,
}

impl StudyReelKeys {
    /// Keys derived from the installation's secret.
    pub fn new(secret: &SecretKey) -> Self {
        let key = |purpose| Key::new(HMAC_SHA256, &secret.derive(purpose));
        Self(Arc::new(StudyReelKeysInner {
            capability: key("studyreel capability"),
            signing: key("studyreel signing"),
            header: key("studyreel header"),
            subject: key("studyreel subjects"),
            hook: key("studyreel provisioning hook"),
        }))
    }

    /// The unguessable last segment of a tool's launch URL (studyreel.md §5, item 2): 43
    /// characters. `number` is the secret's number, which the owner increases to get a new one.
    /// Each platform gets its own, so that no platform can use another's address.
    pub fn capability(&self, dialect: &Dialect, tool_id: &str, number: u32) -> String {
        numbered(&self.0.capability, dialect, tool_id, number)
    }

    /// Whether a segment is the tool's capability. The check takes equally long for any wrong
    /// segment.
    pub fn is_capability(
        &self,
        dialect: &Dialect,
        tool_id: &str,
        number: u32,
        segment: &str,
    ) -> bool {
        let capability = self.capability(dialect, tool_id, number);
        verify_slices_are_equal(capability.as_bytes(), segment.as_bytes()).is_ok()
    }

    /// The secret a sender may sign its launches with (§5, item 3): 43 characters.
    pub fn signing_secret(&self, dialect: &Dialect, tool_id: &str, number: u32) -> String {
        numbered(&self.0.signing, dialect, tool_id, number)
    }

    /// The secret expected in a sender's header if the tool requires one (§5, item 4): 43
    /// characters.
    pub fn header_secret(&self, dialect: &Dialect, tool_id: &str, number: u32) -> String {
        numbered(&self.0.header, dialect, tool_id, number)
    }

    /// The secret that signs calls of the provisioning hook.
    pub fn hook_secret(&self, tool_id: &str, number: u32) -> [u8; 32] {
        let parts = seal::hash(&[tool_id, &number.to_string()]);
        let mut secret = [0; 32];
        secret.copy_from_slice(sign(&self.0.hook, &parts).as_ref());
        secret
    }

    /// The hash a student is found by. Keyed, because plain hashes of guessable addresses could be
    /// compared.
    pub fn subject_hash(&self, tool_id: &str, issuer: &str, subject_key: &str) -> Vec<u8> {
        let parts = seal::hash(&[tool_id, issuer, subject_key]);
        sign(&self.0.subject, &parts).as_ref().to_vec()
    }
}

fn numbered(key: &Key, dialect: &Dialect, tool_id: &str, number: u32) -> String {
    let parts = seal::hash(&[dialect.name, tool_id, &number.to_string()]);
    URL_SAFE_NO_PAD.encode(sign(key, &parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::clock::Random;
    use studyreel::{MAGIC_LINK, STUDYREEL};

    #[test]
    fn a_capability_is_the_tools_own_and_lasts() {
        let secret = SecretKey::generate(&Random::default());
        let (keys, again) = (StudyReelKeys::new(&secret), StudyReelKeys::new(&secret));
        let capability = keys.capability(&STUDYREEL, "tool-1", 1);
        assert_eq!(capability.len(), 43);
        assert!(again.is_capability(&STUDYREEL, "tool-1", 1, &capability));
        assert!(!keys.is_capability(&STUDYREEL, "tool-1", 2, &capability));
        assert!(!keys.is_capability(&STUDYREEL, "tool-2", 1, &capability));
        assert!(!keys.is_capability(&STUDYREEL, "tool-1", 1, &capability[..42]));
        assert!(!keys.is_capability(&STUDYREEL, "tool-1", 1, ""));
        assert!(!keys.is_capability(&MAGIC_LINK, "tool-1", 1, &capability));
        assert_ne!(keys.signing_secret(&STUDYREEL, "tool-1", 1), capability);
        let other = StudyReelKeys::new(&SecretKey::generate(&Random::default()));
        assert!(!other.is_capability(&STUDYREEL, "tool-1", 1, &capability));
    }

    #[test]
    fn a_subject_hash_depends_on_tool_issuer_subject_and_secret() {
        let keys = StudyReelKeys::new(&SecretKey::generate(&Random::default()));
        let other = StudyReelKeys::new(&SecretKey::generate(&Random::default()));
        let hash = keys.subject_hash("t", "i", "s");
        assert_eq!(hash, keys.subject_hash("t", "i", "s"));
        for different in [
            keys.subject_hash("T", "i", "s"),
            keys.subject_hash("t", "I", "s"),
            keys.subject_hash("t", "i", "S"),
            other.subject_hash("t", "i", "s"),
        ] {
            assert_ne!(hash, different);
        }
    }
}
