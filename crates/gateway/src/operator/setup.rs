//! The first start: tables, secret key, the tool, its first API key and the portal's first password.

use std::io::Write;
use std::path::{Path, PathBuf};

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, SaltString};

use crate::directory::auth;
use crate::directory::tools::Tool;
use crate::kit::clock::{Clock, Random};
use crate::kit::id::new_id;
use crate::kit::seal::{BadSecretKey, NotOurs, Sealer, SecretKey, SecretKeys, Secrets};
use crate::settings::installation::Config;
use store::installation::{self, InstallationRow};
use store::{Db, StoreError, api_keys, people, tools};

const PROOF: &[u8] = b"hallpass";
const PROOF_ROW: &str = "installation/1";
const ROOT_ROW: &str = "installation/1/root";
/// The portal's first person.
pub const ADMIN: &str = "admin";

/// Why a start is refused.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The data folder or the key file can't be used.
    #[error("{path}: {error}. Check the setting data_dir and the folder's permissions")]
    File {
        /// What was touched.
        path: String,
        /// What the system said.
        #[source]
        error: std::io::Error,
    },
    /// The secret key as given is no key.
    #[error("the setting secret_key: {0}")]
    SecretKey(#[from] BadSecretKey),
    /// Another secret key than this database was set up with.
    #[error(
        "the secret key is not the one this database was set up with; start with the same secret_key \
         (or the file secret_key in data_dir) as before, on every replica"
    )]
    OtherSecretKey,
    /// A command beside servers that don't know this secret key yet.
    #[error(
        "no server has started with this secret key yet, and what it seals they could not open. Start them all with it \
         first: docs/keys.md says how"
    )]
    NotInUse,
    /// The secret key isn't in a file of ours.
    #[error(
        "the secret key comes from the setting secret_key, so it has to be changed there: put a new one before the old, \
         with a comma between them. docs/keys.md says when"
    )]
    KeyInSetting,
    /// The password can't be hashed.
    #[error("the portal's password can't be hashed: {0}")]
    Password(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was made on the first start and is told once.
#[derive(Debug)]
pub struct FirstStart {
    /// The first API key, where it was made here.
    pub api_key: Option<String>,
    /// The portal's password, where it was made here.
    pub admin_password: Option<String>,
}

/// The secret keys: as set, else from the data folder, where one is made on the first start.
///
/// # Errors
/// They can't be read or written, or are no keys.
pub fn secret_keys(config: &Config, random: &Random) -> Result<SecretKeys, SetupError> {
    if let Some(keys) = known_secret_keys(config)? {
        return Ok(keys);
    }
    let (key, path) = (SecretKey::generate(random), key_file(config));
    write_private(&path, &key.to_hex()).map_err(|error| unusable(&path, error))?;
    Ok(key.into())
}

/// The same for a command beside a server, which makes none; `None` where there are none.
///
/// # Errors
/// They can't be read, or are no keys.
pub fn known_secret_keys(config: &Config) -> Result<Option<SecretKeys>, SetupError> {
    if let Some(text) = &config.secret_key {
        return Ok(Some(SecretKeys::parse(text)?));
    }
    let path = key_file(config);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(SecretKeys::parse(&text)?)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(&path, error)),
    }
}

/// Puts a new secret key before those in the data folder's file, and says where that is. A server seals with it from
/// its next start on.
///
/// # Errors
/// The key comes from a setting, or the file can't be read or written.
pub fn add_secret_key(config: &Config, random: &Random) -> Result<PathBuf, SetupError> {
    if config.secret_key.is_some() {
        return Err(SetupError::KeyInSetting);
    }
    let path = key_file(config);
    let missing = || unusable(&path, std::io::ErrorKind::NotFound.into());
    let keys = known_secret_keys(config)?.ok_or_else(missing)?;
    let keys = keys.behind(SecretKey::generate(random));
    let lines: Vec<String> = keys.each().map(SecretKey::to_hex).collect();
    // Whole or not at all: a file that is cut off would lose the key.
    let new = path.with_extension("new");
    let write = || {
        match std::fs::remove_file(&new) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        write_private(&new, &lines.join("\n"))?;
        std::fs::rename(&new, &path)
    };
    write().map_err(|error| unusable(&path, error))?;
    Ok(path)
}

