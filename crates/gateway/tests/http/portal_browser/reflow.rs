//! Nothing is wider than its window, however narrow that is, and with words that are much longer
//! (portal-design.md).

use serde_json::{Value, json};
use test_case::cases;

use super::world::{PathOf, PortalWorld};
use super::{PortalWindow, Scripts};
use crate::portal::{OWNER, PASSWORD};
use crate::support::{Gateway, Store};

/// 640 is what is left of 1280 at a zoom of 200 %.
const WIDTHS: [u32; 7] = [320, 480, 640, 768, 1000, 1120, 1280];
/// What sticks out of the window, with everything unfolded; null if nothing does.
const STICKS_OUT: &str = r#"(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    const width = document.documentElement.clientWidth;
    if (document.scrollingElement.scrollWidth <= width) return null;
    const all = [...document.body.querySelectorAll("*")];
    const out = all.filter((element) => element.getBoundingClientRect().right > width + 1);
    return "sticks out: " + out.slice(-3).map((element) => element.outerHTML.slice(0, 120)).join(" | ");
})()"#;
/// Words that are longer by two fifths, and the spaces and lines of WCAG 1.4.12. A sheet that is
/// made from a script is no inline style, so the page's policy allows it.
const LONGER: &str = r#"(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { letter-spacing: .2em !important; word-spacing: .16em !important; line-height: 1.5 !important }");
    document.adoptedStyleSheets = [sheet];
    return true;
})()"#;

/// Words of states, times, buttons and labels that continue in the next line; null if none does.
const BROKEN: &str = r#"(() => {
    const broken = [];
    for (const element of document.querySelectorAll("main :is(.status, time, .button, button)")) {
        if (!element.checkVisibility()) continue;
        const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) {
            const text = texts.currentNode;
            if (text.parentElement.closest(".vh, code")) continue;
            for (const word of text.data.matchAll(/\p{L}+/gu)) {
                const range = document.createRange();
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                const lines = [...range.getClientRects()].map((line) => Math.round(line.top));
                if (new Set(lines).size > 1) broken.push(word[0]);
            }
        }
    }
    for (const cell of document.querySelectorAll(".cards td[data-l]")) {
        const label = getComputedStyle(cell, "::before").overflowWrap;
        if (label === "anywhere") broken.push(cell.dataset.l);
    }
    return broken.length ? "broken: " + broken.slice(0, 5).join(" | ") : null;
})()"#;

/// What sticks out of a page, after this expression, in windows of each width.
async fn sticks_out(
    window: &PortalWindow,
    (name, path): &PathOf,
    widths: &[u32],
    before: &str,
) -> Vec<String> {
    window.open(path).await;
    assert_eq!(window.value(before).await, json!(true), "{name}");
    faults_in(window, name, widths, STICKS_OUT).await
}

/// What this expression says of the page that is shown in windows of each width, unless it is null.
async fn faults_in(window: &PortalWindow, name: &str, widths: &[u32], judge: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for width in widths {
        window.size(*width, 800).await;
        let there = format!("innerWidth === {width} || null");
        window.chromium.wait(&there, &format!("no window of {width}")).await;
        let out = window.value(judge).await;
        if out != Value::Null {
            faults.push(format!("{name} {width}: {out}"));
        }
    }
    faults
}

/// Every page in this language in windows of each width.
async fn fits(language: &str, widths: &[u32], before: &str) {
    let world = PortalWorld::new().await;
    let window = PortalWindow::new(&world.course.school.gateway, Scripts::On).await;
    window.speak(language).await;
    let mut faults = Vec::new();
    for page in &world.outside {
        faults.extend(sticks_out(&window, page, widths, before).await);
    }
    window.sign_in(OWNER, PASSWORD).await;
    for page in world.pages.iter().chain(&world.questions) {
        faults.extend(sticks_out(&window, page, widths, before).await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_fit_into_windows_of_each_width() {
    fits("de", &WIDTHS, "true").await;
}

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_fit_with_words_that_are_longer() {
    fits("en", &[320, 360, 768, 1280], LONGER).await;
}

/// Only ids and addresses may be broken anywhere.
#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_not_broken_within() {
    let world = PortalWorld::new().await;
    let window = PortalWindow::owner(&world.course.school.gateway, Scripts::On).await;
    let mut faults = Vec::new();
    for language in ["es", "de"] {
        window.speak(language).await;
        for (name, path) in &world.pages {
            window.open(path).await;
            faults.extend(faults_in(&window, name, &[360, 1200], BROKEN).await);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A zoom of 400 % leaves such a window, and a telephone on its side hardly more.
#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_menu_scrolls_in_a_low_window() {
    let gateway = Gateway::start(Store::Sqlite).await;
    let window = PortalWindow::owner(&gateway, Scripts::On).await;
    window.size(320, 256).await;
    window.open("/portal").await;
    window.press(".menu").await;
    window.follow("#nav form button").await;
    assert_eq!(window.path().await, "/portal/sign-in");
}
