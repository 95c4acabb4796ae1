//! Pages that say what is in the way: a wizard that waits, a failure with its button, services that
//! fail. The world's platforms have none of it (portal.md PO-2).

use serde_json::json;
use simulator::browser::Browser;
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Launch, Lms};
use test_case::cases;

use super::every_page::Inspector;
use super::scripts_off::judge;
use super::world::{PathOf, mistyped};
use super::{PortalWindow, Scripts};
use crate::platform_services::Course;
use crate::portal::{OWNER, PASSWORD, Visitor};
use crate::registered::{begin, form, login};
use crate::support::{Gateway, Store, lms, register_by_hand};
use crate::traces::reference;

/// A page, and what it says of what is in the way.
type Hindrance = (PathOf, &'static [&'static str]);

const NO_KEYS: &str = "Its keys can’t be read:";

/// A school whose services fail, and two more that don't come to their first launch.
struct Hindered {
    course: Course,
    pages: Vec<Hindrance>,
    _others: [Lms; 2],
}

/// An LMS that somebody entered by hand, and our page of it.
struct EnteredLms {
    lms: Lms,
    client_id: String,
    id: String,
}

impl EnteredLms {
    async fn new(gateway: &Gateway) -> Self {
        let lms = lms().await;
        let client_id = register_by_hand(gateway, &lms, &gateway.url).await;
        let platforms = gateway.platforms().await;
        let own = platforms.iter().find(|platform| platform["clientId"] == client_id.as_str());
        let id = own.unwrap()["id"].as_str().unwrap().to_owned();
        Self { lms, client_id, id }
    }

    fn wizard(&self) -> String {
        format!("/portal/connect/moodle?platform={}", self.id)
    }
}

fn shows(name: &'static str, path: String, says: &'static [&'static str]) -> Hindrance {
    ((name, path), says)
}

fn failure(reference: &str) -> String {
    format!("/portal/failures/{reference}")
}

/// Its first launch comes from a deployment that nobody has allowed.
async fn with_a_deployment(gateway: &Gateway) -> (EnteredLms, [Hindrance; 2]) {
    gateway.patch_tool(json!({"launch": {"unknownDeployments": "pending"}})).await;
    let entered = EnteredLms::new(gateway).await;
    let browser = Browser::new().unwrap();
    let posted = begin(&entered.lms, &browser, &Launch::new(&entered.client_id)).await;
    let launch = form(&gateway.at("/lti/launch"), &posted.fields());
    let waits = reference(&browser.send(launch).await.unwrap());
    let pages = [
        shows("wizard-deployment", entered.wizard(), &["Its deployment waits for you."]),
        shows("failure-deployment", failure(&waits), &["Allow this deployment"]),
    ];
    (entered, pages)
}

/// Its client id is mistyped, it is switched off, and its keys can't be read.
async fn with_everything(gateway: &Gateway) -> (EnteredLms, [Hindrance; 3]) {
    let entered = EnteredLms::new(gateway).await;
    let other = mistyped(gateway, &entered.lms.endpoints().issuer).await;
    let path = format!("/admin/platforms/{}", entered.id);
    let mut platform = gateway.admin("GET", &path, None).await.json().unwrap();
    platform["authConfig"] = json!({"method": "JWK_SET", "key": "http://127.0.0.1:9/keys"});
    let changed = gateway.admin("PUT", &path, Some(platform)).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    gateway.admin("POST", &format!("{path}/deactivate"), None).await;
    let launch = Launch::new(&entered.client_id);
    let off = reference(&login(&entered.lms, &Browser::new().unwrap(), &launch).await);
    let owner = Visitor::owner(gateway).await;
    let home = owner.get("/portal").await;
    owner.post(&home, &format!("/portal/platforms/{}/fetch-keys", entered.id), &[]).await;
    let pages = [
        shows("failure-client-id", failure(&other), &["Use client id mistyped"]),
        shows("failure-inactive", failure(&off), &["Activate this platform"]),
        shows("wizard-failed", entered.wizard(), &["An attempt from there failed.", NO_KEYS]),
    ];
    (entered, pages)
}

impl Hindered {
    async fn new() -> Self {
        let course = Course::new(Store::Sqlite).await;
        let (gateway, id) = (&course.school.gateway, &course.school.platform_id);
        course.school.lms.faults().set(Endpoint::Token, Fault::Status(500));
        assert_eq!(course.get("/api/memberships").await.status, 502);
        let works = mistyped(gateway, &course.school.lms.endpoints().issuer).await;
        let which = "/portal/connect/moodle?since=0".to_owned();
        let fails = format!("/portal/platforms/{id}");
        let mut pages = vec![
            shows("services-fail", fails, &["The LMS gives no access token"]),
            shows("failure-works", failure(&works), &["works today"]),
            shows("wizard-which", which, &["Which one is yours?"]),
        ];
        let (waiting, more) = with_a_deployment(gateway).await;
        pages.extend(more);
        let (failing, more) = with_everything(gateway).await;
        pages.extend(more);
        Self { course, pages, _others: [waiting.lms, failing.lms] }
    }
}

#[cases("PO-2", "PO-4", "PO-7")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_the_way_holds_in_each_language() {
    let hindered = Hindered::new().await;
    let mut inspector = Inspector::at(&hindered.course.school.gateway).await;
    inspector.window.sign_in(OWNER, PASSWORD).await;
    let mut pages = Vec::new();
    for ((name, path), says) in &hindered.pages {
        inspector.window.open(path).await;
        inspector.window.has(says).await;
        pages.push((*name, path.clone()));
    }
    for language in ["en", "es", "fr", "de", "pt"] {
        inspector.look_at(&pages, language, 360).await;
    }
    inspector.found_nothing();
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_in_the_way_needs_no_script() {
    let hindered = Hindered::new().await;
    let window = PortalWindow::owner(&hindered.course.school.gateway, Scripts::Off).await;
    let mut faults = Vec::new();
    for ((name, path), says) in &hindered.pages {
        window.open(path).await;
        window.has(says).await;
        judge(&window, name, &mut faults).await;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
