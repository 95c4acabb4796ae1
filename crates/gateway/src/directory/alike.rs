//! What keeps our proof of who we are at one platform: an assertion says our client id and where it
//! is to be used. If two platforms agree in both, what one of them gets could be used at the other
//! (decision 0498, lti.md I-14).

use lti::service_token::audience;
use percent_encoding::percent_decode_str;
use store::platforms::{self, PlatformFilter, PlatformRow};
use store::{Db, StoreError};
use url::Url;

/// Another platform of the tool that has another issuer, but the same client id, and issues access
/// tokens at the same place.
///
/// # Errors
/// The store failed.
pub(crate) async fn alike(
    db: &Db,
    platform: &PlatformRow,
) -> Result<Option<PlatformRow>, StoreError> {
    let filter = PlatformFilter {
        client_id: Some(platform.client_id.clone()),
        limit: i64::MAX,
        ..PlatformFilter::default()
    };
    let mut reader = db.read().await?;
    let found = platforms::page(&mut reader.tx(), &platform.tool_id, &filter, 0).await?;
    drop(reader);
    let own = places(platform);
    let mut found = found.into_iter().map(|listed| listed.row);
    Ok(found.find(|known| {
        is_of_another(known, platform) && places(known).iter().any(|place| own.contains(place))
    }))
}

/// Whether two platforms with the same client id may not share a place: they are different
/// platforms of different issuers.
pub(crate) fn is_of_another(one: &PlatformRow, other: &PlatformRow) -> bool {
    one.id != other.id && one.issuer != other.issuer && one.client_id == other.client_id
}

/// Whether a change to a platform can make it like another one.
pub(crate) fn is_moved(before: &PlatformRow, after: &PlatformRow) -> bool {
    before.issuer != after.issuer
        || before.client_id != after.client_id
        || places(before) != places(after)
}

/// What is wrong with a platform that is like `known`.
pub(crate) fn told(known: &PlatformRow) -> String {
    format!(
        "must not be that of another platform with this client id: {} ({}) has it, so what we \
         send to one of them to prove who we are could be used at the other. Remove the one that \
         is wrong",
        known.name, known.issuer
    )
}

/// Where assertions for a platform can be used: at its token endpoint, and wherever else their
/// audience is.
pub(crate) fn places(platform: &PlatformRow) -> [String; 2] {
    let server = platform.authorization_server.as_deref();
    let audience = audience(&platform.token_endpoint, server);
    [place(&platform.token_endpoint), place(audience)]
}

/// An address without what a server ignores or may ignore: the scheme, the query, a dot at the end
/// of the host, and how the path is spelt.
fn place(address: &str) -> String {
    let Ok(url) = Url::parse(address) else {
        return address.trim().to_owned();
    };
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let port = url
        .port()
        .map_or_else(String::new, |port| format!(":{port}"));
    let path = percent_decode_str(url.path()).decode_utf8_lossy();
    let path = path.to_lowercase();
    let mut place = format!("{host}{port}");
    for part in path.split('/').filter(|part| !part.is_empty()) {
        place.push('/');
        place.push_str(part);
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::platform;

    fn at(issuer: &str, token_endpoint: &str) -> PlatformRow {
        PlatformRow {
            id: issuer.to_owned(),
            issuer: issuer.to_owned(),
            token_endpoint: token_endpoint.to_owned(),
            authorization_server: None,
            ..platform()
        }
    }

    fn are_alike(one: &PlatformRow, other: &PlatformRow) -> bool {
        let of_one = places(one);
        is_of_another(one, other) && places(other).iter().any(|place| of_one.contains(place))
    }

    #[test]
    fn an_address_is_the_same_however_it_is_spelt() {
        let one = at("https://a.example", "https://lms.example/token");
        for spelling in [
            "https://LMS.example:443/token/",
            "http://lms.example./token?x=1",
            "https://lms.example/x/../token#y",
            "https://lms.example//%74OKe%6E",
        ] {
            let other = at("https://b.example", spelling);
            assert!(are_alike(&one, &other), "{spelling}");
            assert!(!is_moved(&one, &at("https://a.example", spelling)));
        }
        for elsewhere in [
            "https://lms.example/tokens",
            "https://lms.example:8443/token",
            "https://lms.example/token%",
            "https://lms.example/to/ken",
        ] {
            assert!(!are_alike(&one, &at("https://b.example", elsewhere)));
        }
    }

    #[test]
    fn an_audience_counts_as_the_address_does() {
        let one = at("https://a.example", "https://lms.example/token");
        let other = PlatformRow {
            authorization_server: Some("https://lms.example/token".to_owned()),
            ..at("https://b.example", "https://evil.example/token")
        };
        assert!(are_alike(&one, &other) && are_alike(&other, &one));
    }

    #[test]
    fn schools_of_one_issuer_may_share_everything() {
        let tokens = "https://developer.blackboard.com/token";
        let one = at("https://blackboard.com", tokens);
        let other = PlatformRow {
            id: "another".to_owned(),
            ..one.clone()
        };
        assert!(!are_alike(&one, &other));
        let stranger = PlatformRow {
            client_id: "another".to_owned(),
            ..at("https://b.example", tokens)
        };
        assert!(!are_alike(&one, &stranger));
    }
}
