//! The supplementary gates of studyreel.md §5, item 4: a secret in a header, and known source
//! addresses.

use serde_json::{Value, json};
use simulator::browser::Page;
use test_case::both_stores;

use super::{Accepted, StudyReel, refusal, valid};
use crate::support::Store;

fn assert_refused(page: &Page, what: &str) {
    let told = page.json().unwrap();
    assert_eq!((page.status, refusal(page).as_str()), (401, "bad_signature"), "{what}");
    assert_eq!(told["message"], "The launch could not be authenticated.", "{what}");
}

#[both_stores]
async fn a_header_must_hold_the_secret(store: Store) {
    let mut studyreel =
        StudyReel::start_with(store, json!({"secretHeader": "X-Launch-Secret"})).await;
    let secret = |owner: &Value| owner["headerSecret"].as_str().unwrap().to_owned();
    let owner = studyreel.owner().await;
    let first = secret(&owner);
    assert_eq!(first.len(), 43);
    assert!(
        first != owner["signingSecret"]
            && !owner["capabilityLaunchUrl"].as_str().unwrap().contains(&first)
    );
    let cut = &first[..42];
    for (headers, what) in [
        (vec![], "none"),
        (vec![("x-launch-secret", "")], "empty"),
        (vec![("x-launch-secret", cut)], "cut"),
        (vec![("x-launch-secret", owner["signingSecret"].as_str().unwrap())], "another secret"),
        (vec![("x-launch-secret", first.as_str()), ("x-launch-secret", first.as_str())], "twice"),
        (vec![("x-secret", first.as_str())], "another header"),
    ] {
        assert_refused(&studyreel.signed(&valid("a"), &headers).await, what);
    }
    // The capability alone is not enough either, and nothing says which of the two is wrong.
    let capability = studyreel.capability_path().await;
    let plain = std::mem::replace(&mut studyreel.path, capability);
    assert_refused(&studyreel.launch(&valid("a")).await, "with the capability");
    studyreel.path = plain;
    studyreel.nothing_is_stored().await;
    Accepted::read(&studyreel.signed(&valid("a"), &[("X-LAUNCH-SECRET", &first)]).await);
    // Changing over: first both, then the new one alone.
    studyreel.gateway.patch_tool(json!({"studyreel": {"secrets": [1, 2]}})).await;
    let second = secret(&studyreel.owner().await);
    assert_ne!(first, second);
    for secret in [&first, &second] {
        Accepted::read(&studyreel.signed(&valid("a"), &[("x-launch-secret", secret)]).await);
    }
    studyreel.gateway.patch_tool(json!({"studyreel": {"secrets": [2]}})).await;
    assert_refused(&studyreel.signed(&valid("a"), &[("x-launch-secret", &first)]).await, "over");
    studyreel.gateway.patch_tool(json!({"studyreel": {"secretHeader": null}})).await;
    studyreel.ok(&valid("a")).await;
}

#[both_stores]
async fn launches_are_accepted_from_known_addresses_only(store: Store) {
    let studyreel =
        StudyReel::start_with(store, json!({"sources": ["203.0.113.0/24", "2001:db8::/32"]})).await;
    assert_refused(&studyreel.launch(&valid("a")).await, "from 127.0.0.1");
    let forged = [("x-forwarded-for", "203.0.113.9")];
    assert_refused(&studyreel.signed(&valid("a"), &forged).await, "no proxy of ours says so");
    let trace = studyreel.gateway.newest("kind=studyreel&outcome=failed").await;
    let reason = &trace["reason"];
    assert_eq!(reason["code"], "source_unlisted", "{trace}");
    let advice = reason["advice"].as_str().unwrap();
    assert!(advice.contains("studyreel.sources") && !advice.contains("secret"), "{advice}");
    assert!(reason["text"].as_str().unwrap().contains("not in studyreel.sources"), "{trace}");
    for address in ["127.0.0.1", "203.0.113"] {
        assert!(!reason.to_string().contains(address), "{trace}");
    }
    studyreel.nothing_is_stored().await;
    studyreel
        .gateway
        .patch_tool(json!({"studyreel": {"sources": ["203.0.113.0/24", "127.0.0.0/8"]}}))
        .await;
    studyreel.ok(&valid("a")).await;
}

#[both_stores]
async fn behind_a_proxy_the_address_is_the_one_it_reports(store: Store) {
    let sources = json!({"sources": ["203.0.113.0/24"]});
    let studyreel = StudyReel::start_behind(store, sources, "127.0.0.0/8").await;
    for (named, what) in [
        ("198.51.100.1", "another"),
        ("203.0.113.9, 198.51.100.1", "what the client wrote"),
        ("", "none"),
    ] {
        assert_refused(&studyreel.signed(&valid("a"), &[("x-forwarded-for", named)]).await, what);
    }
    Accepted::read(&studyreel.signed(&valid("a"), &[("x-forwarded-for", "203.0.113.9")]).await);
}
