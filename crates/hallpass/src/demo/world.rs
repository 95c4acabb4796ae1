//! Everything the demo runs, in one process and one temporary folder.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use gateway::kit::clock::Random;
use gateway::settings::installation::{Config, Sources};
use serde_json::{Value, json};
use simulator::browser::{Browser, Request};
use simulator::lms::{self, Lms};
use simulator::studyreel::{self, StudyReel, StudyReelTool};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::gateway::Gateway;
use super::home::{DemoServers, HomeServer};
use super::inside::{self, DIALECT, Inside, InsideServer};
use super::log::Log;
use super::place::{self, DemoPlace, DemoServer};
use crate::sample_app::{HOOK, LastAnswer, SampleApp, Settings};

/// The tool's name everywhere.
const NAME: &str = "Sample application";

/// The running demo.
pub(super) struct World {
    /// The start page.
    pub home: HomeServer,
    /// The pretend LMS.
    pub lms: Arc<Lms>,
    /// The pretend StudyReel.
    pub studyreel: Arc<StudyReel>,
    /// The sample application's address, without a trailing slash.
    pub app_url: String,
    /// The gateway's address, without a trailing slash.
    pub gateway_url: String,
    /// The gateway's API key.
    pub api_key: String,
    /// The address for StudyReel's launches, including its secret part.
    pub launch_url: String,
    /// The same for `lti-magic-link`.
    pub further_launch_url: String,
    /// The server for inspecting the demo during the checks of the launch contract.
    pub inside: InsideServer,
    app: SampleApp,
    gateway: Arc<Gateway>,
    folder: TempDir,
}

impl World {
    /// Starts everything.
    pub(super) async fn start(place: DemoPlace, log: Log) -> anyhow::Result<Self> {
        let home = place.listen(DemoServer::Home).await?;
        let gateway = place.listen(DemoServer::Hallpass).await?;
        let app = place.listen(DemoServer::App).await?;
        let app_url = place::url(&app)?;
        let [lms, studyreel] =
            [DemoServer::Lms, DemoServer::StudyReel].map(|server| place.of(server));
        let (lms, studyreel) = pretend(lms, studyreel, &app_url).await?;
        let (lms, studyreel) = (Arc::new(lms), Arc::new(studyreel));
        let inside = place.listen(DemoServer::Inside).await?;
        let hallpass = FreshGateway::start(gateway, &app_url).await?;
        introduce(&studyreel, hallpass.secrets.launch_url.clone());
        let inside = Inside {
            gateway: Arc::clone(&hallpass.gateway),
            gateway_url: hallpass.url.clone(),
            api_key: hallpass.api_key.clone(),
            app_url: app_url.clone(),
            log,
        }
        .serve(inside)?;
        let last = LastAnswer::default();
        let home = DemoServers {
            lms: Arc::clone(&lms),
            studyreel: Arc::clone(&studyreel),
            gateway: Arc::clone(&hallpass.gateway),
            gateway_url: hallpass.url.clone(),
            app_url: app_url.clone(),
            api_key: hallpass.api_key.clone(),
            last: last.clone(),
        }
        .serve(home)?;
        let app = SampleApp::serve(
            app,
            Settings {
                gateway: hallpass.url.clone(),
                api_key: hallpass.api_key.clone(),
                base: app_url.clone(),
                lms: lms.url().to_owned(),
                studyreel: studyreel.url().to_owned(),
                hook_secret: hallpass.secrets.hook_secret,
            },
            last,
        )?;
        Ok(Self {
            home,
            lms,
            studyreel,
            app_url,
            gateway_url: hallpass.url,
            api_key: hallpass.api_key,
            launch_url: hallpass.secrets.launch_url,
            further_launch_url: hallpass.secrets.further_launch_url,
            inside,
            app,
            gateway: hallpass.gateway,
            folder: hallpass.folder,
        })
    }

    /// Waits for the gateway to stop unexpectedly.
    pub(super) async fn ended(&self) -> anyhow::Result<()> {
        self.gateway.ended().await;
        anyhow::bail!("Hallpass ended by itself")
    }

