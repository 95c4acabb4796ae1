//! With scripts off, whatever a page shows works: no control needs a script, each form can be sent,
//! and the menu opens (portal-design.md).

use serde_json::json;
use test_case::cases;

use super::first_start::unused;
use super::forms::{AFTER_FORMS, OF_FIRST_STEPS, WITHOUT_PICTURE};
use super::roles::STATUS;
use super::world::PortalWorld;
use super::{BOTH, PortalWindow, Scripts};
use crate::portal::{OWNER, PASSWORD};
use crate::support::{Gateway, Store};

/// Controls that can be seen, and do nothing without a script.
const DEAD: &str = r#"[...document.querySelectorAll("button, .js, [data-copy]")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => !element.popoverTargetElement && !(element.form && element.type === "submit"))
    .map((element) => element.outerHTML.slice(0, 120))"#;
/// Forms that can be seen, and have no button that can.
const UNSENT: &str = r#"[...document.forms]
    .filter((form) => form.checkVisibility({ visibilityProperty: true }))
    .filter((form) => ![...form.elements].some((element) => element.type === "submit" && element.checkVisibility()))
    .map((form) => form.outerHTML.slice(0, 120))"#;
/// Whether the navigation can be seen.
const HAS_NAVIGATION: &str =
    "document.getElementById('nav').checkVisibility({ visibilityProperty: true })";

/// What would need a script on the page that is shown.
pub(super) async fn judge(window: &PortalWindow, name: &str, faults: &mut Vec<String>) {
    for what in [DEAD, UNSENT] {
        let found = window.value(what).await;
        let found = found.as_array().unwrap().iter();
        faults.extend(found.map(|fault| format!("{name}: {fault}")));
    }
    let status = window.value(STATUS).await;
    if status.as_u64().is_none_or(|status| status >= 500) {
        faults.push(format!("{name}: {status}"));
    }
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_show_nothing_that_needs_a_script() {
    let world = PortalWorld::new().await;
    let window = PortalWindow::new(&world.course.school.gateway, Scripts::Off).await;
    let mut faults = Vec::new();
    for (name, path) in &world.outside {
        window.open(path).await;
        judge(&window, name, &mut faults).await;
    }
    window.sign_in(OWNER, PASSWORD).await;
    for (name, path) in world.pages.iter().chain(&world.questions) {
        window.open(path).await;
        judge(&window, name, &mut faults).await;
    }
    assert_eq!(window.value("document.documentElement.className").await, json!(""));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_are_sent_with_scripts_off() {
    let world = PortalWorld::new().await;
    let window = PortalWindow::owner(&world.course.school.gateway, Scripts::Off).await;
    let mut faults = Vec::new();
    for form in AFTER_FORMS.iter().chain(WITHOUT_PICTURE) {
        form.send(&window, &world).await;
        judge(&window, form.name, &mut faults).await;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_step_is_sent_with_scripts_off() {
    let (gateway, start) = unused().await;
    let window = PortalWindow::new(&gateway, Scripts::Off).await;
    window.become_owner(&start).await;
    let mut faults = Vec::new();
    for form in OF_FIRST_STEPS {
        form.send_at(&window, "/portal").await;
        judge(&window, form.name, &mut faults).await;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_menu_opens_on_a_telephone() {
    let gateway = Gateway::start(Store::Sqlite).await;
    for scripts in BOTH {
        let window = PortalWindow::owner(&gateway, scripts).await;
        window.size(360, 800).await;
        window.open("/portal").await;
        assert_eq!(window.value(HAS_NAVIGATION).await, json!(false), "{scripts:?}");
        window.press(".menu").await;
        window.follow("#nav a[href='/portal/platforms']").await;
        assert_eq!(window.path().await, "/portal/platforms");
    }
}
