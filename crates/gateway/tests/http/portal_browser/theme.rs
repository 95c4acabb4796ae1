//! A tool's own colour and logo in real Chromium: on the portal's pages and on those of launches,
//! in light and in dark.

use serde_json::json;
use test_case::cases;

use super::every_page::Inspector;
use super::world::PortalWorld;
use crate::portal::{OWNER, PASSWORD};
use crate::theme::theme;

/// Pages with each part that a theme colours.
const PAGES: [&str; 8] =
    ["home", "platforms", "waiting", "connect", "failure", "deliveries", "settings", "account"];
/// What the browser has for the accent, and whether the logo came.
const SEEN: &str = r#"[getComputedStyle(document.documentElement).getPropertyValue("--accent").trim(),
    [...document.images].every((image) => image.complete && image.naturalWidth > 0), document.images.length > 0]"#;

#[cases("PO-8")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tools_own_colour_can_be_read_in_light_and_dark() {
    let world = PortalWorld::new().await;
    let gateway = &world.course.school.gateway;
    gateway.patch_tool(theme()).await;
    let mut inspector = Inspector::new(&world).await;
    inspector.look_at(&world.outside, "en", 360).await;
    inspector.window.sign_in(OWNER, PASSWORD).await;
    let themed = world.pages.iter().filter(|(name, _)| PAGES.contains(name));
    let themed: Vec<_> = themed.cloned().collect();
    assert_eq!(themed.len(), PAGES.len());
    inspector.look_at(&themed, "en", 1280).await;
    for (scheme, accent) in [("light", "#0b6b3a"), ("dark", "#")] {
        inspector.window.colours(scheme).await;
        for path in ["/portal", "/portal/settings/error-page"] {
            inspector.window.open(path).await;
            let seen = inspector.window.value(SEEN).await;
            let color = seen[0].as_str().unwrap();
            assert!(color.starts_with(accent), "{path} {scheme}: {seen}");
            assert_eq!((&seen[1], &seen[2]), (&json!(true), &json!(true)), "{path}: {seen}");
            inspector.ask_axe(&format!("{path} {scheme}")).await;
        }
    }
    inspector.found_nothing();
}
