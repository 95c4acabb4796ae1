//! The chain: what each entry's hash covers, and whether all hashes still match.

use aws_lc_rs::hmac;
use store::audit::AuditRow;

use crate::kit::seal::SecretKey;

/// Chains entries with a key of the installation, so that no one with the database alone can
/// compute a matching hash.
#[derive(Clone)]
pub(super) struct ChainKey(hmac::Key);

/// Whether a chain is intact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ChainState {
    /// All entries match; how many there are.
    Whole(i64),
    /// The first entry that doesn't match or is missing.
    BrokenAt(i64),
}

impl ChainKey {
    pub(super) fn new(root: &SecretKey) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &root.derive("audit")))
    }

    /// What a tool's first entry is chained to.
    pub(super) fn beginning(&self, tool_id: &str) -> Vec<u8> {
        self.sign(&[b"beginning", tool_id.as_bytes()])
    }

    /// The hash of an entry with these details that follows the entry with the hash `before`.
    pub(super) fn hash(
        &self,
        before: &[u8],
        tool_id: &str,
        row: &AuditRow,
        details: &[u8],
    ) -> Vec<u8> {
        self.sign(&[
            before,
            tool_id.as_bytes(),
            &row.number.to_be_bytes(),
            &row.created_at.to_be_bytes(),
            row.id.as_bytes(),
            row.actor.as_bytes(),
            row.action.as_bytes(),
            row.subject.as_bytes(),
            details,
        ])
    }

    /// Prefixes each part with its length, so that the parts can't run into each other.
    fn sign(&self, parts: &[&[u8]]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.sign().as_ref().to_vec()
    }
}
