//! Parses TOML that people write, and explains errors without the parser's list of what else it
//! expected.

/// Parses a document.
///
/// # Errors
/// The line, counted from 1, and what is wrong there.
pub(crate) fn read_toml(text: &str) -> Result<toml::Table, (usize, String)> {
    text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.unwrap_or("").matches('\n').count() + 1;
        (line, in_short(error.message()))
    })
}

fn in_short(message: &str) -> String {
    let message = message.replace('\n', ", ");
    match message.split_once(", expected ") {
        Some((problem, _)) => problem.to_owned(),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_has_its_line_and_no_list_of_what_else_would_do() {
        for text in ["a = 1\nb = 127.0.0.1:80", "a = 1\nb c", "a = 1\nb = \"\n"] {
            let (line, problem) = read_toml(text).err().unwrap_or_default();
            assert_eq!(line, 2, "{text}: {problem}");
            let is_short = !problem.is_empty() && !problem.contains(", expected ");
            assert!(is_short, "{text}: {problem}");
        }
    }
}
