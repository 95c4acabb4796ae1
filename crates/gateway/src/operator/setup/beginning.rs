//! Whether this is a first start. If it isn't, and the data is gone, we refuse to start: serving
//! from an empty database looks like a first start to everyone, and the next backup would be empty.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use store::{Db, StoreError, installation};
use tokio::time::sleep;

use super::error::SetupError;
use super::secret_keys::{key_file, known_secret_keys, unusable};
use crate::kit::seal::SecretKeys;
use crate::operator::serving::{Serving, lock_file};
use crate::settings::installation::Config;

/// Another replica that shares the folder may just have made its key and not yet set up the
/// database.
const PATIENCE: Duration = Duration::from_millis(100);
const LOOKS: usize = 20;

/// What a server holds before it opens its store: the existing keys, and the lock of an SQLite
/// file.
#[derive(Debug)]
pub struct HeldStore {
    keys: Option<SecretKeys>,
    serving: Option<Serving>,
}

/// Checks what exists before opening the store, which would create an empty one.
///
/// # Errors
/// There is a secret key but no database, a restore is under way, or a file can't be read.
pub fn hold_store(config: &Config) -> Result<HeldStore, SetupError> {
    let keys = known_secret_keys(config)?;
    let database = store::sqlite_file(&config.database_url)?;
    let mut serving = None;
    if let Some(file) = &database {
        let lock = Serving::server(file);
        let lock = lock.map_err(|error| match error.kind() {
            // The folder is missing, and people look for the database, not for its lock.
            io::ErrorKind::NotFound => unusable(file, error),
            _ => unusable(&lock_file(file), error),
        })?;
        serving = Some(lock.ok_or(SetupError::Restoring)?);
        let is_empty = std::fs::metadata(file).map_or(true, |file| file.len() == 0);
        if is_empty && has_begun(config, keys.as_ref()) {
            return Err(gone(config, database));
        }
    }
    Ok(HeldStore { keys, serving })
}

impl HeldStore {
    /// Whether no other server was using the store when this one started. Only a file tells.
    pub fn is_first(&self) -> bool {
        self.serving.as_ref().is_some_and(Serving::is_first)
    }

    /// The existing secret keys; a first start makes one if there are none.
    ///
    /// # Errors
    /// There is a secret key but no database, or the store failed.
    pub async fn secret_keys(
        &self,
        config: &Config,
        db: &Db,
    ) -> Result<Option<SecretKeys>, SetupError> {
        if !has_begun(config, self.keys.as_ref()) || is_set_up(db).await? {
            return Ok(self.keys.clone());
        }
        for _ in 0..LOOKS {
            sleep(PATIENCE).await;
            if is_set_up(db).await? {
                return Ok(self.keys.clone());
            }
        }
        Err(gone(config, store::sqlite_file(&config.database_url)?))
    }
}

/// Whether the store has been set up.
///
/// # Errors
/// The store failed.
pub(super) async fn is_set_up(db: &Db) -> Result<bool, StoreError> {
    let sealed = installation::sealed(&mut db.read().await?.tx()).await?;
    Ok(sealed.is_some())
}

/// Whether an earlier start left its key. A key from a setting proves nothing: it may exist before
/// the first start.
pub(super) fn has_begun(config: &Config, keys: Option<&SecretKeys>) -> bool {
    keys.is_some() && config.secret_key.is_none() && !config.fixed.begins_anew
}

/// The error if the database of an installation is missing.
pub(super) fn gone(config: &Config, database: Option<PathBuf>) -> SetupError {
    SetupError::DatabaseGone {
        key: key_file(config).display().to_string(),
        database: match database {
            Some(file) => file.display().to_string(),
            None => "that database_url names".to_owned(),
        },
    }
}
