//! Which platforms get something signed by us.

use store::platforms::{self, PlatformRow};
use store::{Db, StoreError};

/// Whether a platform may be asked for an access token: it is active, or was added by hand. One
/// that registered itself and waits may be a stranger's, and what we send to prove who we are is
/// not for strangers (decision 0498).
///
/// # Errors
/// The store failed.
pub(crate) async fn may_be_asked_for_tokens(
    db: &Db,
    platform: &PlatformRow,
) -> Result<bool, StoreError> {
    if platform.active {
        return Ok(true);
    }
    let mut reader = db.read().await?;
    let management = platforms::management(&mut reader.tx(), platform.id.clone()).await?;
    Ok(management.is_some_and(|management| management.configuration.is_none()))
}
