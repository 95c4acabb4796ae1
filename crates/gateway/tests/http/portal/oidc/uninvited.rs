//! People of a domain, who need no invitation.

use futures_util::future::join;
use serde_json::{Value, json};
use test_case::both_stores;

use super::{Idp, stays_out};
use crate::portal::Visitor;
use crate::support::Store;

/// Somebody whom the provider calls by this number.
fn person(number: usize) -> [(&'static str, Value); 2] {
    let mail = format!("person{number}@school.example");
    [("sub", json!(format!("u-{number}"))), ("email", json!(mail))]
}

#[both_stores("PO-3")]
async fn uninvited_people_leave_places_to_the_invited(store: Store) {
    let idp = Idp::start().await;
    let more = [("portal_oidc_domains", "school.example"), ("portal_oidc_role", "viewer")];
    let gateway = idp.gateway(store, &more).await;
    let owner = Visitor::owner(&gateway).await;
    // With the owner, one less than so many that nobody else comes uninvited.
    for number in 0..148 {
        let mail = format!("invited{number}@school.example");
        let asked = json!({"email": mail, "role": "viewer"});
        let page = gateway.admin("POST", "/admin/portal/invitations", Some(asked)).await;
        assert_eq!(page.status, 201, "{}", page.text());
    }
    // Of two at once only one finds a place.
    let [one, other] = [Visitor::of(&gateway), Visitor::of(&gateway)];
    let people = [person(1), person(2)];
    let come =
        join(idp.sign_in(&gateway, &one, &people[0]), idp.sign_in(&gateway, &other, &people[1]));
    let (first, second) = come.await;
    let (late, page, whose) = match one.session() {
        None => (one, first, &people[0]),
        Some(_) => (other, second, &people[1]),
    };
    stays_out(&late, &page, 409, "OIDC_FULL");
    let page = idp.sign_in(&gateway, &late, whose).await;
    stays_out(&late, &page, 409, "OIDC_FULL");

    owner.invite("support", whose[1].1.as_str().unwrap()).await;
    let home = idp.sign_in(&gateway, &late, whose).await;
    assert!(home.text().contains("Ines Quill, Support"), "{}", home.text());
}
