//! Keyed hashes for finding tokens, logins and forms of the portal. Someone with only the database can neither guess
//! tokens nor look up an address.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::kit::seal::SecretKey;

/// The keys of the portal. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct PortalKeys(hmac::Key);

impl PortalKeys {
    /// Derived from the root key, which outlives the secret keys.
    pub(crate) fn new(root: &SecretKey) -> Self {
        let key = root.derive("portal");
        Self(hmac::Key::new(hmac::HMAC_SHA256, &key))
    }

    /// The hash for finding a user of this tool's portal. Case and surrounding blanks in the login don't matter.
    pub(crate) fn login(&self, tool_id: &str, login: &str) -> Vec<u8> {
        self.hash(&["login", tool_id, &normal(login)])
    }

    /// The hash for finding a session.
    pub(crate) fn session(&self, token: &str) -> Vec<u8> {
        self.hash(&["session", token])
    }

    /// The hash for finding a one-time link.
    pub(crate) fn link(&self, code: &str) -> Vec<u8> {
        self.hash(&["link", code])
    }

    /// The hash for finding an identity provider's person in this tool's portal.
    pub(crate) fn provider(&self, tool_id: &str, issuer: &str, subject: &str) -> Vec<u8> {
        self.hash(&["provider", tool_id, issuer, subject])
    }

    /// The hash for storing the state of an answered sign-in at the provider.
    pub(crate) fn state(&self, state: &str) -> Vec<u8> {
        self.hash(&["state", state])
    }

    /// The token in a session's forms, so that no other page can send one.
    pub(crate) fn form(&self, session_id: &str) -> String {
        let hash = self.hash(&["form", session_id]);
        URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default())
    }

    /// The proof that a user with this login hash has signed in from a device before.
    pub(crate) fn device(&self, device_id: &str, login_hash: &[u8]) -> String {
        let login = URL_SAFE_NO_PAD.encode(login_hash);
        URL_SAFE_NO_PAD.encode(self.hash(&["device", device_id, &login]))
    }

    /// Hashes parts, each prefixed with its length, so that parts can't be shifted.
    fn hash(&self, parts: &[&str]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        context.sign().as_ref().to_vec()
    }
}

/// A login in the form for comparison.
pub(crate) fn normal(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Whether two texts are equal, in constant time.
pub(crate) fn same(one: &str, other: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::clock::Random;

    #[test]
    fn a_login_is_found_however_it_is_written_in_its_tool_alone() {
        let keys = PortalKeys::new(&SecretKey::generate(&Random::default()));
        let hash = keys.login("tool", "mara@fractions.example");
        assert_eq!(keys.login("tool", " Mara@Fractions.example "), hash);
        assert_ne!(keys.login("other", "mara@fractions.example"), hash);
        assert_ne!(keys.session("a"), keys.link("a"));
        assert_ne!(keys.form("a"), keys.form("b"));
        assert!(same("a", "a") && !same("a", "b") && !same("a", "ab"));
    }
}
