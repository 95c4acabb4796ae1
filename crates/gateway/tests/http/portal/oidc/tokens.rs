//! Tokens that prove nothing: of another provider, for another service, too old, badly signed, or
//! without a name.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use simulator::browser::Page;
use simulator::jose::SigningKey;
use test_case::both_stores;

use super::{Asked, Idp, MAIL, SECRET, stays_out};
use crate::portal::Visitor;
use crate::support::{Gateway, Store};

/// A token that the client's own secret signs, as some providers offer.
fn signed_with_secret(idp: &Idp, claims: &Value) -> String {
    let header = json!({"alg": "HS256", "typ": "JWT", "kid": idp.key.kid()});
    let [header, claims] = [&header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let input = format!("{header}.{claims}");
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()), input.as_bytes());
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// A gateway with somebody who is invited.
async fn invited(idp: &Idp, store: Store) -> Gateway {
    let gateway = idp.gateway(store, &[]).await;
    Visitor::owner(&gateway).await.invite("viewer", MAIL).await;
    gateway
}

/// What comes of a token that this makes.
async fn tried(
    idp: &Idp,
    gateway: &Gateway,
    visitor: &Visitor,
    token: impl FnOnce(&Asked, Value) -> String,
) -> Page {
    let asked = visitor.departs().await;
    let claims = idp.claims(gateway, &asked);
    let token = token(&asked, claims);
    idp.answer(visitor, &asked, token).await
}

#[both_stores("PO-3")]
async fn a_token_is_this_providers_for_us_now_and_here(store: Store) {
    let idp = Idp::start().await;
    let gateway = invited(&idp, store).await;
    let visitor = Visitor::of(&gateway);
    let now = gateway.clock.now_seconds();
    for (claim, value) in [
        ("iss", json!("https://evil.example")),
        ("iss", json!(format!("{}/", idp.url))),
        ("aud", json!("another")),
        ("aud", json!(["portal", "another"])),
        ("azp", json!("another")),
        ("exp", json!(now - 120)),
        ("iat", json!(now + 3600)),
        ("nbf", json!(now + 3600)),
        ("nonce", json!("another")),
        ("nonce", json!("")),
        ("sub", json!("")),
        ("sub", json!(7)),
    ] {
        let page = idp.sign_in(&gateway, &visitor, &[(claim, value.clone())]).await;
        assert_eq!(page.status, 403, "{claim} {value}: {}", page.text());
        stays_out(&visitor, &page, 403, "OIDC_TOKEN_REFUSED");
    }
    let home = idp.sign_in(&gateway, &visitor, &[]).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

#[both_stores("PO-3")]
async fn a_token_is_signed_by_a_key_of_the_providers(store: Store) {
    let idp = Idp::start().await;
    let gateway = invited(&idp, store).await;
    let visitor = Visitor::of(&gateway);
    let header = |alg: &str| json!({"alg": alg, "typ": "JWT", "kid": idp.key.kid()});
    let other = SigningKey::generate().unwrap();
    let same_kid = other.with_kid(idp.key.kid());
    let sign = |key: &SigningKey, header: &Value, claims: &Value| key.sign(header, claims).unwrap();
    for name in ["none", "HS256", "HS256 with the secret", "another key", "an unknown key"] {
        let page = tried(&idp, &gateway, &visitor, |_, claims| match name {
            "none" => sign(&idp.key, &header("none"), &claims),
            "HS256" => sign(&idp.key, &header("HS256"), &claims),
            "another key" => sign(&same_kid, &header("RS256"), &claims),
            "an unknown key" => sign(&other, &other.header(), &claims),
            _ => signed_with_secret(&idp, &claims),
        })
        .await;
        assert_eq!(page.status, 403, "{name}: {}", page.text());
        stays_out(&visitor, &page, 403, "OIDC_TOKEN_REFUSED");
    }
    let page =
        tried(&idp, &gateway, &visitor, |_, claims| sign(&idp.key, &header("RS256"), &claims));
    assert_eq!(page.await.url.path(), "/portal");
}

#[both_stores("PO-3")]
async fn an_address_has_to_be_there_and_verified(store: Store) {
    let idp = Idp::start().await;
    let gateway = invited(&idp, store).await;
    let visitor = Visitor::of(&gateway);
    for (claim, value, code) in [
        ("email_verified", json!(false), "OIDC_MAIL_UNVERIFIED"),
        ("email_verified", Value::Null, "OIDC_MAIL_UNVERIFIED"),
        ("email", Value::Null, "OIDC_NO_MAIL"),
        ("email", json!("ines"), "OIDC_NO_MAIL"),
        ("email", json!("\u{131}nes@school.example"), "OIDC_NO_MAIL"),
        ("email", json!("stranger@school.example"), "OIDC_NO_ACCOUNT"),
    ] {
        let page = idp.sign_in(&gateway, &visitor, &[(claim, value)]).await;
        stays_out(&visitor, &page, 403, code);
    }
    // The invitation waits all the same.
    let home = idp.sign_in(&gateway, &visitor, &[]).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}

#[both_stores("PO-3")]
async fn unverified_addresses_count_if_the_operator_says_so(store: Store) {
    let idp = Idp::start().await;
    let gateway = idp.gateway(store, &[("portal_oidc_unverified", "taken")]).await;
    Visitor::owner(&gateway).await.invite("viewer", MAIL).await;
    let visitor = Visitor::of(&gateway);
    let home = idp.sign_in(&gateway, &visitor, &[("email_verified", json!(false))]).await;
    assert_eq!(home.url.path(), "/portal", "{}", home.text());
}
