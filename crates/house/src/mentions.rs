//! What a text refers to: documents, their sections and items, rules and cases. Each reference
//! comes with its place, in bytes.

use crate::contract::{LETTERS, PARTS};

/// The documents `….md` that a text names, each with its place.
pub fn documents_named(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    text.match_indices(".md").filter_map(move |(at, ending)| {
        let end = at + ending.len();
        let start = text[..at].rfind(|c| !is_path(c)).map_or(0, |i| {
            i + text[i..].chars().next().map_or(1, char::len_utf8)
        });
        let path = &text[start..end];
        let whole = !text[end..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        // Of addresses only what comes after the scheme is left here; patterns name no document.
        let named = !path.starts_with("//") && !path.contains("NNNN") && !path.starts_with(".md");
        let pattern = text[..start].ends_with(['*', '>', '}', '…']);
        (whole && named && !pattern).then_some((start, path))
    })
}

/// A section that a text names.
#[derive(Debug)]
pub struct Section<'a> {
    /// Where it is named.
    pub at: usize,
    /// The document it is in: named with it, or the one named last before it.
    pub document: Option<&'a str>,
    /// Its number: `5.3`, `B.2`.
    pub number: &'a str,
    /// The items named with it.
    pub items: Vec<u32>,
}

/// The sections that a text names: `studyreel.md §5, item 8`, `lti.md B.2`, a bare `§9.3`,
/// `section 7`.
pub fn sections_named(text: &str) -> Vec<Section<'_>> {
    let documents: Vec<_> = documents_named(text)
        .map(|(at, path)| (at, at + path.len(), path.rsplit('/').next().unwrap_or(path)))
        .collect();
    let mut places: Vec<usize> = text
        .match_indices('§')
        .map(|(at, s)| at + s.len())
        .collect();
    places.extend(
        text.match_indices("section ")
            .map(|(at, word)| at + word.len()),
    );
    let lettered = documents
        .iter()
        .filter(|(.., name)| *name == "lti.md")
        .map(|(_, end, _)| end + 1);
    places.extend(lettered.filter(|at| text.get(*at..*at + 2).is_some_and(is_lettered)));
    places.sort_unstable();
    let mut found = Vec::new();
    for at in places {
        let start = at + text[at..].len() - text[at..].trim_start_matches(' ').len();
        let number =
            word_at(text, start, |c| c.is_ascii_alphanumeric() || c == '.').trim_end_matches('.');
        if number.is_empty() || !is_number_of_section(number) || is_anothers(&text[..at]) {
            continue;
        }
        let before = documents.iter().rev().find(|(begin, ..)| *begin < at);
        let document = before.map(|(.., name)| *name);
        found.push(Section {
            at,
            document,
            number,
            items: items_after(&text[start + number.len()..]),
        });
    }
    found
}

/// `B.` or `D,`: a part of lti.md.
fn is_lettered(text: &str) -> bool {
    let mut chars = text.chars();
    matches!(chars.next(), Some('A'..='L'))
        && !chars
            .next()
            .is_some_and(|c| c.is_alphanumeric() || c == '-')
}

fn is_number_of_section(number: &str) -> bool {
    let first = number.split('.').next().unwrap_or_default();
    first.bytes().all(|b| b.is_ascii_digit())
        || first.len() == 1 && first.as_bytes()[0].is_ascii_uppercase()
}

/// Whether a section sign belongs to an RFC or to a specification in brackets: `RFC 9110 §12`,
/// `[SF §7.2]`.
fn is_anothers(before: &str) -> bool {
    let tail: String = before
        .chars()
        .rev()
        .take(14)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let tail = tail.rsplit('\n').next().unwrap_or_default();
    tail.contains("RFC")
        || tail.contains("Framework")
        || tail.rsplit(']').next().is_some_and(|s| s.contains('['))
}

/// The items named after a section: `, item 8`, `, items 2 and 3`, `, line 7`, `, question 8`.
fn items_after(text: &str) -> Vec<u32> {
    let text = text.trim_start_matches(',').trim_start();
    for word in ["items ", "item ", "line ", "question "] {
        if let Some(rest) = text.strip_prefix(word) {
            let mut numbers = vec![word_at(rest, 0, |c| c.is_ascii_digit())];
            let after = &rest[numbers[0].len()..];
            numbers.extend(
                after
                    .strip_prefix(" and ")
                    .map(|r| word_at(r, 0, |c| c.is_ascii_digit())),
            );
            return numbers.iter().filter_map(|n| n.parse().ok()).collect();
        }
    }
    Vec::new()
}

/// The ids of rules and cases that a text names, each with its place.
pub fn ids_named(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let part_of_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices('-').filter_map(move |(dash, _)| {
        let letters = &text[text[..dash]
            .rfind(|c: char| !c.is_ascii_uppercase())
            .map_or(0, |i| {
                i + text[i..].chars().next().map_or(1, char::len_utf8)
            })..dash];
        let start = dash - letters.len();
        let digits = word_at(text, dash + 1, |c| c.is_ascii_digit());
        let end = dash + 1 + digits.len();
        let alone =
            !text[..start].ends_with(part_of_word) && !text[end..].starts_with(part_of_word);
        let rule = letters.len() == 1 && PARTS.contains(&letters) && digits.len() == 2;
        let other = LETTERS.contains(&letters) && !digits.is_empty();
        (alone && (rule || other)).then_some((start, &text[start..end]))
    })
}

/// The numbers that follow `word` as a whole word, each with its place.
pub fn numbers_after<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (usize, u32)> {
    text.match_indices(word).filter_map(move |(at, _)| {
        let whole = !text[..at].ends_with(char::is_alphanumeric);
        let number = word_at(text, at + word.len(), |c| c.is_ascii_digit())
            .parse()
            .ok()?;
        whole.then_some((at, number))
    })
}

/// The longest run of characters from `at` on that `belongs` takes.
fn word_at(text: &str, at: usize, belongs: impl Fn(char) -> bool) -> &str {
    let rest = &text[at..];
    &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())]
}

#[cfg(test)]
mod tests {
    use super::{ids_named, sections_named};

    #[test]
    fn ids_are_found_in_prose_and_lists() {
        let found: Vec<_> = ids_named("(B-27, TC-113), CB-3…CB-12; not UTF-8, X-27, A-1b, a-B-27")
            .map(|(_, id)| id)
            .collect();
        assert_eq!(found, ["B-27", "TC-113", "CB-3", "CB-12"]);
    }

    #[test]
    fn sections_belong_to_the_document_named_last() {
        let found =
            sections_named("studyreel.md §5, item 8; §9.3. lti.md B.2, D, and RFC 9110 §12.4");
        let found: Vec<_> = found
            .iter()
            .map(|s| (s.document.unwrap_or(""), s.number, s.items.clone()))
            .collect();
        let expected = [
            ("studyreel.md", "5", vec![8]),
            ("studyreel.md", "9.3", vec![]),
            ("lti.md", "B.2", vec![]),
        ];
        assert_eq!(found, expected);
    }
}
