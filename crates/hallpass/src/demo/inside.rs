//! What the demo offers to `hallpass simulate studyreel --check --inside`: a description of itself,
//! and ways to inspect and control it as the cases require. Available at a secret address while the
//! demo runs.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use gateway::kit::clock::Random;
use serde::Deserialize;
use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use simulator::studyreel::conformance::{About, Seen, Sender};
use simulator::studyreel::{
    ALPHALEARN_ISSUER, DOCUMENTED_DEPLOYMENT, DOCUMENTED_ISSUER, PRODUCTION_ISSUER,
};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use super::gateway::Gateway;
use super::log::Log;
use super::place;

/// The deployment of the second issuers, which the demo's tool allows so that the checks of the
/// launch contract can use it.
const SECOND_DEPLOYMENT: &str = "aGFsbHBhc3MgZGVtbzox";

/// The issuers for StudyReel's launches, and for those of the dialect below.
const STUDYREEL: [&str; 2] = [DOCUMENTED_ISSUER, PRODUCTION_ISSUER];
const FURTHER: [&str; 2] = [ALPHALEARN_ISSUER, "https://timeback.example.com"];
/// The additional dialect that the demo's tool accepts.
pub(super) const DIALECT: &str = "lti-magic-link";

/// Who may launch in the demo, in the format of the tool's `studyreel` setting.
pub(super) fn allowed() -> Value {
    let rules = |issuers: [&str; 2]| {
        let [first, second] = senders(issuers);
        let listed = [first, second]
            .map(|sender| json!({"issuer": sender.issuer, "id": sender.deployment_id}));
        json!({"issuers": issuers, "deployments": listed})
    };
    let mut allowed = rules(STUDYREEL);
    allowed["dialects"] = json!({DIALECT: rules(FURTHER)});
    allowed
}

fn senders([first, second]: [&str; 2]) -> [Sender; 2] {
    let sender = |issuer: &str, deployment: &str| Sender {
        issuer: issuer.to_owned(),
        deployment_id: deployment.to_owned(),
    };
    [
        sender(first, DOCUMENTED_DEPLOYMENT),
        sender(second, SECOND_DEPLOYMENT),
    ]
}

/// Everything that this side of the demo can use.
pub(super) struct Inside {
    pub gateway: Arc<Gateway>,
    /// Its public URL.
    pub gateway_url: String,
    pub api_key: String,
    /// The sample application's origin.
    pub app_url: String,
    /// The program's log.
    pub log: Log,
}

/// The server for all of this. It stops when dropped.
pub(super) struct InsideServer {
    /// The secret address, for StudyReel's launches.
    pub url: String,
    /// The same for launches of [`DIALECT`].
    pub further: String,
    task: JoinHandle<()>,
}

impl Drop for InsideServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Inside {
    /// Serves it on an open listener.
    pub(super) fn serve(self, listener: TcpListener) -> anyhow::Result<InsideServer> {
        let path = format!("/inside/{}", Random::default().token());
        let url = format!("{}{path}", place::url(&listener)?);
        let hands = Router::new()
            .route("/seen", post(seen))
            .route("/restart", post(restart))
            .route("/done", post(restart))
            .route("/outage", post(outage))
            .route("/advance", post(advance))
            .route("/dump", post(dump))
            .route("/log", post(log));
        let with = |about: About| hands.clone().route("/", get(|| async { Json(about) }));
        let further = format!("{path}/{DIALECT}");
        let router = Router::new()
            .nest(&further, with(self.about(FURTHER)))
            .nest(&path, with(self.about(STUDYREEL)))
            .with_state(Arc::new(self));
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "nobody can look inside any more");
            }
        });
        let further = format!("{url}/{DIALECT}");
        Ok(InsideServer { url, further, task })
    }

    fn about(&self, issuers: [&str; 2]) -> About {
        let private = ["/admin/tool", "/admin/studyreel", "/api/students"];
        let offers = [
            "seen", "restart", "outage", "advance", "dump", "log", "done",
        ];
        let [sender, second] = senders(issuers);
        About {
            sender: Some(sender),
            second_sender: Some(second),
            capability_required: true,
            sandbox: false,
            origins: vec![self.app_url.clone()],
            private_urls: private
                .map(|path| format!("{}{path}", self.gateway_url))
                .to_vec(),
            // The account that signs in to the portal.
            staff_account: Some(gateway::operator::setup::ADMIN.to_owned()),
            offers: offers.map(str::to_owned).to_vec(),
        }
    }
}

type SharedInside = State<Arc<Inside>>;
type Failed = (StatusCode, String);

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn failed(error: impl ToString) -> Failed {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

#[derive(Deserialize)]
struct End {
    url: Url,
}

/// The student behind the address where a login link ended, as seen by the application.
async fn seen(State(inside): SharedInside, Json(end): Json<End>) -> Result<Json<Seen>, Failed> {
    let ltik = end.url.query_pairs().find(|(name, _)| name == "ltik");
    let (_, ltik) = ltik.ok_or_else(|| failed("the address has no ltik"))?;
    let url = format!("{}/api/idtoken", inside.gateway_url);
    let authorization = format!("LTIK-AUTH-V2 {}:{ltik}", inside.api_key);
    let request = Request::new(axum::http::Method::GET, &url).map_err(failed)?;
    let request = request.header("authorization", &authorization);
    let browser = Browser::new().map_err(failed)?;
    let page = browser.send(request).await.map_err(failed)?;
    let token = page.json().map_err(failed)?;
    Seen::of_id_token(&token)
        .map(Json)
        .ok_or_else(|| failed(token))
}

async fn restart(State(inside): SharedInside) -> Result<StatusCode, Failed> {
    inside.gateway.restart().await.map_err(failed)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct Outage {
    broken: bool,
}

async fn outage(
    State(inside): SharedInside,
    Json(outage): Json<Outage>,
) -> Result<StatusCode, Failed> {
    if outage.broken {
        inside.gateway.lose_store().await;
    } else {
        inside.gateway.restart().await.map_err(failed)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct Advance {
    seconds: u64,
}

async fn advance(State(inside): SharedInside, Json(by): Json<Advance>) -> StatusCode {
    inside
        .gateway
        .advance(Duration::from_secs(by.seconds))
        .await;
    StatusCode::NO_CONTENT
}

async fn dump(State(inside): SharedInside) -> Result<Vec<u8>, Failed> {
    inside.gateway.dump().map_err(failed)
}

async fn log(State(inside): SharedInside) -> String {
    inside.log.text()
}
