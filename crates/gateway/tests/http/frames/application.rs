//! A test's application: its page asks the gateway, from the server's side, who came.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use simulator::browser::{Browser, Request};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::support::{API_KEY, Gateway};

/// Its address, which nothing answers at yet.
pub struct Application(TcpListener);

/// The running application. It stops when this is dropped.
pub struct Serving(JoinHandle<()>);

impl Application {
    pub async fn bind(address: &str) -> Self {
        Self(TcpListener::bind(address).await.unwrap())
    }

    /// Where launches go.
    pub fn url(&self) -> String {
        format!("http://{}/app", self.0.local_addr().unwrap())
    }

    pub fn serve(self, gateway: &Gateway) -> Serving {
        let router =
            Router::new().route("/app", get(who)).with_state(Arc::new(gateway.at("/api/idtoken")));
        Serving(tokio::spawn(async move {
            axum::serve(self.0, router).await.unwrap();
        }))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn who(
    State(api): State<Arc<String>>,
    Query(query): Query<HashMap<String, String>>,
) -> Html<String> {
    let authorization = format!("LTIK-AUTH-V2 {API_KEY}:{}", query["ltik"]);
    let request =
        Request::new("GET".parse().unwrap(), &api).unwrap().header("authorization", &authorization);
    let answer = Browser::new().unwrap().send(request).await.unwrap();
    let token = answer.json().unwrap_or_default();
    let (name, role) = (&token["user"]["name"], &token["user"]["role"]);
    Html(format!(
        "<!doctype html><html lang=en><title>Application</title>\
         <h1>The application</h1><p id=who>{}, {}</p>",
        name.as_str().unwrap_or("nobody"),
        role.as_str().unwrap_or("no role")
    ))
}
