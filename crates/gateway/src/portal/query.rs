//! Queries in a page's address, and addresses with queries.

use axum::extract::RawQuery;
use url::form_urlencoded::Serializer;

use super::page::next;
use crate::web::form::field;

/// Longest value accepted, in characters.
const LONGEST_VALUE: usize = 200;

/// The query of a page's address.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageQuery(String);

impl PageQuery {
    /// The query from `RawQuery`.
    pub(crate) fn new(query: Option<String>) -> Self {
        Self(query.unwrap_or_default())
    }

    /// A trimmed value; `None` if it is empty, comes twice, or is not something a person would
    /// type.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        typed(&field(self.0.as_bytes(), name)?)
    }

    /// A value that is one of these words; otherwise `None`.
    pub(crate) fn one_of(&self, name: &str, words: &[&'static str]) -> Option<&'static str> {
        let value = self.text(name)?;
        words.iter().copied().find(|word| *word == value)
    }
}

/// A trimmed value; `None` if it is empty, or not something a person would type.
pub(crate) fn typed(value: &str) -> Option<String> {
    let value = value.trim();
    let is_text = value.chars().count() <= LONGEST_VALUE && !value.contains(char::is_control);
    (is_text && !value.is_empty()).then(|| value.to_owned())
}

/// Parameters and their values; those without a value are omitted.
type Parameters<'p> = &'p [(&'p str, Option<&'p str>)];

fn written(parameters: Parameters<'_>) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in parameters {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    query.finish()
}

/// An address with these parameters.
pub(crate) fn address(path: &str, parameters: Parameters<'_>) -> String {
    let query = written(parameters);
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// The query for a list of the API.
pub(crate) fn asking(parameters: Parameters<'_>) -> RawQuery {
    RawQuery(Some(written(parameters)))
}

/// The position in a list of the API that has a cursor, and the addresses of its other pages.
pub(crate) struct ListPosition {
    path: String,
    after: Option<String>,
}

impl ListPosition {
    /// The position given in the address of the page at `path`.
    pub(crate) fn new(path: impl Into<String>, query: Option<String>) -> Self {
        Self {
            path: path.into(),
            after: PageQuery::new(query).text("after"),
        }
    }

    /// The query for this many entries from here on. The API calls the position `cursor` or
    /// `after`.
    pub(crate) fn asking(&self, cursor: &str, limit: &str) -> RawQuery {
        asking(&[("limit", Some(limit)), (cursor, self.after.as_deref())])
    }

    /// The address of the first page, unless this is it.
    pub(crate) fn first(&self) -> Option<String> {
        self.after.as_ref().map(|_| self.path.clone())
    }

    /// The address of the page that begins at this position.
    pub(crate) fn next(&self, position: Option<&str>) -> Option<String> {
        position.map(|position| address(&self.path, &[("after", Some(position))]))
    }
}

/// A page of a list that is completely in memory: how many entries precede it, and how many it has.
#[derive(Clone, Copy)]
pub(crate) struct ListPart {
    skipped: usize,
    most: usize,
}

impl ListPart {
    /// The part given in the address, with this many entries.
    pub(crate) fn new(query: Option<String>, most: usize) -> Self {
        let from = PageQuery::new(query).text("from");
        let skipped = from.and_then(|from| from.parse().ok());
        Self {
            skipped: skipped.unwrap_or(0),
            most,
        }
    }

    /// The first page, with this many entries.
    pub(crate) const fn first_of(most: usize) -> Self {
        Self { skipped: 0, most }
    }

    /// The part with at most this many entries.
    pub(crate) fn at_most(self, most: usize) -> Self {
        let most = self.most.min(most);
        Self { most, ..self }
    }

    /// The entries on the page.
    pub(crate) fn of<T>(self, all: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        all.skip(self.skipped).take(self.most)
    }

    /// The address of the first page of a list at `path`, unless this is it.
    pub(crate) fn first(self, path: &str) -> Option<String> {
        (self.skipped > 0).then(|| path.to_owned())
    }

    /// The address of the next page of a list at `path` that has `number` entries.
    pub(crate) fn next(self, path: &str, number: usize) -> Option<String> {
        let end = self.skipped.saturating_add(self.most);
        let from = (number > end).then(|| end.to_string());
        from.map(|from| address(path, &[("from", Some(from.as_str()))]))
    }

    /// The address of the next page of several lists on one page at `path`: how many entries of
    /// each it shows, and how many each has. It begins with the first entry that any of them left
    /// out: those of the others may come twice, but none is lost.
    pub(crate) fn next_of_several<const LISTS: usize>(
        self,
        path: &str,
        shown: [usize; LISTS],
        numbers: [usize; LISTS],
    ) -> Option<String> {
        let lists = shown.into_iter().zip(numbers);
        let unfinished =
            lists.filter(|(shown, number)| *number > self.skipped.saturating_add(*shown));
        let step = unfinished.map(|(shown, _)| shown).min()?;
        let longest = numbers.into_iter().max()?;
        self.at_most(step.max(1)).next(path, longest)
    }
}

/// A position in a list ordered by age: the time, in milliseconds since 1970, and an id.
pub(crate) fn position_of(at: i64, id: &str) -> String {
    format!("{at}.{id}")
}

/// Reads what [`position_of`] wrote.
pub(crate) fn read_position(text: &str) -> Option<(i64, String)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id.to_owned()))
}

