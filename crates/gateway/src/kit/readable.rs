//! What others answer, for people to read: one line, without the markup of a page.

/// Parts of a page that are never shown, by how they begin and end.
const UNSEEN: [(&str, &str); 3] = [
    ("!--", "-->"),
    ("script", "</script>"),
    ("style", "</style>"),
];
/// The entities that error pages use. The ampersand comes last, so that it makes no other entity.
const ENTITIES: [(&str, &str); 7] = [
    ("&nbsp;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&amp;", "&"),
];

/// Someone else's text on one line, at most this many characters. Of an HTML page, only what a
/// browser would show.
pub fn readable_line(text: &str, characters: usize) -> String {
    let shown = match is_page(text) {
        true => without_tags(text),
        false => text.to_owned(),
    };
    let words: Vec<&str> = shown.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}

fn is_page(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.contains("<!doctype html") || text.contains("<html")
}

fn without_tags(page: &str) -> String {
    let (mut text, mut rest) = (String::new(), page);
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        let unseen = UNSEEN.iter().find(|(start, _)| starts(tag, start));
        // What was cut off within a tag is none of the page's words.
        rest = match unseen {
            Some((_, end)) => after(tag, end),
            None => tag.split_once('>').map_or("", |(_, after)| after),
        };
    }
    text.push_str(rest);
    let entities = ENTITIES.into_iter();
    entities.fold(text, |text, (entity, means)| text.replace(entity, means))
}

fn starts(text: &str, with: &str) -> bool {
    let start = text.get(..with.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(with))
}

/// The rest of a text behind this end, in letters of either case; nothing if it isn't there.
fn after<'a>(text: &'a str, end: &str) -> &'a str {
    let at = text.to_ascii_lowercase().find(end);
    at.and_then(|at| text.get(at + end.len()..))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_page_only_its_words_are_read() {
        let page = "<!DOCTYPE html>\n<html><head><title>404 Not Found</title>\n\
                    <STYLE>p { color: red }</Style><script>if (a < b) {}</script>\
                    <!-- <b>no --></head>\n<body class='x'><p>No&nbsp;&lt;page&gt; here &amp;lt;\
                    </body></html>";
        assert_eq!(
            readable_line(page, 200),
            "404 Not Found No <page> here &lt;"
        );
        assert_eq!(readable_line("<html><p>cut <a href=\"/fur", 200), "cut");
        assert_eq!(readable_line("<html><style>p {", 200), "");
    }

    #[test]
    fn other_texts_keep_their_words_on_one_short_line() {
        for (text, line) in [
            ("", ""),
            (" a\r\n\tb  c ", "a b c"),
            ("{\"e\":\"<b>\"}", "{\"e\":\"<b>\"}"),
            ("1 < 2 &amp; 3", "1 < 2 &amp;…"),
            ("eleven cha rs", "eleven cha…"),
            ("éééééééééééé", "ééééééééééé…"),
        ] {
            assert_eq!(readable_line(text, 11), line, "{text}");
        }
    }
}
