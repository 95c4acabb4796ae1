//! The portal in real Chromium, with scripts and without (docs/spec/portal.md). Whatever is opened,
//! nothing may go against the page's policy, and no script may fail.

mod beginnings;
mod both_sides;
mod complete;
mod connecting;
mod every_page;
mod first_start;
mod forced_colors;
mod forms;
mod in_the_way;
mod journeys;
mod live;
mod meanwhile;
mod mending;
mod pictures;
mod reflow;
mod roles;
mod scripts_off;
mod theme;
mod tools;
mod trial;
mod world;

use serde_json::{Value, json};
use test_case::cases;

use crate::chromium::{Chromium, Place};
use crate::portal::{OWNER, PASSWORD};
use crate::support::{Gateway, Store};

/// Whether the browser runs scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scripts {
    On,
    Off,
}

/// Each in turn.
const BOTH: [Scripts; 2] = [Scripts::On, Scripts::Off];
/// How often somebody without scripts looks whether something has happened.
const LOOKS: usize = 100;
/// Where an element can be clicked; null while it can't.
const FIND: &str = r#"(css) => {
    const element = document.querySelector(css);
    if (!element || element.disabled || document.readyState !== "complete") return null;
    element.scrollIntoView({ block: "center", behavior: "instant" });
    const box = element.getClientRects()[0];
    if (!box) return null;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return element.contains(document.elementFromPoint(x, y)) ? [x, y] : null;
}"#;
/// Writes into a field in the place of what is there, or chooses.
const FILL: &str = r#"(css, text) => {
    const field = document.querySelector(css);
    if (!field || document.readyState !== "complete") return null;
    field.scrollIntoView({ block: "center", behavior: "instant" });
    field.focus();
    if (field.localName === "select") field.value = text;
    else {
      field.select();
      document.execCommand("insertText", false, text);
    }
    return field.value === text || null;
}"#;

/// A window at a gateway's portal.
struct PortalWindow {
    chromium: Chromium,
    base: String,
    scripts: Scripts,
}

impl PortalWindow {
    /// Nobody is signed in.
    async fn new(gateway: &Gateway, scripts: Scripts) -> Self {
        let window = Self { chromium: Chromium::start().await, base: gateway.url.clone(), scripts };
        window.chromium.devtools("Network.enable", json!({})).await;
        window.speak("en").await;
        window.size(1280, 900).await;
        let off = json!({"value": scripts == Scripts::Off});
        window.chromium.devtools("Emulation.setScriptExecutionDisabled", off).await;
        window
    }

    /// The owner is signed in.
    async fn owner(gateway: &Gateway, scripts: Scripts) -> Self {
        let window = Self::new(gateway, scripts).await;
        window.sign_in(OWNER, PASSWORD).await;
        window
    }

    async fn sign_in(&self, login: &str, password: &str) {
        self.open("/portal/sign-in").await;
        self.fill("[name=login]", login).await;
        self.fill("[name=password]", password).await;
        self.follow("main form .primary").await;
        assert_eq!(self.path().await, "/portal");
    }

    /// Asks for pages in this language.
    async fn speak(&self, language: &str) {
        let headers = json!({"headers": {"Accept-Language": language}});
        self.chromium.devtools("Network.setExtraHTTPHeaders", headers).await;
    }

    async fn size(&self, width: u32, height: u32) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.chromium.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Shows pages in a colour scheme: `light` or `dark`.
    async fn colours(&self, scheme: &str) {
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        let media = json!({"media": "", "features": features});
        self.chromium.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Opens a path of the portal.
    async fn open(&self, path: &str) {
        self.chromium.open(&format!("{}{path}", self.base)).await;
        self.chromium.wait("document.readyState === 'complete' || null", path).await;
        self.assert_quiet(path);
    }

    /// Nothing went against the policy, and no script failed.
    #[track_caller]
    fn assert_quiet(&self, what: &str) {
        let complaints = self.chromium.complaints();
        assert!(complaints.is_empty(), "{what}: {}", complaints.join("\n"));
    }

    /// Clicks on what leads to another page, and waits for that page.
    async fn follow(&self, css: &str) {
        self.go(css).await;
        self.assert_quiet(css);
    }

    /// The same on pages that aren't ours.
    async fn go(&self, css: &str) {
        self.chromium.run(Place::Page, "window.isOld = true").await;
        self.press(css).await;
        let there = "(!window.isOld && document.readyState === 'complete') || null";
        self.chromium.wait(there, &format!("{css} leads nowhere")).await;
    }

    /// Clicks with the mouse, which needs no script.
    async fn press(&self, css: &str) {
        let find = format!("({FIND})({})", json!(css));
        let place = self.chromium.wait(&find, &format!("{css} can't be clicked")).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({
                "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1,
            });
            self.chromium.devtools("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Writes into a field, or chooses.
    async fn fill(&self, css: &str, text: &str) {
        let fill = format!("({FILL})({}, {})", json!(css), json!(text));
        self.chromium.wait(&fill, &format!("{css} can't be filled in")).await;
    }

    /// Path and query of the page.
    async fn path(&self) -> String {
        let path = self.value("location.pathname + location.search").await;
        path.as_str().unwrap().to_owned()
    }

    /// What an expression gives.
    async fn value(&self, expression: &str) -> Value {
        self.chromium.run(Place::Page, &format!("return {expression}")).await
    }

    /// What the page says.
    async fn text(&self) -> String {
        self.value("document.body.innerText").await.as_str().unwrap().to_owned()
    }

    async fn has(&self, words: &[&str]) {
        let text = self.text().await;
        for words in words {
            assert!(text.contains(words), "{words}: {text}");
        }
    }

    async fn lacks(&self, words: &[&str]) {
        let text = self.text().await;
        for words in words {
            assert!(!text.contains(words), "{words}: {text}");
        }
    }

    /// Waits until the page says this: by itself, or, without scripts, by its link to look again.
    async fn comes_to(&self, words: &str) {
        let there = format!("document.body.innerText.includes({}) || null", json!(words));
        if self.scripts == Scripts::On {
            self.chromium.wait(&there, words).await;
            return;
        }
        for _ in 0..LOOKS {
            if self.value(&there).await == json!(true) {
                return;
            }
            self.follow("#progress .sub a").await;
        }
        panic!("{words}: {}", self.text().await);
    }
}

/// A browser without scripts runs none, and one with them says what the policy stops: or no test
/// here could fail.
#[cases("PO-1")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_against_the_policy_is_heard() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let window = PortalWindow::owner(&gateway, Scripts::Off).await;
    assert_eq!(window.value("document.documentElement.className").await, "");
    window.chromium.devtools("Emulation.setScriptExecutionDisabled", json!({"value": false})).await;
    window.open("/portal").await;
    assert_eq!(window.value("document.documentElement.className").await, "script");
    let style = "document.body.setAttribute('style', 'color: red')";
    window.chromium.run(Place::Page, style).await;
    // What is said of it comes on its own.
    let mut complaints = Vec::new();
    for _ in 0..LOOKS {
        complaints.extend(window.chromium.complaints());
        if !complaints.is_empty() {
            break;
        }
        window.value("new Promise((done) => setTimeout(done, 50))").await;
    }
    let heard = complaints.iter().any(|said| said.contains("Content Security Policy"));
    assert!(heard, "{complaints:?}");
}
