//! The line item identified by one of our addresses, in all the ways that clients write it
//! (ltiaas-api.md §2.5).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use url::Url;

use super::vendor;
use crate::launch::WithServices;
use crate::services::pages::once_decoded;
use crate::services::reach;
use crate::web::api_rule::ApiRule;
use crate::web::problem::Problem;

/// The id of a line item is not an address.
pub(in crate::services) const INVALID_LINE_ITEM_ID: ApiRule = ApiRule::new(
    "INVALID_LINEITEM_ID",
    StatusCode::BAD_REQUEST,
    "A line item's id is an address, and has to be percent-encoded in the path.",
);
const MISSING_LINE_ITEM_ID: ApiRule = ApiRule::new(
    "MISSING_LINEITEM_ID",
    StatusCode::BAD_REQUEST,
    "There is no line item between the slashes: its id belongs there, percent-encoded.",
);

const ROOT: &str = "/api/lineitems/";

/// The path after `/api/lineitems/`, as written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NamedLineItem {
    id: String,
    /// Whether it refers to the line item's scores.
    pub is_scores: bool,
    /// Whether it refers to the line item's handle.
    pub is_handle: bool,
}

impl<S: Sync> FromRequestParts<S> for NamedLineItem {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::read(&parts.uri)
    }
}

impl NamedLineItem {
    /// Reads an address.
    ///
    /// # Errors
    /// 400: it doesn't identify a line item.
    fn read(uri: &Uri) -> Result<Self, Problem> {
        let rest = uri.path().strip_prefix(ROOT).unwrap_or_default();
        // The id may itself end in a slash, but only an unencoded one is ours.
        let without_scores = rest.strip_suffix("/scores");
        let without_handle = rest.strip_suffix("/handle");
        let id = without_scores.or(without_handle).unwrap_or(rest);
        if id.is_empty() {
            return Err(MISSING_LINE_ITEM_ID.problem());
        }
        let mut id = decoded(id);
        // Without encoding, the id's query became ours.
        let is_bare = rest.starts_with("https:/") || rest.starts_with("http:/");
        if without_scores.is_none()
            && without_handle.is_none()
            && is_bare
            && let Some(query) = uri.query()
        {
            id = format!("{id}?{query}");
        }
        Ok(Self {
            id,
            is_scores: without_scores.is_some(),
            is_handle: without_handle.is_some(),
        })
    }

    /// The line item's address, which must be one of the place.
    ///
    /// # Errors
    /// 400: it is not an address, or none that the place reaches.
    pub(in crate::services) fn url(&self, services: &WithServices) -> Result<Url, Problem> {
        let url = Url::parse(&self.id).map_err(|_| INVALID_LINE_ITEM_ID.problem())?;
        let is_listed = vendor(&services.platform).lists_by_course();
        reach::line_item(url, &services.place, &services.platform, is_listed)
    }
}

/// Decodes an id that was encoded fully, partly or twice, and restores the second slash after the
/// scheme, which proxies remove.
fn decoded(id: &str) -> String {
    let is_address = |text: &str| text.starts_with("http:") || text.starts_with("https:");
    // PHP and Ruby write a space as a plus; a plus itself is always encoded.
    let blank = id.replace('+', "%20");
    let mut id = once_decoded(&blank);
    if !is_address(&id) {
        let again = once_decoded(&id);
        if is_address(&again) {
            id = again;
        }
    }
    for scheme in ["https:/", "http:/"] {
        if let Some(rest) = id.strip_prefix(scheme)
            && !rest.starts_with('/')
        {
            return format!("{scheme}/{rest}");
        }
    }
    id
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    fn named(path: &str) -> Result<(String, bool), u16> {
        let uri: Uri = format!("{ROOT}{path}").parse().unwrap();
        let named = NamedLineItem::read(&uri).map_err(|problem| problem.status.as_u16())?;
        Ok((named.id, named.is_scores))
    }

    #[test]
    fn an_id_is_read_however_it_is_encoded() {
        let id = "https://lms.example/course/1/lineitems/1/lineitem?type_id=2&a=b%20c";
        let once = "https%3A%2F%2Flms.example%2Fcourse%2F1%2Flineitems%2F1%2Flineitem%3Ftype_id%3D2%26a%3Db%2520c";
        let half =
            "https%3A//lms.example/course/1/lineitems/1/lineitem%3Ftype_id%3D2%26a%3Db%2520c";
        let one_slash = half.replace("%3A//", "%3A/");
        let twice = once.replace('%', "%25");
        for path in [once, half, &one_slash, &twice] {
            assert_eq!(named(path), Ok((id.to_owned(), false)), "{path}");
            assert_eq!(
                named(&format!("{path}/scores")),
                Ok((id.to_owned(), true)),
                "{path}"
            );
        }
        let bare = "https://lms.example/li/1?type_id=2";
        for path in [bare, "https:/lms.example/li/1?type_id=2"] {
            assert_eq!(named(path), Ok((bare.to_owned(), false)), "{path}");
        }
        // Whatever follows an encoded id is ours.
        let own = named("https%3A//lms.example/li/1?fresh=1").unwrap().0;
        assert_eq!(own, "https://lms.example/li/1");
        let blank = named("https%3A%2F%2Flms.example%2Fa+b%2Bc").unwrap().0;
        assert_eq!(blank, "https://lms.example/a b+c");
        let slash = named("https%3A%2F%2Flms.example%2Fli%2F/scores").unwrap().0;
        assert_eq!(slash, "https://lms.example/li/");
        let slash = named("https%3A//lms.example/li//scores").unwrap().0;
        assert_eq!(slash, "https://lms.example/li/");
        let slash = named("https%3A%2F%2Flms.example%2Fli%2F").unwrap().0;
        assert_eq!(slash, "https://lms.example/li/");
    }

    #[test]
    fn a_handle_is_named_behind_the_id() {
        let path = format!("{ROOT}https%3A%2F%2Flms.example%2Fli%2F1/handle");
        let named = NamedLineItem::read(&path.parse().unwrap()).unwrap();
        assert_eq!(named.id, "https://lms.example/li/1");
        assert!(named.is_handle && !named.is_scores);
    }

    #[test]
    fn an_empty_id_is_refused() {
        for path in ["/scores", ""] {
            assert_eq!(named(path), Err(400), "{path}");
        }
    }
}
