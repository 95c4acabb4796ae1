//! The data folder, and the secret keys in it.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::SetupError;
use crate::kit::clock::Random;
use crate::kit::file::read_regular_text;
use crate::kit::seal::{SecretKey, SecretKeys};
use crate::settings::installation::Config;

/// Makes a secret key in the data folder. If another process has just done so, returns that key.
///
/// # Errors
/// It can't be written.
pub(super) fn make_secret_key(config: &Config, random: &Random) -> Result<SecretKeys, SetupError> {
    let (key, path) = (SecretKey::generate(random), key_file(config));
    // A different name for each of two processes.
    let new = path.with_extension(format!("new-{}", random.token()));
    let made = write_private(&new, &key.to_hex()).and_then(|()| place(&new, &path));
    let _ = std::fs::remove_file(&new);
    match made {
        Ok(()) => Ok(key.into()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            known_secret_keys(config)?.ok_or_else(|| unusable(&path, error))
        }
        Err(error) => Err(unusable(&path, error)),
    }
}

/// Gives a complete file its name, unless the name is taken. A crash leaves either no secret key or
/// a complete one.
fn place(new: &Path, path: &Path) -> std::io::Result<()> {
    match std::fs::hard_link(new, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            // Some file systems don't support links.
            if path.try_exists()? {
                return Err(std::io::ErrorKind::AlreadyExists.into());
            }
            std::fs::rename(new, path)?;
        }
        linked => linked?,
    }
    keep_name(path)
}

/// Makes the system write a folder's entries to disk.
fn keep_name(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Removes the key file that was made for a store which turned out to have another key.
pub(super) fn unmake_secret_key(config: &Config, keys: &SecretKeys) {
    let path = key_file(config);
    let is_ours = read_regular_text(&path).is_ok_and(|text| text.trim() == keys.current().to_hex());
    if is_ours && let Err(error) = std::fs::remove_file(&path) {
        tracing::warn!(path = %path.display(), %error, "a secret key of no use could not be removed");
    }
}

/// The secret keys from the settings, or else from the data folder; `None` if there are none.
///
/// # Errors
/// They can't be read, or are not keys.
pub fn known_secret_keys(config: &Config) -> Result<Option<SecretKeys>, SetupError> {
    if let Some(text) = &config.secret_key {
        return Ok(Some(SecretKeys::parse(text)?));
    }
    let path = key_file(config);
    match read_regular_text(&path) {
        Ok(text) if text.trim().is_empty() => {
            Err(SetupError::EmptyKeyFile(path.display().to_string()))
        }
        Ok(text) => SecretKeys::parse(&text)
            .map(Some)
            .map_err(|error| SetupError::KeyFile {
                path: path.display().to_string(),
                error,
            }),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unusable(&path, error)),
        Err(_) if path.is_symlink() => Err(SetupError::DanglingKeyFile(path.display().to_string())),
        Err(_) => Ok(None),
    }
}

/// The secret keys in the data folder's file.
///
/// # Errors
/// The key comes from a setting, or the file can't be read.
pub fn secret_keys_in_file(config: &Config) -> Result<SecretKeys, SetupError> {
    if config.secret_key.is_some() {
        return Err(SetupError::KeyInSetting);
    }
    let missing = || unusable(&key_file(config), std::io::ErrorKind::NotFound.into());
    known_secret_keys(config)?.ok_or_else(missing)
}

/// Puts a new secret key before those in the data folder's file, and returns the file's path. A
/// server seals with it from its next start on.
///
/// # Errors
/// The key comes from a setting, or the file can't be read or written.
pub fn add_secret_key(config: &Config, random: &Random) -> Result<PathBuf, SetupError> {
    let keys = secret_keys_in_file(config)?.behind(SecretKey::generate(random));
    let path = key_file(config);
    let lines: Vec<String> = keys.each().map(SecretKey::to_hex).collect();
    // All or nothing: a truncated file would lose the key.
    let new = path.with_extension("new");
    let write = || {
        match std::fs::remove_file(&new) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        write_private(&new, &lines.join("\n"))?;
        // The command may run as root; the service's user must still be able to read the file.
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt, chown};
            let before = std::fs::metadata(&path)?;
            chown(&new, Some(before.uid()), Some(before.gid()))?;
        }
        std::fs::rename(&new, &path)?;
        keep_name(&path)
    };
    write().map_err(|error| unusable(&path, error))?;
    Ok(path)
}

