//! The search at the top of every page: what was typed stands in no address (decision 0508).

use test_case::both_stores;

use super::{Portal, enter, has, lacks, open, platform};
use crate::portal::Visitor;
use crate::studyreel::{StudyReel, valid};
use crate::support::Store;

/// What is said where students are left out.
const ONLY_ABOVE: &str = "Students are only found with the field above";

#[both_stores("PO-1")]
async fn what_is_searched_for_stands_in_no_address(store: Store) {
    let portal = Portal::new(store).await;
    for (name, client_id) in [("Northfield", "client-1"), ("Northam", "client-2")] {
        enter(portal.gateway(), platform(name, client_id)).await;
    }
    let (home, _) = open(&portal.owner, "/portal").await;
    let mut form = home.form_to("/portal/find").unwrap();
    form.set("q", " North ");
    let found = portal.owner.submit(&home, &form).await;
    let shown = ["What was found for “North”", "Northfield", "Northam"];
    has(&found.text(), &shown);
    for url in found.hops.iter().map(|hop| &hop.url).chain([&found.url]) {
        assert!(!url.as_str().contains("North"), "{url}");
    }
    // Reloaded, or gone back to.
    let address = format!("/portal/find?{}", found.url.query().unwrap());
    has(&open(&portal.owner, &address).await.1, &shown);
    // An open address finds the same, and says what it leaves out.
    let (_, plain) = open(&portal.owner, "/portal/find?q=North").await;
    has(&plain, &shown);
    has(&plain, &[ONLY_ABOVE]);
    lacks(&found.text(), &[ONLY_ABOVE]);
    let viewer = Visitor::invited(portal.gateway(), &portal.owner, "viewer").await;
    for address in [address.as_str(), "/portal/find?for=North"] {
        let page = viewer.get(address).await;
        assert_eq!(page.status, 404, "{address}: {}", page.text());
        has(&page.text(), &["can’t be read here or belongs to another session."]);
        lacks(&page.text(), &["Northfield"]);
    }
}

#[both_stores("PO-1")]
async fn an_address_finds_no_student_by_name(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let owner = Visitor::owner(&studyreel.gateway).await;
    studyreel.ok(&valid("ben@school.example")).await;
    let address = "/portal/find?q=ben%40school.example";
    let (page, text) = open(&owner, address).await;
    assert_eq!(page.url.path(), "/portal/find");
    has(&text, &["Nothing here has this", ONLY_ABOVE]);
    has(&text, &["<h1>Nothing was found</h1><p>for “ben@school.example”</p>"]);
    has(&text, &["<a class=\"button\" href=\"/portal/platforms\">Platforms</a>"]);
    let viewer = Visitor::invited(&studyreel.gateway, &owner, "viewer").await;
    lacks(&open(&viewer, address).await.1, &[ONLY_ABOVE]);
    // Nothing was typed, or more than anyone would.
    for text in [String::new(), "x".repeat(201)] {
        let (_, text) = open(&owner, &format!("/portal/find?q={text}")).await;
        has(&text, &["<h1>Nothing was found</h1>", "Nothing here has this"]);
        lacks(&text, &["for “"]);
        lacks(&text, &[ONLY_ABOVE]);
    }
    let mut form = page.form_to("/portal/find").unwrap();
    form.set("q", "ben@school.example");
    let found = owner.submit(&page, &form).await;
    assert!(found.url.path().starts_with("/portal/people/"), "{}", found.url);
}
