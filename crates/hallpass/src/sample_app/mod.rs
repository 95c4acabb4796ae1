//! A small application, written as a Hallpass user would write one. The demo launches into it.
//!
//! It has no accounts, no sessions and no cookies: the `ltik` in a page's forms is all it needs. On
//! each page of a launch, its server asks Hallpass who the person is, using the API key, which
//! never appears on a page.

mod client;
mod course;
mod facts;
mod grade;
mod hook;
mod pages;
mod picker;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;
use simulator::browser::Browser;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use client::Client;
pub(crate) use facts::Facts;

/// The application's configuration: where Hallpass is, its key, and the application's own address.
pub(crate) struct Settings {
    /// The gateway's public URL.
    pub gateway: String,
    pub api_key: String,
    /// The application's own address, an origin.
    pub base: String,
    /// The pretend LMS's address, for links.
    pub lms: String,
    /// The pretend StudyReel's address, for links.
    pub studyreel: String,
    /// The secret with which Hallpass signs its calls to the provisioning hook, from
    /// `GET /admin/studyreel`.
    pub hook_secret: String,
}

/// The path that Hallpass calls for new students.
pub(crate) const HOOK: &str = "/hooks/hallpass";

/// Hallpass's answer at the last launch, for the demo's home page, which shows it.
#[derive(Clone, Default)]
pub(crate) struct LastAnswer(Arc<Mutex<ShownAnswer>>);

#[derive(Default)]
struct ShownAnswer {
    text: Option<String>,
    student_came: bool,
}

impl LastAnswer {
    /// The answer of `GET /api/idtoken`, formatted; `None` before the first launch.
    pub(crate) fn text(&self) -> Option<String> {
        self.kept().text.clone()
    }

    /// Whether a student of StudyReel has ever arrived.
    pub(crate) fn student_came(&self) -> bool {
        self.kept().student_came
    }

    fn keep(&self, facts: &Facts) {
        let mut kept = self.kept();
        kept.text = Some(facts.all.clone());
        kept.student_came |= facts.is_student;
    }

    fn kept(&self) -> MutexGuard<'_, ShownAnswer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running application. It stops when this is dropped.
pub(crate) struct SampleApp {
    task: JoinHandle<()>,
}

impl SampleApp {
    /// Serves it on an open listener. Stores what it receives at a launch in `last`.
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

/// Why the application can't show a page.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// The `ltik` is missing or invalid.
    #[error("this launch is over, or never was")]
    NoLaunch,
    /// The exercise doesn't exist, or isn't this school's.
    #[error("no such exercise for this school")]
    NoExercise,
    /// Only teachers see the course.
    #[error("only teachers see the course")]
    NoTeacher,
    /// Hallpass has nothing under this reference.
    #[error("no such trace")]
    NoTrace,
    /// The gateway or the platform refused, with this sentence.
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