fn key_file(config: &Config) -> PathBuf {
    config.data_dir.join("secret_key")
}

fn unusable(path: &Path, error: std::io::Error) -> SetupError {
    SetupError::File {
        path: path.display().to_string(),
        error,
    }
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

/// Makes the data folder.
///
/// # Errors
/// It can't be made.
pub fn data_dir(config: &Config) -> Result<(), SetupError> {
    let needs_folder = config.secret_key.is_none() || config.database_url.starts_with("sqlite:");
    if !needs_folder {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    // The database holds hashes and settings that other users of the machine have no business with.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(&config.data_dir)
        .map_err(|error| SetupError::File {
            path: config.data_dir.display().to_string(),
            error,
        })
}

/// Sets an empty store up; on any other checks that the secret keys are those it was set up with.
///
/// # Errors
/// The store failed or belongs to another secret key.
pub async fn first_start(
    config: &Config,
    db: &Db,
    keys: SecretKeys,
    clock: &Clock,
    random: &Random,
) -> Result<(Option<FirstStart>, Secrets), SetupError> {
    let sealer = sealer(&keys, random);
    if let Some(root) = root(db, &keys, &sealer, random).await? {
        return Ok((None, Secrets { keys, root }));
    }
    let root_key = SecretKey::generate(random);
    let api_key = config
        .bootstrap_api_key
        .clone()
        .unwrap_or_else(|| random.token());
    let password = config
        .bootstrap_admin_password
        .clone()
        .unwrap_or_else(|| random.token()[..20].to_owned());
    let password_hash = {
        let password = password.clone();
        let salt = SaltString::encode_b64(&random.bytes::<16>())
            .map_err(|error| SetupError::Password(error.to_string()))?;
        let hashed = tokio::task::spawn_blocking(move || {
            Argon2::default()
                .hash_password(password.as_bytes(), &salt)
                .map(|hash| hash.to_string())
        });
        hashed
            .await
            .map_err(|error| error.to_string())
            .and_then(|hash| hash.map_err(|error| error.to_string()))
            .map_err(SetupError::Password)?
    };
    let now = clock.now_ms();
    let tool = Tool {
        id: new_id(now, random),
        host: None,
        settings: config.tool.clone(),
    };
    let tool = tool.to_row()?;
    let (key_id, person_id) = (new_id(now, random), new_id(now, random));
    let (sealed, key_hash) = (seal(&sealer, &root_key), auth::api_key_hash(&api_key));
    let is_first = db
        .write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                if !installation::claim(&mut tx, sealed, now).await? {
                    return Ok(false);
                }
                let tool_id = tool.id.clone();
                tools::insert(&mut tx, tool, now).await?;
                api_keys::insert(&mut tx, key_id, tool_id.clone(), key_hash, now).await?;
                people::insert(&mut tx, person_id, tool_id, ADMIN, password_hash, now).await?;
                Ok(true)
            })
        })
        .await?;
    if !is_first {
        // Another replica was faster: it told its secrets, and ours must fit its store.
        let root = root(db, &keys, &sealer, random).await?;
        let root = root.ok_or(SetupError::OtherSecretKey)?;
        return Ok((None, Secrets { keys, root }));
    }
    let told = FirstStart {
        api_key: config.bootstrap_api_key.is_none().then_some(api_key),
        admin_password: config
            .bootstrap_admin_password
            .is_none()
            .then_some(password),
    };
    let root = root_key;
    Ok((Some(told), Secrets { keys, root }))
}

