//! Platforms whose services take too long: together they get a part of the slots, and leave the
//! rest to everyone else (decision 0527).

use std::iter::repeat_n;
use std::time::Duration;

use futures_util::future::join_all;
use gateway::settings::installation::Fixed;
use serde_json::json;
use simulator::browser::Page;
use simulator::lms::{Launch, claim_name};
use test_case::both_stores;

use crate::key_fetches::{KeySets, soon};
use crate::platform_services::Course;
use crate::registered::{Registered, ltik_of, register};
use crate::support::{API_KEY, Gateway, Store, fixed, lms};
use crate::undisturbed::undisturbed;

/// After which a request to a service counts as slow here.
const QUICK: Duration = Duration::from_millis(500);
/// A machine that keeps anyone waiting for so long is no judge of what is quick.
const LATE: Duration = Duration::from_millis(200);

/// A launch of a further platform, whose roster is at this address; its `ltik`.
async fn stranger(school: &Registered, roster: &str) -> String {
    let (client_id, _) = register(&school.gateway, &school.lms).await;
    let launch = Launch::new(&client_id).teacher();
    let claims = school.lms.claims(&launch).unwrap();
    let mut claim = claims[claim_name("namesroleservice")].clone();
    claim["context_memberships_url"] = roster.into();
    ltik_of("a stranger", &school.launch(&launch.with("namesroleservice", claim)).await)
}

async fn roster(gateway: &Gateway, ltik: &str) -> Page {
    let header = format!("LTIK-AUTH-V2 {API_KEY}:{ltik}");
    gateway.with_authorization("GET", "/api/memberships", None, &header).await
}

#[both_stores("I-10")]
async fn slow_services_leave_room_for_other_platforms(store: Store) {
    undisturbed(LATE, async || {
        let fixed = Fixed { quick_services: QUICK, ..fixed() };
        let settings = json!({"launch": {"showReasons": true}});
        let gateway = Gateway::start_fixed(store, settings, &[], fixed).await;
        let school = Registered::join(gateway, lms().await).await;
        let launch = school.teacher();
        let honest = Course::of(school, launch).await;
        // They answer nobody.
        let slow = KeySets::of(json!({})).await;
        slow.answers_from.send_replace(u64::MAX);
        let mut strangers = Vec::new();
        for host in 1..=8 {
            let address = slow.at(&format!("127.1.0.{host}"), 0);
            strangers.push(stranger(&honest.school, &address).await);
        }
        let ltiks = strangers.iter().flat_map(|ltik| repeat_n(ltik, 8));
        let asking = join_all(ltiks.map(|ltik| roster(&honest.school.gateway, ltik)));
        let reading = async {
            slow.was_asked(64).await;
            soon(honest.read("/api/memberships")).await
        };
        tokio::select! {
            _ = asking => panic!("the slow ones were answered first"),
            members = reading => assert!(members["members"].is_array(), "{members}"),
        }
    })
    .await;
}
