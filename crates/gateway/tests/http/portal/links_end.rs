//! When links that work once end before their time.

use simulator::browser::Page;
use test_case::both_stores;

use super::{OTHERS, Visitor, link_on};
use crate::support::{Gateway, Store};

/// The path of a user's page.
pub(super) async fn user_path(owner: &Visitor, name: &str) -> String {
    let list = owner.get("/portal/users").await.text();
    let (before, _) = list.split_once(&format!("<span class=\"vh\"> {name}</span>")).unwrap();
    let (_, rest) = before.rsplit_once("/portal/users/").unwrap();
    let id: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    format!("/portal/users/{id}")
}

/// Does something to a user; the page that it leads to.
async fn change(owner: &Visitor, name: &str, what: &str, fields: &[(&str, &str)]) -> Page {
    let path = user_path(owner, name).await;
    let page = owner.get(&path).await;
    let page = owner.post(&page, &format!("{path}/{what}"), fields).await;
    assert_eq!(page.status, 200, "{name} {what}: {}", page.text());
    page
}

/// The path of a link to a new password for a user.
async fn new_password_link(owner: &Visitor, name: &str) -> String {
    link_on(&change(owner, name, "new-password", &[]).await)
}

#[both_stores("PO-3")]
async fn links_end_with_who_made_them(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let second = Visitor::invited(&gateway, &owner, "owner").await;
    Visitor::invited(&gateway, &owner, "viewer").await;
    let stranger = Visitor::of(&gateway);
    let kept = owner.invite("viewer", "kept@school.example").await;
    let ends = [
        ("role", &[("role", "admin")][..]),
        // What they would have given themselves is no way back in.
        ("remove", &[]),
    ];
    for (what, fields) in ends {
        change(&owner, "The owner", "role", &[("role", "owner")]).await;
        let links = [
            second.invite("owner", &format!("{what}@friend.example")).await,
            new_password_link(&second, "The viewer").await,
        ];
        for link in &links {
            assert_eq!(stranger.get(link).await.status, 200, "{what}");
        }
        change(&owner, "The owner", what, fields).await;
        for link in &links {
            assert_eq!(stranger.get(link).await.status, 410, "{what}");
        }
    }
    assert_eq!(stranger.get(&kept).await.status, 200);
}

#[both_stores("PO-3")]
async fn an_older_invitation_lets_no_removed_user_in(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let stranger = Visitor::of(&gateway);
    let older = owner.invite("admin", "Support@School.example").await;
    let others = owner.invite("viewer", "kept@school.example").await;
    Visitor::invited(&gateway, &owner, "support").await;
    change(&owner, "The support", "remove", &[]).await;
    assert_eq!(stranger.get(&older).await.status, 410);
    assert_eq!(stranger.get(&others).await.status, 200);
    // To invite them once more is a decision.
    let anew = owner.invite("viewer", "support@school.example").await;
    assert_eq!(stranger.get(&anew).await.status, 200);
}

#[both_stores("PO-3")]
async fn ones_own_new_password_ends_a_link_to_another(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let support = Visitor::invited(&gateway, &owner, "support").await;
    let link = new_password_link(&owner, "The support").await;
    let page = support.get("/portal/account").await;
    let fields = [("current", OTHERS), ("new", "quite another password")];
    let page = support.post(&page, "/portal/account/password", &fields).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(Visitor::of(&gateway).get(&link).await.status, 410);
    let again = Visitor::of(&gateway);
    let home = again.sign_in("support@school.example", "quite another password").await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}
