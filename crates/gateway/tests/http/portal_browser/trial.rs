//! *Launch me a test person*, as its owner clicks it: with scripts and without.

use serde_json::json;
use test_case::cases;

use super::{BOTH, PortalWindow};
use crate::chromium::Place;
use crate::frames::application::Application;
use crate::support::{Gateway, Store};

pub(super) const LAUNCH: &str = "form[action='/portal/trial'] button";

/// The application opens beside the portal, and asks who has come.
pub(super) async fn sam_arrives(window: &PortalWindow) {
    window.press("main .note a.primary").await;
    window.chromium.look_at_other_window().await;
    let who = window.chromium.text(Place::Page, "#who").await;
    assert_eq!(who, "Sam Test, learner");
    window.chromium.close_window().await;
    window.chromium.complaints();
}

#[cases("PO-2", "PO-4")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_person_is_launched_into_the_application() {
    for scripts in BOTH {
        let application = Application::bind("127.0.0.3:0").await;
        let settings = json!({"name": "Fractions", "launchUrl": application.url()});
        let gateway = Gateway::start_with(Store::Sqlite, settings).await;
        let _serving = application.serve(&gateway);
        let window = PortalWindow::owner(&gateway, scripts).await;
        window.open("/portal").await;
        window.has(&["Four steps", "Launch me a test person"]).await;
        window.follow(LAUNCH).await;
        window.has(&["Sam Test has launched", "What happened", "Launched"]).await;

        sam_arrives(&window).await;

        // Once more, it is another pretend LMS in the place of the first.
        let known = gateway.platforms().await;
        window.follow(LAUNCH).await;
        window.has(&["Sam Test has launched"]).await;
        let fresh = gateway.platforms().await;
        assert_eq!((known.len(), fresh.len()), (1, 1));
        assert_ne!(known[0]["id"], fresh[0]["id"]);

        window.follow("form[action='/portal/trial/remove'] button").await;
        window.has(&["The pretend LMS is removed.", "Four steps"]).await;
        assert!(gateway.platforms().await.is_empty());
    }
}
