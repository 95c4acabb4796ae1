//! What the page does on the person's behalf, and what it knows.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail, ensure};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use simulator::browser::Browser;
use simulator::lms::{Launch, Lms};
use simulator::studyreel::{Student, StudyReel};

use super::owner::OwnersApi;
use super::page::{DemoHomePage, DemoProgress, DemoSteps, NewestTrace, send};
use crate::demo::gateway::Gateway;
use crate::sample_app::LastAnswer;
use crate::terminal::told;

/// The demo's other servers, which the page shows and uses.
pub(in crate::demo) struct DemoServers {
    pub lms: Arc<Lms>,
    pub studyreel: Arc<StudyReel>,
    pub gateway: Arc<Gateway>,
    /// Its public URL.
    pub gateway_url: String,
    /// The sample application's origin.
    pub app_url: String,
    pub api_key: String,
    /// What the application received at the last launch.
    pub last: LastAnswer,
}

/// The page.
pub(super) struct DemoHome {
    pub servers: DemoServers,
    pub owner: OwnersApi,
    /// Our origin.
    pub url: String,
    pub policy: HeaderValue,
    /// Steps that stay completed, whatever happens later.
    pub seen: Mutex<DemoProgress>,
}

/// A header, if present and readable.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

impl DemoHome {
    /// Whether the request comes from one of our forms.
    pub(super) fn posted(&self, headers: &HeaderMap) -> bool {
        match header(headers, "sec-fetch-site") {
            Some(site) => site == "same-origin",
            None => header(headers, ORIGIN.as_str()) == Some(self.url.as_str()),
        }
    }

    /// Redirects back to the page, which shows what is new; or shows the page with the error.
    pub(super) async fn back(&self, done: anyhow::Result<()>) -> Response {
        match done {
            Ok(()) => Redirect::to("/").into_response(),
            Err(error) => {
                let page = self.page(Some(told(&error))).await;
                send(StatusCode::BAD_GATEWAY, &page)
            }
        }
    }

    /// Acts as the LMS's administrator: opens the registration address on behalf of the LMS.
    pub(super) async fn register(&self) -> anyhow::Result<()> {
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

    pub(super) fn activate_in_lms(&self) -> anyhow::Result<()> {
        let lms = &self.servers.lms;
        let tools = lms.tools();
        ensure!(!tools.is_empty(), "The tool isn't registered yet: step 1.");
        for tool in tools {
            lms.activate(&tool.client_id)?;
        }
        Ok(())
    }

    pub(super) async fn activate_in_hallpass(&self) -> anyhow::Result<()> {
        let platforms = self.owner.platforms().await?;
        ensure!(!platforms.is_empty(), "No LMS has registered yet: step 1.");
        for platform in platforms {
            if platform["active"] != true {
                self.owner.activate(&platform).await?;
            }
        }
        Ok(())
    }

    /// The address where a launch begins, or of the LMS's page about the tool.
    pub(super) async fn address_of(&self, what: &str) -> anyhow::Result<String> {
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

    pub(super) async fn page(&self, trouble: Option<String>) -> DemoHomePage {
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

    /// The person's progress, and Hallpass's latest trace.
    async fn look(&self) -> anyhow::Result<(DemoProgress, Option<NewestTrace>)> {
        let mut progress = self.kept();
        let platforms = self.owner.platforms().await?;
        for platform in &platforms {
            // Hallpass's own pages, such as the reason for a refused launch, must be allowed in our
            // frame, too.
            self.owner.let_frame(platform, &self.url).await?;
        }
        let newest = self.owner.newest_trace("").await?;
        if !progress.launched {
            progress.launched = self.owner.has_launched().await?;
        }
        // StudyReel's launch only makes a link; it has to be opened.
        progress.studyreel = self.servers.last.student_came();
        progress.registered = !platforms.is_empty();
        progress.in_lms = self.servers.lms.tools().iter().any(|tool| tool.active);
        progress.in_hallpass = platforms.iter().any(|platform| platform["active"] == true);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = progress;
        let app = &self.servers.app_url;
        let newest = newest.map(|trace| NewestTrace::of(&trace, app, progress.in_hallpass));
        Ok((progress, newest))
    }
}