/// Where to go after a form was sent: the page it was on, if that is one of ours.
pub(crate) fn back_to(text: Option<String>, otherwise: String) -> String {
    text.filter(|text| next(Some(text.clone())) == *text)
        .unwrap_or(otherwise)
}

/// Parses the API's time format into milliseconds since 1970.
pub(crate) fn ms_of(time: &str) -> i64 {
    let time: Option<jiff::Timestamp> = time.parse().ok();
    time.map_or(0, jiff::Timestamp::as_millisecond)
}

/// A body for the API.
pub(crate) fn body_of(value: &serde_json::Value) -> axum::body::Bytes {
    axum::body::Bytes::from(value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_short_line_that_comes_once() {
        let of = |query: &str| PageQuery::new(Some(query.to_owned())).text("q");
        assert_eq!(of("q=+North+&x=1").as_deref(), Some("North"));
        for none in ["", "q=", "q=+", "q=a&q=b", "q=a%00b", "q=a%0Ab"] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(of(&format!("q={}", "x".repeat(201))), None);
    }

    #[test]
    fn addresses_leave_out_what_has_no_value() {
        assert_eq!(address("/p", &[("q", None)]), "/p");
        let asked = address("/p", &[("q", Some("a&b")), ("r", None), ("s", Some("1"))]);
        assert_eq!(asked, "/p?q=a%26b&s=1");
        assert_eq!(
            read_position(&position_of(-5, "x.y")),
            Some((-5, "x.y".into()))
        );
        assert_eq!(read_position("x"), None);
    }

    #[test]
    fn lists_lead_on_from_where_they_stand() {
        let position = ListPosition::new("/p", Some("after=7".to_owned()));
        let RawQuery(query) = position.asking("cursor", "20");
        assert_eq!(query.as_deref(), Some("limit=20&cursor=7"));
        assert_eq!(position.first().as_deref(), Some("/p"));
        assert_eq!(position.next(Some("27")).as_deref(), Some("/p?after=27"));
        assert_eq!(ListPosition::new("/p", None).first(), None);

        let part = ListPart::new(Some("from=2".to_owned()), 3);
        assert_eq!(part.of(0..9).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!(part.next("/p", 6).as_deref(), Some("/p?from=5"));
        assert_eq!(part.next("/p", 5), None);
        assert_eq!(part.at_most(1).next("/p", 5).as_deref(), Some("/p?from=3"));
        assert_eq!(part.at_most(4).next("/p", 5), None);
        assert_eq!(part.first("/p").as_deref(), Some("/p"));
        let first = ListPart::new(Some("from=x".to_owned()), 3);
        assert_eq!(first.of(0..2).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(first.first("/p"), None);
    }

    #[test]
    fn several_lists_on_one_page_lead_on_together() {
        let part = ListPart::new(Some("from=2".to_owned()), 6);
        let next = |shown, numbers| part.next_of_several("/p", shown, numbers);
        assert_eq!(next([6, 3], [9, 5]).as_deref(), Some("/p?from=8"));
        // The second list has more entries than the page had room for.
        assert_eq!(next([6, 3], [9, 6]).as_deref(), Some("/p?from=5"));
        assert_eq!(next([0, 1], [0, 9]).as_deref(), Some("/p?from=3"));
        assert_eq!(next([6, 0], [8, 2]), None);
    }

    #[test]
    fn forms_lead_to_our_own_pages_only() {
        let back = |next: &str| back_to(Some(next.to_owned()), "/portal".to_owned());
        assert_eq!(back("/portal/platforms?q=1"), "/portal/platforms?q=1");
        for other in [
            "",
            "/admin",
            "https://x.example/portal/",
            "//portal/",
            "/portal/\\x",
            "/portal/\n",
        ] {
            assert_eq!(back(other), "/portal", "{other}");
        }
        assert_eq!(ms_of("1970-01-01T00:00:01Z"), 1000);
        assert_eq!(ms_of("never"), 0);
    }
}
