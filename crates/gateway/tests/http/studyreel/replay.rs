//! E. Time and replay.

use serde_json::{Value, json};
use test_case::both_stores;

use super::{StudyReel, refusal, time, valid, valid_with};
use crate::support::{Store, random};

fn at(iat: i64, exp: i64) -> Value {
    valid_with("a", json!({"iat": time(iat), "exp": time(exp)}))
}

#[both_stores("STUDYREEL-47")]
async fn an_expired_launch_is_refused(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let page = studyreel.launch(&at(-7200, -3600)).await;
    assert_eq!((page.status, refusal(&page).as_str()), (401, "expired"));
    studyreel.nothing_is_stored().await;
    studyreel.ok(&at(-3700, -100)).await;
}

#[both_stores("STUDYREEL-48")]
async fn a_launch_issued_in_the_future_is_refused(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let page = studyreel.launch(&at(3600, 7200)).await;
    assert_eq!((page.status, refusal(&page).as_str()), (401, "not_yet_valid"));
    studyreel.nothing_is_stored().await;
    studyreel.ok(&at(5, 3600)).await;
}

#[both_stores("STUDYREEL-49")]
async fn a_negative_or_overlong_lifetime_is_refused(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for (iat, exp) in [(0, 0), (0, -10), (0, 366 * 86_400)] {
        let code = studyreel.refused(&at(iat, exp)).await;
        assert_eq!(code, "invalid_timestamp", "{iat} to {exp}");
    }
    studyreel.nothing_is_stored().await;
}

#[both_stores("STUDYREEL-50")]
async fn unreadable_times_are_refused(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for odd in [
        json!("soon"),
        json!("2024-09-19"),
        json!("null"),
        json!(true),
        json!(-5),
        json!("19/09/2024 03:14:07"),
    ] {
        for member in ["iat", "exp"] {
            studyreel.refused(&valid_with("a", json!({member: odd}))).await;
        }
    }
    studyreel.nothing_is_stored().await;
}

#[both_stores("STUDYREEL-51")]
async fn times_are_read_in_every_documented_form(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let now = studyreel.gateway.clock.now_seconds();
    let iso = |seconds: i64, form: &str| {
        let time = jiff::Timestamp::from_second(seconds).unwrap();
        json!(time.strftime(form).to_string())
    };
    let west = |seconds: i64| iso(seconds - 5 * 3600, "%Y-%m-%dT%H:%M:%S-05:00");
    let utc = |seconds: i64| iso(seconds, "%Y-%m-%dT%H:%M:%SZ");
    for (iat, exp) in [
        (utc(now), utc(now + 3600)),
        (west(now), west(now + 3600)),
        (json!(now), json!(now + 3600)),
        (json!(now.to_string()), json!((now + 3600).to_string())),
        (json!(now * 1000), json!((now + 3600) * 1000)),
    ] {
        studyreel.ok(&valid_with("a", json!({"iat": iat, "exp": exp}))).await;
    }
}

#[both_stores]
async fn a_zone_can_be_set_for_times_without_one(store: Store) {
    let studyreel = StudyReel::start_with(store, json!({"timeZone": "America/Regina"})).await;
    assert_eq!(studyreel.refused(&valid("a")).await, "not_yet_valid");
    studyreel.ok(&valid_with("a", json!({"iat": time(-6 * 3600), "exp": time(-5 * 3600)}))).await;
}

#[both_stores("STUDYREEL-53")]
async fn a_launch_is_not_accepted_twice(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let launch = valid("a");
    studyreel.ok(&launch).await;
    let page = studyreel.launch(&launch).await;
    assert_eq!((page.status, refusal(&page).as_str()), (409, "replayed"));
    assert_eq!((studyreel.rows("students").await, studyreel.rows("login_links").await), (1, 1));
}

#[both_stores("STUDYREEL-54")]
async fn neither_nonce_nor_jti_is_accepted_twice(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let launch = valid("a");
    studyreel.ok(&launch).await;
    let (nonce, jti) = (&launch["nonce"], &launch["jti"]);
    for again in [json!({"nonce": nonce}), json!({"jti": jti})] {
        assert_eq!(studyreel.refused(&valid_with("b", again.clone())).await, "replayed", "{again}");
    }
    assert_eq!((studyreel.rows("students").await, studyreel.rows("login_links").await), (1, 1));
    // Another deployment counts for itself.
    let elsewhere = json!({"nonce": nonce, "jti": jti, "deployment_id": "other"});
    studyreel.ok(&valid_with("a", elsewhere)).await;
}

#[both_stores]
async fn a_constant_nonce_passes_if_only_the_pair_counts(store: Store) {
    let studyreel = StudyReel::start_with(store, json!({"replay": "pair"})).await;
    let nonce = random();
    let launches: Vec<Value> = (0..3).map(|_| valid_with("a", json!({"nonce": nonce}))).collect();
    for launch in &launches {
        studyreel.ok(launch).await;
    }
    assert_eq!(studyreel.refused(&launches[0]).await, "replayed");
    // What was seen under one setting stays seen under the other.
    studyreel.gateway.patch_tool(json!({"studyreel": {"replay": "either"}})).await;
    assert_eq!(studyreel.refused(&launches[1]).await, "replayed");
    let fresh = valid("a");
    studyreel.ok(&fresh).await;
    studyreel.gateway.patch_tool(json!({"studyreel": {"replay": "pair"}})).await;
    assert_eq!(studyreel.refused(&fresh).await, "replayed");
}

