//! Launches in real Chromium: a page of the LMS on 127.0.0.1 frames us on 127.0.0.2, which are two
//! sites to a browser, and ends on the application's page on 127.0.0.3, which asks us who came
//! (lti.md C).

pub(crate) mod application;
mod blocking;
mod choosing;
mod cookies;
mod front;
mod nginx;
mod storage;
mod tls;
mod windows;

use std::net::SocketAddr;

use serde_json::{Value, json};
use simulator::lms::{Launch, Lms, Options, StorageFault};
use simulator::profiles::Profile;

use self::application::{Application, Serving};
use self::front::{Change, Front};
use crate::chromium::{Chromium, Place};
use crate::support::{Gateway, Store, lms_options, register_by_hand};

/// The frames of the LMS's page.
const FRAMES: [Place; 4] =
    [Place::In("#frame-1"), Place::In("#frame-2"), Place::In("#frame-3"), Place::In("#frame-4")];
/// Where the application says who came; on no page of ours.
const WHO: &str = "#who";
/// What a page of ours says, once it says more than that it is busy.
const SAID: &str = "#fallback:not([hidden]), main:not([hidden], :has(#waiting)):has(h1:not(.busy))";
/// The offer of a window.
const OFFER: &str = "form[action^='/lti/login/'] button";

/// An LMS, a gateway and an application that know each other.
struct School {
    lms: Lms,
    gateway: Gateway,
    client_id: String,
    _application: Serving,
}

/// How the browser sees the gateway.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Browser {
    /// As it is.
    Modern,
    /// Without the attribute `Partitioned`, which older browsers and some of today's don't know.
    WithoutPartitioned,
    /// Its pages wait for the platform's storage without end.
    Patient,
    /// They wait longer than usual: for tests of what the storage answers, and not of when.
    Unhurried,
    /// The same without the attribute.
    UnhurriedWithoutPartitioned,
}

impl Browser {
    fn changes(self) -> &'static [Change] {
        match self {
            Self::Modern => &[],
            Self::WithoutPartitioned => &[Change::NO_PARTITIONED],
            Self::Patient => &[Change::ENDLESS_PATIENCE],
            Self::Unhurried => &[Change::MORE_PATIENCE],
            Self::UnhurriedWithoutPartitioned => &[Change::NO_PARTITIONED, Change::MORE_PATIENCE],
        }
    }
}

impl School {
    async fn start(profile: &str, browser: Browser) -> Self {
        let options = Options { profile: Profile::named(profile).unwrap(), ..lms_options() };
        Self::start_at(options, browser).await
    }

    /// Hosted Canvas: the issuer, the school's pages and the authorization endpoint are on three
    /// origins.
    async fn canvas(browser: Browser) -> Self {
        let options = Options {
            profile: Profile::canvas(),
            sign_on: Some(SocketAddr::from(([127, 0, 0, 4], 0))),
            issuer: Some("https://canvas.instructure.com".into()),
            ..lms_options()
        };
        Self::start_at(options, browser).await
    }

    async fn start_at(options: Options, browser: Browser) -> Self {
        let lms = Lms::start(options).await.unwrap();
        let application = Application::bind("127.0.0.3:0").await;
        let settings = json!({"launchUrl": application.url()});
        let front = match browser.changes() {
            [] => None,
            changes => Some((Front::bind("127.0.0.2:0").await, changes)),
        };
        let gateway = match &front {
            None => Gateway::start_with(Store::Sqlite, settings).await,
            Some((front, _)) => {
                let url = front.url("http");
                Gateway::start_configured(Store::Sqlite, settings, &[("public_url", &url)]).await
            }
        };
        let public = match front {
            None => gateway.url.clone(),
            Some((front, changes)) => {
                let url = front.url("http");
                front.change(&gateway, changes);
                url
            }
        };
        Self::join(lms, gateway, &public, application).await
    }

    async fn join(lms: Lms, gateway: Gateway, public: &str, application: Application) -> Self {
        let client_id = register_by_hand(&gateway, &lms, public).await;
        let application = application.serve(&gateway);
        let school = Self { lms, gateway, client_id, _application: application };
        school.list_frame_origin(school.lms.url()).await;
        school
    }

    /// The operator lists the school's own host, which no address of a hosted platform names.
    async fn list_frame_origin(&self, origin: &str) {
        let mut platform = self.gateway.platforms().await.remove(0);
        platform["frameOrigins"] = json!([origin]);
        let path = format!("/admin/platforms/{}", platform["id"].as_str().unwrap());
        let page = self.gateway.admin("PUT", &path, Some(platform)).await;
        assert_eq!(page.status, 200, "{}", page.text());
    }

    /// A launch by the student Sam Rivera.
    fn student(&self) -> Launch {
        Launch::new(&self.client_id)
    }

    /// A page of the LMS with that many launches at once.
    async fn open(&self, chromium: &Chromium, frames: usize, fault: Option<StorageFault>) {
        let launches = vec![self.student(); frames];
        chromium.open(&self.lms.page_url(&launches, fault).unwrap()).await;
    }

    /// Opens a page with one launch, which ends at the application.
    async fn succeeds(&self, chromium: &Chromium, fault: Option<StorageFault>) {
        self.open(chromium, 1, fault).await;
        self.all_arrive(chromium, 1).await;
    }

    /// Every frame of the page ends at the application.
    async fn all_arrive(&self, chromium: &Chromium, frames: usize) {
        for place in FRAMES.into_iter().take(frames) {
            assert_eq!(chromium.text(place, WHO).await, "Sam Rivera, learner");
        }
    }

    /// Opens a page with one launch, which ends on a page of ours; what it says. No launch can be
    /// read.
    async fn fails(&self, chromium: &Chromium, fault: Option<StorageFault>) -> String {
        let before = self.released().await;
        self.open(chromium, 1, fault).await;
        let said = chromium.text(FRAMES[0], SAID).await;
        assert_eq!(self.released().await, before, "{said}");
        said
    }

    /// That many launches arrived, and each browser was known by this.
    async fn assert_bound(&self, launches: usize, binding: &str) {
        let path = "/admin/traces?kind=launch&outcome=accepted&limit=200";
        let traces = self.gateway.admin("GET", path, None).await.json().unwrap();
        let traces = traces["traces"].as_array().unwrap();
        let bindings: Vec<&Value> = traces.iter().map(|trace| &trace["binding"]).collect();
        assert_eq!(bindings, vec![binding; launches]);
    }

    /// Launches that can be read.
    async fn released(&self) -> i64 {
        let count =
            "SELECT COUNT(*) FROM launches WHERE document_sealed IS NOT NULL AND NOT parked";
        self.gateway.number(count).await
    }
}
