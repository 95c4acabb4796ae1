//! How a page stores values for the tools it shows (LTI postMessage storage).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use url::Url;

use crate::{
    lms::state::{Platform, StorageFault},
    web::page,
};

/// The address of the frame that forwards tools' messages to the page.
pub(crate) const FORWARDING: &str = "/post_message_forwarding";
/// The address of the frame that answers instead of the right one.
pub(crate) const FOREIGN: &str = "/foreign_answers";

/// What the page's script needs to store values.
pub(crate) struct Storage {
    pub(crate) frame: Option<&'static str>,
    pub(crate) forwarding: Option<String>,
    pub(crate) foreign: Option<&'static str>,
    pub(crate) settings: String,
}

impl Storage {
    pub(crate) fn of(platform: &Platform, fault: Option<StorageFault>) -> Option<Self> {
        let style = platform.profile.launch.storage?;
        let missing = fault == Some(StorageFault::MissingFrame);
        let frame = style.frame.filter(|_| !missing);
        let fault = match fault {
            Some(StorageFault::MissingFrame) => Some(StorageFault::Silent),
            other => other,
        };
        let settings = json!({
            "frame": frame,
            "forwarder": frame.map(|_| origin(&platform.sign_on)),
            "fault": fault.map(StorageFault::name),
        });
        Some(Self {
            frame,
            forwarding: frame.map(|_| format!("{}{FORWARDING}", platform.sign_on)),
            foreign: (fault == Some(StorageFault::ForeignFirst)).then_some(FOREIGN),
            settings: for_script(&settings),
        })
    }
}

fn origin(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}

/// Escapes JSON for use inside a script element.
fn for_script(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// The script of the page.
pub(crate) async fn script() -> Response {
    (
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
        include_str!("../../../templates/lms/storage.js"),
    )
        .into_response()
}

#[derive(Template)]
#[template(path = "lms/forwarding.html")]
struct ForwardingPage {
    about: String,
}

/// The frame that forwards messages.
pub(crate) async fn forwarding(State(platform): State<Arc<Platform>>) -> Response {
    let about = for_script(&json!({ "page": origin(&platform.base) }));
    page(StatusCode::OK, &ForwardingPage { about })
}

#[derive(Template)]
#[template(path = "lms/foreign.html")]
struct ForeignPage;

/// The frame that answers instead of the right one.
pub(crate) async fn foreign() -> Response {
    page(StatusCode::OK, &ForeignPage)
}
