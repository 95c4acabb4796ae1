//! The second step.

use std::time::Duration;

use aws_lc_rs::hmac;
use simulator::browser::Page;
use test_case::both_stores;

use super::{OTHERS, OWNER, PASSWORD, Visitor, operator, path_of};
use crate::support::{Gateway, Store};

/// The code that an app shows for this secret: written apart from the service.
pub(super) fn code(secret: &str, seconds: i64) -> String {
    let digits = secret.bytes().map(|digit| match digit {
        b'A'..=b'Z' => digit - b'A',
        _ => digit - b'2' + 26,
    });
    let bits: Vec<u8> =
        digits.flat_map(|digit| (0..5).rev().map(move |at| (digit >> at) & 1)).collect();
    let bytes: Vec<u8> =
        bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |all, bit| (all << 1) | bit)).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let hash = hmac::sign(&key, &(seconds / 30).to_be_bytes());
    let hash = hash.as_ref();
    let at = usize::from(hash[19] & 15);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", number % 1_000_000)
}

pub(super) fn secret_on(page: &Page) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("<code id=\"secret\">").unwrap_or_else(|| panic!("{text}"));
    rest.split('<').next().unwrap().replace(' ', "")
}

#[both_stores("PO-3")]
async fn a_second_step_is_asked_for_and_a_code_counts_once(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let page = owner.get("/portal/account").await;
    let page = owner.post(&page, "/portal/account/second-step", &[]).await;
    let secret = secret_on(&page);
    let mut form = page.form_to("/portal/account/second-step/on").unwrap();
    form.set("code", "000000");
    let page = owner.submit(&page, &form).await;
    assert_eq!(page.status, 403, "{}", page.text());
    assert!(page.text().contains("The key is still the same"), "{}", page.text());
    assert_eq!(secret_on(&page), secret, "the app has it already");
    let mut form = page.form_to("/portal/account/second-step/on").unwrap();
    let now = || gateway.clock.now_seconds();
    form.set("code", code(&secret, now()));
    let on = owner.submit(&page, &form).await;
    assert!(on.text().contains("from your next sign-in"), "{}", on.text());

    let other = Visitor::of(&gateway);
    let page = other.sign_in(OWNER, PASSWORD).await;
    assert_eq!((page.status, other.session()), (200, None), "{}", page.text());
    let mut form = page.form_to("/portal/sign-in/code").unwrap();
    form.set("code", code(&secret, now() - 30));
    let used = other.submit(&page, &form).await;
    assert_eq!(used.status, 403, "older than the one that was used: {}", used.text());
    gateway.clock.advance(Duration::from_secs(60));
    let right = code(&secret, now());
    form.set("code", right.clone());
    let home = other.submit(&page, &form).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    let thief = Visitor::of(&gateway);
    let page = thief.sign_in(OWNER, PASSWORD).await;
    assert!(page.text().contains("hallpass portal reset-password"), "{}", page.text());
    let mut form = page.form_to("/portal/sign-in/code").unwrap();
    form.set("code", right);
    assert_eq!(thief.submit(&page, &form).await.status, 403, "no code twice");
    // The first step is good for five minutes.
    gateway.clock.advance(Duration::from_secs(6 * 60));
    form.set("code", code(&secret, now()));
    assert_eq!(thief.submit(&page, &form).await.url.path(), "/portal/sign-in");
}

#[both_stores("PO-3")]
async fn the_first_code_of_a_key_has_few_tries(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let account = owner.get("/portal/account").await;
    let page = owner.post(&account, "/portal/account/second-step", &[]).await;
    let secret = secret_on(&page);
    let mut form = page.form_to("/portal/account/second-step/on").unwrap();
    form.set("code", "abcdef");
    for _ in 0..10 {
        assert_eq!(owner.submit(&page, &form).await.status, 403);
    }
    form.set("code", code(&secret, gateway.clock.now_seconds()));
    let waits = owner.submit(&page, &form).await;
    assert_eq!((waits.status, secret_on(&waits)), (429, secret), "{}", waits.text());
    // A secret that isn't this session's is none.
    form.set("carried", "AAAA");
    let strange = owner.submit(&account, &form).await;
    assert!(strange.text().contains("Begin again"), "{}", strange.text());
}

/// Switches the owner's second step on: its secret.
pub(crate) async fn with_second_step(gateway: &Gateway) -> String {
    switched_on(gateway, &Visitor::owner(gateway).await).await
}

/// Switches on the second step of somebody who is signed in: its secret.
pub(super) async fn switched_on(gateway: &Gateway, visitor: &Visitor) -> String {
    let page = visitor.get("/portal/account").await;
    let page = visitor.post(&page, "/portal/account/second-step", &[]).await;
    let secret = secret_on(&page);
    let mut form = page.form_to("/portal/account/second-step/on").unwrap();
    form.set("code", code(&secret, gateway.clock.now_seconds()));
    let on = visitor.submit(&page, &form).await;
    assert!(on.text().contains("from your next sign-in"), "{}", on.text());
    secret
}

