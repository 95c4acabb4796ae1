//! Pictures of the portal for the documents: `scripts/screenshots` has them made.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::world::PortalWorld;
use super::{PortalWindow, Scripts};
use crate::portal::{OWNER, PASSWORD};

/// No picture is larger.
const MOST_BYTES: usize = 100_000;
/// Pages that are shown in the dark and on a telephone as well.
const OTHERWISE: [(&str, &str, u32); 2] = [("home", "dark", 1200), ("failure", "light", 390)];
/// No picture shows more: what is below is more of the same.
const HIGHEST: u64 = 780;
/// How much smaller than the page a picture of a large screen is.
const SCALE: f64 = 0.75;
/// Where the last thing on the page ends, with some room.
const END: &str = "Math.ceil(Math.max(...[...document.querySelectorAll('main > *')].map(e => e.getBoundingClientRect().bottom)) + 40)";

/// A picture of what the window shows, as far as there is something.
async fn draw(window: &PortalWindow, folder: &str, name: &str, width: u32) {
    let height = window.value(END).await.as_u64().unwrap().clamp(480, HIGHEST);
    let scale = if width > 1000 { SCALE } else { 1.0 };
    let clip = json!({"x": 0, "y": 0, "width": width, "height": height, "scale": scale});
    let shot = json!({"format": "png", "clip": clip});
    let shot = window.chromium.devtools("Page.captureScreenshot", shot).await;
    let shot = STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
    assert!(shot.len() <= MOST_BYTES, "{name}: {} bytes", shot.len());
    std::fs::write(format!("{folder}/portal-{name}.png"), shot).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes into the documents: run scripts/screenshots"]
async fn pictures_of_every_page() {
    #[expect(clippy::disallowed_methods, reason = "scripts/screenshots says where they go")]
    let folder = std::env::var("TEST_IMAGES").expect("TEST_IMAGES names no folder");
    let world = PortalWorld::new().await;
    let window = PortalWindow::new(&world.course.school.gateway, Scripts::On).await;
    window.colours("light").await;
    window.size(1200, 900).await;
    let hidden = json!({"hidden": true});
    window.chromium.devtools("Emulation.setScrollbarsHidden", hidden).await;
    for (name, path) in &world.outside {
        window.open(path).await;
        draw(&window, &folder, name, 1200).await;
    }
    window.sign_in(OWNER, PASSWORD).await;
    for (name, path) in &world.pages {
        window.open(path).await;
        draw(&window, &folder, name, 1200).await;
    }
    for (name, scheme, width) in OTHERWISE {
        let (_, path) = world.pages.iter().find(|(page, _)| *page == name).unwrap();
        window.colours(scheme).await;
        window.size(width, 900).await;
        window.open(path).await;
        draw(&window, &folder, &format!("{name}-{scheme}-{width}"), width).await;
    }
}
