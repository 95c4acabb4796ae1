//! Parses just enough HTML to find forms: start tags, attributes in any order and quoting,
//! character references.

/// A start tag with its attributes, names in lower case, values decoded.
#[derive(Debug, PartialEq)]
pub(crate) struct Tag<'a> {
    pub(crate) name: String,
    pub(crate) closing: bool,
    attributes: Vec<(String, String)>,
    /// What follows the tag in the document.
    pub(crate) rest: &'a str,
}

impl Tag<'_> {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Every tag of the document, in order. Skips comments and the contents of `<script>` and
/// `<style>`.
pub(crate) fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find('<')?..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                rest = &comment[comment.find("-->").map_or(comment.len(), |end| end + 3)..];
                continue;
            }
            let Some(tag) = tag(rest) else {
                rest = &rest[1..];
                continue;
            };
            rest = tag.rest;
            if !tag.closing && matches!(tag.name.as_str(), "script" | "style") {
                rest = after_raw_text(rest, &tag.name);
            }
            return Some(tag);
        }
    })
}

/// The text of every `<script>` in the document.
pub(crate) fn scripts(html: &str) -> String {
    tags(html)
        .filter(|tag| !tag.closing && tag.name == "script")
        .map(|tag| &tag.rest[..tag.rest.len() - after_raw_text(tag.rest, "script").len()])
        .collect()
}

/// The text a person sees: no tags, scripts or styles; whitespace becomes single spaces.
pub(crate) fn visible_text(html: &str) -> String {
    let start = html.find('<').unwrap_or(html.len());
    let mut text = html[..start].to_owned();
    for tag in tags(html) {
        let rest = match tag.name.as_str() {
            name @ ("script" | "style") if !tag.closing => after_raw_text(tag.rest, name),
            _ => tag.rest,
        };
        text.push(' ');
        text.push_str(&rest[..rest.find('<').unwrap_or(rest.len())]);
    }
    let words: Vec<String> = text.split_whitespace().map(unescape).collect();
    words.join(" ")
}

/// The same with its layout: line by line, preformatted text unchanged, and only the summary of
/// collapsed details.
pub(crate) fn readable_text(html: &str) -> String {
    const BLOCKS: [&str; 24] = [
        "p", "div", "br", "hr", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "table",
        "tr", "pre", "form", "header", "main", "footer", "nav", "section", "details", "summary",
    ];
    let body = &html[html.find("<body").unwrap_or_default()..];
    let (mut text, mut preformatted, mut folded) = (String::new(), false, false);
    for tag in tags(body) {
        let name = tag.name.as_str();
        match name {
            "pre" => preformatted = !tag.closing,
            "details" => folded = !tag.closing,
            "summary" => folded = tag.closing,
            _ => {}
        }
        if folded || matches!(name, "script" | "style") && !tag.closing {
            continue;
        }
        if BLOCKS.contains(&name) {
            text.push('\n');
        } else if !text.ends_with([' ', '\n']) {
            text.push(' ');
        }
        let content = unescape(&tag.rest[..tag.rest.find('<').unwrap_or(tag.rest.len())]);
        if preformatted {
            text.push_str(&content);
        } else {
            let words: Vec<&str> = content.split_whitespace().collect();
            text.push_str(&words.join(" "));
        }
    }
    let lines = text.lines().map(str::trim_end);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

fn after_raw_text<'a>(text: &'a str, name: &str) -> &'a str {
    let end = text
        .to_ascii_lowercase()
        .find(&format!("</{name}"))
        .unwrap_or(text.len());
    &text[end..]
}

fn tag(html: &str) -> Option<Tag<'_>> {
    let mut rest = html.strip_prefix('<')?;
    let closing = rest.starts_with('/');
    rest = rest.strip_prefix('/').unwrap_or(rest);
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .unwrap_or(rest.len());
    if end == 0 {
        return None;
    }
    let name = rest[..end].to_ascii_lowercase();
    rest = &rest[end..];
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some(Tag {
                name,
                closing,
                attributes,
                rest: after,
            });
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'))?;
        let key = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            attributes.push((key, String::new()));
            continue;
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split_once(quote)?,
            _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace() || c == '>')?),
        };
        attributes.push((key, unescape(value)));
        rest = after;
    }
}

/// Replaces numeric character references, and the named ones that templates produce.
pub(crate) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let reference = rest[1..]
            .find(';')
            .and_then(|end| Some((character(&rest[1..=end])?, end + 2)));
        let (character, length) = reference.unwrap_or(('&', 1));
        out.push(character);
        rest = &rest[length..];
    }
    out + rest
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "NewLine" => '\n',
        "Tab" => '\t',
        "colon" => ':',
        "sol" => '/',
        "equals" => '=',
        "plus" => '+',
        "lbrace" | "lcub" => '{',
        "rbrace" | "rcub" => '}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_come_in_any_order_and_quoting() {
        let html =
            r#"<!-- <input name=no> --><INPUT value='a&quot;b' type=hidden NAME="x" disabled/>"#;
        let found: Vec<Tag<'_>> = tags(html).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "input");
        assert_eq!(found[0].attribute("name"), Some("x"));
        assert_eq!(found[0].attribute("value"), Some("a\"b"));
        assert_eq!(found[0].attribute("type"), Some("hidden"));
        assert_eq!(found[0].attribute("disabled"), Some(""));
    }

    #[test]
    fn a_page_reads_line_by_line() {
        let html = "<html><head><title>T</title></head><body><h1>Hello,  <em>Ada</em></h1><script>x</script><table><tr>\
            <th>math</th><td>5 &lt; 6</td></tr></table><pre>{\n  1\n}</pre><details><summary>More</summary>secret</details>end";
        assert_eq!(
            readable_text(html),
            "Hello, Ada\nmath 5 < 6\n{\n  1\n}\nMore\nend"
        );
    }

    #[test]
    fn character_references_are_decoded_once() {
        assert_eq!(
            unescape("&amp;lt; &#x22;&#34;&#39; a&b &unknown; &"),
            "&lt; \"\"' a&b &unknown; &"
        );
    }

    #[test]
    fn markup_inside_scripts_is_not_markup() {
        let html = "<script>if (a < b) document.write('<form>');</script><p>";
        assert_eq!(
            tags(html).map(|tag| tag.name).collect::<Vec<_>>(),
            ["script", "script", "p"]
        );
        assert!(scripts(html).contains("document.write"));
    }
}
