//! Platforms whose key sets take too long: they share a few slots, and leave the others to everyone
//! else (decision 0515).

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use simulator::browser::Browser;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;

use crate::key_fetches::{KeySets, begun, post_all, soon};
use crate::registered::{Registered, ltik_of};
use crate::support::{Gateway, Store, fixed, lms};
use crate::undisturbed::undisturbed;

/// After which a key set counts as slow here, and what a slow one takes.
const QUICK: Duration = Duration::from_millis(500);
const SLOW: Duration = Duration::from_secs(1);
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
