//! What messages are signed with: a secret for each webhook, and for a day after a rotation the one before it as well.

use store::StoreError;
use store::webhooks::WebhookRow;

use crate::kit::clock::Random;
use crate::kit::seal::{NotOurs, Sealer};

/// How long a replaced secret still signs, in milliseconds (grades.md WH-1).
pub(crate) const FORMER_MS: i64 = 24 * 60 * 60 * 1000;

/// A secret of 256 bits.
pub(crate) type Secret = [u8; 32];

/// A new one.
pub(crate) fn fresh(random: &Random) -> Secret {
    random.bytes()
}

/// What a webhook's secrets are sealed together with.
pub(crate) fn identity(webhook_id: &str) -> String {
    format!("webhooks/{webhook_id}/secret")
}

/// The secrets that sign now, the newest first.
///
/// # Errors
/// They can't be opened.
pub(super) fn in_force(
    rows: &Sealer,
    webhook: &WebhookRow,
    now_ms: i64,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let is_good = webhook.former_until.is_some_and(|until| now_ms < until);
    let former = webhook.former_sealed.as_ref().filter(|_| is_good);
    let identity = identity(&webhook.id);
    let opened: Result<_, NotOurs> = [Some(&webhook.secret_sealed), former]
        .into_iter()
        .flatten()
        .map(|sealed| rows.open(&identity, sealed))
        .collect();
    opened.map_err(|error| StoreError::Corrupt(format!("webhook {}: {error}", webhook.id)))
}
