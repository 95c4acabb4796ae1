//! Forms, as posted by browsers.

use std::borrow::Cow;

use url::form_urlencoded;

/// A body as text; invalid UTF-8 is replaced, as usual for forms.
pub(crate) fn text_of(body: &[u8]) -> Cow<'_, str> {
    // The lossy decoder alone takes ten times as long.
    std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed)
}

/// The pairs of a form, as from `form_urlencoded::parse`. A token is several kilobytes with nothing
/// to decode, so such values are passed on unchanged.
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

/// Whether a form or a query has a field of this name. Only names are decoded, and only those that
/// have to be.
pub(crate) fn has(form: &str, name: &str) -> bool {
    form.split('&').any(|pair| {
        let key = pair.split_once('=').map_or(pair, |(key, _)| key);
        match memchr::memchr2(b'%', b'+', key.as_bytes()) {
            None => key == name,
            Some(_) => form_urlencoded::parse(key.as_bytes()).any(|(key, _)| key == name),
        }
    })
}

/// A field of one of our own forms; `None` if it is missing or repeated (lti.md I-20).
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

        #[test]
        fn a_field_is_found_however_its_name_is_written(form in "[ab=&%+61]{0,24}") {
            let mut theirs = form_urlencoded::parse(form.as_bytes());
            prop_assert_eq!(has(&form, "a"), theirs.any(|(name, _)| name == "a"));
        }
    }
}
