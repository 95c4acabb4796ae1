//! Forms, as browsers post them.

use std::borrow::Cow;

use url::form_urlencoded;

/// A body as text; what is no UTF-8 in it is replaced, as in forms anywhere.
pub(crate) fn text_of(body: &[u8]) -> Cow<'_, str> {
    // The lossy reader alone takes ten times as long.
    std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed)
}

/// The pairs of a form, as `form_urlencoded::parse` gives them. A token is some kilobytes that hold nothing to decode:
/// those are passed on as they are.
pub(crate) fn pairs(form: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let pairs = form.split('&').filter(|pair| !pair.is_empty());
    pairs.filter_map(|pair| {
        let bytes = pair.as_bytes();
        if memchr::memchr2(b'%', b'+', bytes).is_some() {
            return form_urlencoded::parse(bytes).next();
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((name.into(), value.into()))
    })
}

/// A field of one of our own pages; none where it is missing or comes twice (lti.md I-20).
pub(crate) fn field(pairs: &[u8], name: &str) -> Option<String> {
    let mut found = form_urlencoded::parse(pairs).filter(|(key, _)| key == name);
    match (found.next(), found.next()) {
        (Some((_, value)), None) => Some(value.into_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_form_is_read_as_the_library_reads_it(form in "[a-c=&%+é0-9]{0,40}") {
            let ours: Vec<_> = pairs(&form).collect();
            let theirs: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
            prop_assert_eq!(ours, theirs);
        }
    }
}
