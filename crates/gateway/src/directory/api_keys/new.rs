//! Creates an API key: its text, its hash, and its attributes.

use aws_lc_rs::hmac;
use store::api_keys::ApiKeyRow;

use super::scope::Scope;
use crate::kit::clock::Random;
use crate::kit::id::new_id;
use crate::kit::seal::{self, SecretKey};

/// The prefix of our keys, so that people and scanners for leaked secrets recognise them.
pub const PREFIX: &str = "hallpass_";
/// How many keys a tool may have: every replica keeps all of them in memory.
pub const MOST_KEYS: usize = 200;

/// A day, in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How far in the future a key may expire: the limit of `hallpass api-keys create --days`.
const LONGEST_MS: i64 = 36_500 * DAY_MS;

/// The hash that a key is found by.
pub type KeyHash = [u8; 32];

/// Hashes keys with a key of the installation, so that no one with the database alone can test
/// guesses against the hashes.
#[derive(Clone)]
pub struct Hasher(hmac::Key);

impl Hasher {
    /// Uses a key derived from the secret that stays when the secret keys change.
    pub fn new(root: &SecretKey) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &root.derive("api keys")))
    }

    /// The hash that a key is stored under.
    pub fn hash(&self, api_key: &str) -> KeyHash {
        let mut hash = KeyHash::default();
        hash.copy_from_slice(hmac::sign(&self.0, api_key.as_bytes()).as_ref());
        hash
    }
}

/// The unkeyed hash that older versions stored.
pub fn old_hash(api_key: &str) -> KeyHash {
    let mut hash = KeyHash::default();
    hash.copy_from_slice(&seal::hash(&["api key", api_key]));
    hash
}

/// A key to create.
#[derive(Debug)]
pub struct NewApiKey {
    name: String,
    scope: Scope,
    expires_at: Option<i64>,
}

/// Why a key can't be created.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadApiKey {
    /// The name is empty, too long or not plain text.
    #[error(
        "The name must have 1 to 100 characters, without line breaks and other control characters."
    )]
    Name,
    /// The expiry is in the past, or more than 100 years away.
    #[error(
        "The end must lie in the future, by 100 years at most. Leave it out for a key without an end."
    )]
    End,
}

impl NewApiKey {
    /// Checks a key's attributes. `expires_at` is in milliseconds since 1970.
    ///
    /// # Errors
    /// What to change.
    pub fn new(
        name: &str,
        scope: Scope,
        expires_at: Option<i64>,
        now_ms: i64,
    ) -> Result<Self, BadApiKey> {
        let name = name.trim();
        if !(1..=100).contains(&name.chars().count()) || name.contains(char::is_control) {
            return Err(BadApiKey::Name);
        }
        let is_possible = |end| (now_ms + 1..=now_ms + LONGEST_MS).contains(&end);
        if expires_at.is_some_and(|end| !is_possible(end)) {
            return Err(BadApiKey::End);
        }
        Ok(Self {
            name: name.to_owned(),
            scope,
            expires_at,
        })
    }

    /// The key, which can't be read again, and its row.
    pub fn make(
        self,
        hasher: &Hasher,
        tool_id: &str,
        now_ms: i64,
        random: &Random,
    ) -> (String, ApiKeyRow) {
        let api_key = format!("{PREFIX}{}", random.token());
        let row = self.row_of(&api_key, hasher, tool_id, now_ms, random);
        (api_key, row)
    }

    /// The row of a key whose text was chosen elsewhere.
    pub fn row_of(
        self,
        api_key: &str,
        hasher: &Hasher,
        tool_id: &str,
        now_ms: i64,
        random: &Random,
    ) -> ApiKeyRow {
        ApiKeyRow {
            id: new_id(now_ms, random),
            tool_id: tool_id.to_owned(),
            key_hash: hasher.hash(api_key).to_vec(),
            name: self.name,
            scope: self.scope.as_str().to_owned(),
            created_at: now_ms,
            last_used_at: None,
            expires_at: self.expires_at,
        }
    }

    /// The first key of an installation.
    pub fn first() -> Self {
        Self {
            name: "first key".into(),
            scope: Scope::All,
            expires_at: None,
        }
    }
}

/// Whether no other key of the tool has full access for another day if this one is removed.
pub fn is_last(keys: &[ApiKeyRow], tool_id: &str, id: &str, now_ms: i64) -> bool {
    let opens_all = |key: &ApiKeyRow, until: i64| {
        key.tool_id == tool_id
            && key.scope == Scope::All.as_str()
            && key.expires_at.is_none_or(|end| until < end)
    };
    // A key that can do less or has expired is no loss; one that expires soon is no way back in.
    let is_one = |key: &ApiKeyRow| key.id == id && opens_all(key, now_ms);
    let lasts = |key: &ApiKeyRow| key.id != id && opens_all(key, now_ms + DAY_MS);
    keys.iter().any(is_one) && !keys.iter().any(lasts)
}
