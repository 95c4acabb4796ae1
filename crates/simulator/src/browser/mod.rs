//! A small browser: a cookie jar, redirects one by one, forms that submit themselves. It runs no scripts. The
//! simulator's one HTTP client.

mod cookies;
mod page;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

pub use cookies::{Cookie, SameSite};
use futures_util::{StreamExt, stream};
pub use page::{Form, Hop, Page};
use reqwest::{
    Method,
    header::{
        ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, LOCATION, ORIGIN,
        REFERER, SET_COOKIE,
    },
    redirect::Policy,
};
use serde_json::Value;
use url::Url;

use crate::{Error, clock::Clock};

const REDIRECT_LIMIT: usize = 10;
/// What a person's browser accepts for a page.
const PAGES: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const TIMEOUT: Duration = Duration::from_secs(10);

/// A browser of one person: its cookies, and nobody else's.
#[derive(Debug)]
pub struct Browser {
    client: reqwest::Client,
    clock: Clock,
    wants_pages: bool,
    jar: Mutex<cookies::Jar>,
}

/// A request in all its details. [`Browser`]'s short methods build one.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// Headers beside `Cookie`.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// The page that causes the request, for `SameSite`, `Origin` and `Referer`; none if typed by the person.
    pub initiator: Option<Url>,
    /// How many redirects to follow; 0 returns the first answer whatever it is.
    pub redirects: usize,
    /// How slowly the body is sent; none sends it at once.
    pub pace: Option<Pace>,
}

/// How a slow client sends a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// In so many pieces.
    pub pieces: usize,
    /// So long before each.
    pub pause: Duration,
}

impl Pace {
    fn send(self, body: &[u8]) -> reqwest::Body {
        let piece = body.len().div_ceil(self.pieces.max(1)).max(1);
        let pieces: Vec<Vec<u8>> = body.chunks(piece).map(<[u8]>::to_vec).collect();
        let wait = move |piece| async move {
            tokio::time::sleep(self.pause).await;
            Ok::<_, std::io::Error>(piece)
        };
        reqwest::Body::wrap_stream(stream::iter(pieces).then(wait))
    }
}

impl Request {
    /// A request typed into the address bar, following up to ten redirects.
    pub fn new(method: Method, url: &str) -> Result<Self, Error> {
        Ok(Self {
            method,
            url: Url::parse(url).map_err(|_| Error::Url(url.to_owned()))?,
            headers: HeaderMap::new(),
            body: Vec::new(),
            initiator: None,
            redirects: REDIRECT_LIMIT,
            pace: None,
        })
    }

    /// Adds a header. One that HTTP can't carry is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.append(name, value);
        }
        self
    }

    /// Sets the body and its type.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.headers.remove(CONTENT_TYPE);
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// Returns the first answer, even a redirect.
    #[must_use]
    pub fn no_redirects(mut self) -> Self {
        self.redirects = 0;
        self
    }
}

