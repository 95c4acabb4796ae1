//! Pages that are left open say by themselves what has happened meanwhile (portal.md PO-2). The
//! wizard's line is in `journeys` and `connecting`.

use serde_json::json;
use simulator::browser::Browser;
use test_case::cases;

use super::{PortalWindow, Scripts};
use crate::registered::{Registered, login};
use crate::support::{Gateway, Store, lms};

/// The classes of Home's steps.
const STEPS: &str = "[...document.querySelectorAll('#progress > li')].map(step => step.className)";
/// How often the page has asked for itself.
const ASKED: &str = "performance.getEntriesByType('resource')\
                     .filter(entry => entry.initiatorType === 'xmlhttprequest').length";

impl PortalWindow {
    /// Opens a page and marks it: the mark goes when any page is opened in its place.
    async fn leave_open(&self, path: &str) {
        self.open(path).await;
        self.value("window.isLeftOpen = true").await;
    }

    async fn is_still_open(&self) {
        let mark = self.value("window.isLeftOpen").await;
        assert_eq!(mark, json!(true), "it was opened again");
        self.assert_quiet("what was left open");
    }

    /// Waits until Home has asked for itself and taken the answer over, unless it was opened again.
    /// Of three answers the first may be of before, and the last not be read yet.
    async fn looks_again(&self) {
        self.value("document.querySelector('#progress').dataset.live = '0.1'").await;
        let before = self.value(ASKED).await;
        let looked = format!("!window.isLeftOpen || {ASKED} > {before} + 2 || null");
        self.chromium.wait(&looked, "it doesn't ask for itself").await;
    }
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn homes_steps_tick_themselves() {
    let gateway = Gateway::start_with(Store::Sqlite, json!({"name": "Fractions"})).await;
    let window = PortalWindow::owner(&gateway, Scripts::On).await;
    window.leave_open("/portal").await;
    let steps = window.value(STEPS).await;
    assert_eq!(steps, json!(["ok flow", "now flow", "todo flow", "todo flow"]));

    let school = Registered::join(gateway, lms().await).await;
    let ticked = format!("{STEPS}.join() === 'ok flow,ok flow,ok flow,now flow' || null");
    window.chromium.wait(&ticked, "the steps aren't ticked").await;
    window.is_still_open().await;

    school.launch(&school.student()).await;
    window.comes_to("The first launch was seen").await;
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_typed_outlasts_homes_steps() {
    let gateway = Gateway::start_with(Store::Sqlite, json!({"name": "Fractions"})).await;
    let window = PortalWindow::owner(&gateway, Scripts::On).await;
    window.leave_open("/portal").await;
    window.fill("#find", "North").await;
    window.value("document.activeElement.blur() || true").await;

    let school = Registered::join(gateway, lms().await).await;
    school.launch(&school.student()).await;
    window.looks_again().await;
    window.is_still_open().await;

    window.value("document.querySelector('#find').value = ''").await;
    window.comes_to("The first launch was seen").await;
}

#[cases("PO-2", "PO-3")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_stays_open_when_its_session_is_over() {
    let gateway = Gateway::start_with(Store::Sqlite, json!({"name": "Fractions"})).await;
    let window = PortalWindow::owner(&gateway, Scripts::On).await;
    window.leave_open("/portal").await;
    window.chromium.devtools("Network.clearBrowserCookies", json!({})).await;
    window.looks_again().await;
    window.is_still_open().await;
    window.has(&["Four steps"]).await;
}

#[cases("PO-2", "PO-7")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_comes_to_a_page_that_is_left_open() {
    let school = Registered::new(Store::Sqlite).await;
    let window = PortalWindow::owner(&school.gateway, Scripts::On).await;
    window.leave_open("/portal/failures").await;
    window.has(&["Nothing failed in this time."]).await;

    let path = format!("/admin/platforms/{}/deactivate", school.platform_id);
    school.gateway.admin("POST", &path, None).await;
    login(&school.lms, &Browser::new().unwrap(), &school.student()).await;
    window.comes_to("PLATFORM_INACTIVE").await;
    window.is_still_open().await;
    window.lacks(&["Nothing failed in this time."]).await;
    // What came works as what was there from the start.
    window.follow("#causes form button").await;
    window.has(&["is active"]).await;
}