#[both_stores("STUDYREEL-55")]
async fn of_ten_simultaneous_copies_one_is_accepted(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let launch = valid("a");
    let pages = futures_util::future::join_all((0..10).map(|_| studyreel.launch(&launch))).await;
    assert_eq!(pages.iter().filter(|page| page.status == 200).count(), 1);
    assert_eq!(pages.iter().filter(|page| page.status == 409).count(), 9);
    assert_eq!(studyreel.rows("login_links").await, 1);
}

#[both_stores("STUDYREEL-56")]
async fn a_refused_launch_does_not_consume_its_nonce(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let good = valid("a");
    let mut bad = good.clone();
    bad["role"] = json!("Teacher");
    studyreel.refused(&bad).await;
    studyreel.nothing_is_stored().await;
    studyreel.ok(&good).await;
}

#[both_stores("STUDYREEL-57")]
async fn used_nonces_survive_a_restart(store: Store) {
    let mut studyreel = StudyReel::start(store).await;
    let launch = valid("a");
    let first = studyreel.ok(&launch).await;
    studyreel.gateway = studyreel.gateway.restart().await;
    assert_eq!(studyreel.refused(&launch).await, "replayed");
    let again = studyreel.ok(&valid("a")).await;
    assert_eq!((again.is_new, &again.user), (false, &first.user));
    assert_eq!(studyreel.seen_behind(&first.link).await["user"]["id"], first.user.as_str());
}

#[both_stores("STUDYREEL-S7.9")]
async fn inactive_students_are_forgotten_if_the_tool_says_so(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let day = std::time::Duration::from_secs(24 * 3600);
    let seconds = |days: i64| days * 24 * 3600;
    let on = |sub: &str, days: i64| {
        valid_with(sub, json!({"iat": time(seconds(days)), "exp": time(seconds(days) + 3600)}))
    };
    let gone = studyreel.ok(&on("gone", 0)).await;
    let disabled = studyreel.ok(&on("disabled", 0)).await.user;
    let erased = studyreel.ok(&on("erased", 0)).await.user;
    studyreel.ok(&on("stays", 0)).await;
    studyreel
        .api(
            "PATCH",
            &format!("/api/students/{disabled}"),
            Some(json!({"status": "disabled"})),
            200,
        )
        .await;
    studyreel.api("DELETE", &format!("/api/students/{erased}"), None, 204).await;
    studyreel.gateway.clock.advance(20 * day);
    studyreel.ok(&on("stays", 20)).await;
    studyreel.gateway.clock.advance(20 * day);
    let forget = async || {
        gateway::studyreel::retention::forget(
            &studyreel.gateway.app.studyreel,
            studyreel.gateway.clock.now_ms(),
        )
        .await
        .unwrap();
    };
    forget().await;
    assert_eq!(studyreel.rows("students").await, 4, "kept unless one says otherwise");
    studyreel.gateway.patch_tool(json!({"retention": {"studentDays": 30}})).await;
    forget().await;
    assert_eq!((studyreel.rows("students").await, studyreel.rows("enrolments").await), (3, 8));
    assert_eq!(studyreel.rows("placements").await, 8);
    studyreel.api("GET", &format!("/api/students/{}", gone.user), None, 404).await;
    // Who was forgotten may come back, as someone new; who was shut out may not.
    let back = studyreel.ok(&on("gone", 40)).await;
    assert!(back.is_new && back.user != gone.user);
    assert!(!studyreel.ok(&on("stays", 40)).await.is_new);
    for shut_out in ["disabled", "erased"] {
        assert_eq!(studyreel.refused(&on(shut_out, 40)).await, "account_disabled");
    }
}

#[both_stores]
async fn rows_are_deleted_when_they_expire_and_not_before(store: Store) {
    let studyreel = StudyReel::start(store).await;
    studyreel.ok(&valid("a")).await;
    let hours = |hours: u64| std::time::Duration::from_secs(hours * 3600);
    gateway::background::forget(&studyreel.gateway.app, studyreel.gateway.clock.now_ms())
        .await
        .unwrap();
    assert_eq!(studyreel.rows("studyreel_seen").await, 3);
    studyreel.gateway.clock.advance(hours(2));
    gateway::background::forget(&studyreel.gateway.app, studyreel.gateway.clock.now_ms())
        .await
        .unwrap();
    assert_eq!(
        (studyreel.rows("studyreel_seen").await, studyreel.rows("login_links").await),
        (0, 1)
    );
    studyreel.gateway.clock.advance(hours(24));
    gateway::background::forget(&studyreel.gateway.app, studyreel.gateway.clock.now_ms())
        .await
        .unwrap();
    assert_eq!((studyreel.gateway.launches().await, studyreel.rows("login_links").await), (0, 0));
    // The launch's trace stays for a week.
    studyreel.gateway.clock.advance(hours(6 * 24));
    gateway::background::forget(&studyreel.gateway.app, studyreel.gateway.clock.now_ms())
        .await
        .unwrap();
    assert_eq!(studyreel.rows("launches").await, 0);
    assert_eq!(studyreel.rows("students").await, 1);
}
