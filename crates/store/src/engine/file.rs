//! The path of an embedded database.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::sqlite::SqliteConnectOptions;

use super::error::StoreError;

/// The file of a `sqlite:` URL; `None` for other databases and for one in memory.
///
/// # Errors
/// The URL is not valid.
pub fn sqlite_file(url: &str) -> Result<Option<PathBuf>, StoreError> {
    if !url.starts_with("sqlite:") {
        return Ok(None);
    }
    let options = SqliteConnectOptions::from_str(url)?;
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    Ok((!in_memory).then(|| options.get_filename().to_owned()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn only_a_file_of_sqlite_has_a_path() {
        let file = |url| sqlite_file(url).ok().flatten();
        assert_eq!(
            file("sqlite:data/a.db").as_deref(),
            Some(Path::new("data/a.db"))
        );
        assert_eq!(
            file("sqlite:///data/a.db?mode=rw").as_deref(),
            Some(Path::new("/data/a.db"))
        );
        for none in ["sqlite::memory:", "sqlite:a?mode=memory", "postgres://a/b"] {
            assert!(matches!(sqlite_file(none), Ok(None)), "{none}");
        }
        assert!(sqlite_file("sqlite:a.db?mode=sideways").is_err());
    }
}