/// Signs in by the owner's password, and gives these codes one after another; the last answer.
async fn try_codes(visitor: &Visitor, codes: &[String]) -> Page {
    let page = visitor.sign_in(OWNER, PASSWORD).await;
    let mut form =
        page.form_to("/portal/sign-in/code").unwrap_or_else(|| panic!("{}", page.text()));
    let mut last = None;
    for code in codes {
        form.set("code", code.clone());
        last = Some(visitor.submit(&page, &form).await);
    }
    last.unwrap()
}

#[both_stores("PO-3")]
async fn codes_are_not_guessed(store: Store) {
    let gateway = Gateway::start(store).await;
    with_second_step(&gateway).await;
    let thief = Visitor::of(&gateway);
    // No code has letters, so none of these is right by chance.
    let wrong = vec!["abcdef".to_owned(); 10];
    assert_eq!(try_codes(&thief, &wrong).await.status, 403);
    assert_eq!(try_codes(&thief, &wrong[..1]).await.status, 429);
}

#[both_stores("PO-3")]
async fn codes_are_not_guessed_slowly_either(store: Store) {
    let gateway = Gateway::start(store).await;
    let secret = with_second_step(&gateway).await;
    let thief = Visitor::of(&gateway);
    let wrong = vec!["abcdef".to_owned(); 10];
    for round in 0..10 {
        let page = try_codes(&thief, &wrong).await;
        assert_eq!(page.status, 403, "{round}");
        assert!(!page.text().contains("none is taken any more"), "{round}: {}", page.text());
        gateway.clock.advance(Duration::from_secs(15 * 60));
    }
    // Now not even the right one is, and starting anew changes nothing.
    let right = [code(&secret, gateway.clock.now_seconds())];
    let page = try_codes(&thief, &right).await;
    assert_eq!(page.status, 403, "{}", page.text());
    assert!(page.text().contains("none is taken any more"), "{}", page.text());
    gateway.clock.advance(Duration::from_secs(15 * 60));
    let gateway = gateway.restart().await;
    let right = [code(&secret, gateway.clock.now_seconds())];
    let page = try_codes(&thief, &right).await;
    assert!(page.text().contains("none is taken any more"), "{}", page.text());

    // Another password, which the thief doesn't know, begins anew.
    let operator = operator(&gateway).await;
    let link = path_of(&operator.portal_address(None).await.unwrap().address);
    operator.close().await;
    let owner = Visitor::of(&gateway);
    let page = owner.get(&link).await;
    let mut form = page.form_to(&link).unwrap();
    form.set("password", OTHERS);
    assert_eq!(owner.submit(&page, &form).await.url.path(), "/portal");
}

#[both_stores("PO-3")]
async fn proving_it_again_asks_for_the_code_too(store: Store) {
    let gateway = Gateway::start(store).await;
    let secret = with_second_step(&gateway).await;
    let now = || gateway.clock.now_seconds();
    gateway.clock.advance(Duration::from_secs(60));
    let owner = Visitor::of(&gateway);
    let home = try_codes(&owner, &[code(&secret, now())]).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let account = owner.get("/portal/account").await;
    let fields = [("current", PASSWORD), ("new", OTHERS)];
    let page = owner.post(&account, "/portal/account/password", &fields).await;
    assert_eq!(page.url.path(), "/portal/confirm", "the password stays: {}", page.text());
    let off = "/portal/account/second-step/off";
    let page = owner.post(&account, off, &[]).await;
    let mut form = page.form_to("/portal/confirm").unwrap();
    form.set("password", PASSWORD);
    let asked = owner.submit(&page, &form).await;
    let page = owner.post(&account, off, &[]).await;
    assert_eq!(page.url.path(), "/portal/confirm", "the password alone proves too little");

    let mut form = asked.form_to("/portal/sign-in/code").unwrap();
    form.set("code", "abcdef");
    assert_eq!(owner.submit(&asked, &form).await.status, 403);
    let page = owner.post(&account, off, &[]).await;
    assert_eq!(page.url.path(), "/portal/confirm", "{}", page.text());
    let session = owner.session();
    form.set("code", code(&secret, now()));
    let page = owner.submit(&asked, &form).await;
    assert_eq!((page.url.path(), owner.session()), (off, session), "it leads back to the question");
    assert!(page.text().contains("Now repeat what you did"), "{}", page.text());
    let form = page.form_to(off).unwrap();
    owner.submit(&page, &form).await;
    let home = Visitor::of(&gateway).sign_in(OWNER, PASSWORD).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}
