//! The data folder, and the secret keys in it.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::SetupError;
use crate::kit::clock::Random;
use crate::kit::seal::{SecretKey, SecretKeys};
use crate::settings::installation::Config;

/// The secret keys: as set, else from the data folder, where one is made on the first start.
///
/// # Errors
/// They can't be read or written, or are no keys.
pub(super) fn secret_keys(config: &Config, random: &Random) -> Result<SecretKeys, SetupError> {
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

/// Where the secret keys are, unless they come from a setting.
pub(super) fn key_file(config: &Config) -> PathBuf {
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
