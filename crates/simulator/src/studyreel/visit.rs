//! The student's browser: opening a login link, and proving that it opens once.

use std::sync::Arc;

use reqwest::Method;
use url::Url;

use super::{StudyReel, Verdict};
use crate::{
    Error,
    browser::{Browser, Page, Request},
};

const REDIRECTS: usize = 5;

/// What happened when a student opened a login link.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The page that remained.
    pub page: Page,
    /// What is wrong; empty if the student is in, and nobody else is.
    pub problems: Vec<String>,
}

impl StudyReel {
    /// The browser of a student: one jar of cookies for each.
    pub fn browser(&self, sub: &str) -> Arc<Browser> {
        let mut state = self.system.state();
        Arc::clone(
            state
                .browsers
                .entry(sub.to_owned())
                .or_insert_with(|| Arc::new(self.system.client.fresh())),
        )
    }

    /// Opens a verdict's login link in its student's browser: redirects on the same origin are followed and a form that
    /// submits itself is submitted. Then opens it in a stranger's browser, where it must not open a session again.
    pub async fn visit(&self, verdict: &Verdict) -> Result<Visit, Error> {
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
        if page.hops.iter().any(|hop| hop.url.origin() != url.origin()) {
            problems.push("the link leads to another origin".to_owned());
        }
        if browser.cookies(page.url.as_str()).is_empty() {
            problems.push("no session: the browser has no cookie".to_owned());
        }
        let secret = url
            .query_pairs()
            .find(|(name, _)| name == "token")
            .map(|(_, token)| token.into_owned());
        if secret.is_some_and(|secret| page.url.as_str().contains(&secret)) {
            problems.push("the token is still in the address of the page".to_owned());
        }
        let stranger = self.system.client.fresh();
        let again = open(&stranger, &link).await?;
        if again.status < 400 {
            problems.push(format!(
                "the link opened a second time, with the status {}",
                again.status
            ));
        }
        Ok(Visit { page, problems })
    }
}

async fn open(browser: &Browser, link: &str) -> Result<Page, Error> {
    let mut request = Request::new(Method::GET, link)?;
    request.redirects = REDIRECTS;
    let page = browser.send(request).await?;
    browser.settle(page).await
}
