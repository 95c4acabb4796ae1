//! What a form answers if something has changed since its page was opened: such pages hold as all
//! others do.

use serde_json::json;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::cases;

use super::every_page::Inspector;
use super::forms::confirm;
use super::world::PortalWorld;
use crate::platform_services::background::graded;
use crate::portal::{OWNER, PASSWORD};

/// Types the platform's name on a page that knew of no score.
const FILL_IN: &str = r##"(() => {
    const find = (css) => document.querySelector(`main ${css}`);
    find("[name=name]").value = find("#name-h").textContent;
    find("[name=undelivered]").value = "0";
    return true;
})()"##;
/// How many faults the page names.
const FAULTS: &str = "document.querySelectorAll('main [role=alert]').length";

#[cases("PO-2")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_that_would_lose_more_asks_again_and_holds() {
    let world = PortalWorld::new().await;
    let later = Fault::Busy { status: 429, seconds: 3600 };
    world.course.school.lms.faults().set(Endpoint::Scores, later);
    world.course.hand_in(graded("5", 8.0)).await;
    let (_, path) = world.pages.iter().find(|(name, _)| *name == "delete").unwrap();
    let mut inspector = Inspector::new(&world).await;
    inspector.window.size(360, 800).await;
    inspector.window.sign_in(OWNER, PASSWORD).await;
    for language in ["en", "es", "fr", "de", "pt"] {
        inspector.window.speak(language).await;
        confirm(&inspector.window, PASSWORD).await;
        inspector.window.open(path).await;
        assert_eq!(inspector.window.value(FILL_IN).await, json!(true), "{language}");
        inspector.window.follow("main form .danger.primary").await;
        assert_eq!(inspector.window.path().await, *path);
        assert_eq!(inspector.window.value(FAULTS).await, json!(1), "{language}");
        inspector.judge_twice("delete-outdated", language).await;
    }
    inspector.found_nothing();
}
