//! Normalises the paths that real clients send.

use axum::extract::Request;
use axum::http::Uri;

/// Real clients send `//api/idtoken` and `/lti/launch/?x=1` (ltiaas-api.md §2): leading slashes are
/// merged, and a trailing one is removed. Slashes in between stay, because a line item's id may
/// contain two.
pub(super) fn tidy(mut request: Request) -> Request {
    let path = request.uri().path();
    if !path.starts_with("//") && (path.len() == 1 || !path.ends_with('/')) {
        return request;
    }
    let tidy = format!("/{}", path.trim_start_matches('/').trim_end_matches('/'));
    let tidy = match request.uri().query() {
        Some(query) => format!("{tidy}?{query}"),
        None => tidy,
    };
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = tidy.parse().ok();
    if let Ok(uri) = Uri::from_parts(parts) {
        *request.uri_mut() = uri;
    }
    request
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn slashes_around_a_path_are_tidied_and_those_in_it_stay() {
        for (path, tidied) in [
            ("/", "/"),
            ("/lti/launch", "/lti/launch"),
            ("//api/idtoken", "/api/idtoken"),
            ("/lti/launch/?x=1", "/lti/launch?x=1"),
            ("///a//b//", "/a//b"),
            // A line item's id keeps a slash at its end if the slash is encoded or something
            // follows it.
            (
                "/api/lineitems/https%3A%2F%2Fp1.test%2Fli%2F",
                "/api/lineitems/https%3A%2F%2Fp1.test%2Fli%2F",
            ),
            (
                "//api/lineitems/https%3A//p1.test/li//scores/",
                "/api/lineitems/https%3A//p1.test/li//scores",
            ),
            (
                "//api/lineitems/https%3A//p1.test/li/",
                "/api/lineitems/https%3A//p1.test/li",
            ),
            ("//", "/"),
        ] {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            assert_eq!(*tidy(request).uri(), *tidied, "{path}");
        }
    }
}
