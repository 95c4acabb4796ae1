//! The demo's home page: four steps that tick themselves off, and below them, side by side, a
//! launch in a frame, Hallpass's trace of it, and the data that the application received. It is
//! built from the portal's parts and follows its policy: nothing inline, nothing from other hosts,
//! and no script required.
//!
//! A GET that starts something only works from links on this page, and a POST only from its forms.

mod files;
mod owner;
mod page;
mod room;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use self::files::protect;
use self::owner::OwnersApi;
use self::page::{FramePage, send};
pub(super) use self::room::DemoServers;
use self::room::{DemoHome, header};
use super::place;
use crate::terminal::told;

/// The page's server. It stops when this is dropped.
pub(super) struct HomeServer {
    /// Its address, without a trailing slash.
    pub url: String,
    task: JoinHandle<()>,
}

impl Drop for HomeServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type SharedHome = State<Arc<DemoHome>>;

impl DemoServers {
    /// Serves the page on an open listener.
    pub(super) fn serve(self, listener: TcpListener) -> anyhow::Result<HomeServer> {
        let url = place::url(&listener)?;
        let framed: [&str; 4] = [
            self.lms.url(),
            self.studyreel.url(),
            &self.gateway_url,
            &self.app_url,
        ];
        let home = Arc::new(DemoHome {
            owner: OwnersApi::new(&self.gateway_url, &self.api_key)?,
            policy: files::policy(framed)?,
            url: url.clone(),
            seen: Mutex::default(),
            servers: self,
        });
        let router = Router::new()
            .route("/", get(show))
            .route("/frame", get(frame))
            .route("/register", post(register))
            .route("/activate/{side}", post(activate))
            .route("/begin/{what}", get(begin))
            .route("/portal", get(portal))
            .route("/{file}", get(files::file))
            .layer(middleware::from_fn_with_state(Arc::clone(&home), guard))
            .with_state(home);
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the demo's home page ended");
            }
        });
        Ok(HomeServer { url, task })
    }
}

/// Answers only to its own host name, so that another site's script can't read this page through a
/// host name that resolves here (DNS rebinding).
async fn guard(State(home): SharedHome, request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST);
    let host = host.and_then(|host| host.to_str().ok());
    if host.map(bare) != home.url.strip_prefix("http://").map(bare) {
        return Redirect::to(&format!("{}/", home.url)).into_response();
    }
    let path = request.uri().path();
    let is_in_frame = path == "/frame" || path.starts_with("/begin/");
    let mut response = next.run(request).await;
    protect(response.headers_mut(), &home.policy, is_in_frame);
    response
}

/// A host as browsers write it.
fn bare(host: &str) -> &str {
    host.strip_suffix(":80").unwrap_or(host)
}

/// Whether the request comes from another site's link.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    header(headers, "sec-fetch-site").is_some_and(|site| !["same-origin", "none"].contains(&site))
}

async fn show(State(home): SharedHome) -> Response {
    send(StatusCode::OK, &home.page(None).await)
}

/// The frame's content before a launch.
async fn frame() -> Response {
    let page = FramePage {
        title: "Nothing is open yet",
        says: "A launch from the steps above opens here, as it does in the LMS.".to_owned(),
    };
    send(StatusCode::OK, &page)
}

async fn register(State(home): SharedHome, headers: HeaderMap) -> Response {
    if !home.posted(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let registered = home.register().await;
    home.back(registered).await
}

async fn activate(
    State(home): SharedHome,
    Path(side): Path<String>,
    headers: HeaderMap,
) -> Response {
    if !home.posted(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let activated = match &*side {
        "lms" => home.activate_in_lms(),
        "hallpass" => home.activate_in_hallpass().await,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    home.back(activated).await
}

/// Starts a launch, or redirects to a page of the LMS.
async fn begin(State(home): SharedHome, Path(what): Path<String>, headers: HeaderMap) -> Response {
    if is_from_elsewhere(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match home.address_of(&what).await {
        Ok(address) => Redirect::to(&address).into_response(),
        Err(error) => {
            let page = FramePage {
                title: "Not yet",
                says: told(&error),
            };
            send(StatusCode::CONFLICT, &page)
        }
    }
}

/// Redirects to the portal, the first time to become its owner.
async fn portal(State(home): SharedHome, headers: HeaderMap) -> Response {
    if is_from_elsewhere(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    // As in Gateway::restart.
    let address = || Handle::current().block_on(home.servers.gateway.portal());
    match tokio::task::block_in_place(address) {
        Ok(address) => Redirect::to(&address).into_response(),
        Err(error) => home.back(Err(error)).await,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_host_is_the_same_with_the_usual_port() {
        assert_eq!(bare("127.0.0.1:80"), "127.0.0.1");
        assert_eq!(bare("127.0.0.1:8080"), "127.0.0.1:8080");
    }

    #[test]
    fn links_of_other_sites_begin_nothing() {
        for (site, elsewhere) in [
            (Some("same-origin"), false),
            (Some("none"), false),
            (None, false),
            (Some("same-site"), true),
            (Some("cross-site"), true),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            assert_eq!(is_from_elsewhere(&headers), elsewhere, "{site:?}");
        }
    }
}
