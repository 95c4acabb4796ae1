//! The paths a tool offers: the settings file's take precedence over the stored ones.

use store::StoreError;
use store::learning_paths::PathRow;
use studyreel::placement::{LearningPath, standard_paths};

/// The paths a tool offers, and where they come from.
#[derive(Debug)]
pub struct OfferedPaths {
    /// The paths that place launches, by subject.
    pub in_force: Vec<LearningPath>,
    /// Ids of those that the settings file defines.
    pub from_file: Vec<String>,
    /// Paths of the API that the settings file overrides.
    pub overruled: Vec<LearningPath>,
    /// Whether the standard paths apply because none is defined.
    pub standard: bool,
}

impl OfferedPaths {
    /// Combines the settings file's paths with the stored ones.
    pub fn of(written: &[LearningPath], stored: Vec<LearningPath>) -> Self {
        let (overruled, mut in_force): (Vec<_>, Vec<_>) = stored
            .into_iter()
            .partition(|path| is_overruled(written, path));
        in_force.extend(written.iter().cloned());
        in_force.sort_by(|a, b| (&a.subject, &a.id).cmp(&(&b.subject, &b.id)));
        let standard = in_force.is_empty();
        Self {
            in_force: if standard { standard_paths() } else { in_force },
            from_file: written.iter().map(|path| path.id.clone()).collect(),
            overruled,
            standard,
        }
    }
}

/// Whether the settings file has a path of the same id or for the same subject.
pub(crate) fn is_overruled(written: &[LearningPath], path: &LearningPath) -> bool {
    let clashes = |other: &LearningPath| other.id == path.id || other.subject == path.subject;
    written.iter().any(clashes)
}

/// Reads learning paths from their rows.
///
/// # Errors
/// This version can't read one of them.
pub(crate) fn read_paths(rows: Vec<PathRow>) -> Result<Vec<LearningPath>, StoreError> {
    let read = |row: PathRow| {
        serde_json::from_str(&row.path)
            .map_err(|error| StoreError::Corrupt(format!("the learning path {}: {error}", row.id)))
    };
    rows.into_iter().map(read).collect()
}

/// The row to store for a learning path.
///
/// # Errors
/// It can't be written as JSON.
pub(crate) fn row_of(path: &LearningPath) -> Result<PathRow, StoreError> {
    Ok(PathRow {
        id: path.id.clone(),
        subject: path.subject.clone(),
        path: serde_json::to_string(path)
            .map_err(|error| StoreError::Corrupt(error.to_string()))?,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;
    use serde_json::json;

    fn path(id: &str, subject: &str) -> LearningPath {
        serde_json::from_value(json!({"id": id, "subject": subject, "grades": [1, 2]})).unwrap()
    }

    fn ids(paths: &[LearningPath]) -> Vec<&str> {
        paths.iter().map(|path| path.id.as_str()).collect()
    }

    #[test]
    fn a_tool_without_paths_offers_the_standard_ones() {
        let offered = OfferedPaths::of(&[], Vec::new());
        assert!(offered.standard && offered.from_file.is_empty() && offered.overruled.is_empty());
        assert_eq!(offered.in_force, standard_paths());
    }

    #[test]
    fn stored_paths_replace_the_standard_ones_by_subject() {
        let offered = OfferedPaths::of(&[], vec![path("z", "math"), path("a", "reading")]);
        assert!(!offered.standard);
        assert_eq!(ids(&offered.in_force), ["z", "a"]);
    }

    #[test]
    fn the_settings_file_overrules_a_path_of_its_id_or_subject() {
        let written = [path("m", "math"), path("art", "art")];
        let stored = vec![
            path("math-2", "math"),
            path("art", "music"),
            path("r", "reading"),
        ];
        let offered = OfferedPaths::of(&written, stored);
        assert_eq!(ids(&offered.in_force), ["art", "m", "r"]);
        assert_eq!(ids(&offered.overruled), ["math-2", "art"]);
        assert_eq!(offered.from_file, ["m", "art"]);
    }

    #[test]
    fn a_stored_path_is_read_as_it_was_written() {
        let written = path("m", "math");
        assert_eq!(
            read_paths(vec![row_of(&written).unwrap()]).unwrap(),
            [written]
        );
        let unreadable = PathRow {
            id: "m".into(),
            subject: "math".into(),
            path: "{}".into(),
        };
        let error = read_paths(vec![unreadable]).unwrap_err();
        assert!(error.to_string().contains("learning path m"), "{error}");
    }
}
