//! Where an embedded database lies.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::sqlite::SqliteConnectOptions;

/// The file of a `sqlite:` URL; `None` for another database, one in memory, and a URL that can't be read.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    if !url.starts_with("sqlite:") {
        return None;
    }
    let options = SqliteConnectOptions::from_str(url).ok()?;
    let file = options.get_filename();
    (!file.to_string_lossy().starts_with("file:")).then(|| file.to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn only_a_file_of_sqlite_has_a_path() {
        let file = |url| sqlite_file(url);
        assert_eq!(
            file("sqlite:data/a.db").as_deref(),
            Some(Path::new("data/a.db"))
        );
        assert_eq!(
            file("sqlite:///data/a.db?mode=rw").as_deref(),
            Some(Path::new("/data/a.db"))
        );
        for none in [
            "sqlite::memory:",
            "postgres://a/b",
            "sqlite:a.db?mode=sideways",
        ] {
            assert_eq!(file(none), None, "{none}");
        }
    }
}
