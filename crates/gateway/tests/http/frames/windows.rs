//! Launches in windows of their own: placed so by a teacher, or because a frame keeps no cookies
//! (lti.md C.4).

use test_case::cases;

use super::*;
use crate::chromium::Cookies;

/// Follows the LMS's link and comes back.
async fn follow(chromium: &Chromium, school: &School, binding: &str) {
    let launch = Launch { window: true, ..school.student() };
    chromium.open(&school.lms.page_url(&[launch], None).unwrap()).await;
    chromium.click(Place::Page, "#open-1").await;
    chromium.look_at_other_window().await;
    assert_eq!(chromium.text(Place::Page, WHO).await, "Sam Rivera, learner");
    school.assert_bound(1, binding).await;
    chromium.close_window().await;
}

#[cases("C-52")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_to_a_new_window_launches_there() {
    let chromium = Chromium::start().await;
    for school in [
        School::start("moodle", Browser::Modern).await,
        School::start("moodle", Browser::WithoutPartitioned).await,
        School::canvas(Browser::WithoutPartitioned).await,
    ] {
        follow(&chromium, &school, "cookie").await;
    }
}

#[cases("C-20")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_new_window_the_opener_keeps_the_value() {
    let chromium = Chromium::start_with(Cookies::None, &[]).await;
    for school in [
        School::canvas(Browser::Unhurried).await,
        School::start("blackboard", Browser::Unhurried).await,
    ] {
        follow(&chromium, &school, "platform storage").await;
    }
}

#[cases("C-50")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_frame_cookies_moodle_launches_in_a_new_window() {
    let chromium = Chromium::start().await;
    let school = School::start("moodle", Browser::WithoutPartitioned).await;
    let said = school.fails(&chromium, None).await;
    assert!(said.contains("in a new window"), "{said}");
    chromium.click(FRAMES[0], OFFER).await;
    chromium.look_at_other_window().await;
    assert_eq!(chromium.text(Place::Page, WHO).await, "Sam Rivera, learner");
    school.assert_bound(1, "cookie").await;
    chromium.close_window().await;
    // Moodle would answer a second time with "Invalid request".
    let said = chromium.text(FRAMES[0], ".opened").await;
    assert!(said.contains("go back to your course"), "{said}");
    storage::assert_gone(&chromium).await;
}
