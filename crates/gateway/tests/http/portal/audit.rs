//! The audit log: who changed what, and whether anybody changed the log.

use test_case::both_stores;

use super::Visitor;
use crate::support::{Gateway, Store};

#[both_stores("PO-9")]
async fn what_is_changed_is_noted_and_the_chain_holds(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    owner.invite("viewer", "<script>@school.example").await;
    let page = owner.get("/portal").await;
    let fields = [("launchUrl", "https://app.example/new")];
    let page = owner.post(&page, "/portal/launch-url", &fields).await;
    assert_eq!(page.url.path(), "/portal", "{}", page.text());
    let text = owner.get("/portal/audit").await.text();
    for told in
        ["session.begun", "user.invited", "tool.changed", "https://app.example/new", "Admin"]
    {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains("<script>@"), "{text}");
    let text = owner.get("/portal/audit?action=tool.changed").await.text();
    assert!(text.contains("tool.changed") && !text.contains("session.begun"), "{text}");

    let check = async || owner.get("/portal/audit/check").await.text();
    let whole = check().await;
    assert!(whole.contains("All 3 entries are as they were written"), "{whole}");
    gateway.meddle("UPDATE audit_entries SET subject = 'other' WHERE number = 2").await;
    let broken = check().await;
    assert!(broken.contains("Entry 2 is not as it was written"), "{broken}");
}

#[both_stores("PO-9")]
async fn entries_that_are_gone_are_missed(store: Store) {
    for statement in [
        "DELETE FROM audit_entries WHERE number = 1",
        "DELETE FROM audit_entries WHERE number = 2",
        "DELETE FROM audit_entries",
        "UPDATE audit_entries SET number = 7 WHERE number = 2",
        "DELETE FROM audit_heads",
    ] {
        let gateway = Gateway::start(store).await;
        let owner = Visitor::owner(&gateway).await;
        owner.invite("viewer", "a@school.example").await;
        gateway.meddle(statement).await;
        let text = owner.get("/portal/audit/check").await.text();
        assert!(text.contains("is not as it was written, or is missing"), "{statement}: {text}");
    }
}

#[both_stores("PO-9")]
async fn older_entries_are_a_page_further(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    for number in 0..31 {
        owner.invite("viewer", &format!("user{number}@school.example")).await;
    }
    let newest = owner.get("/portal/audit?action=user.invited").await.text();
    assert!(newest.contains("user30@") && !newest.contains("user0@"), "{newest}");
    let (_, rest) = newest.split_once("/portal/audit?action=user.invited&#38;before=").unwrap();
    let before: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let older = owner.get(&format!("/portal/audit?action=user.invited&before={before}")).await;
    let older = older.text();
    assert!(older.contains("user0@") && !older.contains("user30@"), "{older}");
}
