//! The registration that a login probably meant. Matching itself stays exact (lti.md A-24).

use std::sync::Arc;

use store::StoreError;

use super::platforms::{Platform, Platforms};

/// The registration of a tool nearest to this issuer and client id, if any is near. Makes at most
/// nine look-ups.
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
    match best(&same, client_id) {
        Some(platform) => Ok(Some(platform.clone())),
        None => with_other_spelling(platforms, tool_id, issuer, client_id).await,
    }
}

/// The same for an issuer that has no registration itself. Makes at most eight look-ups.
///
/// # Errors
/// The store failed.
pub(crate) async fn with_other_spelling(
    platforms: &Platforms,
    tool_id: &str,
    issuer: &str,
    client_id: Option<&str>,
) -> Result<Option<Arc<Platform>>, StoreError> {
    for issuer in neighbours(issuer) {
        let found = platforms.of_issuer(tool_id, &issuer).await?;
        if let Some(platform) = best(&found, client_id) {
            return Ok(Some(platform.clone()));
        }
    }
    Ok(None)
}

/// The one with this client id, otherwise any.
pub(crate) fn best<'a>(
    found: &'a [Arc<Platform>],
    client_id: Option<&str>,
) -> Option<&'a Arc<Platform>> {
    let mut platforms = found.iter();
    let named = platforms
        .clone()
        .find(|platform| client_id.is_some_and(|id| is_alike(&platform.client_id, id)));
    named.or_else(|| platforms.next())
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

fn is_alike(registered: &str, sent: &str) -> bool {
    registered.trim().eq_ignore_ascii_case(sent.trim())
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
}
