//! Webhooks' secrets in a file, sealed so that only an installation with the same secret key can
//! read them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use store::StoreError;
use store::webhooks::WebhookRow;

use crate::kit::seal::Sealer;
use crate::webhooks::secret_identity;

/// The prefix of a sealed secret.
const PREFIX: &str = "sealed:";

/// The identity that a secret in a file is sealed with, so that it can't be moved to another
/// address.
fn identity(url: &str) -> String {
    format!("configuration/webhooks/{url}")
}

/// The secret of a stored webhook.
///
/// # Errors
/// It was sealed by another installation.
pub(super) fn opened(rows: &Sealer, webhook: &WebhookRow) -> Result<Vec<u8>, StoreError> {
    let opened = rows.open(&secret_identity(&webhook.id), &webhook.secret_sealed);
    opened.map_err(|error| StoreError::Corrupt(format!("webhook {}: {error}", webhook.id)))
}

/// A webhook's secret for a file.
///
/// # Errors
/// As [`opened`].
pub(super) fn written(rows: &Sealer, webhook: &WebhookRow) -> Result<String, StoreError> {
    let sealed = rows.seal(&identity(&webhook.url), &opened(rows, webhook)?);
    Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(sealed)))
}

/// The secret that a file gives to the webhook at this address; `None` if it can't be opened here.
pub(super) fn read(rows: &Sealer, url: &str, text: &str) -> Option<Vec<u8>> {
    let sealed = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
    rows.open(&identity(url), &sealed).ok()
}
