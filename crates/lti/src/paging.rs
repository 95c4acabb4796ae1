//! The `Link` header that platforms use to page through long lists (RFC 8288, F-22, F-23).
//!
//! ```
//! use lti::paging::Links;
//! use url::Url;
//!
//! let asked = Url::parse("https://lms.example/2/lineitems?type_id=1&limit=1")?;
//! // Moodle escapes the address for HTML and quotes with typographic marks, so the header isn't ASCII.
//! let header = "<https://lms.example/2/lineitems?type_id=1&amp;limit=1&amp;from=1>; rel=“next”";
//! let links = Links::parse(&asked, [header.as_bytes()]);
//! assert_eq!(links.next.unwrap().query(), Some("type_id=1&limit=1&from=1"));
//! # Ok::<(), url::ParseError>(())
//! ```

use url::Url;

/// Links to the other pages of a list. Request `next` exactly as given, without adding the filters
/// again (F-22).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Links {
    /// The next page. Never this page itself, which would cause an endless loop.
    pub next: Option<Url>,
    /// The previous page.
    pub prev: Option<Url>,
    /// The first page.
    pub first: Option<Url>,
    /// The last page.
    pub last: Option<Url>,
    /// There is a next page, but its address is unusable: the list continues beyond what can be
    /// read.
    pub is_cut_off: bool,
    /// Changes since this list (Names and Role Provisioning Services 2.0 §2.4.2), on the last page
    /// of a roster.
    pub differences: Option<Url>,
}

impl Links {
    /// Reads every `Link` header of the answer to a request for `asked`. Accepts several links in
    /// one or several headers, parameters in any order, `rel` with or without quotes, several
    /// relations per link, and relative addresses. Skips what it can't read.
    #[must_use]
    pub fn parse<'a>(asked: &Url, headers: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut links = Self::default();
        for header in headers {
            let text = String::from_utf8_lossy(header);
            for (target, parameters) in split(&text) {
                let Ok(target) = asked.join(&target.trim().replace("&amp;", "&")) else {
                    links.is_cut_off |=
                        relations(parameters).any(|one| one.eq_ignore_ascii_case("next"));
                    continue;
                };
                for relation in relations(parameters) {
                    links.add(relation, &target);
                }
            }
        }
        links.next = links.next.filter(|next| next != asked);
        links
    }

    fn add(&mut self, relation: &str, target: &Url) {
        let place = match relation.to_ascii_lowercase().as_str() {
            "next" => &mut self.next,
            "prev" | "previous" => &mut self.prev,
            "first" => &mut self.first,
            "last" => &mut self.last,
            "differences" => &mut self.differences,
            _ => return,
        };
        // If there are two, the first one counts, as everywhere in HTTP's lists of alternatives.
        place.get_or_insert_with(|| target.clone());
    }
}

/// Each target with its parameters as text. A `<` inside double quotes does not begin a target.
fn split(header: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = header;
    while let Some((_, from)) = rest.split_once('<') {
        let Some((target, after)) = from.split_once('>') else {
            break;
        };
        let mut quoted = false;
        let end = after.find(|c: char| {
            quoted ^= c == '"';
            c == '<' && !quoted
        });
        let (parameters, following) = after.split_at(end.unwrap_or(after.len()));
        found.push((target, parameters));
        rest = following;
    }
    found
}

/// The values of `rel`.
fn relations(parameters: &str) -> impl Iterator<Item = &str> {
    let values = parameters.split(';').filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("rel").then_some(value)
    });
    let is_mark = |c: char| c.is_whitespace() || ['"', '\'', ',', '“', '”', '„'].contains(&c);
    values.flat_map(move |value| value.split(is_mark).filter(|one| !one.is_empty()))
}

/// Appends those parameters that have a value to the URL's own.
pub(crate) fn with_parameters<'a>(
    url: &Url,
    parameters: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
) -> Url {
    let mut url = url.clone();
    let given = parameters.into_iter();
    let given: Vec<_> = given
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    if !given.is_empty() {
        url.query_pairs_mut().extend_pairs(given);
    }
    url
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use test_case::cases;

    use super::*;

    const ASKED: &str = "https://p1.test/li?limit=2";

    fn next(headers: &[&str]) -> Option<String> {
        let headers = headers.iter().map(|header| header.as_bytes());
        let links = Links::parse(&Url::parse(ASKED).unwrap(), headers);
        links.next.map(|url| url.to_string())
    }

    #[test]
    fn a_next_page_that_is_no_address_is_told() {
        let read = |header: &str| Links::parse(&Url::parse(ASKED).unwrap(), [header.as_bytes()]);
        let cut_off = read("<https://[>; rel=\"next\"");
        assert!(cut_off.next.is_none() && cut_off.is_cut_off);
        assert!(!read("<https://[>; rel=\"last\"").is_cut_off);
        assert!(!read("").is_cut_off);
    }

    #[cases("TC-302", "TC-303", "F-23")]
    #[test]
    fn the_next_page_is_found_however_it_is_written() {
        let page = "https://p1.test/li?limit=2&from=2";
        for header in [
            format!("<{page}>; rel=\"next\""),
            format!("<{page}>;rel=next"),
            format!("<{page}>; REL='Next'"),
            format!("<{page}>; rel=“next”"),
            format!("<{}>; rel=“next”", page.replace('&', "&amp;")),
            format!("<{page}>; title=\"a, <b>; c\"; rel=\"last next\""),
            format!("<https://p1.test/li>; rel=\"first\", <{page}>; rel=\"next\""),
            format!("<https://p1.test/li>; rel=first,<{page}>; type=x; rel=next"),
            "</li?limit=2&from=2>; rel=next".to_owned(),
            "<?limit=2&from=2>; rel=next".to_owned(),
        ] {
            assert_eq!(next(&[&header]).as_deref(), Some(page), "{header}");
        }
        let two = [
            "<https://p1.test/li>; rel=first",
            "<?limit=2&from=2>; rel=next",
        ];
        assert_eq!(next(&two).as_deref(), Some(page));
    }

    #[cases("TC-304", "F-22")]
    #[test]
    fn a_page_that_names_itself_is_the_last() {
        assert_eq!(next(&[&format!("<{ASKED}>; rel=next")]), None);
    }

    #[test]
    fn what_is_no_link_is_none() {
        for header in [
            "",
            "next",
            "<",
            "<https://p1.test/2",
            "<https://p1.test/2>",
            "<https://p1.test/2>; rel",
            "<https://p1.test/2>; rel=nextpage",
            "<https://[/>; rel=next",
        ] {
            assert_eq!(next(&[header]), None, "{header}");
        }
        let links = Links::parse(&Url::parse(ASKED).unwrap(), [&b"\xff<\xfe>; rel=\xff"[..]]);
        assert_eq!(links, Links::default());
    }
}
