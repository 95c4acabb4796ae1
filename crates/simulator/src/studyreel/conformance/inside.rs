//! Looks into a running application over HTTP, so that all 76 cases can run against it.
//!
//! A test installation of the application offers this at a secret address. `GET` there describes
//! the installation ([`About`]); everything listed under `offers` is available by `POST` one level
//! below, with or without JSON bodies: `seen {"url"}` → [`Seen`], `census` → [`Census`], `restart`,
//! `outage {"broken"}`, `advance {"seconds"}`, `dump` → bytes, `log` → text, `done`. Errors have a
//! status of 400 or above.

use std::sync::Arc;

use reqwest::Method;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{Census, ConformanceOptions, End, Insight, Later, Seen, Sender};
use crate::{
    Error,
    browser::{Browser, Page, Request},
};

/// An application's description of its test installation.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct About {
    /// The issuer and deployment that may launch; if omitted, the documented ones.
    pub sender: Option<Sender>,
    /// Another issuer that may launch, with its own deployment.
    pub second_sender: Option<Sender>,
    /// See [`ConformanceOptions::capability_required`].
    pub capability_required: bool,
    /// See [`ConformanceOptions::sandbox`].
    pub sandbox: bool,
    /// See [`ConformanceOptions::origins`].
    pub origins: Vec<String>,
    /// See [`ConformanceOptions::private_urls`].
    pub private_urls: Vec<String>,
    /// See [`ConformanceOptions::staff_account`].
    pub staff_account: Option<String>,
    /// Names of what can be inspected and controlled.
    pub offers: Vec<String>,
}

impl ConformanceOptions {
    /// Reads the application's description of itself at `url`, and looks into it there. Options
    /// already set take precedence.
    ///
    /// # Errors
    /// There is no such description.
    pub async fn looking_inside(self, url: &str) -> Result<Self, Error> {
        let client = Browser::new()?;
        let about = client
            .send(Request::new(Method::GET, url)?.no_redirects())
            .await?;
        let about: About = match read(&about) {
            Ok(about) => about,
            Err(why) => return Err(Error::Inside(format!("{url}: {why}"))),
        };
        let documented = Self::new("").sender;
        let is_given = self.sender != documented;
        Ok(Self {
            sender: about.sender.filter(|_| !is_given).unwrap_or(self.sender),
            second_sender: self.second_sender.or(about.second_sender),
            capability_required: self.capability_required || about.capability_required,
            sandbox: self.sandbox || about.sandbox,
            origins: [self.origins, about.origins].concat(),
            private_urls: [self.private_urls, about.private_urls].concat(),
            staff_account: self.staff_account.or(about.staff_account),
            insight: Some(Arc::new(Inside {
                base: url.trim_end_matches('/').to_owned(),
                offers: about.offers,
                client,
            })),
            ..self
        })
    }
}

struct Inside {
    base: String,
    offers: Vec<String>,
    client: Browser,
}

impl Inside {
    /// Asks one question. Returns `None` if the application doesn't offer it.
    fn ask<'a, T: Send + 'a>(
        &'a self,
        name: &'static str,
        body: &Value,
        read: fn(&Page) -> Result<T, String>,
    ) -> Option<Later<'a, T>> {
        if !self.offers.iter().any(|offer| offer == name) {
            return None;
        }
        let body = body.to_string();
        Some(Box::pin(async move {
            let failed = |error: Error| format!("{name}: {error}");
            let request = Request::new(Method::POST, &format!("{}/{name}", self.base));
            let request = request.map_err(failed)?.no_redirects();
            let request = request.body("application/json", body);
            let page = self.client.send(request).await.map_err(failed)?;
            read(&page).map_err(|why| format!("{name}: {why}"))
        }))
    }
}

fn good(page: &Page) -> Result<(), String> {
    if (200..300).contains(&page.status) {
        Ok(())
    } else {
        Err(format!("{} {}", page.status, page.text()))
    }
}

fn read<T: DeserializeOwned>(page: &Page) -> Result<T, String> {
    good(page)?;
    serde_json::from_slice(&page.body).map_err(|error| error.to_string())
}

impl Insight for Inside {
    fn seen<'a>(&'a self, end: &'a End) -> Option<Later<'a, Seen>> {
        self.ask("seen", &json!({"url": end.url.as_str()}), read)
    }

    fn census(&self) -> Option<Later<'_, Census>> {
        self.ask("census", &json!({}), read)
    }

    fn restart(&self) -> Option<Later<'_, ()>> {
        self.ask("restart", &json!({}), good)
    }

    fn outage(&self, broken: bool) -> Option<Later<'_, ()>> {
        self.ask("outage", &json!({"broken": broken}), good)
    }

    fn advance(&self, seconds: u64) -> Option<Later<'_, ()>> {
        self.ask("advance", &json!({"seconds": seconds}), good)
    }

    fn dump(&self) -> Option<Later<'_, Vec<u8>>> {
        self.ask("dump", &json!({}), |page| {
            good(page).map(|()| page.body.clone())
        })
    }

    fn log(&self) -> Option<Later<'_, String>> {
        self.ask("log", &json!({}), |page| good(page).map(|()| page.text()))
    }

    fn done(&self) -> Option<Later<'_, ()>> {
        self.ask("done", &json!({}), good)
    }
}
