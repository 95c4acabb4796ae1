//! Links that work once: invitations, new passwords, the first owner's.

use std::time::Duration;

use test_case::both_stores;

use super::{OTHERS, OWNER, PASSWORD, Visitor, link_on, operator, path_of};
use crate::support::{Gateway, Store};

#[both_stores("PO-3")]
async fn an_invitation_works_once_and_for_the_person_invited(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let link = owner.invite("support", "ines@school.example").await;
    let visitor = Visitor::of(&gateway);
    // To look uses nothing up.
    visitor.get(&link).await;
    let page = visitor.get(&link).await;
    let mut form = page.form_to(&link).unwrap();
    assert_eq!(form.field("login"), Some("ines@school.example"));
    form.set("login", "owner@school.example");
    for (name, password) in [
        ("Ines", "short"),
        ("Ines", "ines@school.example"),
        ("", OTHERS),
        ("Ines", "aaaaaaaaaaaaaaaa"),
    ] {
        form.set("name", name);
        form.set("password", password);
        let wrong = visitor.submit(&page, &form).await;
        assert_eq!(wrong.status, 422, "{name} {password}: {}", wrong.text());
    }
    form.set("name", "Ines <b>Quill</b>");
    form.set("password", OTHERS);
    let home = visitor.submit(&page, &form).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    assert!(home.text().contains("Ines &#60;b&#62;Quill"), "{}", home.text());

    for other in [&visitor, &Visitor::of(&gateway)] {
        assert_eq!(other.get(&link).await.status, 410);
        assert_eq!(other.submit(&page, &form).await.status, 410);
    }
    let again = Visitor::of(&gateway);
    assert_eq!(again.sign_in("owner@school.example", OTHERS).await.status, 403);
    let home = again.sign_in("ines@school.example", OTHERS).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

#[both_stores]
async fn an_invitation_comes_with_a_text_to_send(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal/users").await;
    let text = page.text();
    assert!(text.contains("People (students by name), learning paths"), "{text}");
    let fields = [("role", "support"), ("mail", "ines@school.example")];
    let made = owner.post(&page, "/portal/users", &fields).await;
    let (link, text) = (link_on(&made), made.text());
    let (_, letter) = text.split_once("<pre id=\"letter\">").unwrap_or_else(|| panic!("{text}"));
    for part in ["as Support.", "Support may read failures", link.as_str()] {
        assert!(letter.contains(part), "{part}: {letter}");
    }
    // A letter is read later.
    assert!(letter.contains(" UTC:") && !letter.contains("in 7 days"), "{letter}");
}

#[both_stores("PO-3")]
async fn a_link_ends_with_its_time_or_when_it_is_withdrawn(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let stranger = Visitor::of(&gateway);
    let withdrawn = owner.invite("viewer", "a@school.example").await;
    let page = owner.get("/portal/users").await;
    assert!(page.text().contains("<span>ends <time"), "{}", page.text());
    let form = page.forms().into_iter().find(|form| form.action.path().ends_with("/withdraw"));
    owner.submit(&page, &form.unwrap()).await;
    assert_eq!(stranger.get(&withdrawn).await.status, 410);

    let late = owner.invite("viewer", "b@school.example").await;
    gateway.clock.advance(Duration::from_secs(7 * 24 * 3600 - 60));
    assert_eq!(stranger.get(&late).await.status, 200);
    gateway.clock.advance(Duration::from_secs(120));
    assert_eq!(stranger.get(&late).await.status, 410);
    assert_eq!(stranger.get("/portal/welcome/nonsense").await.status, 410);
}

#[both_stores("PO-3")]
async fn an_address_signs_in_for_one_person_only(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let links = [
        owner.invite("viewer", "a@school.example").await,
        owner.invite("admin", "A@School.example").await,
    ];
    let mut answers = Vec::new();
    for link in links {
        let visitor = Visitor::of(&gateway);
        let page = visitor.get(&link).await;
        let mut form = page.form_to(&link).unwrap();
        form.set("name", "A");
        form.set("password", OTHERS);
        answers.push(visitor.submit(&page, &form).await.status);
    }
    assert_eq!(answers, [200, 422]);
}

#[both_stores("PO-3")]
async fn a_new_password_ends_sessions_and_older_links(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let operator = operator(&gateway).await;
    let addresses = [
        operator.portal_address(Some(" ADMIN")).await.unwrap(),
        operator.portal_address(None).await.unwrap(),
    ];
    assert!(operator.portal_address(Some("admix")).await.is_err());
    let [older, link] = addresses.map(|made| {
        assert_eq!(made.login.as_deref(), Some(OWNER));
        path_of(&made.address)
    });
    let visitor = Visitor::of(&gateway);
    let page = visitor.get(&link).await;
    let mut form = page.form_to(&link).unwrap();
    form.set("password", OTHERS);
    assert_eq!(visitor.submit(&page, &form).await.url.path(), "/portal");
    assert!(!owner.is_in().await);
    assert_eq!(Visitor::of(&gateway).get(&older).await.status, 410);
    assert_eq!(owner.sign_in(OWNER, PASSWORD).await.status, 403);
    assert_eq!(owner.sign_in(OWNER, OTHERS).await.url.path(), "/portal");
    operator.close().await;
}

#[both_stores("PO-3")]
async fn only_a_portal_without_users_is_given_away(store: Store) {
    let gateway = Gateway::start(store).await;
    let operator = operator(&gateway).await;
    gateway.meddle("DELETE FROM portal_users").await;
    let visitor = Visitor::of(&gateway);
    let page = visitor.get("/portal/sign-in").await;
    assert!(page.text().contains("hallpass portal reset-password"), "{}", page.text());
    let mut links = Vec::new();
    for _ in 0..2 {
        let made = operator.portal_address(None).await.unwrap();
        assert_eq!(made.login, None);
        links.push(path_of(&made.address));
    }
    let mut pages = Vec::new();
    for link in &links {
        let page = visitor.get(link).await;
        let mut form = page.form_to(link).unwrap();
        form.set("name", "Mara");
        form.set("login", "mara@school.example");
        form.set("password", OTHERS);
        pages.push((page, form));
    }
    // Both are open in a browser; whoever is second is too late.
    let home = visitor.submit(&pages[0].0, &pages[0].1).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    assert!(home.text().contains("Mara, Owner"), "{}", home.text());
    assert_eq!(visitor.submit(&pages[1].0, &pages[1].1).await.status, 410);
    let users = operator.portal_users().await.unwrap();
    assert_eq!(users.len(), 1);
    assert_eq!((&*users[0].login, &*users[0].role), ("mara@school.example", "owner"));
    operator.close().await;
}

#[both_stores("PO-3")]
async fn an_owner_gives_a_new_password_by_a_link(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let support = Visitor::invited(&gateway, &owner, "support").await;
    let list = owner.get("/portal/users").await.text();
    let (before, _) = list.split_once("<span class=\"vh\"> The support</span>").unwrap();
    let (_, rest) = before.rsplit_once("/portal/users/").unwrap();
    let id: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let path = format!("/portal/users/{id}");
    let page = owner.get(&path).await;
    let page = owner.post(&page, &format!("{path}/new-password"), &[]).await;
    let link = link_on(&page);
    assert!(support.is_in().await, "until it is used");
    let page = support.get(&link).await;
    let mut form = page.form_to(&link).unwrap();
    form.set("password", "quite another password");
    assert_eq!(support.submit(&page, &form).await.url.path(), "/portal");
    let again = Visitor::of(&gateway);
    assert_eq!(again.sign_in("support@school.example", OTHERS).await.status, 403);
}

#[both_stores("PO-3")]
async fn a_portal_of_viewers_alone_still_gets_an_owner(store: Store) {
    let gateway = Gateway::start(store).await;
    gateway.meddle("UPDATE portal_users SET role = 'viewer'").await;
    let operator = operator(&gateway).await;
    let made = operator.portal_address(None).await.unwrap();
    assert_eq!(made.login, None);
    let late = path_of(&operator.portal_address(None).await.unwrap().address);
    Visitor::of(&gateway).become_owner(&path_of(&made.address)).await;
    assert_eq!(Visitor::of(&gateway).get(&late).await.status, 410);
    let roles: Vec<String> =
        operator.portal_users().await.unwrap().into_iter().map(|user| user.role).collect();
    assert_eq!(roles, ["viewer", "owner"]);
    // From now on somebody has to be named.
    assert!(operator.portal_address(None).await.is_err());
    operator.close().await;
}
