//! Where opening a login link ended.

use url::Url;

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
