//! The secrets that sign messages: one per webhook, plus the replaced ones for a day after a
//! rotation.

use store::StoreError;
use store::webhooks::WebhookRow;

use crate::kit::clock::Random;
use crate::kit::seal::{NotOurs, Sealer};

/// How long a replaced secret keeps signing, in milliseconds (grades.md WH-1).
pub(crate) const FORMER_MS: i64 = 24 * 60 * 60 * 1000;
/// How many replaced secrets keep signing, the latest ones: each adds a signature to every message.
const FORMER: usize = 4;

/// A secret of 256 bits.
pub(crate) type WebhookSecret = [u8; SECRET_BYTES];

const SECRET_BYTES: usize = 32;

/// A new secret.
pub(crate) fn fresh(random: &Random) -> WebhookSecret {
    random.bytes()
}

/// The identity that a webhook's secrets are sealed with.
pub(crate) fn identity(webhook_id: &str) -> String {
    format!("webhooks/{webhook_id}/secret")
}

/// The secrets that sign now, newest first.
///
/// # Errors
/// They can't be opened.
pub(super) fn in_force(
    rows: &Sealer,
    webhook: &WebhookRow,
    now_ms: i64,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let identity = identity(&webhook.id);
    let corrupt = |error: NotOurs| StoreError::Corrupt(format!("webhook {}: {error}", webhook.id));
    let open = |sealed: &Vec<u8>| rows.open(&identity, sealed).map_err(corrupt);
    let mut secrets = vec![open(&webhook.secret_sealed)?];
    let is_good = webhook.former_until.is_some_and(|until| now_ms < until);
    if let Some(former) = webhook.former_sealed.as_ref().filter(|_| is_good) {
        let former = open(former)?;
        secrets.extend(former.chunks(SECRET_BYTES).map(<[u8]>::to_vec));
    }
    Ok(secrets)
}

/// The replaced secrets that keep signing after the webhook gets a new one, sealed together. There
/// may be several: after two rotations within a day, the application may still have an older
/// secret, for example because the first answer was lost.
///
/// # Errors
/// They can't be opened.
pub(crate) fn replaced(
    rows: &Sealer,
    webhook: &WebhookRow,
    now_ms: i64,
) -> Result<Vec<u8>, StoreError> {
    let mut secrets = in_force(rows, webhook, now_ms)?;
    secrets.truncate(FORMER);
    Ok(rows.seal(&identity(&webhook.id), &secrets.concat()))
}
