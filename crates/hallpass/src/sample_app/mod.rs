//! A small application, written as a user of Hallpass would write it: the demo launches into it.
//!
//! It has no accounts, no session and no cookies: the `ltik` in a page's forms is all it needs. Each page that a launch
//! opens asks Hallpass from the server's side who came, with the API key, which no page ever shows.

mod client;
mod course;
mod facts;
mod grade;
mod hook;
mod pages;
mod picker;

use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;
use simulator::browser::Browser;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use client::Client;
pub(crate) use facts::Facts;

/// What the application knows: where Hallpass is, its key, and its own address.
pub(crate) struct Settings {
    /// The gateway's public URL.
    pub gateway: String,
    pub api_key: String,
    /// The application's own address, an origin.
    pub base: String,
    /// Where the pretend LMS is, to link to.
    pub lms: String,
    /// Where the pretend StudyReel is, to link to.
    pub studyreel: String,
    /// What Hallpass signs its calls of the provisioning hook with, as `GET /admin/studyreel` gives it.
    pub hook_secret: String,
}

/// The path where Hallpass tells of new students.
pub(crate) const HOOK: &str = "/hooks/hallpass";

/// What Hallpass answered at the last launch, for those who watch the application: the demo's home page.
#[derive(Clone, Default)]
pub(crate) struct LastAnswer(Arc<Mutex<Option<String>>>);

impl LastAnswer {
    /// The answer of `GET /api/idtoken`, on several lines; `None` before the first launch.
    pub(crate) fn text(&self) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }

    fn keep(&self, text: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(text.to_owned());
    }
}

/// The running application. It stops when this is dropped.
pub(crate) struct SampleApp {
    task: JoinHandle<()>,
}

impl SampleApp {
    /// Serves it on a listener that is open already. What it is told at a launch, it leaves in `last`.
    pub(crate) fn serve(
        listener: TcpListener,
        settings: Settings,
        last: LastAnswer,
    ) -> anyhow::Result<Self> {
        let client = Client {
            browser: Browser::new()?,
            gateway: settings.gateway.clone(),
            api_key: settings.api_key.clone(),
        };
        let router = pages::router(settings, client, last);
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the sample application ended");
            }
        });
        Ok(Self { task })
    }
}

impl Drop for SampleApp {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Why the application can't show what it was asked for.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// No or no good `ltik`.
    #[error("this launch is over, or never was")]
    NoLaunch,
    /// An exercise that is not here, or not this school's.
    #[error("no such exercise for this school")]
    NoExercise,
    /// Only teachers see the course.
    #[error("only teachers see the course")]
    NoTeacher,
    /// A reference under which Hallpass keeps nothing.
    #[error("no such trace")]
    NoTrace,
    /// The gateway refused, or the platform, with this sentence.
    #[error("{0}")]
    Refused(String),
    /// The gateway didn't answer, or not as documented.
    #[error("Hallpass can't be asked: {0}")]
    Gateway(String),
}

/// A page from a template.
fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}
