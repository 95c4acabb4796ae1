//! A date that is ahead, for a while or from a start on: nothing is removed that can't be brought
//! back, and nothing that was used up becomes good again.

use std::time::Duration;

use gateway::background::clock_watch::{ClockWatch, PROBATION_MS};
use gateway::background::{self, forget_if_steady, forget_students_if_steady, rotate_if_steady};
use gateway::kit::clock::Stopwatch;
use gateway::settings::installation::Fixed;
use gateway::studyreel::retention;
use serde_json::json;
use simulator::browser::Browser;
use test_case::both_stores;

use crate::registered::{Posted, Registered, assert_refused, login, ltik_of};
use crate::studyreel::{StudyReel, valid};
use crate::support::{Gateway, PATIENCE, Store, fixed};

const MINUTE_MS: i64 = 60 * 1000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

fn watch(gateway: &Gateway) -> ClockWatch {
    ClockWatch::new(gateway.app.db.clone(), gateway.clock.clone())
}

/// Waits until the server's own watch has looked for the first time: later it would be surprised by
/// what a test does to the clock.
async fn first_look(gateway: &Gateway) {
    let seen = "SELECT COUNT(*) FROM installation WHERE clock_seen_at IS NOT NULL";
    while gateway.number(seen).await == 0 {
        tokio::task::yield_now().await;
    }
}

/// So many clean-ups, ten seconds apart.
async fn clean_ups(gateway: &Gateway, watch: &ClockWatch, number: u32) {
    for _ in 0..number {
        gateway.clock.advance(Duration::from_secs(10));
        forget_if_steady(&gateway.app, watch).await.unwrap();
    }
}

/// Clean-ups of so many minutes, one a minute as the background has them.
async fn minutes(gateway: &Gateway, watch: &ClockWatch, minutes: u32) {
    for _ in 0..minutes {
        gateway.clock.advance(Duration::from_secs(60));
        forget_if_steady(&gateway.app, watch).await.unwrap();
        forget_students_if_steady(&gateway.app, watch).await.unwrap();
    }
}

#[both_stores]
async fn a_spent_token_stays_spent_whatever_the_date_does(store: Store) {
    // Within what no one notices, and eight days.
    for ahead in [9 * MINUTE_MS, 8 * DAY_MS] {
        let school =
            Registered::with(store, json!({"retention": {"launchMinutes": 1, "traceMinutes": 1}}))
                .await;
        let gateway = &school.gateway;
        let watch = watch(gateway);
        let browser = Browser::new().unwrap();
        // A state is good for ten minutes, and the LMS took nearly all of them.
        let page = login(&school.lms, &browser, &school.student()).await;
        school.advance(9 * 60);
        let page = browser.get(page.location().unwrap().as_str()).await.unwrap();
        let form = page.auto_form().unwrap();
        let field = |name| form.field(name).unwrap().to_owned();
        let posted = Posted { id_token: field("id_token"), state: field("state") };
        let cookies: Vec<String> = browser
            .cookies(&gateway.url)
            .iter()
            .map(|c| format!("{}={}", c.name, c.value))
            .collect();
        ltik_of("first", &school.post(&browser, &posted).await);
        forget_if_steady(&gateway.app, &watch).await.unwrap();
        gateway.clock.set_by(ahead);
        clean_ups(gateway, &watch, 2).await;
        gateway.clock.set_by(-ahead);
        clean_ups(gateway, &watch, 1).await;
        let request = crate::registered::form(&gateway.at("/lti/launch"), &posted.fields())
            .header("cookie", &cookies.join("; "));
        let page = browser.fresh().send(request).await.unwrap();
        assert_refused("again", &page, 401, "NONCE_ALREADY_RECEIVED");
    }
}

#[both_stores]
async fn a_studyreel_launch_stays_spent_whatever_the_date_does(store: Store) {
    for ahead in [9 * MINUTE_MS, 8 * DAY_MS] {
        let studyreel = StudyReel::start(store).await;
        let gateway = &studyreel.gateway;
        let watch = watch(gateway);
        let launch = valid("a");
        studyreel.ok(&launch).await;
        forget_if_steady(&gateway.app, &watch).await.unwrap();
        gateway.clock.set_by(ahead);
        minutes(gateway, &watch, 2).await;
        gateway.clock.set_by(-ahead);
        minutes(gateway, &watch, 1).await;
        assert_eq!(studyreel.refused(&launch).await, "replayed");
    }
}

#[both_stores]
async fn students_outlive_a_start_with_a_date_that_is_ahead(store: Store) {
    let mut studyreel = StudyReel::start(store).await;
    studyreel.gateway.patch_tool(json!({"retention": {"studentDays": 30}})).await;
    studyreel.ok(&valid("a")).await;
    assert!(
        watch(&studyreel.gateway).look().await.unwrap().is_some(),
        "a new store has nothing to doubt"
    );
    studyreel.gateway.clock.set_by(50 * DAY_MS);
    studyreel.gateway = studyreel.gateway.restart().await;
    let watch = watch(&studyreel.gateway);
    minutes(&studyreel.gateway, &watch, 60).await;
    assert_eq!(studyreel.rows("students").await, 1);
    // Set right within the day: no one is gone. A restart doesn't shorten the wait.
    studyreel.gateway.clock.set_by(-50 * DAY_MS);
    studyreel.gateway = studyreel.gateway.restart().await;
    let watch = self::watch(&studyreel.gateway);
    minutes(&studyreel.gateway, &watch, 10).await;
    assert_eq!(studyreel.rows("students").await, 1);
    // Time that really passes ends what is over.
    studyreel.gateway.clock.advance(Duration::from_secs(50 * 24 * 3600));
    minutes(&studyreel.gateway, &watch, 1).await;
    assert_eq!(studyreel.rows("students").await, 0);
}

