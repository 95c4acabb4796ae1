//! Pictures of the portal for the documents: `scripts/screenshots` has them made.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::first_start::unused;
use super::forms::AFTER_FORMS;
use super::world::PortalWorld;
use super::{PortalWindow, Scripts};
use crate::portal::account::with_second_step;
use crate::portal::{OWNER, PASSWORD};
use crate::support::{Gateway, Store};

/// Pages that are shown in the dark and on a telephone as well.
const OTHERWISE: [(&str, &str, u32); 6] = [
    ("home", "dark", 1200),
    ("platform", "dark", 1200),
    ("failure", "dark", 390),
    ("home", "light", 390),
    ("failure", "light", 390),
    ("connect-moodle", "light", 390),
];
/// Launches that Home and Usage have to show, beside those of the world.
const LAUNCHES: usize = 24;
/// What shows them.
const DOCUMENT: &str = include_str!("../../../../../docs/portal.md");
/// Pages that say something new further down.
const TALL: [&str; 6] =
    ["home", "platform", "failure", "registration", "settings", "connect-moodle"];
/// How much a picture shows: of a tall page, and of others, which go on with more of the same.
const HIGHEST: [u32; 2] = [1400, 780];
/// How high the window is, unless a picture is higher.
const WINDOW: u32 = 900;
/// How much smaller than the page a picture of a large screen is.
const SCALE: f64 = 0.75;
/// Where the last thing on the page ends, with some room.
const END: &str = "Math.ceil(Math.max(...[...document.querySelectorAll('main > *')].map(e => e.getBoundingClientRect().bottom)) + 40)";
/// Shows what the form for a preview led to.
const TO_THE_PREVIEW: &str = r#"(() => {
    const preview = document.querySelector("[aria-labelledby=preview]");
    preview.scrollIntoView();
    return preview.querySelector("dl") !== null;
})()"#;

/// A window that draws what it shows into a folder.
struct Painter {
    window: PortalWindow,
    folder: String,
}

impl Painter {
    /// In light colours, on a large screen; nobody is signed in.
    async fn new(gateway: &Gateway, folder: &str) -> Self {
        let window = PortalWindow::new(gateway, Scripts::On).await;
        window.colours("light").await;
        window.size(1200, WINDOW).await;
        let hidden = json!({"hidden": true});
        window.chromium.devtools("Emulation.setScrollbarsHidden", hidden).await;
        Self { window, folder: folder.to_owned() }
    }

    /// A picture of what the window shows, as far as there is something.
    async fn draw(&self, name: &str, width: u32) {
        let file = format!("portal-{name}.png");
        assert!(DOCUMENT.contains(&format!("(images/{file})")), "docs/portal.md lacks {file}");
        let [tall, usual] = HIGHEST;
        let highest = if TALL.contains(&name) { tall } else { usual };
        let height = self.number(END).await.clamp(480, highest);
        self.make_room(width, height).await;
        // Of a page that was scrolled, what is in the window.
        let y = self.number("Math.round(scrollY)").await;
        let scale = if width > 1000 { SCALE } else { 1.0 };
        let clip = json!({"x": 0, "y": y, "width": width, "height": height, "scale": scale});
        let shot = json!({"format": "png", "clip": clip});
        let shot = self.window.chromium.devtools("Page.captureScreenshot", shot).await;
        let shot = STANDARD.decode(shot["data"].as_str().unwrap()).unwrap();
        std::fs::write(format!("{}/{file}", self.folder), shot).unwrap();
        self.make_room(width, WINDOW).await;
    }

    async fn number(&self, expression: &str) -> u32 {
        let number = self.window.value(expression).await.as_u64().unwrap();
        number.try_into().unwrap()
    }

    /// A window that is at least this high.
    async fn make_room(&self, width: u32, height: u32) {
        let height = height.max(WINDOW);
        self.window.size(width, height).await;
        let there = format!("innerHeight === {height} || null");
        self.window.chromium.wait(&there, "the window has another height").await;
    }

    async fn draw_each(&self, pages: &[(&'static str, String)]) {
        for (name, path) in pages {
            self.window.open(path).await;
            self.draw(name, 1200).await;
        }
    }
}

/// The first start, and Home while there is nothing but the way to the first launch.
async fn draw_the_beginning(folder: &str) {
    let (gateway, start) = unused().await;
    let painter = Painter::new(&gateway, folder).await;
    painter.window.open(&start).await;
    painter.draw("first-start", 1200).await;
    painter.window.become_owner(&start).await;
    painter.draw("home-new", 1200).await;
}

/// The sign-in of somebody with a second step.
async fn draw_the_code(folder: &str) {
    let gateway = Gateway::start_with(Store::Sqlite, json!({"name": "Fractions"})).await;
    with_second_step(&gateway).await;
    let painter = Painter::new(&gateway, folder).await;
    painter.window.open("/portal/sign-in").await;
    painter.window.fill("[name=login]", OWNER).await;
    painter.window.fill("[name=password]", PASSWORD).await;
    painter.window.follow("main form .primary").await;
    let asks = painter.window.value("document.querySelector('[name=code]') !== null").await;
    assert_eq!(asks, json!(true));
    painter.draw("sign-in-code", 1200).await;
}

/// A picture that is another's double shows nothing of its own.
fn none_is_another(folder: &str) {
    let mut seen = HashMap::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let double = seen.insert(std::fs::read(&path).unwrap(), path.clone());
        assert_eq!(double, None, "the same as {}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "writes into the documents: run scripts/screenshots"]
async fn pictures_of_every_page() {
    #[expect(clippy::disallowed_methods, reason = "scripts/screenshots says where they go")]
    let folder = std::env::var("TEST_IMAGES").expect("TEST_IMAGES names no folder");
    draw_the_beginning(&folder).await;
    draw_the_code(&folder).await;
    let world = PortalWorld::new().await;
    let school = &world.course.school;
    for _ in 0..LAUNCHES {
        school.accepts("a busy day", school.student()).await;
    }
    school.gateway.app.usage.write().await.unwrap();
    let painter = Painter::new(&school.gateway, &folder).await;
    painter.draw_each(&world.outside).await;
    painter.window.sign_in(OWNER, PASSWORD).await;
    painter.draw_each(&world.pages).await;
    for (name, scheme, width) in OTHERWISE {
        let (_, path) = world.pages.iter().find(|(page, _)| *page == name).unwrap();
        painter.window.colours(scheme).await;
        painter.window.size(width, WINDOW).await;
        painter.window.open(path).await;
        painter.draw(&format!("{name}-{scheme}-{width}"), width).await;
    }
    // Last, because they change what the other pages show.
    painter.window.colours("light").await;
    painter.window.size(1200, WINDOW).await;
    for form in AFTER_FORMS {
        form.send(&painter.window, &world).await;
        if form.name == "paths-preview" {
            assert_eq!(painter.window.value(TO_THE_PREVIEW).await, json!(true));
        }
        painter.draw(form.name, 1200).await;
    }
    none_is_another(&folder);
}
