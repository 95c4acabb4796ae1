//! Texts of others, shortened.

/// Characters of somebody else's text that the log takes.
const LOGGED: usize = 255;

/// The beginning of a text, of at most so many bytes.
pub fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or("")
}

/// As much of a stranger's or a platform's text as the log takes: 255 characters.
pub fn for_log(text: &str) -> &str {
    let end = text.char_indices().nth(LOGGED).map(|(at, _)| at);
    cut(text, end.unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_takes_255_characters_of_a_text() {
        assert_eq!(for_log(""), "");
        assert_eq!(for_log(&"é".repeat(255)), "é".repeat(255));
        assert_eq!(for_log(&"é".repeat(7000)), "é".repeat(255));
        assert_eq!(cut("aé", 2), "a");
    }
}
