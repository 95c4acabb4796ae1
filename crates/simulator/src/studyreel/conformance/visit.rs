//! The student's browser: from a login link to the page or address where it ends.

use reqwest::{Method, header::HeaderMap};
use url::Url;

use super::{
    bench::Bench,
    checks::{Step, Stop},
    end::End,
};
use crate::browser::{Browser, Hop, Page, Request};

const STEPS: usize = 8;

impl Bench {
    /// Opens a link in a fresh browser.
    pub(super) async fn visit(&self, link: &str) -> Step<End> {
        self.visit_in(&self.browser(), link).await
    }

    /// Opens a link: follows redirects within the application's origins, and submits a
    /// self-submitting form.
    pub(super) async fn visit_in(&self, browser: &Browser, link: &str) -> Step<End> {
        self.travel(browser, Request::new(Method::GET, link)?).await
    }

    /// The same, starting with any request.
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
                    Some(form) if page.status < 400 => Request::submission(&page.url, &form)?,
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

fn end(mut page: Page, hops: Vec<Hop>, url: Url, link: Url) -> End {
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
