//! The hashes by which deliveries are found. They are keyed with a key of the installation, so that
//! with the database alone no one can test guesses of names and addresses against them.

use crate::kit::id::id_from;
use crate::kit::keyed_hash::KeyedHash;
use crate::kit::seal::SecretKey;

/// Computes the hashes. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct DeliveryKeys(KeyedHash);

impl DeliveryKeys {
    /// Uses a key derived from the secret that outlives the secret keys.
    pub(crate) fn new(root: &SecretKey) -> Self {
        Self(KeyedHash::new(root, "deliveries"))
    }

    /// For a person at a platform.
    pub(crate) fn user(&self, platform_id: &str, user: &str) -> String {
        self.of(&["user", platform_id, user])
    }

    /// For a line item, by its address as [`url::Url`] writes it.
    pub(crate) fn line_item(&self, platform_id: &str, address: &str) -> String {
        self.of(&["line item", platform_id, address])
    }

    /// For a line item that is not known yet, by its handle in a course.
    pub(crate) fn handle(
        &self,
        platform_id: &str,
        deployment_id: &str,
        context_id: Option<&str>,
        resource_id: &str,
        tag: Option<&str>,
    ) -> String {
        let (context, tag) = (context_id.unwrap_or_default(), tag.unwrap_or_default());
        self.of(&[
            "handle",
            platform_id,
            deployment_id,
            context,
            resource_id,
            tag,
        ])
    }

    /// For one person's line item, by both hashes.
    pub(crate) fn lane(&self, line_item_key: &str, user_key: &str) -> String {
        self.of(&["lane", line_item_key, user_key])
    }

    fn of(&self, parts: &[&str]) -> String {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        id_from(self.0.of(&parts).as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::clock::Random;
    use crate::kit::id::is_id;

    #[test]
    fn hashes_differ_by_what_they_are_of_and_by_installation() {
        let random = Random::default();
        let keys = DeliveryKeys::new(&SecretKey::generate(&random));
        let other = DeliveryKeys::new(&SecretKey::generate(&random));
        let one = keys.user("platform", "ada");
        assert!(is_id(&one));
        assert_eq!(one, keys.user("platform", "ada"));
        assert_ne!(one, keys.user("platforma", "da"));
        assert_ne!(one, keys.line_item("platform", "ada"));
        assert_ne!(one, other.user("platform", "ada"));
    }
}
