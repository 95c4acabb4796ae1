//! The first start: tables, secret key, the tool, its first API key and the portal's first password.

mod error;
mod secret_keys;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, SaltString};

pub use self::error::SetupError;
pub use self::secret_keys::{add_secret_key, data_dir, known_secret_keys, secret_keys};
use crate::directory::auth;
use crate::directory::tools::Tool;
use crate::kit::clock::{Clock, Random};
use crate::kit::id::new_id;
use crate::kit::seal::{NotOurs, Sealer, SecretKey, SecretKeys, Secrets};
use crate::settings::installation::Config;
use store::installation::{self, InstallationRow};
use store::{Db, StoreError, api_keys, people, tools};

const PROOF: &[u8] = b"hallpass";
const PROOF_ROW: &str = "installation/1";
const ROOT_ROW: &str = "installation/1/root";
/// The portal's first person.
pub const ADMIN: &str = "admin";

/// What was made on the first start and is shown once.
#[derive(Debug)]
pub struct FirstStart {
    /// The first API key, if it was made here.
    pub api_key: Option<String>,
    /// The portal's password, if it was made here.
    pub admin_password: Option<String>,
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
    let password_hash = hash(password.clone(), random).await?;
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

async fn hash(password: String, random: &Random) -> Result<String, SetupError> {
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
        .map_err(SetupError::Password)
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

/// The root key of an existing store. If an older secret key sealed it, reseal it with the current one: commands use that
/// to see which key the servers use.
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
        // If another replica was faster, it has done the same.
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
