//! A changed `public_url`: platforms keep the addresses that they were given.

use store::{Db, StoreError, installation, platform_list, tools};

use crate::settings::installation::Config;

/// Logs once how many platforms have addresses of another `public_url`, and records the current
/// one.
///
/// # Errors
/// The store failed.
pub async fn warn_of_moved_platforms(config: &Config, db: &Db) -> Result<(), StoreError> {
    let now = config.public_url.as_str().to_owned();
    let mut reader = db.read().await?;
    let before = installation::public_url(&mut reader.tx()).await?;
    if before.as_deref() == Some(&*now) {
        return Ok(());
    }
    let mut number = 0;
    for tool in tools::all(&mut reader.tx()).await? {
        number += platform_list::total(&mut reader.tx(), &tool.id).await?;
    }
    drop(reader);
    if let Some(before) = before.filter(|_| number > 0) {
        tracing::warn!(
            before,
            now,
            platforms = number,
            "public_url has changed, but these platforms were given addresses of the old one, and go on using them: let the old \
             address lead here as well, or register them again"
        );
    }
    db.write_one::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move { installation::note_public_url(&mut tx, now).await })
    })
    .await
}
