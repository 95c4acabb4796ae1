//! The demo's home page: four steps that tick themselves, and under them, side by side, a launch in its frame, what Hallpass
//! noted of it, and what the application was told. It is made of the portal's parts and keeps its policy: nothing inline,
//! nothing from elsewhere, and no script is needed.
//!
//! A GET that begins something answers links of this page only, a POST its forms only.

mod files;
mod owner;
mod page;

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail, ensure};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use simulator::browser::Browser;
use simulator::lms::{Launch, Lms};
use simulator::studyreel::{Student, StudyReel};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use self::files::protect;
use self::owner::OwnersApi;
use self::page::{DemoHomePage, DemoProgress, DemoSteps, FramePage, NewestTrace};
use super::gateway::Gateway;
use super::place;
use crate::sample_app::LastAnswer;
use crate::terminal::told;

/// What the page shows and works with: the demo's other servers.
pub(super) struct DemoServers {
    pub lms: Arc<Lms>,
    pub studyreel: Arc<StudyReel>,
    pub gateway: Arc<Gateway>,
    /// Its public URL.
    pub gateway_url: String,
    /// The sample application's origin.
    pub app_url: String,
    pub api_key: String,
    /// What the application was told at the last launch.
    pub last: LastAnswer,
}

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

struct DemoHome {
    servers: DemoServers,
    owner: OwnersApi,
    /// Our origin.
    url: String,
    policy: HeaderValue,
    /// Steps that stay done whatever comes after them.
    seen: Mutex<DemoProgress>,
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

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Whether a link of another site leads here.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    header(headers, "sec-fetch-site").is_some_and(|site| !["same-origin", "none"].contains(&site))
}

fn send(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
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

impl DemoHome {
    /// Whether a form of ours was sent.
    fn posted(&self, headers: &HeaderMap) -> bool {
        match header(headers, "sec-fetch-site") {
            Some(site) => site == "same-origin",
            None => header(headers, ORIGIN.as_str()) == Some(self.url.as_str()),
        }
    }

    /// Back to the page, which shows what is new; or the page with what went wrong.
    async fn back(&self, done: anyhow::Result<()>) -> Response {
        match done {
            Ok(()) => Redirect::to("/").into_response(),
            Err(error) => {
                let page = self.page(Some(told(&error))).await;
                send(StatusCode::BAD_GATEWAY, &page)
            }
        }
    }

    /// What the LMS's administrator does: opens the registration address in the LMS's name.
    async fn register(&self) -> anyhow::Result<()> {
        let lms = &self.servers.lms;
        // The button may be pressed twice.
        if !lms.tools().is_empty() {
            return Ok(());
        }
        let address = format!("{}/lti/register", self.servers.gateway_url);
        let start = lms.begin_registration(&address)?;
        let page = Browser::new()?.wanting_pages().get(&start.url).await?;
        ensure!(
            page.status == 200 && !lms.tools().is_empty(),
            "Hallpass answered the registration with {}",
            page.status
        );
        Ok(())
    }

    fn activate_in_lms(&self) -> anyhow::Result<()> {
        let lms = &self.servers.lms;
        let tools = lms.tools();
        ensure!(!tools.is_empty(), "The tool isn't registered yet: step 1.");
        for tool in tools {
            lms.activate(&tool.client_id)?;
        }
        Ok(())
    }

    async fn activate_in_hallpass(&self) -> anyhow::Result<()> {
        let platforms = self.owner.platforms().await?;
        ensure!(!platforms.is_empty(), "No LMS has registered yet: step 1.");
        for platform in platforms {
            if platform["active"] != true {
                self.owner.activate(&platform).await?;
            }
        }
        Ok(())
    }

    /// Where a launch begins, or where the LMS's page about the tool is.
    async fn address_of(&self, what: &str) -> anyhow::Result<String> {
        if what == "studyreel" {
            let verdict = self.servers.studyreel.launch(&Student::documented()).await;
            return verdict
                .login_link()
                .with_context(|| format!("StudyReel's launch was refused: {verdict}"));
        }
        let lms = &self.servers.lms;
        let tool = lms.tools().pop();
        let tool = tool.context("The tool isn't registered with the LMS yet: step 1.")?;
        if what == "tool" {
            return Ok(format!("{}/tools/{}", lms.url(), tool.client_id));
        }
        ensure!(
            tool.active,
            "The tool isn't switched on in the LMS yet: step 2."
        );
        let launch = Launch::new(&tool.client_id);
        let launch = match what {
            "teacher" => launch.teacher(),
            "student" => launch,
            _ => bail!("Nothing begins here."),
        };
        Ok(lms.launch_url(&launch)?)
    }

    async fn page(&self, trouble: Option<String>) -> DemoHomePage {
        let (progress, newest, failed) = match self.look().await {
            Ok((progress, newest)) => (progress, newest, None),
            Err(error) => (self.kept(), None, Some(told(&error))),
        };
        let servers = &self.servers;
        DemoHomePage {
            lms: servers.lms.url().to_owned(),
            studyreel: servers.studyreel.url().to_owned(),
            gateway: servers.gateway_url.clone(),
            app: servers.app_url.clone(),
            steps: DemoSteps::of(progress),
            newest,
            answer: servers.last.text(),
            trouble: trouble.or(failed),
        }
    }

    fn kept(&self) -> DemoProgress {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the person is, and what Hallpass noted last.
    async fn look(&self) -> anyhow::Result<(DemoProgress, Option<NewestTrace>)> {
        let mut progress = self.kept();
        let platforms = self.owner.platforms().await?;
        for platform in &platforms {
            // Hallpass's own pages, such as why a launch is refused, have to show in our frame, too.
            self.owner.let_frame(platform, &self.url).await?;
        }
        let newest = self.owner.newest_trace("").await?;
        if !progress.launched {
            progress.launched = self.owner.is_accepted("launch").await?;
        }
        if !progress.studyreel {
            progress.studyreel = self.owner.is_accepted("studyreel").await?;
        }
        progress.registered = !platforms.is_empty();
        progress.in_lms = self.servers.lms.tools().iter().any(|tool| tool.active);
        progress.in_hallpass = platforms.iter().any(|platform| platform["active"] == true);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = progress;
        let app = &self.servers.app_url;
        Ok((progress, newest.map(|trace| NewestTrace::of(&trace, app))))
    }
}

#[cfg(test)]
mod tests {
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
