//! Keyed hashes for the portal's tokens, logins and forms. With the database alone no one can test
//! guessed tokens or look up an address.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::kit::seal::SecretKey;

/// The keys of the portal. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct PortalKeys(hmac::Key);

impl PortalKeys {
    /// Derived from the secret that stays when the secret keys change.
    pub(crate) fn new(root: &SecretKey) -> Self {
        let key = root.derive("portal");
        Self(hmac::Key::new(hmac::HMAC_SHA256, &key))
    }

    /// The hash that a user of this tool's portal is found by. Case and surrounding blanks don't
    /// matter.
    pub(crate) fn login(&self, tool_id: &str, login: &str) -> Vec<u8> {
        self.hash(&["login", tool_id, &normal(login)])
    }

    /// The hash that a session is found by.
    pub(crate) fn session(&self, token: &str) -> Vec<u8> {
        self.hash(&["session", token])
    }

    /// The hash that a one-time link is found by.
    pub(crate) fn link(&self, code: &str) -> Vec<u8> {
        self.hash(&["link", code])
    }

    /// The hash that a person of an identity provider is found by in this tool's portal.
    pub(crate) fn provider(&self, tool_id: &str, issuer: &str, subject: &str) -> Vec<u8> {
        self.hash(&["provider", tool_id, issuer, subject])
    }

    /// The hash under which the state of an answered sign-in at the provider is stored.
    pub(crate) fn state(&self, state: &str) -> Vec<u8> {
        self.hash(&["state", state])
    }

    /// The hash under which a used ticket of the second step is stored.
    pub(crate) fn ticket(&self, id: &str) -> Vec<u8> {
        self.hash(&["ticket", id])
    }

    /// What a ticket contains of the cookie of the browser that it was given to.
    pub(crate) fn browser(&self, cookie: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.hash(&["browser", cookie]))
    }

    /// The token that a session's forms carry, so that no other page can send one.
    pub(crate) fn form(&self, session_id: &str) -> String {
        let hash = self.hash(&["form", session_id]);
        URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or_default())
    }

    /// Proof that this device has signed in with this login hash before.
    pub(crate) fn device(&self, device_id: &str, login_hash: &[u8]) -> String {
        let login = URL_SAFE_NO_PAD.encode(login_hash);
        URL_SAFE_NO_PAD.encode(self.hash(&["device", device_id, &login]))
    }

    /// Prefixes each part with its length, so that they can't run into each other.
    fn hash(&self, parts: &[&str]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part.as_bytes());
        }
        context.sign().as_ref().to_vec()
    }
}

/// A login in its normal form, for comparison.
pub(crate) fn normal(login: &str) -> String {
    login.trim().to_lowercase()
}

/// Whether two texts are equal, without the time taken revealing where they differ.
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
