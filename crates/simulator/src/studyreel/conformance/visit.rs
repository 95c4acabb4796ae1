//! The student's browser: from a login link to the page or the address where it ends.

use reqwest::{Method, header::HeaderMap};
use url::Url;

use super::{
    bench::Bench,
    checks::{Step, Stop},
};
use crate::browser::{Browser, Form, Page, Request};

const STEPS: usize = 8;
/// Shortest value in an address that is taken for a session handed over.
const HANDED_OVER: usize = 32;

/// Where opening a login link ended.
#[derive(Clone, Debug)]
pub struct End {
    /// The last answer, with all hops.
    pub page: Page,
    /// Its address; or where it sends the browser, if that is none of the application's known origins.
    pub url: Url,
    link: Url,
}

impl End {
    /// Whether the student is in: no error, and either a cookie was set or the browser is sent on to another origin.
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

    /// Long values in the final address: a session that is handed over to another origin travels there.
    pub fn handed_over(&self) -> Vec<String> {
        let pairs = self.url.query_pairs();
        pairs
            .map(|(_, value)| value.into_owned())
            .filter(|value| value.len() >= HANDED_OVER)
            .collect()
    }
}

impl Bench {
    /// Opens a link in a browser of its own.
    pub(super) async fn visit(&self, link: &str) -> Step<End> {
        self.visit_in(&self.browser(), link).await
    }

    /// Opens a link: redirects within the application's origins are followed, a form that submits itself is submitted.
    pub(super) async fn visit_in(&self, browser: &Browser, link: &str) -> Step<End> {
        self.travel(browser, Request::new(Method::GET, link)?).await
    }

    /// The same with any first request.
    pub(super) async fn travel(&self, browser: &Browser, request: Request) -> Step<End> {
        let link = request.url.clone();
        let own = |url: &Url| url.origin() == link.origin() || self.is_own(url);
        let mut hops = Vec::new();
        let mut request = request.no_redirects();
        for _ in 0..STEPS {
            let mut page = browser.send(request).await?;
            hops.append(&mut page.hops);
            let redirect = (300..400)
                .contains(&page.status)
                .then(|| page.location())
                .flatten();
            let next = match redirect {
                Some(url) if !own(&url) => return Ok(end(page, hops, url, link)),
                Some(url) => get(url),
                None => match page.auto_form().filter(|form| own(&form.action)) {
                    Some(form) if page.status < 400 => submission(&page, &form)?,
                    _ => {
                        let url = page.url.clone();
                        return Ok(end(page, hops, url, link));
                    }
                },
            };
            request = next.no_redirects();
        }
        Err(Stop::Failed(format!(
            "the link leads on and on, last to {}",
            request.url
        )))
    }
}

fn end(mut page: Page, hops: Vec<crate::browser::Hop>, url: Url, link: Url) -> End {
    page.hops = hops;
    End { page, url, link }
}

fn get(url: Url) -> Request {
    Request {
        method: Method::GET,
        url,
        headers: HeaderMap::new(),
        body: Vec::new(),
        initiator: None,
        redirects: 0,
        pace: None,
    }
}

fn submission(page: &Page, form: &Form) -> Step<Request> {
    let fields = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&form.fields)
        .finish();
    let mut request = if form.post {
        Request::new(Method::POST, form.action.as_str())?
            .body("application/x-www-form-urlencoded", fields)
    } else {
        let mut action = form.action.clone();
        action.set_query(Some(&fields));
        get(action)
    };
    request.initiator = Some(page.url.clone());
    Ok(request)
}