#[both_stores]
async fn removing_goes_on_after_a_day_without_surprises(store: Store) {
    let gateway = Gateway::start(store).await;
    let watch = watch(&gateway);
    assert!(watch.look().await.unwrap().is_some());
    gateway.clock.set_by(2 * DAY_MS);
    assert!(watch.look().await.unwrap().is_none());
    let step = Duration::from_secs(5 * 60);
    let steps = PROBATION_MS / 1000 / i64::try_from(step.as_secs()).unwrap();
    let mut number = 0;
    loop {
        number += 1;
        gateway.clock.advance(step);
        // Another process, or another replica, goes on counting.
        let watch = if number % 7 == 0 { self::watch(&gateway) } else { watch.clone() };
        if watch.look().await.unwrap().is_some() {
            break;
        }
    }
    // The server's own watch may have been surprised a little later, and the day begins with that.
    assert!((steps..=steps + 50).contains(&number), "{number} steps, of {steps}");
}

#[both_stores]
async fn a_store_that_was_away_is_no_reason_to_doubt_the_date(store: Store) {
    let gateway = Gateway::start(store).await;
    first_look(&gateway).await;
    let watch = watch(&gateway);
    assert!(watch.look().await.unwrap().is_some());
    // Three hours in which no look succeeded, measured by the process itself.
    gateway.clock.advance(Duration::from_secs(3 * 3600));
    assert!(watch.look().await.unwrap().is_some());
    // Many small moves that no one would notice one by one.
    for _ in 0..4 {
        gateway.clock.set_by(3 * MINUTE_MS);
        gateway.clock.advance(Duration::from_secs(60));
        watch.look().await.unwrap();
    }
    assert!(watch.look().await.unwrap().is_none());
}

/// The date that was looked at counts, whatever it is when the rows are removed.
#[both_stores]
async fn a_date_set_between_look_and_removal_removes_nothing(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let gateway = &studyreel.gateway;
    gateway.patch_tool(json!({"retention": {"studentDays": 30}})).await;
    let launch = valid("a");
    studyreel.ok(&launch).await;
    let trusted = watch(gateway).look().await.unwrap().unwrap();
    gateway.clock.set_by(50 * DAY_MS);
    background::forget(&gateway.app, trusted).await.unwrap();
    retention::forget(&gateway.app.studyreel, trusted).await.unwrap();
    gateway.clock.set_by(-50 * DAY_MS);
    assert_eq!(studyreel.rows("students").await, 1);
    assert_eq!(studyreel.refused(&launch).await, "replayed");
}

#[both_stores]
async fn a_date_that_is_ahead_changes_no_keys(store: Store) {
    let school = Registered::with(store, json!({"keys": {"rotateAfterDays": 30}})).await;
    let gateway = &school.gateway;
    let watch = watch(gateway);
    let keys = async || {
        let path = format!("/admin/platforms/{}/keys", school.platform_id);
        let page = gateway.admin("GET", &path, None).await;
        page.json().unwrap()["keys"].as_array().unwrap().len()
    };
    rotate_if_steady(&gateway.app, &watch).await.unwrap();
    gateway.clock.set_by(50 * DAY_MS);
    for _ in 0..3 {
        rotate_if_steady(&gateway.app, &watch).await.unwrap();
        gateway.clock.advance(Duration::from_secs(60));
    }
    gateway.clock.set_by(-50 * DAY_MS);
    assert_eq!(keys().await, 1);
}

/// Anyone who starts a server beside a wrong clock has time to notice.
#[both_stores]
async fn a_server_removes_nothing_in_its_first_minutes(store: Store) {
    assert_eq!(Fixed::default().quiet_start, Duration::from_secs(5 * 60));
    let never = Fixed { quiet_start: Duration::from_secs(3600), ..fixed() };
    let gateway = Gateway::start_fixed(store, json!({}), &[], never).await;
    let mut studyreel = StudyReel::at(gateway);
    studyreel.ok(&valid("a")).await;
    studyreel.gateway.meddle("UPDATE login_links SET expires_at = 1").await;
    let quiet = Duration::from_secs(3);
    let begun = Stopwatch::start();
    studyreel.gateway =
        studyreel.gateway.restart_changed(|config| config.fixed.quiet_start = quiet).await;
    while studyreel.rows("login_links").await > 0 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(begun.elapsed() < PATIENCE, "never removed");
    }
    assert!(begun.elapsed() >= quiet, "{:?}", begun.elapsed());
}
