//! The demo's home page: four steps that tick themselves, and under them, side by side, a launch in its frame, what Hallpass
//! noted of it, and what the application was told. It is made of the portal's parts and keeps its policy: nothing inline,
//! nothing from elsewhere, and no script is needed.
//!
//! A GET that begins something answers links of this page only, a POST its forms only.

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
    /// Its address, without a slash at the end.
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
    /// Serves the page on a listener that is open already.
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

/// Answers under its own name only, so that no other site's script reads this page by a name of its own that leads here.
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

/// Whether a link of another site leads here.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    header(headers, "sec-fetch-site").is_some_and(|site| !["same-origin", "none"].contains(&site))
}

async fn show(State(home): SharedHome) -> Response {
    send(StatusCode::OK, &home.page(None).await)
}

/// What the frame shows before anything is opened in it.
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

/// Begins a launch, or leads to a page of the LMS.
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

/// Leads to the portal, for the first time as its owner.
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
