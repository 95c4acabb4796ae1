//! What an LMS has stored of us, beside what we ask (portal.md, One platform).

use serde_json::json;
use test_case::both_stores;

use super::{Portal, has, lacks, open};
use crate::management::{Platform, registered};
use crate::portal::Visitor;
use crate::support::{Gateway, Store};

#[both_stores]
async fn what_an_lms_has_otherwise_than_we_ask_is_marked(store: Store) {
    let (gateway, platform) = (Gateway::start(store).await, Platform::start(true).await);
    let path = registered(&gateway, &platform).await;
    let owner = Visitor::owner(&gateway).await;
    let page = path.replace("/admin/", "/portal/") + "?copy=1";
    let (_, text) = open(&owner, &page).await;
    has(&text, &["It is what we would send today.", "registration_client_uri"]);
    lacks(&text, &["<table", "own-token", "own-secret"]);

    gateway.patch_tool(json!({"name": "Renamed"})).await;
    let (_, text) = open(&owner, &page).await;
    has(&text, &["<code>client_name</code>", "<code>Renamed</code>"]);
    has(&text, &["<span class=\"status warn\"><code>Test tool</code></span>"]);
    lacks(&text, &["It is what we would send today."]);
    lacks(&text, &["<code>jwks_uri</code>"]);

    gateway.meddle("UPDATE platforms SET configuration = NULL").await;
    let (_, text) = open(&owner, &page).await;
    has(&text, &["It can&#39;t be compared with what we ask", "client_name"]);
}

#[both_stores]
async fn without_an_address_for_it_no_copy_is_offered(store: Store) {
    let portal = Portal::new(store).await;
    let page = portal.platform("/registration");
    let leads = format!("{page}?copy=1#copy");
    portal
        .gateway()
        .meddle("UPDATE platforms SET registration_uri = 'https://lms.example/r'")
        .await;
    has(&open(&portal.owner, &page).await.1, &[&leads, "Send ours", "<dt>Key set</dt>"]);
    portal.gateway().meddle("UPDATE platforms SET registration_uri = NULL").await;
    let (_, text) = open(&portal.owner, &page).await;
    has(&text, &["This LMS has no address for that"]);
    lacks(&text, &[&leads, "Send ours", "or the key itself"]);
}

#[both_stores]
async fn what_the_lms_grants_is_said_in_words(store: Store) {
    let portal = Portal::new(store).await;
    let page = portal.platform("/registration");
    let grades = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
    portal.gateway().meddle(&format!("UPDATE platforms SET scopes = '{grades} odd'")).await;
    let (_, text) = open(&portal.owner, &page).await;
    has(&text, &["<dt>It grants</dt><dd>Read and write grades of its own assignments<details>"]);
    has(&text, &["As the LMS names them", &format!("<p><code>{grades}</code></p>")]);
    portal.gateway().meddle("UPDATE platforms SET scopes = ''").await;
    lacks(&open(&portal.owner, &page).await.1, &["It grants"]);
}
