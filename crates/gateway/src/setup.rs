//! The first start: tables, secret key, the tool, its first API key and the portal's first password.

use std::io::Write;
use std::path::Path;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, SaltString};

use crate::auth;
use crate::clock::{Clock, Random};
use crate::config::Config;
use crate::id::new_id;
use crate::seal::{BadSecretKey, Sealer, SecretKey};
use crate::store::{Db, StoreError, api_keys, installation, people, tools};
use crate::tool::Tool;

const PROOF: &[u8] = b"hallpass";
const PROOF_ROW: &str = "installation/1";
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

/// The secret key: as set, else from the data folder, where it is made on the first start.
///
/// # Errors
/// It can't be read or written, or is no key.
pub fn secret_key(config: &Config, random: &Random) -> Result<SecretKey, SetupError> {
    if let Some(text) = &config.secret_key {
        return Ok(SecretKey::parse(text)?);
    }
    let path = config.data_dir.join("secret_key");
    let failed = |error| SetupError::File {
        path: path.display().to_string(),
        error,
    };
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(SecretKey::parse(&text)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = SecretKey::generate(random);
            write_private(&path, &key.to_hex()).map_err(failed)?;
            Ok(key)
        }
        Err(error) => Err(failed(error)),
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

/// Sets an empty store up; on any other checks that the secret key is the same as ever.
///
/// # Errors
/// The store failed or belongs to another secret key.
pub async fn first_start(
    config: &Config,
    db: &Db,
    secret: &SecretKey,
    clock: &Clock,
    random: &Random,
) -> Result<Option<FirstStart>, SetupError> {
    let sealer = Sealer::new(secret, "stored rows", random.clone());
    if let Some(proof) = installation::proof(&mut db.read().await?.tx()).await? {
        check_proof(&sealer, &proof)?;
        return Ok(None);
    }
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
        settings: config.tool.clone(),
    };
    let (key_id, person_id) = (new_id(now, random), new_id(now, random));
    let (proof, key_hash) = (sealer.seal(PROOF_ROW, PROOF), auth::api_key_hash(&api_key));
    let is_first = db
        .write::<_, StoreError, _>(move |mut tx| {
            Box::pin(async move {
                if !installation::claim(&mut tx, proof, now).await? {
                    return Ok(false);
                }
                tools::insert(&mut tx, &tool, now).await?;
                api_keys::insert(&mut tx, key_id, tool.id.clone(), key_hash, now).await?;
                people::insert(&mut tx, person_id, tool.id, ADMIN, password_hash, now).await?;
                Ok(true)
            })
        })
        .await?;
    if !is_first {
        // Another replica was faster: it told its secrets, and ours must fit its store.
        let proof = installation::proof(&mut db.read().await?.tx())
            .await?
            .ok_or(SetupError::OtherSecretKey)?;
        check_proof(&sealer, &proof)?;
        return Ok(None);
    }
    Ok(Some(FirstStart {
        api_key: config.bootstrap_api_key.is_none().then_some(api_key),
        admin_password: config
            .bootstrap_admin_password
            .is_none()
            .then_some(password),
    }))
}

fn check_proof(sealer: &Sealer, proof: &[u8]) -> Result<(), SetupError> {
    match sealer.open(PROOF_ROW, proof) {
        Ok(text) if text == PROOF => Ok(()),
        _ => Err(SetupError::OtherSecretKey),
    }
}
