//! A list of learning paths, written as `[[learning_paths]]` tables in a TOML file or as a JSON
//! list. The first faulty path is reported with its line.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use thiserror::Error;
use toml::Spanned;

use super::LearningPath;

/// The most paths an application may have, because every launch examines all of them.
pub const MOST_PATHS: usize = 50;

/// The line of each learning path in a settings file, and of each of its members.
#[derive(Clone, Debug, Default)]
pub struct PathLines(Vec<(usize, BTreeMap<String, usize>)>);

impl PathLines {
    /// Looks for `[[learning_paths]]` in a settings file. Finds none if the file is not valid TOML.
    pub fn of(text: &str) -> Self {
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            learning_paths: Vec<Spanned<BTreeMap<Spanned<String>, IgnoredAny>>>,
        }
        let line = |span: Range<usize>| {
            let before = text.get(..span.start).unwrap_or_default();
            before.matches('\n').count() + 1
        };
        let Ok(file) = toml::from_str::<File>(text) else {
            return Self::default();
        };
        let lines = file.learning_paths.into_iter().map(|path| {
            let members = path.get_ref().keys();
            let members = members.map(|name| (name.get_ref().clone(), line(name.span())));
            (line(path.span()), members.collect())
        });
        Self(lines.collect())
    }

    /// The line of a path's member, or of the path if it has no such member.
    fn find(&self, path: usize, member: &str) -> Option<usize> {
        let (line, members) = self.0.get(path)?;
        Some(members.get(member).copied().unwrap_or(*line))
    }
}

/// What is wrong with a list of learning paths.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{problem}")]
pub struct ListError {
    /// The line, if the list was read from a file.
    pub line: Option<usize>,
    /// What is wrong, and what to do.
    pub problem: String,
}

/// Reads the list and checks it as a whole. `words` turns the parser's errors into messages,
/// because its own mention Rust types.
///
/// # Errors
/// The first faulty path, by number and id, with the member and what to do.
pub fn read_list(
    list: Value,
    lines: &PathLines,
    words: fn(&serde_json::Error) -> String,
) -> Result<Vec<LearningPath>, ListError> {
    let Value::Array(list) = list else {
        return Err(ListError {
            line: None,
            problem: "must be [[learning_paths]] tables, or a list of objects in JSON".to_owned(),
        });
    };
    if list.len() > MOST_PATHS {
        return Err(ListError {
            line: lines.find(MOST_PATHS, ""),
            problem: format!("must hold at most {MOST_PATHS} learning paths"),
        });
    }
    let mut paths: Vec<LearningPath> = Vec::with_capacity(list.len());
    for (index, written) in list.into_iter().enumerate() {
        let id = written["id"]
            .as_str()
            .map_or_else(String::new, |id| format!(" ({id:?})"));
        let wrong = |member: &str, problem: String| ListError {
            line: lines.find(index, member),
            problem: format!("is wrong: learning path {}{id}: {problem}", index + 1),
        };
        let path: LearningPath = serde_path_to_error::deserialize(written).map_err(|error| {
            let (at, what) = (error.path().to_string(), error.inner().to_string());
            if at == "." {
                wrong(quoted(&what), words(error.inner()))
            } else {
                let member = at.split(['.', '[']).next().unwrap_or_default();
                wrong(member, format!("'{at}': {}", words(error.inner())))
            }
        })?;
        for (other, earlier) in paths.iter().enumerate() {
            let which = match lines.find(other, "") {
                Some(line) => format!("the one in line {line}"),
                None => format!("learning path {}", other + 1),
            };
            if earlier.id == path.id {
                let problem = format!("'id' is that of {which} too; give each its own");
                return Err(wrong("id", problem));
            }
            if earlier.subject == path.subject {
                let problem = format!(
                    "'subject' is {:?}, which {which} is for; there is one path a subject, so put their grades together",
                    path.subject
                );
                return Err(wrong("subject", problem));
            }
        }
        paths.push(path);
    }
    Ok(paths)
}

/// The first member that a message puts in quotes of either kind.
fn quoted(message: &str) -> &str {
    let mut parts = message.split(['\'', '`']);
    parts.nth(1).unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]
