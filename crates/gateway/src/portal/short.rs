//! Other people's texts, shortened so that a page stays small (portal.md PO-2).

/// Longest id or name in a list, in characters. LMSs have ids of up to 255, names of up to 2,048.
const LONGEST_ID: usize = 60;
/// How much of the end of a longer one is kept: ids that begin alike differ there.
const END: usize = 20;
/// How many bytes of the page it may take: letters may take two, and quotation marks five.
const ID_BYTES: usize = 120;

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

/// An id or a name in a list: of a long one, the beginning and the end.
pub(crate) fn short_id(id: &str) -> String {
    if id.chars().count() <= LONGEST_ID && bytes_on_page(id) <= ID_BYTES {
        return id.to_owned();
    }
    let (end_bytes, start) = (ID_BYTES / 3, LONGEST_ID - END - 1);
    let start = number_that_fit(id.chars(), start, ID_BYTES - end_bytes);
    let end = number_that_fit(id.chars().rev(), END, end_bytes);
    let behind = id.chars().count().saturating_sub(end);
    let start = id.chars().take(start);
    start.chain(['…']).chain(id.chars().skip(behind)).collect()
}

/// How many of these characters, at most `most`, fit into so many bytes of the page.
fn number_that_fit(all: impl Iterator<Item = char>, most: usize, bytes: usize) -> usize {
    let mut left = bytes;
    let fits = |c: &char| match left.checked_sub(bytes_of(*c)) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    all.take(most).take_while(fits).count()
}

/// How many rows of each sort fit into so many bytes of the page, if they take turns; `rows` are
/// how many bytes each row takes.
pub(crate) fn rows_that_fit<const SORTS: usize>(
    rows: &[Vec<usize>; SORTS],
    bytes: usize,
) -> [usize; SORTS] {
    let (mut shown, mut left) = ([0; SORTS], bytes);
    let longest = rows.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..longest {
        for (sort, number) in rows.iter().zip(&mut shown) {
            let rest = sort.get(at).and_then(|row| left.checked_sub(*row));
            // None follows one that was left out.
            if let Some(rest) = rest.filter(|_| *number == at) {
                left = rest;
                *number += 1;
            }
        }
    }
    shown
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
        let words = "ö".repeat(60);
        assert_eq!(short_id(&words), words);
        // Each takes five bytes.
        let marks = format!("{}{}", "\"".repeat(16), "&".repeat(9));
        let short = format!("{}…{}", "\"".repeat(16), "&".repeat(8));
        assert_eq!(short_id(&marks), short);
    }

    #[test]
    fn rows_of_every_sort_are_shown_as_far_as_they_fit() {
        let few = [vec![2, 2], vec![3], vec![]];
        assert_eq!(rows_that_fit(&few, 7), [2, 1, 0]);
        let many = [vec![1; 9], vec![5, 1, 1], vec![1; 9]];
        assert_eq!(rows_that_fit(&many, 11), [3, 2, 2]);
        // The second sort's first row is too large.
        assert_eq!(rows_that_fit(&many, 5), [3, 0, 2]);
    }
}
