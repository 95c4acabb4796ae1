//! A test's application: its page asks the gateway, from the server's side, who came.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value, json};
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
        let router = Router::new()
            .route("/app", get(who))
            .route("/app/choose", get(choose))
            .with_state(Arc::new(gateway.url.clone()));
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

/// Asks the gateway with the launch's `ltik`.
async fn ask(gateway: &str, ltik: &str, path: &str, body: Option<Value>) -> Value {
    let method = if body.is_some() { "POST" } else { "GET" };
    let mut request = Request::new(method.parse().unwrap(), &format!("{gateway}{path}"))
        .unwrap()
        .header("authorization", &format!("LTIK-AUTH-V2 {API_KEY}:{ltik}"));
    if let Some(body) = body {
        request = request.body("application/json", body.to_string());
    }
    Browser::new().unwrap().send(request).await.unwrap().json().unwrap_or_default()
}

/// The page after a click in the picker: the gateway's form, which submits itself.
async fn choose(
    State(gateway): State<Arc<String>>,
    Query(query): Query<HashMap<String, String>>,
) -> Html<String> {
    let item = json!({
        "type": "ltiResourceLink", "title": "Quiz 7", "custom": {"quiz": "7"},
        "url": format!("{gateway}/lti/launch?quiz=7"),
    });
    let answer = json!({"contentItems": [item]});
    let answer = ask(&gateway, &query["ltik"], "/api/deeplinking/form", Some(answer)).await;
    let form = answer["form"].as_str().unwrap_or_else(|| panic!("{answer}"));
    Html(format!("<!doctype html><html lang=en><title>Chosen</title><h1>Chosen</h1>{form}"))
}

async fn who(
    State(gateway): State<Arc<String>>,
    Query(query): Query<HashMap<String, String>>,
) -> Html<String> {
    let token = ask(&gateway, &query["ltik"], "/api/idtoken", None).await;
    if token["launch"]["deepLinking"] == true {
        return Html(format!(
            "<!doctype html><html lang=en><title>Picker</title><h1>Picker</h1>\
             <a id=quiz href='/app/choose?ltik={}'>Quiz 7</a>",
            query["ltik"]
        ));
    }
    if let Some(quiz) = token["custom"]["quiz"].as_str() {
        return Html(format!(
            "<!doctype html><html lang=en><title>Quiz</title><h1>Quiz</h1><p id=who>Quiz {quiz}</p>"
        ));
    }
    let (name, role) = (&token["user"]["name"], &token["user"]["role"]);
    Html(format!(
        "<!doctype html><html lang=en><title>Application</title>\
         <h1>The application</h1><p id=who>{}, {}</p>",
        name.as_str().unwrap_or("nobody"),
        role.as_str().unwrap_or("no role")
    ))
}
