//! The root key, and the proof of the secret key that seals it.

use super::error::SetupError;
use super::secret_keys::{key_lost, known_secret_keys};
use crate::kit::clock::Random;
use crate::kit::seal::{NotOurs, Sealer, SecretKey, SecretKeys};
use crate::settings::installation::Config;
use store::installation::{self, InstallationRow};
use store::{Db, StoreError};

const PROOF: &[u8] = b"hallpass";
const PROOF_ROW: &str = "installation/1";
const ROOT_ROW: &str = "installation/1/root";

/// The sealer for rows.
pub fn sealer(keys: &SecretKeys, random: &Random) -> Sealer {
    Sealer::new(keys, "stored rows", random.clone())
}

pub(super) fn seal(sealer: &Sealer, root: &SecretKey) -> InstallationRow {
    InstallationRow {
        proof_sealed: sealer.seal(PROOF_ROW, PROOF),
        root_sealed: Some(sealer.seal(ROOT_ROW, root.to_hex().as_bytes())),
    }
}

/// The root key of an existing store. If an older secret key sealed it, reseal it with the current
/// one: commands use that to see which key the servers use.
pub(super) async fn root(
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
        // In a store of an older version, everything was derived from its one secret key.
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
        // A faster replica has stored the same.
        if renew.await? && is_old {
            tracing::info!(
                "the secret key has changed; `hallpass keys reseal` seals what is stored with it"
            );
        }
    }
    Ok(Some(root))
}

/// The sealer for rows, for a command that may run alongside servers.
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

/// The root key, for a command that seals nothing: any secret key that opens it will do, even if
/// servers don't seal with it yet.
///
/// # Errors
/// There is no secret key, or the store belongs to another.
pub async fn root_in_use(
    config: &Config,
    db: &Db,
    random: &Random,
) -> Result<SecretKey, SetupError> {
    let keys = known_secret_keys(config)?.ok_or_else(|| key_lost(config))?;
    let sealed = installation::sealed(&mut db.read().await?.tx()).await?;
    // A store of an older version gets its root key at the next start.
    let root = sealed.and_then(|sealed| sealed.root_sealed);
    let root = sealer(&keys, random)
        .open(ROOT_ROW, &root.ok_or(SetupError::NotInUse)?)
        .map_err(|_| SetupError::OtherSecretKey)?;
    Ok(SecretKey::parse(&String::from_utf8_lossy(&root))?)
}

/// The sealer for rows and the root key, for a command that may run alongside servers.
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
    // A store of an older version gets its root key at the next start.
    let root = sealed.and_then(|sealed| sealed.root_sealed);
    let root = root.ok_or(SetupError::NotInUse)?;
    let root = sealer
        .open(ROOT_ROW, &root)
        .map_err(|_| SetupError::OtherSecretKey)?;
    Ok((sealer, SecretKey::parse(&String::from_utf8_lossy(&root))?))
}

/// The sealer that servers use now, and the root key: for what is recorded while the first secret
/// key is one that no server has started with.
///
/// # Errors
/// There is no secret key, or the store belongs to another.
pub async fn secrets_of_servers(
    config: &Config,
    db: &Db,
    random: &Random,
) -> Result<(Sealer, SecretKey), SetupError> {
    let keys = known_secret_keys(config)?.ok_or_else(|| key_lost(config))?;
    let sealed = installation::sealed(&mut db.read().await?.tx()).await?;
    let sealed = sealed.ok_or(SetupError::OtherSecretKey)?;
    let mut each = keys
        .each()
        .map(|key| sealer(&SecretKeys::from(key.clone()), random));
    // Each has one key, so this is the key that the servers seal with.
    let used = each.find(|one| one.open(PROOF_ROW, &sealed.proof_sealed).is_ok());
    let used = used.ok_or(SetupError::OtherSecretKey)?;
    // A store of an older version gets its root key at the next start.
    let root = sealed.root_sealed.ok_or(SetupError::NotInUse)?;
    let root = used
        .open(ROOT_ROW, &root)
        .map_err(|_| SetupError::OtherSecretKey)?;
    Ok((used, SecretKey::parse(&String::from_utf8_lossy(&root))?))
}
