//! One person's browser at the LMS and at the portal, with an application behind.

use serde_json::json;
use simulator::lms::Lms;

use super::{PortalWindow, Scripts};
use crate::chromium::Place;
use crate::frames::application::{Application, Serving};
use crate::registered::Registered;
use crate::support::{Gateway, Store, lms};

/// The one platform, with what has registered it.
pub(super) async fn school(gateway: Gateway, lms: Lms, client_id: String) -> Registered {
    let platform = gateway.platforms().await.remove(0);
    let platform_id = platform["id"].as_str().unwrap().to_owned();
    Registered { gateway, lms, client_id, platform_id }
}

/// An LMS, and the owner's window at the portal of a gateway that has an application.
pub(super) struct BothSides {
    pub(super) lms: Lms,
    pub(super) window: PortalWindow,
    _gateway: Gateway,
    _serving: Serving,
}

impl BothSides {
    pub(super) async fn start() -> Self {
        let application = Application::bind("127.0.0.3:0").await;
        let settings = json!({"name": "Fractions", "launchUrl": application.url()});
        let gateway = Gateway::start_with(Store::Sqlite, settings).await;
        let serving = application.serve(&gateway);
        let window = PortalWindow::owner(&gateway, Scripts::On).await;
        Self { lms: lms().await, window, _gateway: gateway, _serving: serving }
    }

    /// Registers the tool by its URL in a frame of the LMS, and activates it there; the tool's path
    /// at the LMS.
    pub(super) async fn register(&self, url: &str) -> String {
        let (window, chromium) = (&self.window, &self.window.chromium);
        chromium.open(&format!("{}/tools/new", self.lms.url())).await;
        window.fill("#url", url).await;
        window.go("form[action='/tools/dynamic'] button").await;
        // The frame says that it is done, and the LMS shows the tool.
        chromium.click(Place::Frame, "button#close").await;
        let activate = "form[action$='/activate'] button";
        let shown = format!("document.querySelector({}) && true", json!(activate));
        chromium.wait(&shown, "the LMS doesn't show the tool").await;
        window.go(activate).await;
        chromium.complaints();
        window.path().await
    }

    /// Opens the tool from a course.
    pub(super) async fn launch(&self, tool: &str) {
        let (window, chromium) = (&self.window, &self.window.chromium);
        chromium.open(&format!("{}{tool}", self.lms.url())).await;
        window.go("form[action='/frame'] button:not([name])").await;
        assert_eq!(chromium.text(Place::Frame, "#who").await, "Sam Rivera, learner");
        chromium.complaints();
    }
}
