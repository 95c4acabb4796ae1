//! A code of the API's refusals is written in one place: beside the one handler that gives it, or in a row that several
//! share (decision 0364). The rows of launches and registrations, which have advice, are compared in the gateway.

use std::collections::BTreeMap;

use house::{File, files};

/// Calls whose code is written out; some have the status before it.
const CALLS: [&str; 7] = [
    "Problem::new(",
    "Problem::bad_request(",
    "Problem::not_found(",
    "Self::new(StatusCode::",
    "Self::bad_request(",
    "Self::not_found(",
    "ApiRule::new(",
];

/// The codes that a source writes, each with its line. Tests may repeat them.
fn codes(file: &File) -> Vec<(&str, usize)> {
    let end = file.text.find("#[cfg(test)]").unwrap_or(file.text.len());
    let text = &file.text[..end];
    let mut found = Vec::new();
    for call in CALLS {
        for (at, _) in text.match_indices(call) {
            if is_in_a_longer_name(text, at) {
                continue;
            }
            let arguments = &text[at + call.len()..];
            let arguments = match (call.ends_with("StatusCode::"), arguments.trim_start()) {
                (true, rest) => after_comma(rest),
                (false, rest) if rest.starts_with("StatusCode::") => after_comma(rest),
                (false, rest) => rest,
            };
            let literal = arguments
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next());
            found.extend(
                literal
                    .filter(|text| is_code(text))
                    .map(|code| (code, file.line_of(at))),
            );
        }
    }
    found
}

/// Whether a call's name is the end of another name, such as `PlatformProblem::new(`.
fn is_in_a_longer_name(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    before.is_some_and(|before| before.is_alphanumeric() || before == '_')
}

fn after_comma(arguments: &str) -> &str {
    arguments
        .split_once(',')
        .map_or("", |(_, rest)| rest.trim_start())
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
        "make a row (ApiRule) of each, or call the one that gives it:\n  {}",
        wrong.join("\n  ")
    );
}

#[test]
fn a_planted_code_is_found_in_every_form() {
    let planted = |name: &str, text: &str| File {
        path: format!("crates/gateway/src/{name}.rs"),
        text: text.to_owned(),
    };
    let row = planted("row", "const A: ApiRule = ApiRule::new(\n    \"TOO_OLD\",");
    for again in [
        "Problem::new(\n    StatusCode::GONE,\n    \"TOO_OLD\",",
        "Self::new(StatusCode::GONE, \"TOO_OLD\", says)",
        "Problem::bad_request(\"TOO_OLD\", \"x\")",
        "Self::not_found(\"TOO_OLD\", \"x\")",
    ] {
        let files = [planted("again", again), planted("row", &row.text)];
        assert_eq!(repeated(files.iter()).len(), 1, "{again}");
    }
    for other in [
        "PlatformProblem::new(\"TOO_OLD\")",
        "Problem::new(status, \"TOO_OLD\", x)",
        "#[cfg(test)]\nmod tests { Problem::bad_request(\"TOO_OLD\", x) }",
    ] {
        let files = [planted("again", other), planted("row", &row.text)];
        assert_eq!(repeated(files.iter()), [""; 0], "{other}");
    }
}
