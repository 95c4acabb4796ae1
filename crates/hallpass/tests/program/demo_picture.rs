//! The picture of the demo's home page in the README: `scripts/screenshots` has it made.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::chromium::{Chromium, Place};
use crate::demo_home::Guided;

/// What shows it.
const DOCUMENT: &str = include_str!("../../../../README.md");
const FILE: &str = "demo-home.png";
/// Wide and high enough for the frame, the trace and the answer side by side, below the steps.
const SIDE: u32 = 1200;
/// How much smaller than the page the picture is.
const SCALE: f64 = 0.75;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes into the documents: run scripts/screenshots"]
async fn picture_of_the_home_page() {
    #[expect(
        clippy::disallowed_methods,
        reason = "scripts/screenshots says where it goes"
    )]
    let folder = std::env::var("TEST_IMAGES").expect("TEST_IMAGES names no folder");
    assert!(
        DOCUMENT.contains(&format!("(docs/images/{FILE})")),
        "README.md lacks {FILE}"
    );
    let data = tempfile::tempdir().unwrap();
    let demo = Guided::start(data.path(), &["--port", "0"]);
    let chromium = Chromium::start().await;
    let size = json!({"width": SIDE, "height": SIDE, "deviceScaleFactor": 1, "mobile": false});
    chromium
        .devtools("Emulation.setDeviceMetricsOverride", size)
        .await;
    let hidden = json!({"hidden": true});
    chromium
        .devtools("Emulation.setScrollbarsHidden", hidden)
        .await;
    chromium.open(&format!("{}/", demo.home())).await;
    for (button, done) in [
        ("form[action='/register'] button", "#step-1.ok h3"),
        ("form[action='/activate/lms'] button", "#in-lms.ok"),
        ("form[action='/activate/hallpass'] button", "#step-2.ok h3"),
        ("a[href='/begin/student']", "#step-3.ok h3"),
    ] {
        chromium.click(Place::Page, button).await;
        chromium.text(Place::Page, done).await;
    }
    chromium.text(Place::In("#launch"), "#name").await;
    let answer = chromium.text(Place::Page, "#answer").await;
    assert!(answer.contains("Sam Rivera"), "{answer}");
    let top = "scrollTo({ top: 0, behavior: 'instant' }); return true;";
    chromium.run(Place::Page, top).await;
    let clip = json!({"x": 0, "y": 0, "width": SIDE, "height": SIDE, "scale": SCALE});
    let shot = json!({"format": "png", "clip": clip});
    let shot = chromium.devtools("Page.captureScreenshot", shot).await;
    let shot = STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
    std::fs::write(format!("{folder}/{FILE}"), shot).unwrap();
    demo.running.stop();
}