/// The file with the secret keys that the first start made, if there is one.
pub fn secret_key_file(config: &Config) -> Option<PathBuf> {
    Some(key_file(config)).filter(|path| path.exists())
}

pub(super) fn key_file(config: &Config) -> PathBuf {
    config.data_dir.join("secret_key")
}

/// The error if a store is set up but no secret key is known.
pub(super) fn key_lost(config: &Config) -> SetupError {
    SetupError::KeyLost(key_file(config).display().to_string())
}

pub(super) fn unusable(path: &Path, error: std::io::Error) -> SetupError {
    // A relative path means nothing without the folder that the program was started in.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    SetupError::File {
        path: path.display().to_string(),
        error,
    }
}

pub(super) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use crate::settings::installation::Sources;

    fn config(folder: &Path) -> Config {
        let data_dir = ("data_dir".to_owned(), folder.display().to_string());
        let sources = Sources {
            flags: [data_dir].into(),
            ..Sources::default()
        };
        Config::load(&sources).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    #[test]
    fn a_key_that_is_half_written_is_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        // As a crash between writing and renaming leaves it.
        let half = folder.path().join("secret_key.new-0");
        std::fs::write(&half, "0123").unwrap();
        assert!(known_secret_keys(&config).unwrap().is_none());
        let made = make_secret_key(&config, &Random::default()).unwrap();
        let known = known_secret_keys(&config).unwrap().unwrap();
        assert_eq!(known.current().to_hex(), made.current().to_hex());
        assert_eq!(names(folder.path()).len(), 2, "its own new file is gone");
    }

    #[test]
    fn a_file_that_cannot_be_named_leaves_the_name_to_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let path = key_file(&config);
        // The slower of two processes finds the other's key.
        let made = make_secret_key(&config, &Random::default()).unwrap();
        let slower = make_secret_key(&config, &Random::default()).unwrap();
        assert_eq!(slower.current().to_hex(), made.current().to_hex());
        assert_eq!(names(folder.path()), ["secret_key"]);
        // The new file disappears before it gets its name.
        std::fs::remove_file(&path).unwrap();
        assert!(place(&folder.path().join("gone"), &path).is_err());
        assert_eq!(names(folder.path()), [""; 0]);
    }

    #[test]
    fn a_rotation_that_fails_leaves_the_old_key() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let made = make_secret_key(&config, &Random::default()).unwrap();
        // A folder can neither be removed like a file nor written.
        let new = folder.path().join("secret_key.new");
        std::fs::create_dir(&new).unwrap();
        assert!(add_secret_key(&config, &Random::default()).is_err());
        let known = known_secret_keys(&config).unwrap().unwrap();
        assert_eq!(known.current().to_hex(), made.current().to_hex());
        std::fs::remove_dir(&new).unwrap();
        add_secret_key(&config, &Random::default()).unwrap();
        assert_eq!(
            known_secret_keys(&config).unwrap().unwrap().each().count(),
            2
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nothing_is_no_first_start() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let target = folder.path().join("elsewhere");
        std::os::unix::fs::symlink(&target, key_file(&config)).unwrap();
        let error = known_secret_keys(&config).unwrap_err();
        assert!(matches!(error, SetupError::DanglingKeyFile(_)), "{error}");
        std::fs::write(&target, SecretKey::generate(&Random::default()).to_hex()).unwrap();
        assert!(known_secret_keys(&config).unwrap().is_some());
    }
}