mod tests {
    use super::*;

    const GOOD: &str = "log_level = 'warn'\n\n[[learning_paths]]\nid = 'math-1'\nsubject = 'math'\n\
        grades = {from = 'K', to = 8}\ndiagnosticEntry = 'check'\n[learning_paths.entryPoints]\n3 = 'unit-3'\n\
        [learning_paths.weeklyGoal]\nminutes = 60\n\n[[learning_paths]]\nid = 'art'\nsubject = 'art'\ngrades = [1, 2]\n";

    fn read(text: &str) -> Result<Vec<LearningPath>, ListError> {
        let table: toml::Table = text.parse().unwrap();
        let list = serde_json::to_value(&table["learning_paths"]).unwrap();
        read_list(list, &PathLines::of(text), ToString::to_string)
    }

    #[test]
    fn a_good_list_is_taken_in_order() {
        let paths = read(GOOD).unwrap();
        assert_eq!(
            (paths[0].id.as_str(), paths[1].id.as_str()),
            ("math-1", "art")
        );
        assert_eq!(paths[0].entry_points[&3], "unit-3");
        assert_eq!(paths[0].weekly_goal["minutes"], 60);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (from, to, line, words) in [
            (
                "id = 'math-1'",
                "id = 'math 1'",
                4,
                "path 1 (\"math 1\"): 'id' must be",
            ),
            (
                "grades = {from = 'K', to = 8}",
                "grades = {from = 8, to = 'K'}",
                6,
                "at least one grade",
            ),
            (
                "grades = {from = 'K', to = 8}",
                "grades = 'all'",
                6,
                "such as",
            ),
            (
                "grades = {from = 'K', to = 8}",
                "grades = [1, 99]",
                6,
                "take grades",
            ),
            (
                "3 = 'unit-3'",
                "9 = 'unit-9'",
                8,
                "'entryPoints' names grade 9, which 'grades' does not offer",
            ),
            (
                "3 = 'unit-3'",
                "three = 'unit-3'",
                8,
                "'entryPoints' names \"three\"",
            ),
            ("3 = 'unit-3'", "3 = 3", 8, "'entryPoints.3': invalid type"),
            (
                "diagnosticEntry = 'check'",
                "diagnosticEntry = ' '",
                7,
                "'diagnosticEntry' must be",
            ),
            (
                "diagnosticEntry = 'check'",
                "diagnostic = 'check'",
                7,
                "unknown field `diagnostic`",
            ),
            ("subject = 'art'\n", "", 13, "missing field `subject`"),
            (
                "id = 'art'",
                "id = 'math-1'",
                14,
                "that of the one in line 3 too",
            ),
            (
                "subject = 'art'",
                "subject = 'math'",
                15,
                "which the one in line 3 is for",
            ),
        ] {
            let text = GOOD.replacen(from, to, 1);
            assert_ne!(text, GOOD, "{from}");
            let error = read(&text).unwrap_err();
            assert!(error.problem.contains(words), "{words}: {error:?}");
            assert_eq!(error.line, Some(line), "{words}: {error:?}");
        }
    }

    #[test]
    fn without_a_file_there_are_numbers() {
        let list = serde_json::json!([{"id": "a", "subject": "x", "grades": [1]}, {"id": "a", "subject": "y", "grades": [1]}]);
        let error = read_list(list, &PathLines::default(), ToString::to_string).unwrap_err();
        assert_eq!(error.line, None);
        assert!(
            error
                .problem
                .contains("learning path 2 (\"a\"): 'id' is that of learning path 1 too"),
            "{error:?}"
        );
        let many = (0..=MOST_PATHS).map(
            |n| serde_json::json!({"id": n.to_string(), "subject": n.to_string(), "grades": [1]}),
        );
        let error =
            read_list(many.collect(), &PathLines::default(), ToString::to_string).unwrap_err();
        assert!(error.problem.contains("at most 50"));
        assert!(
            read_list(
                serde_json::json!({}),
                &PathLines::default(),
                ToString::to_string
            )
            .unwrap_err()
            .problem
            .contains("[[learning_paths]]")
        );
    }
}
