//! With colours that the browser forces upon pages, such as those of Windows' contrast themes:
//! what a page tells by a ground or a mark can still be seen (portal-design.md).

use serde_json::{Value, json};
use test_case::cases;

use super::{PortalWindow, Scripts};
use crate::support::{Gateway, Store};

/// What can't be told from what is around it; `missing` if the page has no such thing.
const VANISHED: &str = r##"(() => {
    const ground = (css, pseudo) => {
        const element = document.querySelector(css);
        return element ? getComputedStyle(element, pseudo).backgroundColor : "missing";
    };
    const paper = getComputedStyle(document.body).backgroundColor;
    const told = {
        "the page's entry": [ground("#nav [aria-current]"), paper],
        "the step that is next": [ground(".steps > .now", "::before"), paper],
        "a mark that all is well": [ground(".status.ok", "::before"), paper],
        "a mark that warns": [ground(".status.warn", "::before"), paper],
    };
    return Object.entries(told)
        .filter(([, [seen, around]]) => ["missing", around].includes(seen))
        .map(([name, grounds]) => `${name}: ${grounds}`);
})()"##;
/// The ring around an element that has the focus.
const RING: &str = r##"(() => {
    const link = document.querySelector("#nav [aria-current]");
    link.focus({ focusVisible: true });
    const ring = getComputedStyle(link);
    return ring.outlineStyle === "solid" && parseFloat(ring.outlineWidth) >= 3;
})()"##;

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_vanishes_in_forced_colors() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let window = PortalWindow::owner(&gateway, Scripts::On).await;
    for scheme in ["light", "dark"] {
        let features = json!([
            {"name": "forced-colors", "value": "active"},
            {"name": "prefers-color-scheme", "value": scheme},
        ]);
        let media = json!({"media": "", "features": features});
        window.chromium.devtools("Emulation.setEmulatedMedia", media).await;
        window.open("/portal").await;
        let is_forced = window.value("matchMedia('(forced-colors: active)').matches").await;
        assert_eq!(is_forced, json!(true), "{scheme}");
        assert_eq!(window.value(VANISHED).await, Value::Array(Vec::new()), "{scheme}");
        assert_eq!(window.value(RING).await, json!(true), "{scheme}");
    }
}
