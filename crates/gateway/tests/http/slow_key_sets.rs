//! Platforms whose key sets take too long: they share a few slots, and leave the others to everyone
//! else (decision 0515).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::StatusCode;
use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use simulator::browser::Browser;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::key_fetches::{KeySets, begun, post_all, soon};
use crate::registered::{Registered, assert_refused, ltik_of};
use crate::support::{Gateway, Store, fixed, lms};
use crate::undisturbed::undisturbed;

/// After which a key set counts as slow here, and what a slow one takes.
const QUICK: Duration = Duration::from_millis(500);
const SLOW: Duration = Duration::from_secs(1);
/// In time for everyone's slots, but more than a third of it.
const NEARLY: Duration = Duration::from_millis(300);
/// A machine that keeps anyone waiting for so long is no judge of what is quick.
const LATE: Duration = Duration::from_millis(200);

async fn school(store: Store) -> Registered {
    let fixed = Fixed { quick_keys: QUICK, ..fixed() };
    let settings = json!({"launch": {"showReasons": true}});
    Registered::join(Gateway::start_fixed(store, settings, &[], fixed).await, lms().await).await
}

#[both_stores("I-10")]
async fn slow_key_sets_do_not_delay_other_platforms(store: Store) {
    undisturbed(LATE, async || {
        let school = school(store).await;
        let slow = KeySets::of(school.lms.key().jwk()).await;
        slow.answers_from.send_replace(u64::MAX);
        let hosts = (1..=70).map(|host| slow.at(&format!("127.1.0.{host}"), 0));
        let strangers = begun(&school, hosts).await;
        // Its keys are not in memory either.
        let browser = Browser::new().unwrap();
        let posted = school.begin(&browser, &school.student()).await;
        let honest = async {
            slow.was_asked(64).await;
            soon(school.post(&browser, &posted)).await
        };
        let page = tokio::select! {
            _ = post_all(&school, &strangers) => panic!("the slow ones were answered first"),
            page = honest => page,
        };
        ltik_of("honest", &page);
    })
    .await;
}

#[both_stores("I-10")]
async fn a_slow_key_set_is_asked_once_until_it_is_quick_again(store: Store) {
    undisturbed(LATE, async || {
        let school = school(store).await;
        let faults = school.lms.faults();
        // The fault from here on, and how often the key set has been asked after another launch.
        let steps = [
            (Some(SLOW), 2, "again, because it was slow"),
            (Some(SLOW), 3, "as one that is slow"),
            (None, 4, "it is quick"),
            (None, 5, "like any other"),
            (Some(SLOW), 7, "slow once more"),
        ];
        for (late, asked, case) in steps {
            faults.clear_all();
            if let Some(late) = late {
                faults.set(Endpoint::Jwks, Fault::Late(late));
            }
            ltik_of(case, &school.launch(&school.student()).await);
            assert_eq!(school.lms.jwks_hits(), asked, "{case}");
            school.lms.rotate_key().unwrap();
            school.advance(61);
        }
    })
    .await;
}

#[both_stores("I-10")]
async fn a_key_set_that_is_barely_in_time_counts_as_slow(store: Store) {
    undisturbed(LATE, async || {
        let school = school(store).await;
        let faults = school.lms.faults();
        let steps = [
            (NEARLY, 1, "in time"),
            (SLOW, 2, "at once among slow ones"),
            (Duration::ZERO, 3, "it is quick"),
            (SLOW, 5, "first in everyone's slots"),
        ];
        for (late, asked, case) in steps {
            faults.clear_all();
            faults.set(Endpoint::Jwks, Fault::Late(late));
            ltik_of(case, &school.launch(&school.student()).await);
            assert_eq!(school.lms.jwks_hits(), asked, "{case}");
            school.lms.rotate_key().unwrap();
            school.advance(61);
        }
    })
    .await;
}

/// The address of a key set that comes as late, and with the status, as it is told.
async fn late_key_set(
    key: Value,
    says: watch::Receiver<(Duration, StatusCode)>,
    hits: Arc<AtomicU64>,
) -> String {
    let handler = move || {
        hits.fetch_add(1, Ordering::SeqCst);
        let (late, status) = *says.borrow();
        let body = json!({"keys": [key]});
        async move {
            tokio::time::sleep(late).await;
            (status, axum::Json(body))
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/jwks", listener.local_addr().unwrap());
    let router = axum::Router::new().fallback(handler);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[both_stores("I-10")]
async fn a_key_set_that_fails_late_counts_as_slow(store: Store) {
    undisturbed(LATE, async || {
        let school = school(store).await;
        let (says, told) = watch::channel((NEARLY, StatusCode::INTERNAL_SERVER_ERROR));
        let hits = Arc::new(AtomicU64::new(0));
        let url = late_key_set(school.lms.key().jwk(), told, hits.clone()).await;
        let launch = async || {
            let begun = begun(&school, [url.clone()]).await;
            post_all(&school, &begun).await.remove(0)
        };
        assert_refused("late", &launch().await, 503, "KEY_SET_UNREADABLE");
        assert_eq!(hits.load(Ordering::SeqCst), 1);
        says.send_replace((SLOW, StatusCode::OK));
        school.advance(61);
        ltik_of("later", &launch().await);
        assert_eq!(hits.load(Ordering::SeqCst), 2, "at once among slow ones");
    })
    .await;
}
