//! Where opening a login link ended.

use url::Url;

use super::answers::unexpected;
use crate::browser::Page;

/// The shortest value in an address that may be a transferred session.
const HANDED_OVER: usize = 32;

/// Where opening a login link ended.
#[derive(Clone, Debug)]
pub struct End {
    /// The last answer, with all hops.
    pub page: Page,
    /// Its address, or the address it redirects to if that is outside the application's known
    /// origins.
    pub url: Url,
    pub(super) link: Url,
}

impl End {
    /// Whether the student is signed in: no error, and either a cookie was set or the browser is
    /// redirected to another origin.
    pub fn signed_in(&self) -> bool {
        let cookie = self.page.hops.iter().any(|hop| !hop.set_cookies.is_empty());
        self.page.status < 400 && (cookie || self.url.origin() != self.link.origin())
    }

    /// Which page the link ended at without a session, and what it answered.
    pub(super) fn without_session(&self) -> String {
        let mut at = self.page.url.clone();
        // It may contain a token, and would hide the page.
        at.set_query(None);
        at.set_fragment(None);
        let answer = unexpected(&self.page, "a page with a session");
        let missing = match self.page.status {
            404 => ". Is there a page at this address?",
            status if status < 400 => ", for no cookie was set on the way",
            _ => "",
        };
        format!("it ends at {at} with {answer}{missing}")
    }

    /// Whether the link was refused with a 4xx.
    pub fn refused(&self) -> bool {
        (400..500).contains(&self.page.status)
    }

    /// Every `Set-Cookie` on the way.
    pub fn set_cookies(&self) -> Vec<&str> {
        let hops = self.page.hops.iter();
        hops.flat_map(|hop| hop.set_cookies.iter().map(String::as_str))
            .collect()
    }

    /// Long values in the final address: a session handed over to another origin would be one of
    /// them.
    pub fn handed_over(&self) -> Vec<String> {
        let pairs = self.url.query_pairs();
        pairs
            .map(|(_, value)| value.into_owned())
            .filter(|value| value.len() >= HANDED_OVER)
            .collect()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
mod tests {
    use reqwest::header::HeaderMap;

    use super::*;

    #[test]
    fn a_page_without_a_session_is_named() {
        for (status, says) in [
            (
                404,
                "with 404 instead of a page with a session. Is there a page at this address?",
            ),
            (
                200,
                "with 200 instead of a page with a session, for no cookie was set on the way",
            ),
            (500, "with 500 instead of a page with a session"),
        ] {
            let url = Url::parse("http://127.0.0.2/launch?ltik=x#y").unwrap();
            let page = Page {
                url: url.clone(),
                status,
                headers: HeaderMap::new(),
                body: Vec::new(),
                hops: Vec::new(),
            };
            let link = url.clone();
            let end = End { page, url, link };
            assert!(!end.signed_in());
            let said = format!("it ends at http://127.0.0.2/launch {says}");
            assert_eq!(end.without_session(), said);
        }
    }
}
