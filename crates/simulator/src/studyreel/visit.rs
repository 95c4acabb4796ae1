//! The student's browser: opens a login link, and proves that it works only once.

use std::sync::Arc;

use reqwest::Method;
use url::Url;

use super::{system::System, verdict::Verdict};
use crate::{
    Error,
    browser::{Browser, Page, Request},
    html,
};

const REDIRECTS: usize = 5;

/// What happened when a student opened a login link.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The page that remained.
    pub page: Page,
    /// What is wrong; empty if the student, and no one else, is signed in.
    pub problems: Vec<String>,
}

impl Visit {
    /// The page as a person reads it, truncated.
    pub fn text(&self) -> String {
        let text = html::readable_text(&self.page.text());
        text.chars().take(4000).collect()
    }
}

impl System {
    pub(super) fn browser(&self, sub: &str) -> Arc<Browser> {
        let mut state = self.state();
        let browser = state.browsers.entry(sub.to_owned());
        let browser = browser.or_insert_with(|| Arc::new(self.client.fresh()));
        Arc::clone(browser)
    }

    pub(super) async fn visit(&self, verdict: &Verdict) -> Result<Visit, Error> {
        let link = verdict
            .login_link()
            .ok_or_else(|| Error::unknown("login link of", &verdict.sub))?;
        let url = Url::parse(&link).map_err(|_| Error::Url(link.clone()))?;
        let browser = self.browser(&verdict.sub);
        let page = open(&browser, &link).await?;
        let mut problems = Vec::new();
        if !(200..300).contains(&page.status) {
            problems.push(format!("the page has the status {}", page.status));
        }
        let is_known = |other: &Url| {
            other.origin() == url.origin()
                || self
                    .link_origins
                    .contains(&other.origin().ascii_serialization())
        };
        if let Some(hop) = page.hops.iter().find(|hop| !is_known(&hop.url)) {
            let origin = hop.url.origin().ascii_serialization();
            problems.push(format!("the link leads to another origin, {origin}"));
        }
        let set_a_cookie = page.hops.iter().any(|hop| !hop.set_cookies.is_empty());
        if !set_a_cookie && browser.cookies(page.url.as_str()).is_empty() {
            problems.push("no session: the browser has no cookie".to_owned());
        }
        let secret = url
            .query_pairs()
            .find(|(name, _)| name == "token")
            .map(|(_, token)| token.into_owned());
        if secret.is_some_and(|secret| page.url.as_str().contains(&secret)) {
            problems.push("the token is still in the address of the page".to_owned());
        }
        problems.extend(self.greets_another(&verdict.sub, &page));
        let stranger = self.client.fresh();
        let again = open(&stranger, &link).await?;
        if again.status < 400 {
            problems.push(format!(
                "the link opened a second time, with the status {}",
                again.status
            ));
        }
        Ok(Visit { page, problems })
    }

    /// A page need not show a name, but if it does, it must be the right student's.
    fn greets_another(&self, sub: &str, page: &Page) -> Option<String> {
        let text = html::visible_text(&page.text());
        let students = self.state().students.clone();
        let shown = |sub_matches: bool| {
            let mut found = students
                .iter()
                .filter(|one| (one.sub == sub) == sub_matches);
            found.find(|one| one.name().contains(' ') && text.contains(&one.name()))
        };
        match (shown(true), shown(false)) {
            (None, Some(other)) => Some(format!("the page is for {}", other.name())),
            _ => None,
        }
    }
}

async fn open(browser: &Browser, link: &str) -> Result<Page, Error> {
    let mut request = Request::new(Method::GET, link)?;
    request.redirects = REDIRECTS;
    let page = browser.send(request).await?;
    browser.settle(page).await
}
