//! Hallpass's API, used as the application's owner.

use anyhow::ensure;
use axum::http::Method;
use serde_json::{Value, json};
use simulator::browser::{Browser, Request};

/// The API, with the owner's API key.
pub(super) struct OwnersApi {
    browser: Browser,
    gateway: String,
    authorization: String,
}

impl OwnersApi {
    /// For the Hallpass at this address.
    pub(super) fn new(gateway: &str, api_key: &str) -> anyhow::Result<Self> {
        Ok(Self {
            browser: Browser::new()?,
            gateway: gateway.to_owned(),
            authorization: format!("Bearer {api_key}"),
        })
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.gateway);
        let mut request = Request::new(method, &url)?
            .header("authorization", &self.authorization)
            .no_redirects();
        if let Some(body) = body {
            request = request.body("application/json", body.to_string());
        }
        let page = self.browser.fresh().send(request).await?;
        ensure!(
            (200..300).contains(&page.status),
            "Hallpass answered {path} with {}",
            page.status
        );
        Ok(page.json().unwrap_or_default())
    }

    /// `GET /admin/platforms`
    pub(super) async fn platforms(&self) -> anyhow::Result<Vec<Value>> {
        let mut list = self.ask(Method::GET, "/admin/platforms", None).await?;
        Ok(match list["platforms"].take() {
            Value::Array(platforms) => platforms,
            _ => Vec::new(),
        })
    }

    /// `POST /admin/platforms/<id>/activate`
    pub(super) async fn activate(&self, platform: &Value) -> anyhow::Result<()> {
        let path = format!("{}/activate", path_of(platform));
        self.ask(Method::POST, &path, None).await.map(drop)
    }

    /// `PUT /admin/platforms/<id>`: allows pages of an origin to frame Hallpass's pages about a
    /// platform, unless they already may.
    pub(super) async fn let_frame(&self, platform: &Value, origin: &str) -> anyhow::Result<()> {
        let listed = platform["frameOrigins"].as_array();
        let mut listed = listed.cloned().unwrap_or_default();
        if listed.iter().any(|listed| listed == origin) {
            return Ok(());
        }
        listed.push(origin.into());
        let mut body = json!({"frameOrigins": listed});
        // The members that the request must contain; omitted ones stay unchanged.
        for name in [
            "name",
            "url",
            "clientId",
            "authenticationEndpoint",
            "accesstokenEndpoint",
            "authConfig",
        ] {
            body[name] = platform[name].clone();
        }
        let path = path_of(platform);
        self.ask(Method::PUT, &path, Some(&body)).await.map(drop)
    }

    /// `GET /admin/traces`: the newest trace that matches a filter.
    pub(super) async fn newest_trace(&self, filter: &str) -> anyhow::Result<Option<Value>> {
        let path = format!("/admin/traces?limit=1{filter}");
        let mut list = self.ask(Method::GET, &path, None).await?;
        Ok(list["traces"].get_mut(0).map(Value::take))
    }

    /// Whether a launch from the LMS was accepted.
    pub(super) async fn has_launched(&self) -> anyhow::Result<bool> {
        let newest = self.newest_trace("&kind=launch&outcome=accepted").await?;
        Ok(newest.is_some())
    }
}

fn path_of(platform: &Value) -> String {
    let id = platform["id"].as_str().unwrap_or_default();
    format!("/admin/platforms/{id}")
}
