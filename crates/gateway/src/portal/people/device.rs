//! Browsers that a user has signed in from before. They have separate queues and limits, so that
//! strangers who try passwords can't lock the owner out (decision 0322).

use super::keys::{PortalKeys, same};

/// What a browser stores about a sign-in: an id, and a proof for one login.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    id: String,
    proof: String,
}

impl Device {
    /// For a browser that has just signed in with this login.
    pub(crate) fn new(id: String, keys: &PortalKeys, login_hash: &[u8]) -> Self {
        let proof = keys.device(&id, login_hash);
        Self { id, proof }
    }

    /// The cookie's value.
    pub(crate) fn to_text(&self) -> String {
        format!("{}.{}", self.id, self.proof)
    }

    /// Parses the cookie's value.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (id, proof) = text.split_once('.')?;
        Some(Self {
            id: id.to_owned(),
            proof: proof.to_owned(),
        })
    }

    /// The device's id, if it has signed in with this login before.
    pub(crate) fn id_for(&self, keys: &PortalKeys, login_hash: &[u8]) -> Option<&str> {
        same(&self.proof, &keys.device(&self.id, login_hash)).then_some(&*self.id)
    }
}
