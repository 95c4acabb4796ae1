//! The registration that a login probably meant. Matching itself stays exact (lti.md A-24).

use std::sync::Arc;

use store::StoreError;

use super::platforms::{Platform, Platforms};

/// The most letters in which a client id may differ and still be almost the same.
const SLIPS: usize = 2;

/// The registration of a tool nearest to this issuer and client id, if any is near. Makes at most
/// ten look-ups.
///
/// # Errors
/// The store failed.
pub(crate) async fn nearest(
    platforms: &Platforms,
    tool_id: &str,
    issuer: &str,
    client_id: Option<&str>,
) -> Result<Option<Arc<Platform>>, StoreError> {
    let same = platforms.of_issuer(tool_id, issuer).await?;
    if let Some(platform) = certain(&same, client_id) {
        return Ok(Some(platform.clone()));
    }
    with_other_spelling(platforms, tool_id, issuer, client_id, &same).await
}

/// The same if it isn't certain among `same`, which have this very issuer. A trailing slash more
/// or less counts as the same issuer, so that the client id decides. Makes at most nine look-ups.
///
/// # Errors
/// The store failed.
pub(crate) async fn with_other_spelling(
    platforms: &Platforms,
    tool_id: &str,
    issuer: &str,
    client_id: Option<&str>,
    same: &[Arc<Platform>],
) -> Result<Option<Arc<Platform>>, StoreError> {
    let other_slash = other_slash(issuer);
    let with_slash = platforms.of_issuer(tool_id, &other_slash).await?;
    let found: Vec<_> = same.iter().chain(with_slash.iter()).cloned().collect();
    if let Some(platform) = best(&found, client_id) {
        return Ok(Some(platform.clone()));
    }
    let neighbours = neighbours(issuer).into_iter();
    for issuer in neighbours.filter(|issuer| *issuer != other_slash) {
        let found = platforms.of_issuer(tool_id, &issuer).await?;
        if let Some(platform) = best(&found, client_id) {
            return Ok(Some(platform.clone()));
        }
    }
    Ok(None)
}

/// The one with this client id, apart from blanks, capitals and small letters.
pub(crate) fn certain<'a>(
    found: &'a [Arc<Platform>],
    client_id: Option<&str>,
) -> Option<&'a Arc<Platform>> {
    let client_id = client_id?;
    let mut platforms = found.iter();
    platforms.find(|platform| slips(&platform.client_id, client_id) == Some(0))
}

/// The one with this client id, otherwise one with almost the same, otherwise any.
pub(crate) fn best<'a>(
    found: &'a [Arc<Platform>],
    client_id: Option<&str>,
) -> Option<&'a Arc<Platform>> {
    let slips = |platform: &&Arc<Platform>| {
        let slips = client_id.and_then(|id| slips(&platform.client_id, id));
        slips.unwrap_or(SLIPS + 1)
    };
    found.iter().min_by_key(slips)
}

/// The issuer with its trailing slash, or without it.
fn other_slash(issuer: &str) -> String {
    match issuer.strip_suffix('/') {
        Some(bare) => bare.to_owned(),
        None => format!("{issuer}/"),
    }
}

/// Ways in which people mistype an issuer, up to all of them at once: the trailing slash,
/// surrounding whitespace, http instead of https, upper case in the host.
fn neighbours(issuer: &str) -> Vec<String> {
    let bare = issuer.trim().trim_end_matches('/');
    let mut all = Vec::new();
    for spelling in [Some(bare.to_owned()), in_small_letters(bare)] {
        let other_scheme = spelling.as_deref().and_then(other_scheme);
        for spelling in spelling.into_iter().chain(other_scheme) {
            for neighbour in [spelling.clone(), format!("{spelling}/")] {
                if neighbour != issuer && !all.contains(&neighbour) {
                    all.push(neighbour);
                }
            }
        }
    }
    all
}

/// With scheme and host in lower case; a path may need its capitals.
fn in_small_letters(issuer: &str) -> Option<String> {
    let (scheme, rest) = issuer.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
    Some(format!("{scheme}://{host}{path}"))
}

fn other_scheme(issuer: &str) -> Option<String> {
    match issuer.split_once("://")? {
        ("http", rest) => Some(format!("https://{rest}")),
        ("https", rest) => Some(format!("http://{rest}")),
        _ => None,
    }
}

/// In how many letters a client id differs from the registered one; `None` if in too many.
fn slips(registered: &str, sent: &str) -> Option<usize> {
    letters_apart(registered.trim().as_bytes(), sent.trim().as_bytes(), SLIPS)
}

/// How many letters are missing, added or replaced, if at most `most`. That bound keeps it cheap
/// for the long client ids that anyone can send.
fn letters_apart(mut one: &[u8], mut other: &[u8], most: usize) -> Option<usize> {
    loop {
        match (one, other) {
            ([], rest) | (rest, []) => return (rest.len() <= most).then_some(rest.len()),
            ([a, after_a @ ..], [b, after_b @ ..]) => {
                if a.eq_ignore_ascii_case(b) {
                    (one, other) = (after_a, after_b);
                    continue;
                }
                let most = most.checked_sub(1)?;
                let ways = [(after_a, after_b), (after_a, other), (one, after_b)];
                let ways = ways.into_iter();
                let apart = ways.filter_map(|(one, other)| letters_apart(one, other, most));
                return apart.min().map(|apart| apart + 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_neighbours_of_an_issuer_are_its_common_misspellings() {
        let issuer = "https://lms.example.edu";
        let all = [
            "https://lms.example.edu/",
            "http://lms.example.edu",
            "http://lms.example.edu/",
        ];
        assert_eq!(neighbours(issuer), all);
        let all = ["http://lms.example.edu", issuer, "https://lms.example.edu/"];
        assert_eq!(neighbours("http://lms.example.edu/"), all);
        assert_eq!(neighbours(" x ").len(), 2);
        let all = neighbours("HTTP://LMS.example.edu/Moodle/");
        assert!(
            all.contains(&"https://lms.example.edu/Moodle".to_owned()),
            "{all:?}"
        );
        assert!(all.len() < 8, "{all:?}");
    }

    #[test]
    fn a_client_id_is_compared_letter_by_letter() {
        for (sent, apart) in [
            ("abc-123", Some(0)),
            (" ABC-123", Some(0)),
            ("abc-124", Some(1)),
            ("abc123", Some(1)),
            ("xabc-1234", Some(2)),
            ("abc-456", None),
            ("", None),
        ] {
            assert_eq!(slips("abc-123", sent), apart, "{sent}");
        }
    }

    #[test]
    fn a_slash_is_added_or_taken_away() {
        let (bare, slashed) = ("https://lms.example.edu", "https://lms.example.edu/");
        assert_eq!(other_slash(bare), slashed);
        assert_eq!(other_slash(slashed), bare);
    }
}
