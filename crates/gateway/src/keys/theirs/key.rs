//! A platform's key, and where it was found.

use std::sync::Arc;

use lti::key::{KeySet, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::failure::KeyFailure;

/// Where a platform's key came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeySource {
    /// The cache.
    #[serde(rename = "k")]
    Kept,
    /// It was fetched for this launch.
    #[serde(rename = "f")]
    Fetched,
    /// The key set could not be fetched in time, and a recent key was still acceptable.
    #[serde(rename = "s")]
    Stale,
}

impl KeySource {
    /// Its name for operators.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Fetched => "fetched",
            Self::Stale => "kept, since the key set could not be had in time",
        }
    }
}

/// A key, its set, and where that came from.
pub struct Key {
    pub(super) set: Arc<KeySet>,
    pub(super) kid: String,
    source: KeySource,
}

impl Key {
    pub(super) fn of(keys: &Arc<KeySet>, kid: &str, source: KeySource) -> Result<Self, KeyFailure> {
        keys.find(kid)?;
        Ok(Self {
            set: keys.clone(),
            kid: kid.to_owned(),
            source,
        })
    }

    /// The key itself.
    ///
    /// # Errors
    /// The set doesn't contain it, which was checked before.
    pub fn get(&self) -> Result<&VerifyingKey, KeyFailure> {
        Ok(self.set.find(&self.kid)?)
    }

    /// Where it came from.
    pub fn source(&self) -> KeySource {
        self.source
    }
}
