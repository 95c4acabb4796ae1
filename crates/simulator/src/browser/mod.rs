//! A small browser: a cookie jar, redirects one by one, self-submitting forms, but no scripts. The
//! simulator's only HTTP client.

mod clients;
mod cookies;
mod form;
mod page;
mod request;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::{
    Method,
    header::{ACCEPT, COOKIE, HeaderValue, LOCATION, SET_COOKIE},
};
use serde_json::Value;
use url::Url;

use self::{clients::Clients, request::REDIRECT_LIMIT};
pub use self::{
    cookies::{Cookie, SameSite},
    form::Form,
    page::{Hop, Page},
    request::{Pace, Request},
};
use crate::{Error, clock::Clock};

/// The `Accept` header with which a browser requests a page.
const PAGES: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// One person's browser, with only that person's cookies.
#[derive(Debug)]
pub struct Browser {
    clients: Arc<Clients>,
    clock: Clock,
    wants_pages: bool,
    jar: Mutex<cookies::Jar>,
}

impl Browser {
    /// A browser without cookies.
    pub fn new() -> Result<Self, Error> {
        Self::of(Clients::new(None))
    }

    /// A browser that trusts this certificate or authority, in PEM, and no other.
    pub fn trusting(authority: &[u8]) -> Result<Self, Error> {
        let authority = reqwest::Certificate::from_pem(authority).map_err(Error::Client)?;
        Self::of(Clients::new(Some(authority)))
    }

    fn of(clients: Result<Clients, Error>) -> Result<Self, Error> {
        Ok(Self {
            clients: Arc::new(clients?),
            clock: Clock::default(),
            wants_pages: false,
            jar: Mutex::default(),
        })
    }

    /// Requests pages, as a person's browser does; otherwise it accepts anything.
    #[must_use]
    pub fn wanting_pages(mut self) -> Self {
        self.wants_pages = true;
        self
    }

