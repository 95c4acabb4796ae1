//! Every page of the portal in light and dark, in five languages, on a telephone: nothing is wider
//! than the screen, the focus is seen, and axe-core finds nothing serious (portal.md PO-2).

use serde_json::{Value, json};
use test_case::cases;

use super::forms::{AFTER_FORMS, WITHOUT_PICTURE, confirm};
use super::world::PortalWorld;
use super::{PortalWindow, Scripts};
use crate::portal::{OTHERS, OWNER, PASSWORD, Visitor};
use crate::support::{Gateway, Store};

const CHECKS: &str = include_str!("checks.js");
/// What axe-core finds serious or critical, one sentence each.
const JUDGE: &str = r#"axe.run(document, { resultTypes: ["violations"] }).then((found) => found.violations
    .filter((rule) => ["serious", "critical"].includes(rule.impact))
    .map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html.slice(0, 120)).slice(0, 3).join(" | ")}`))"#;
/// The element that has the focus: whether it had it before, whether it is any, and how wide its
/// ring is.
const FOCUSED: &str = r#"(() => {
    const element = document.activeElement;
    const ring = parseFloat(getComputedStyle(element).outlineWidth);
    // A date has stops of its own: day, month, year and calendar.
    const stays = element.type === "date" && element === window.lastReached;
    const was = !stays && Boolean(element.wasReached);
    element.wasReached = true;
    window.lastReached = element;
    return [was || element === document.body, ring, element.outerHTML.slice(0, 120)];
})()"#;
/// What the keyboard should have reached and hasn't.
const MISSED: &str = r#"[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled && !element.wasReached)
    .map((element) => element.outerHTML.slice(0, 120))"#;
/// More stops than any page has.
const STOPS: usize = 300;

/// The script of axe-core.
fn axe() -> String {
    #[expect(clippy::disallowed_methods, reason = "where scripts/axe has put it")]
    let path = std::env::var("TEST_AXE");
    let path = path.expect(
        "TEST_AXE is not set: run these tests with scripts/test, or set it to what scripts/axe prints",
    );
    std::fs::read_to_string(path).unwrap()
}

/// A window that looks at pages and keeps what is wrong with them.
pub(super) struct Inspector {
    pub(super) window: PortalWindow,
    axe: String,
    faults: Vec<String>,
}

impl Inspector {
    pub(super) async fn new(world: &PortalWorld) -> Self {
        Self::at(&world.course.school.gateway).await
    }

    pub(super) async fn at(gateway: &Gateway) -> Self {
        let window = PortalWindow::new(gateway, Scripts::On).await;
        Self { window, axe: axe(), faults: Vec::new() }
    }

    async fn evaluate(&self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let done = self.window.chromium.devtools("Runtime.evaluate", params).await;
        assert_eq!(done.get("exceptionDetails"), None, "{done}");
        done["result"]["value"].clone()
    }

    /// Looks at the page that is shown.
    async fn judge(&mut self, name: &str, language: &str) {
        let found = self.evaluate(&format!("{}({})", CHECKS.trim(), json!(language))).await;
        self.keep(name, &found);
        self.ask_axe(name).await;
    }

    /// Looks at the page that is shown in light and in dark.
    pub(super) async fn judge_twice(&mut self, name: &str, language: &str) {
        for scheme in ["light", "dark"] {
            self.window.colours(scheme).await;
            self.judge(&format!("{name} {language} {scheme}"), language).await;
        }
    }

    /// What axe-core says of the page that is shown.
    pub(super) async fn ask_axe(&mut self, name: &str) {
        let axe = json!({"expression": self.axe});
        self.window.chromium.devtools("Runtime.evaluate", axe).await;
        let judged = self.evaluate(JUDGE).await;
        self.keep(name, &judged);
        self.window.assert_quiet(name);
    }

    fn keep(&mut self, name: &str, found: &Value) {
        let found = found.as_array().unwrap().iter();
        self.faults.extend(found.map(|fault| format!("{name}: {fault}")));
    }

    /// Each page on a screen of this width, light and dark.
    pub(super) async fn look_at(
        &mut self,
        pages: &[(&'static str, String)],
        language: &str,
        width: u32,
    ) {
        self.window.speak(language).await;
        self.window.size(width, 800).await;
        for scheme in ["light", "dark"] {
            self.window.colours(scheme).await;
            for (name, path) in pages {
                self.window.open(path).await;
                self.judge(&format!("{name} {language} {scheme} {width}"), language).await;
            }
        }
    }

    /// Goes through the page with the key Tab.
    async fn tab_through(&mut self, name: &str) {
        for _ in 0..STOPS {
            for kind in ["keyDown", "keyUp"] {
                let key =
                    json!({"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9});
                self.window.chromium.devtools("Input.dispatchKeyEvent", key).await;
            }
            let focused = self.evaluate(FOCUSED).await;
            if focused[0] == true {
                break;
            }
            if focused[1].as_f64().is_none_or(|ring| ring < 3.0) {
                self.faults.push(format!("{name}: a ring of {} at {}", focused[1], focused[2]));
            }
        }
        let missed = self.evaluate(MISSED).await;
        let missed = missed.as_array().unwrap().iter();
        self.faults.extend(missed.map(|what| format!("{name}: Tab doesn't reach {what}")));
    }

    pub(super) fn found_nothing(&self) {
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
    }
}

/// Every page in this language.
async fn every_page_in(language: &str, widths: &[u32]) {
    let world = PortalWorld::new().await;
    let mut inspector = Inspector::new(&world).await;
    for width in widths {
        inspector.look_at(&world.outside, language, *width).await;
    }
    inspector.window.sign_in(OWNER, PASSWORD).await;
    for width in widths {
        inspector.look_at(&world.pages, language, *width).await;
        inspector.look_at(&world.questions, language, *width).await;
    }
    inspector.found_nothing();
}

#[cases("PO-1", "PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_in_english_on_screens_of_each_size() {
    every_page_in("en", &[360, 1280]).await;
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_in_spanish() {
    every_page_in("es", &[360]).await;
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_in_french() {
    every_page_in("fr", &[360]).await;
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_in_german() {
    every_page_in("de", &[360]).await;
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_in_portuguese() {
    every_page_in("pt", &[360]).await;
}

/// They see values in the place of forms, and why the rest is not for them.
#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_hold_for_those_who_may_only_look() {
    let world = PortalWorld::new().await;
    let gateway = &world.course.school.gateway;
    let owner = Visitor::owner(gateway).await;
    Visitor::invited(gateway, &owner, "viewer").await;
    let mut inspector = Inspector::new(&world).await;
    inspector.window.sign_in("viewer@school.example", OTHERS).await;
    inspector.look_at(&world.pages, "en", 360).await;
    inspector.found_nothing();
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keyboard_reaches_everything_and_shows_where_it_is() {
    let world = PortalWorld::new().await;
    let mut inspector = Inspector::new(&world).await;
    inspector.window.sign_in(OWNER, PASSWORD).await;
    for (name, path) in world.pages.iter().chain(&world.questions) {
        inspector.window.open(path).await;
        inspector.tab_through(name).await;
    }
    inspector.found_nothing();
}

/// Pages that only a form leads to.
#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_forms_lead_to_holds_as_well() {
    let world = PortalWorld::new().await;
    let mut inspector = Inspector::new(&world).await;
    inspector.window.sign_in(OWNER, PASSWORD).await;
    for (language, width) in [("en", 1280), ("es", 360), ("fr", 360), ("de", 360), ("pt", 360)] {
        inspector.window.speak(language).await;
        inspector.window.size(width, 800).await;
        // All of this takes its time.
        confirm(&inspector.window, PASSWORD).await;
        for form in AFTER_FORMS.iter().chain(WITHOUT_PICTURE) {
            form.send(&inspector.window, &world).await;
            inspector.judge_twice(form.name, language).await;
        }
    }
    inspector.found_nothing();
}

/// The page of the API, which each page's navigation leads to. Of what opens on it, the first are
/// enough.
#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_of_the_api_holds_as_well() {
    const OPEN: &str =
        "[...document.querySelectorAll('details')].slice(0, 5).every((part) => (part.open = true))";
    let gateway = Gateway::start(Store::Sqlite).await;
    let mut inspector = Inspector::at(&gateway).await;
    inspector.window.size(360, 800).await;
    for scheme in ["light", "dark"] {
        inspector.window.colours(scheme).await;
        inspector.window.open("/docs").await;
        assert_eq!(inspector.window.value(OPEN).await, json!(true));
        inspector.ask_axe(&format!("/docs {scheme}")).await;
    }
    inspector.found_nothing();
}
