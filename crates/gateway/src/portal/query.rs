//! What the address of a page asks for, and addresses that ask for something.

use url::form_urlencoded::Serializer;

use super::page::next;
use crate::web::form::field;

/// Longest value that is looked at, in characters.
const LONGEST: usize = 200;

/// The query of a page's address.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageQuery(String);

impl PageQuery {
    /// As `RawQuery` gives it.
    pub(crate) fn new(query: Option<String>) -> Self {
        Self(query.unwrap_or_default())
    }

    /// A value without blanks around it; none if it is empty, comes twice, or is nothing that a person writes.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let value = field(self.0.as_bytes(), name)?;
        let value = value.trim();
        let is_text = value.chars().count() <= LONGEST && !value.contains(char::is_control);
        (is_text && !value.is_empty()).then(|| value.to_owned())
    }

    /// One of these words; none if it is another.
    pub(crate) fn one_of(&self, name: &str, words: &[&'static str]) -> Option<&'static str> {
        let value = self.text(name)?;
        words.iter().copied().find(|word| *word == value)
    }
}

/// An address with these parameters. Those without a value are left out.
pub(crate) fn address(path: &str, parameters: &[(&str, Option<&str>)]) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in parameters {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    let query = query.finish();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// A place in a list by age: when, in milliseconds since 1970, and an id.
pub(crate) fn place_of(at: i64, id: &str) -> String {
    format!("{at}.{id}")
}

/// Reads what [`place_of`] wrote.
pub(crate) fn read_place(text: &str) -> Option<(i64, String)> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id.to_owned()))
}

/// Where a form leads after it was sent: the page that it stood on, if it names one of ours.
pub(crate) fn back_to(text: Option<String>, otherwise: String) -> String {
    text.filter(|text| next(Some(text.clone())) == *text)
        .unwrap_or(otherwise)
}

/// A time as the API writes it, in milliseconds since 1970.
pub(crate) fn ms_of(time: &str) -> i64 {
    let time: Option<jiff::Timestamp> = time.parse().ok();
    time.map_or(0, jiff::Timestamp::as_millisecond)
}

/// A body as the API takes it.
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
        assert_eq!(read_place(&place_of(-5, "x.y")), Some((-5, "x.y".into())));
        assert_eq!(read_place("x"), None);
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