    /// Another person's browser: no cookies, but the same pool of connections.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self {
            clients: Arc::clone(&self.clients),
            clock: self.clock.clone(),
            wants_pages: self.wants_pages,
            jar: Mutex::default(),
        }
    }

    /// Opens an address.
    pub async fn get(&self, url: &str) -> Result<Page, Error> {
        self.send(Request::new(Method::GET, url)?).await
    }

    /// Posts a form that was not on a page: no `Origin`, all cookies.
    pub async fn post_form(&self, url: &str, fields: &[(&str, &str)]) -> Result<Page, Error> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.send(Request::new(Method::POST, url)?.body("application/x-www-form-urlencoded", body))
            .await
    }

    /// Posts a document as `application/json`.
    pub async fn post_json(&self, url: &str, body: &Value) -> Result<Page, Error> {
        self.send(
            Request::new(Method::POST, url)?.body("application/json", serde_json::to_vec(body)?),
        )
        .await
    }

    /// Submits a form of `page`, with that page as the initiator: cookies that a form of another
    /// site may not send (`SameSite=Lax` on a POST) are left out.
    pub async fn submit(&self, page: &Page, form: &Form) -> Result<Page, Error> {
        self.send(Request::submission(&page.url, form)?).await
    }

    /// Submits the self-submitting form of `page`.
    pub async fn submit_auto(&self, page: &Page) -> Result<Page, Error> {
        let form = page
            .auto_form()
            .ok_or_else(|| Error::NoForm(page.url.to_string()))?;
        self.submit(page, &form).await
    }

    /// Opens an address, and follows self-submitting forms and refreshes until a page remains.
    pub async fn open(&self, url: &str) -> Result<Page, Error> {
        let page = self.get(url).await?;
        self.settle(page).await
    }

    /// Follows self-submitting forms and refreshes, starting with those of `page`, until a page
    /// remains. All hops are kept. Scripts don't run: a page that needs them has to offer a refresh
    /// instead.
    pub async fn settle(&self, mut page: Page) -> Result<Page, Error> {
        for _ in 0..REDIRECT_LIMIT {
            let mut hops = std::mem::take(&mut page.hops);
            let next = match (page.auto_form(), page.refresh()) {
                (Some(form), _) => self.submit(&page, &form).await?,
                (None, Some(url)) => {
                    let mut request = Request::new(Method::GET, url.as_str())?;
                    request.initiator = Some(page.url.clone());
                    self.send(request).await?
                }
                (None, None) => {
                    page.hops = hops;
                    return Ok(page);
                }
            };
            page = next;
            hops.append(&mut page.hops);
            page.hops = hops;
        }
        Err(Error::TooManyRedirects {
            limit: REDIRECT_LIMIT,
            url: page.url.to_string(),
        })
    }

    /// Sends a request unchanged and follows as many redirects as it allows.
    pub async fn send(&self, mut request: Request) -> Result<Page, Error> {
        let mut hops = Vec::new();
        loop {
            let (page, hop) = self.exchange(&request).await?;
            hops.push(hop);
            let next = if matches!(page.status, 301 | 302 | 303 | 307 | 308) {
                page.location()
            } else {
                None
            };
            let Some(next) = next.filter(|_| request.redirects > 0) else {
                return Ok(Page { hops, ..page });
            };
            if hops.len() > request.redirects {
                return Err(Error::TooManyRedirects {
                    limit: request.redirects,
                    url: next.to_string(),
                });
            }
            request.redirect(page.status, next);
        }
    }

    async fn exchange(&self, request: &Request) -> Result<(Page, Hop), Error> {
        let failed = |source| Error::Http {
            url: request.url.to_string(),
            source,
        };
        let mut headers = request.full_headers();
        if self.wants_pages && !headers.contains_key(ACCEPT) {
            headers.insert(ACCEPT, HeaderValue::from_static(PAGES));
        }
        if let Some(cookies) = self.cookie_header(request) {
            headers.insert(COOKIE, cookies);
        }
        let body = match request.pace {
            Some(pace) => pace.send(&request.body),
            None => request.body.clone().into(),
        };
        let client = self.clients.of(&request.url)?;
        let sent = client.request(request.method.clone(), request.url.clone());
        let response = sent.headers(headers).body(body).send().await;
        let response = response.map_err(failed)?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let hop = Hop {
            method: request.method.clone(),
            url: request.url.clone(),
            status,
            location: headers.get(LOCATION).map(text),
            set_cookies: headers.get_all(SET_COOKIE).iter().map(text).collect(),
        };
        for cookie in &hop.set_cookies {
            self.jar().store(cookie, &request.url, self.clock.seconds());
        }
        let page = Page {
            url: request.url.clone(),
            status,
            headers,
            body: response.bytes().await.map_err(failed)?.to_vec(),
            hops: Vec::new(),
        };
        Ok((page, hop))
    }

    fn cookie_header(&self, request: &Request) -> Option<HeaderValue> {
        let jar = self.jar();
        let pairs: Vec<String> = jar
            .matching(
                &request.url,
                request.initiator.as_ref(),
                request.is_safe(),
                self.clock.seconds(),
            )
            .iter()
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        if pairs.is_empty() {
            None
        } else {
            HeaderValue::try_from(pairs.join("; ")).ok()
        }
    }

    /// The cookies that would be sent if the person typed `url`.
    pub fn cookies(&self, url: &str) -> Vec<Cookie> {
        let Ok(url) = Url::parse(url) else {
            return Vec::new();
        };
        self.jar()
            .matching(&url, None, true, self.clock.seconds())
            .into_iter()
            .cloned()
            .collect()
    }

    /// Stores a `Set-Cookie` value as if `url` had sent it.
    pub fn set_cookie(&self, url: &str, header: &str) -> Result<(), Error> {
        let url = Url::parse(url).map_err(|_| Error::Url(url.to_owned()))?;
        self.jar().store(header, &url, self.clock.seconds());
        Ok(())
    }

    fn jar(&self) -> MutexGuard<'_, cookies::Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