    /// Stops everything and removes the folder. Returns its path.
    pub(super) async fn stop(self) -> anyhow::Result<PathBuf> {
        drop((self.home, self.lms, self.studyreel, self.app, self.inside));
        self.gateway.stop().await;
        let folder = self.folder.path().to_owned();
        self.folder
            .close()
            .with_context(|| format!("{} can't be removed", folder.display()))?;
        Ok(folder)
    }
}

/// A gateway with an empty database, and the means to access it.
struct FreshGateway {
    gateway: Arc<Gateway>,
    url: String,
    api_key: String,
    secrets: OwnerSecrets,
    folder: TempDir,
}

impl FreshGateway {
    async fn start(listener: TcpListener, app_url: &str) -> anyhow::Result<Self> {
        let url = place::url(&listener)?;
        let folder = tempfile::Builder::new()
            .prefix("hallpass-demo-")
            .tempdir()
            .context("no temporary folder can be made")?;
        let api_key = Random::default().token();
        let config = config(&url, app_url, &api_key, &folder)?;
        let gateway = Arc::new(Gateway::start(listener, config).await?);
        let secrets = secrets(&url, &api_key).await?;
        Ok(Self {
            gateway,
            url,
            api_key,
            secrets,
            folder,
        })
    }
}

/// Tells the pretend StudyReel the launch address.
fn introduce(studyreel: &StudyReel, launch_url: String) {
    let deployment = studyreel::DOCUMENTED_DEPLOYMENT.to_owned();
    studyreel.set_tool(StudyReelTool {
        name: NAME.to_owned(),
        ..StudyReelTool::configured(launch_url, deployment)
    });
}

/// The pretend LMS and StudyReel.
async fn pretend(
    lms: SocketAddr,
    studyreel: SocketAddr,
    app_url: &str,
) -> anyhow::Result<(Lms, StudyReel)> {
    let lms = Lms::start(lms::Options {
        addr: lms,
        traces: Some(format!("{app_url}/traces/{{reference}}")),
        ..lms::Options::default()
    })
    .await?;
    let studyreel = StudyReel::start(studyreel::StudyReelOptions {
        addr: studyreel,
        // A login link redirects to the application.
        link_origins: vec![app_url.to_owned()],
        ..studyreel::StudyReelOptions::default()
    })
    .await?;
    Ok((lms, studyreel))
}

/// The secrets that the tool's owner gets from the gateway.
struct OwnerSecrets {
    launch_url: String,
    further_launch_url: String,
    hook_secret: String,
}

async fn secrets(gateway_url: &str, api_key: &str) -> anyhow::Result<OwnerSecrets> {
    let request = Request::new(
        axum::http::Method::GET,
        &format!("{gateway_url}/admin/studyreel"),
    )?;
    let request = request.header("authorization", &format!("Bearer {api_key}"));
    let owner = Browser::new()?.send(request).await?.json()?;
    let text = |value: &Value, what: &'static str| {
        let text = value.as_str().map(str::to_owned);
        text.with_context(|| format!("Hallpass names no {what}"))
    };
    Ok(OwnerSecrets {
        launch_url: text(&owner["capabilityLaunchUrl"], "launch URL")?,
        further_launch_url: text(
            &owner["dialects"][DIALECT]["capabilityLaunchUrl"],
            "launch URL",
        )?,
        hook_secret: text(&owner["provisioning"]["secret"], "secret of the hook")?,
    })
}

/// The settings, built entirely here.
fn config(
    gateway_url: &str,
    app_url: &str,
    api_key: &str,
    folder: &TempDir,
) -> anyhow::Result<Config> {
    // Real students' rules, plus the second issuers for the checks of the launch contract.
    let mut studyreel = inside::allowed();
    studyreel["requireCapability"] = json!(true);
    studyreel["provisioning"] = json!({"url": format!("{app_url}{HOOK}")});
    let tool = json!({
        "name": NAME,
        "description": "Shows who came, from where and in which role.",
        "launchUrl": format!("{app_url}/launch"),
        "studyreel": studyreel,
    });
    let flags: BTreeMap<String, String> = [
        ("public_url", gateway_url.to_owned()),
        ("data_dir", folder.path().display().to_string()),
        ("bootstrap_api_key", api_key.to_owned()),
        ("tool", tool.to_string()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into();
    let sources = Sources {
        flags,
        ..Sources::default()
    };
    Ok(Config::load(&sources)?)
}
