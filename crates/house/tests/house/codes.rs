//! A code of the API's refusals is written in one place, the row that has it (decision 0380). The
//! rows of launches and registrations, which have advice, are compared in the gateway.

use std::collections::BTreeMap;

use house::{File, files};

/// What a row begins with. Nothing else makes a refusal of a code: the compiler sees to that.
const ROW: &str = "ApiRule::new(";

/// The codes that a source writes, each with its line. Tests may repeat them.
fn codes(file: &File) -> Vec<(&str, usize)> {
    let end = file.text.find("#[cfg(test)]").unwrap_or(file.text.len());
    let text = &file.text[..end];
    let code = |at: usize| {
        let literal = text[at + ROW.len()..].trim_start().strip_prefix('"')?;
        literal.split('"').next().filter(|code| is_code(code))
    };
    text.match_indices(ROW)
        .filter_map(|(at, _)| Some((code(at)?, file.line_of(at))))
        .collect()
}

fn is_code(text: &str) -> bool {
    let mut letters = text.chars();
    text.contains('_') && letters.all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Codes that are written more than once, with their places.
fn repeated<'a>(files: impl Iterator<Item = &'a File>) -> Vec<String> {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for file in files {
        for (code, line) in codes(file) {
            let place = format!("{}:{line}", file.path);
            places.entry(code).or_default().push(place);
        }
    }
    let repeated = places.into_iter().filter(|(_, places)| places.len() > 1);
    repeated
        .map(|(code, places)| format!("{code}: {}", places.join(", ")))
        .collect()
}

#[test]
fn a_code_of_the_api_is_written_in_one_place() {
    let files = files();
    let sources = || {
        files.iter().filter(|file| {
            let is_test = file.path.contains("/tests/") || file.path.ends_with("/tests.rs");
            file.path.starts_with("crates/gateway/src/") && file.is(&[".rs"]) && !is_test
        })
    };
    let number = sources().map(|file| codes(file).len()).sum::<usize>();
    assert!(number > 60, "only {number} codes were found");
    let wrong = repeated(sources());
    assert!(
        wrong.is_empty(),
        "one row of each is enough:\n  {}",
        wrong.join("\n  ")
    );
}

#[test]
fn a_planted_code_is_found() {
    let planted = |name: &str, text: &str| File {
        path: format!("crates/gateway/src/{name}.rs"),
        text: text.to_owned(),
    };
    let row = planted("row", "const A: ApiRule = ApiRule::new(\n    \"TOO_OLD\",");
    let again = planted(
        "again",
        "let rule = ApiRule::new(\"TOO_OLD\", status, says);",
    );
    assert_eq!(repeated([&row, &again].into_iter()).len(), 1);
    for other in [
        "const A: ApiRule = ApiRule::new(\n    \"TOO_NEW\",",
        "assert_eq!(problem.code, \"TOO_OLD\")",
        "#[cfg(test)]\nmod tests { ApiRule::new(\"TOO_OLD\", status, says) }",
    ] {
        let other = planted("other", other);
        assert_eq!(
            repeated([&row, &other].into_iter()),
            [""; 0],
            "{}",
            other.text
        );
    }
}
