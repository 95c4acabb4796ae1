//! Which cookies bind a launch in a frame, and what happens where none does.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use test_case::cases;
use tokio::net::TcpListener;

use super::*;
use crate::chromium::Cookies;

#[cases("TC-029", "TC-030")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partitioned_cookies_bind_each_launch_framed_by_moodle() {
    let chromium = Chromium::start().await;
    let school = School::start("moodle", Browser::Modern).await;
    school.succeeds(&chromium, None).await;
    // Four frames of one page at once.
    school.open(&chromium, 4, None).await;
    school.all_arrive(&chromium, 4).await;
    school.assert_bound(5, "partitioned cookie").await;
    // No cookie stays, not even a partitioned one.
    let cookies = chromium.run(FRAMES[0], "return document.cookie").await;
    assert_eq!(cookies, "");
}

/// A course's page with many links in it, whose logins all begin before the first of them ends.
#[cases("TC-030", "TC-031")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_frames_on_one_page_all_launch() {
    let chromium = Chromium::start().await;
    let options = Options {
        profile: Profile::moodle(),
        // At one address six connections would have them wait for one another.
        sign_on: Some(SocketAddr::from(([127, 0, 0, 4], 0))),
        ..lms_options()
    };
    let school = School::start_at(options, Browser::Modern).await;
    let frame = |number| {
        let url = school.lms.launch_url(&school.student()).unwrap();
        format!("<iframe id=link-{number} src='{url}'></iframe>")
    };
    let course: String = (0..20).map(frame).collect();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let course = get(async move || Html(format!("<!doctype html><title>Course</title>{course}")));
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", course)).await });
    chromium.open(&url).await;
    for number in 0..20 {
        let place = Place::In(format!("#link-{number}").leak());
        assert_eq!(chromium.text(place, WHO).await, "Sam Rivera, learner");
    }
    school.assert_bound(20, "partitioned cookie").await;
}

#[cases("TC-029")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_browser_is_bound_by_the_plain_cookie() {
    let chromium = Chromium::start_with(Cookies::All, &[]).await;
    let school = School::start("moodle", Browser::WithoutPartitioned).await;
    school.succeeds(&chromium, None).await;
    school.open(&chromium, 4, None).await;
    school.all_arrive(&chromium, 4).await;
    school.assert_bound(5, "cookie").await;
}

#[cases("TC-179")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cookie_binds_if_the_storage_is_broken() {
    let chromium = Chromium::start().await;
    let school = School::canvas(Browser::Modern).await;
    for fault in [StorageFault::Silent, StorageFault::Error, StorageFault::MissingFrame] {
        school.succeeds(&chromium, Some(fault)).await;
    }
    school.open(&chromium, 4, Some(StorageFault::Silent)).await;
    school.all_arrive(&chromium, 4).await;
    school.assert_bound(7, "partitioned cookie").await;
}

#[cases("TC-179")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_storage_costs_no_time_where_cookies_work() {
    let chromium = Chromium::start().await;
    let school = School::canvas(Browser::Patient).await;
    // Had the page to wait for the storage, it would wait for ten days.
    school.succeeds(&chromium, Some(StorageFault::Silent)).await;
    // And looking leaves no trace.
    let failed = school.gateway.admin("GET", "/admin/traces?outcome=failed", None).await;
    assert_eq!(failed.json().unwrap()["traces"], json!([]));
}

/// What the last test stands on: without cookies a patient page gets nowhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_patient_page_waits_for_a_silent_storage() {
    let chromium = Chromium::start_with(Cookies::None, &[]).await;
    let school = School::canvas(Browser::Patient).await;
    school.open(&chromium, 1, Some(StorageFault::Silent)).await;
    // Shown after four seconds, twice the patience of a usual page.
    let waiting = chromium.text(FRAMES[0], "#late:not([hidden])").await;
    assert!(!waiting.is_empty());
    let offer = chromium.run(FRAMES[0], "return document.querySelector('#fallback').hidden").await;
    assert_eq!(offer, true);
}

#[cases("TC-051", "TC-167")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_cookies_only_the_storage_binds() {
    let chromium = Chromium::start_with(Cookies::None, &[]).await;
    let canvas = School::canvas(Browser::Unhurried).await;
    canvas.succeeds(&chromium, None).await;
    canvas.open(&chromium, 4, None).await;
    canvas.all_arrive(&chromium, 4).await;
    canvas.assert_bound(5, "platform storage").await;

    // Moodle keeps nothing for us, and a window of its own keeps no cookies either: the end, with a
    // reason.
    let moodle = School::start("moodle", Browser::Modern).await;
    let said = moodle.fails(&chromium, None).await;
    assert!(said.contains("new window"), "{said}");
    chromium.picture("a-window-is-offered").await;
    chromium.click(FRAMES[0], OFFER).await;
    chromium.look_at_other_window().await;
    let said = chromium.text(Place::Page, SAID).await;
    assert!(said.contains("did not keep the cookie"), "{said}");
    chromium.picture("a-window-without-cookies").await;
    let offers = chromium.run(Place::Page, "return document.querySelectorAll('form').length").await;
    assert_eq!(offers, 0, "another window would help nobody");
    let trace = moodle.gateway.newest("outcome=failed").await;
    assert_eq!(trace["reason"]["code"], "WINDOW_WITHOUT_COOKIES", "{trace}");
    let advice = trace["reason"]["advice"].as_str().unwrap();
    for text in [&*said, advice] {
        assert!(!text.contains("new window"), "{text}");
    }
    assert_eq!(moodle.released().await, 0);
}
