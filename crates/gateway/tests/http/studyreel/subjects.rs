//! A student whose `sub` changes, as an e-mail address does.

use serde_json::json;
use test_case::both_stores;

use super::{StudyReel, valid};
use crate::support::Store;

#[both_stores]
async fn a_student_with_a_new_address_keeps_the_account(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let ada = studyreel.ok(&valid("ada@example.com")).await;
    let path = format!("/api/students/{}/subject", ada.user);
    let new = json!({"subject": "Ada.King@example.com"});
    let student = studyreel.api("POST", &path, Some(new.clone()), 200).await;
    assert_eq!((&student["id"], &student["subject"]), (&json!(ada.user), &new["subject"]));
    let again = studyreel.ok(&valid("ada.king@example.com")).await;
    assert_eq!((again.is_new, &again.user), (false, &ada.user), "what StudyReel was told is kept");
    // Once more changes nothing; the old address is free.
    studyreel.api("POST", &path, Some(new), 200).await;
    let other = studyreel.ok(&valid("ada@example.com")).await;
    assert!(other.is_new && other.user != ada.user);
    let found = studyreel.api("GET", "/api/students?subject=ada.king@example.com", None, 200).await;
    assert_eq!(found["students"][0]["id"], ada.user);
}

#[both_stores]
async fn the_account_of_the_new_address_goes_only_if_it_is_named(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let ada = studyreel.ok(&valid("ada@example.com")).await;
    // She launched with the new address before anyone moved her.
    let double = studyreel.ok(&valid("ada.king@example.com")).await;
    let ltik = studyreel.redeem(&double.link).await;
    let path = format!("/api/students/{}/subject", ada.user);
    for wrong in [
        json!({"subject": "ada.king@example.com"}),
        json!({"subject": "ada.king@example.com", "replaces": ada.user}),
    ] {
        let taken = studyreel.api("POST", &path, Some(wrong), 409).await;
        assert_eq!(taken["details"]["message"], "SUBJECT_TAKEN");
        assert_eq!(taken["details"]["studentId"], double.user);
    }
    assert_eq!(studyreel.gateway.idtoken(&ltik, "").await.status, 200);
    let named = json!({"subject": "ada.king@example.com", "replaces": double.user});
    studyreel.api("POST", &path, Some(named), 200).await;
    assert_eq!(studyreel.gateway.idtoken(&ltik, "").await.status, 401, "her session is over");
    studyreel.api("GET", &format!("/api/students/{}", double.user), None, 404).await;
    let again = studyreel.ok(&valid("ada.king@example.com")).await;
    assert_eq!((again.is_new, &again.user), (false, &ada.user));
}

#[both_stores]
async fn nobody_takes_the_address_of_an_erased_student(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let ada = studyreel.ok(&valid("ada@example.com")).await;
    let ben = studyreel.ok(&valid("ben@example.com")).await;
    studyreel.api("DELETE", &format!("/api/students/{}", ada.user), None, 204).await;
    let path = format!("/api/students/{}/subject", ben.user);
    for body in [
        json!({"subject": "ada@example.com"}),
        json!({"subject": "ada@example.com", "replaces": ada.user}),
    ] {
        let taken = studyreel.api("POST", &path, Some(body), 409).await;
        assert_eq!(taken["details"].get("studentId"), None, "{taken}");
    }
    let gone = format!("/api/students/{}/subject", ada.user);
    studyreel.api("POST", &gone, Some(json!({"subject": "x"})), 404).await;
    for wrong in [json!({}), json!({"subject": ""}), json!({"subject": "a", "issuer": "b"})] {
        studyreel.api("POST", &path, Some(wrong), 400).await;
    }
}
