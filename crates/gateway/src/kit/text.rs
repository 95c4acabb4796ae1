//! Shortens and mends other people's texts.

/// How many characters of someone else's text are logged.
const LOGGED: usize = 255;

/// The beginning of a text, at most this many bytes.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or("")
}

/// A message of the system without the error number, which only means something to programs.
pub fn without_code(message: &str) -> String {
    let (mut text, mut rest) = (String::new(), message);
    while let Some((before, after)) = rest.split_once(" (os error ")
        && let Some((_, after)) = after.split_once(')')
    {
        text.push_str(before);
        rest = after;
    }
    text + rest
}

/// A text that begins with a capital letter, as a sentence does.
pub(crate) fn as_sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// Whether a text is a valid LTI id: 1 to 255 printable ASCII characters.
pub(crate) fn is_printable_id(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

/// As much of a stranger's or a platform's text as we log: 255 characters.
pub(crate) fn for_log(text: &str) -> &str {
    let end = text.char_indices().nth(LOGGED).map(|(at, _)| at);
    cut(text, end.unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_numbers_are_left_out() {
        for (message, told) in [
            ("Connection refused (os error 111)", "Connection refused"),
            ("a (os error 2): b (os error 13).", "a: b."),
            ("a (os error 2", "a (os error 2"),
            ("plain", "plain"),
        ] {
            assert_eq!(without_code(message), told);
        }
    }

    #[test]
    fn a_sentence_begins_with_a_capital_letter() {
        for (text, sentence) in [
            ("", ""),
            ("the url", "The url"),
            ("É", "É"),
            ("über", "Über"),
        ] {
            assert_eq!(as_sentence(text), sentence);
        }
    }

    #[test]
    fn an_id_is_short_and_printable() {
        for id in ["1", "a b", &"x".repeat(255)] {
            assert!(is_printable_id(id), "{id}");
        }
        for none in ["", "é", "a\u{7f}", "a\n", &"x".repeat(256)] {
            assert!(!is_printable_id(none), "{none}");
        }
    }

    #[test]
    fn the_log_takes_255_characters_of_a_text() {
        assert_eq!(for_log(""), "");
        assert_eq!(for_log(&"é".repeat(255)), "é".repeat(255));
        assert_eq!(for_log(&"é".repeat(7000)), "é".repeat(255));
        assert_eq!(cut("aé", 2), "a");
    }
}