impl Browser {
    /// A browser without cookies.
    #[expect(
        clippy::disallowed_methods,
        reason = "the simulator’s one HTTP client is made here"
    )]
    pub fn new() -> Result<Self, Error> {
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .user_agent(concat!("hallpass-simulator/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(Error::Client)?;
        Ok(Self {
            client,
            clock: Clock::default(),
            wants_pages: false,
            jar: Mutex::default(),
        })
    }

    /// Says in every request that it wants a page, as a person's browser does; else it takes whatever comes.
    #[must_use]
    pub fn wanting_pages(mut self) -> Self {
        self.wants_pages = true;
        self
    }

    /// Another person's browser: no cookies, but the same pool of connections.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self {
            client: self.client.clone(),
            clock: self.clock.clone(),
            wants_pages: self.wants_pages,
            jar: Mutex::default(),
        }
    }

    /// Opens an address.
    pub async fn get(&self, url: &str) -> Result<Page, Error> {
        self.send(Request::new(Method::GET, url)?).await
    }

    /// Posts a form that no page showed: no `Origin`, all cookies.
    pub async fn post_form(&self, url: &str, fields: &[(&str, &str)]) -> Result<Page, Error> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.send(Request::new(Method::POST, url)?.body("application/x-www-form-urlencoded", body))
            .await
    }

    /// Posts JSON.
    pub async fn post_json(&self, url: &str, body: &Value) -> Result<Page, Error> {
        self.send(
            Request::new(Method::POST, url)?.body("application/json", serde_json::to_vec(body)?),
        )
        .await
    }

    /// Submits a form of `page`, with that page as the initiator: what another site's form may not carry
    /// (`SameSite=Lax` cookies on a POST) is not sent.
    pub async fn submit(&self, page: &Page, form: &Form) -> Result<Page, Error> {
        let fields = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&form.fields)
            .finish();
        let mut request = if form.post {
            Request::new(Method::POST, form.action.as_str())?
                .body("application/x-www-form-urlencoded", fields)
        } else {
            let mut action = form.action.clone();
            action.set_query(Some(&fields));
            Request::new(Method::GET, action.as_str())?
        };
        request.initiator = Some(page.url.clone());
        self.send(request).await
    }

    /// Submits the form that `page` submits by itself.
    pub async fn submit_auto(&self, page: &Page) -> Result<Page, Error> {
        let form = page
            .auto_form()
            .ok_or_else(|| Error::NoForm(page.url.to_string()))?;
        self.submit(page, &form).await
    }

    /// Opens an address, submits self-submitting forms and follows refreshes until a page remains.
    pub async fn open(&self, url: &str) -> Result<Page, Error> {
        let page = self.get(url).await?;
        self.settle(page).await
    }

    /// Submits self-submitting forms and follows refreshes, starting with `page`'s, until a page remains. The hops of all
    /// are kept. Scripts don't run: a page that wants them has to offer a refresh instead.
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

    /// Sends a request as it is and follows as many redirects as it allows.
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
            if page.status < 307 && request.method != Method::HEAD {
                request.method = Method::GET;
                request.body = Vec::new();
                request.pace = None;
                request.headers.remove(CONTENT_TYPE);
            }
            request.url = next;
        }
    }

    async fn exchange(&self, request: &Request) -> Result<(Page, Hop), Error> {
        let failed = |source| Error::Http {
            url: request.url.to_string(),
            source,
        };
        let safe = matches!(request.method, Method::GET | Method::HEAD);
        let mut headers = request.headers.clone();
        if self.wants_pages && !headers.contains_key(ACCEPT) {
            headers.insert(ACCEPT, HeaderValue::from_static(PAGES));
        }
        if let Some(cookies) = self.cookie_header(&request.url, request.initiator.as_ref(), safe) {
            headers.insert(COOKIE, cookies);
        }
        if let Some(page) = &request.initiator {
            let origin = page.origin().ascii_serialization();
            if let (false, Ok(value)) = (safe, HeaderValue::try_from(&origin)) {
                headers.insert(ORIGIN, value);
            }
            if let Ok(value) = HeaderValue::try_from(format!("{origin}/")) {
                headers.insert(REFERER, value);
            }
        }
        let response = self
            .client
            .request(request.method.clone(), request.url.clone())
            .headers(headers)
            .body(match request.pace {
                Some(pace) => pace.send(&request.body),
                None => request.body.clone().into(),
            })
            .send()
            .await
            .map_err(failed)?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let set_cookies: Vec<String> = headers
            .get_all(SET_COOKIE)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        for cookie in &set_cookies {
            self.jar().store(cookie, &request.url, self.clock.seconds());
        }
        let location = headers
            .get(LOCATION)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let body = response.bytes().await.map_err(failed)?.to_vec();
        let hop = Hop {
            method: request.method.clone(),
            url: request.url.clone(),
            status,
            location,
            set_cookies,
        };
        Ok((
            Page {
                url: request.url.clone(),
                status,
                headers,
                body,
                hops: Vec::new(),
            },
            hop,
        ))
    }

    fn cookie_header(&self, url: &Url, initiator: Option<&Url>, safe: bool) -> Option<HeaderValue> {
        let jar = self.jar();
        let pairs: Vec<String> = jar
            .matching(url, initiator, safe, self.clock.seconds())
            .iter()
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        if pairs.is_empty() {
            None
        } else {
            HeaderValue::try_from(pairs.join("; ")).ok()
        }
    }

    /// The cookies that a request to `url` typed by the person would carry.
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

    /// Puts a `Set-Cookie` value into the jar as if `url` had sent it.
    pub fn set_cookie(&self, url: &str, header: &str) -> Result<(), Error> {
        let url = Url::parse(url).map_err(|_| Error::Url(url.to_owned()))?;
        self.jar().store(header, &url, self.clock.seconds());
        Ok(())
    }

    /// Removes the cookies of this name.
    pub fn remove_cookie(&self, name: &str) {
        self.jar().remove(name);
    }

    /// Forgets everything.
    pub fn clear_cookies(&self) {
        self.jar().clear();
    }

    fn jar(&self) -> MutexGuard<'_, cookies::Jar> {
        self.jar.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