/// What seals rows.
pub fn sealer(keys: &SecretKeys, random: &Random) -> Sealer {
    Sealer::new(keys, "stored rows", random.clone())
}

fn seal(sealer: &Sealer, root: &SecretKey) -> InstallationRow {
    InstallationRow {
        proof_sealed: sealer.seal(PROOF_ROW, PROOF),
        root_sealed: Some(sealer.seal(ROOT_ROW, root.to_hex().as_bytes())),
    }
}

/// What outlives the secret keys, from a store that is set up. Where an older key sealed it, it is sealed anew with the
/// one that seals from now on: that tells commands which one the servers use.
async fn root(
    db: &Db,
    keys: &SecretKeys,
    sealer: &Sealer,
    random: &Random,
) -> Result<Option<SecretKey>, SetupError> {
    let Some(before) = installation::sealed(&mut db.read().await?.tx()).await? else {
        return Ok(None);
    };
    let foreign = |_: NotOurs| SetupError::OtherSecretKey;
    let is_old = sealer
        .renewed(PROOF_ROW, &before.proof_sealed)
        .map_err(foreign)?
        .is_some();
    let root = match &before.root_sealed {
        Some(sealed) => {
            let text = sealer.open(ROOT_ROW, sealed).map_err(foreign)?;
            SecretKey::parse(&String::from_utf8_lossy(&text))?
        }
        // A store of an older version: everything was derived from its one secret key.
        None => {
            let opens = |key: &&SecretKey| {
                let alone = self::sealer(&SecretKeys::from((*key).clone()), random);
                alone.open(PROOF_ROW, &before.proof_sealed).is_ok()
            };
            keys.each()
                .find(opens)
                .ok_or(SetupError::OtherSecretKey)?
                .clone()
        }
    };
    if is_old || before.root_sealed.is_none() {
        let sealed = seal(sealer, &root);
        let renew = db.write_one::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move { installation::renew(&mut tx, sealed, before).await })
        });
        // Where another replica was faster it has done the same.
        if renew.await? && is_old {
            tracing::info!(
                "the secret key has changed; `hallpass keys reseal` seals what is stored with it"
            );
        }
    }
    Ok(Some(root))
}

/// What a command beside running servers seals rows with.
///
/// # Errors
/// There is no secret key, the store belongs to another, or no server seals with this one yet.
pub async fn sealer_in_use(
    config: &Config,
    db: &Db,
    random: &Random,
) -> Result<Sealer, SetupError> {
    let keys = known_secret_keys(config)?.ok_or(SetupError::OtherSecretKey)?;
    let sealer = sealer(&keys, random);
    let sealed = installation::sealed(&mut db.read().await?.tx()).await?;
    let sealed = sealed.ok_or(SetupError::OtherSecretKey)?;
    match sealer.renewed(PROOF_ROW, &sealed.proof_sealed) {
        Ok(None) => Ok(sealer),
        Ok(Some(_)) => Err(SetupError::NotInUse),
        Err(NotOurs) => Err(SetupError::OtherSecretKey),
    }
}

/// What a command beside running servers opens an installation with: what seals rows, and what outlives the secret keys.
///
/// # Errors
/// As [`sealer_in_use`].
pub async fn secrets_in_use(
    config: &Config,
    db: &Db,
    random: &Random,
) -> Result<(Sealer, SecretKey), SetupError> {
    let sealer = sealer_in_use(config, db, random).await?;
    let sealed = installation::sealed(&mut db.read().await?.tx()).await?;
    // A store of an older version has one from the next start on.
    let root = sealed.and_then(|sealed| sealed.root_sealed);
    let root = root.ok_or(SetupError::NotInUse)?;
    let root = sealer
        .open(ROOT_ROW, &root)
        .map_err(|_| SetupError::OtherSecretKey)?;
    Ok((sealer, SecretKey::parse(&String::from_utf8_lossy(&root))?))
}
