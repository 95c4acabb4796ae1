//! The first start: tables, secret key, the tool, its first API key, and the portal's owner or the
//! address that creates one.

mod beginning;
mod chosen_key;
mod denied;
mod error;
mod foreseen;
mod moved;
mod owner;
mod private_files;
mod root;
mod secret_keys;

use self::beginning::is_set_up;
pub use self::beginning::{HeldStore, hold_store};
use self::chosen_key::warn_if_guessable;
pub use self::error::SetupError;
pub use self::foreseen::{denied_folder, foresee, written_folders};
pub use self::moved::warn_of_moved_platforms;
pub use self::owner::ADMIN;
use self::owner::FirstOwner;
pub use self::private_files::{data_dir, denied_database, open_files, private_database};
use self::root::{root, seal};
pub use self::root::{root_in_use, sealer, sealer_in_use, secrets_in_use, secrets_of_servers};
pub use self::secret_keys::{
    add_secret_key, known_secret_keys, secret_key_file, secret_keys_in_file,
};
use self::secret_keys::{key_lost, make_secret_key, unmake_secret_key};
use crate::directory::api_keys::new::{Hasher, NewApiKey, old_hash};
use crate::directory::tools::Tool;
use crate::kit::clock::{Clock, Random};
use crate::kit::id::new_id;
use crate::kit::seal::{SecretKey, SecretKeys, Secrets};
use crate::settings::installation::Config;
use store::installation;
use store::{Db, StoreError, api_keys, tools};

/// What the first start created; shown only once.
#[derive(Debug)]
pub struct FirstStart {
    /// The first API key, unless it was given.
    pub api_key: Option<String>,
    /// The one-time address that creates the portal's owner; `None` if a password was given for
    /// them.
    pub portal_address: Option<String>,
    /// Whether the tool has a launch URL.
    pub has_launch_url: bool,
}

/// Sets up an empty store; for any other, checks that the secret keys are the ones it was set up
/// with. Makes a secret key if none is known, but only for an empty store.
///
/// # Errors
/// The store failed, belongs to another secret key, or its secret key was lost.
pub async fn first_start(
    config: &Config,
    db: &Db,
    known: Option<SecretKeys>,
    clock: &Clock,
    random: &Random,
) -> Result<(Option<FirstStart>, Secrets), SetupError> {
    let is_made = known.is_none();
    if is_made && is_set_up(db).await? {
        return Err(key_lost(config));
    }
    let keys = known.map_or_else(|| make_secret_key(config, random), Ok)?;
    if let Some(secrets) = opened(config, db, &keys, random).await? {
        return Ok((None, secrets));
    }
    let root_key = SecretKey::generate(random);
    let told = set_up(config, db, &keys, &root_key, clock, random).await?;
    if told.is_some() {
        warn_if_guessable(config);
        let root = root_key;
        return Ok((told, Secrets { keys, root }));
    }
    // Lost a race with another replica, which has reported its secrets. Our keys must fit its
    // store.
    let opened = opened(config, db, &keys, random).await;
    if is_made && opened.is_err() {
        unmake_secret_key(config, &keys);
    }
    let secrets = opened?.ok_or(SetupError::OtherSecretKey)?;
    Ok((None, secrets))
}

/// The secrets of a store that is set up.
async fn opened(
    config: &Config,
    db: &Db,
    keys: &SecretKeys,
    random: &Random,
) -> Result<Option<Secrets>, SetupError> {
    let Some(root) = root(db, keys, &sealer(keys, random), random).await? else {
        return Ok(None);
    };
    report_unused(config, db, &root).await?;
    let keys = keys.clone();
    Ok(Some(Secrets { keys, root }))
}

/// Creates the tool, its first API key, and the portal's owner or the way to become one; `None` if
/// another replica was faster.
async fn set_up(
    config: &Config,
    db: &Db,
    keys: &SecretKeys,
    root_key: &SecretKey,
    clock: &Clock,
    random: &Random,
) -> Result<Option<FirstStart>, SetupError> {
    let now = clock.now_ms();
    let tool = Tool {
        id: new_id(now, random),
        host: None,
        settings: config.tool.settings.clone(),
    };
    let tool = tool.to_row()?;
    let hasher = Hasher::new(root_key);
    let (made, first_key) = match &config.bootstrap_api_key {
        Some(key) => (
            None,
            NewApiKey::first().row_of(key, &hasher, &tool.id, now, random),
        ),
        None => {
            let (key, row) = NewApiKey::first().make(&hasher, &tool.id, now, random);
            (Some(key), row)
        }
    };
    let rows = sealer(keys, random);
    let sealed = seal(&rows, root_key);
    let password = config.bootstrap_admin_password.clone();
    let owner = FirstOwner::of(&tool.id, password, &rows, root_key, now, random).await?;
    let portal_address = owner.path().map(|path| config.public_url.join(&path));
    let is_first = db.write::<_, StoreError, _>(move |mut tx| {
        Box::pin(async move {
            if !installation::claim(&mut tx, sealed, now).await? {
                return Ok(false);
            }
            tools::insert(&mut tx, tool, now).await?;
            api_keys::insert(&mut tx, first_key).await?;
            owner.store(&mut tx).await?;
            Ok(true)
        })
    });
    if !is_first.await? {
        return Ok(None);
    }
    Ok(Some(FirstStart {
        api_key: made,
        portal_address,
        has_launch_url: config.tool.settings.launch_url.is_some(),
    }))
}

/// Logs settings that only the first start reads, in case someone believes that they are in force,
/// and whether a key that is can be guessed.
async fn report_unused(config: &Config, db: &Db, root: &SecretKey) -> Result<(), StoreError> {
    if let Some(key) = &config.bootstrap_api_key {
        let hashes = [Hasher::new(root).hash(key), old_hash(key)];
        let known = api_keys::all(&mut db.read().await?.tx()).await?;
        let is_used = known
            .iter()
            .any(|known| hashes.iter().any(|hash| known.key_hash == hash));
        if is_used {
            warn_if_guessable(config);
        } else {
            tracing::warn!(
                "the setting bootstrap_api_key is not used: it is only read on the first start, and no API key has this \
                 value now. `hallpass api-keys create` makes a key"
            );
        }
    }
    if config.bootstrap_admin_password.is_some() {
        tracing::info!(
            "the setting bootstrap_admin_password is not used: it is only read on the first start"
        );
    }
    Ok(())
}
