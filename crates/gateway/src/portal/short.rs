//! Other people's texts, shortened so that a page stays small (portal.md PO-2).

/// Longest id in a list, in characters. LMSs have ids of up to 255.
const LONGEST_ID: usize = 60;
/// How much of the end of a longer one is kept: ids that begin alike differ there.
const END: usize = 20;

/// How many bytes a text takes on a page, where templates escape these characters.
pub(crate) fn bytes_on_page(text: &str) -> usize {
    text.chars().map(bytes_of).sum()
}

fn bytes_of(c: char) -> usize {
    match c {
        '"' | '\'' | '&' | '<' | '>' => "&#34;".len(),
        other => other.len_utf8(),
    }
}

/// The beginning of a text that takes at most this many bytes on a page.
pub(crate) fn cut_for_page(text: String, most: usize) -> String {
    let mut bytes = 0;
    for (at, c) in text.char_indices() {
        bytes += bytes_of(c);
        if bytes > most {
            return format!("{}…", text.get(..at).unwrap_or_default());
        }
    }
    text
}

/// An id in a list: of a long one, the beginning and the end.
pub(crate) fn short_id(id: &str) -> String {
    let number = id.chars().count();
    if number <= LONGEST_ID {
        return id.to_owned();
    }
    let start = id.chars().take(LONGEST_ID - END - 1);
    let end = id.chars().skip(number - END);
    start.chain(['…']).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_the_page_has_no_more_room() {
        let cut = |text: &str, most| cut_for_page(text.to_owned(), most);
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "abc…");
        assert_eq!(cut("a\"\"", 11), "a\"\"");
        assert_eq!(cut("a\"\"", 10), "a\"…");
        assert_eq!(cut("äö", 3), "ä…");
        assert_eq!(bytes_on_page("<ä>"), 12);
    }

    #[test]
    fn a_long_id_keeps_both_of_its_ends() {
        assert_eq!(short_id(&"x".repeat(60)), "x".repeat(60));
        let long = format!("{}{}", "a".repeat(200), "b".repeat(55));
        let short = short_id(&long);
        assert_eq!(short, format!("{}…{}", "a".repeat(39), "b".repeat(20)));
        assert_eq!(short.chars().count(), 60);
    }
}
