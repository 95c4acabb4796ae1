//! StudyReel's answer. It is not documented, so every member is looked for wherever it may be.

use serde_json::Value;

use lti::json::mended_value;

/// How many characters of StudyReel's words are passed on.
const WORDS: usize = 300;

/// A text in the answer, under any of these names.
pub(super) fn text(body: &[u8], names: &[&str]) -> Option<String> {
    let told = mended_value(body).unwrap_or(Value::Null);
    let found = names.iter().find_map(|name| {
        [&told, &told["data"], &told["tool"]]
            .into_iter()
            .find_map(|object| object[*name].as_str())
    });
    found.map(|text| text.chars().take(255).collect())
}

/// What StudyReel says went wrong, made safe for a terminal.
pub(super) fn words(body: &[u8]) -> String {
    let told = mended_value(body).unwrap_or(Value::Null);
    let said = ["message", "error", "detail"]
        .iter()
        .find_map(|name| told[*name].as_str());
    let whole = String::from_utf8_lossy(body);
    let said: String = said
        .unwrap_or(&whole)
        .chars()
        .map(|char| if char.is_control() { ' ' } else { char })
        .take(WORDS)
        .collect();
    match said.trim() {
        "" => String::new(),
        said => format!(": {said}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_sides_words_are_short_and_harmless() {
        assert_eq!(
            words(br#"{"message": "logoUrl is missing"}"#),
            ": logoUrl is missing"
        );
        assert_eq!(words(br#"{"error": "no \ud83d"}"#), ": no \u{fffd}");
        assert_eq!(words(b"\x1b[2Jgone\n"), ": [2Jgone");
        assert_eq!(words(b""), "");
        assert_eq!(
            words("é".repeat(1000).as_bytes()).chars().count(),
            WORDS + 2
        );
    }
}
