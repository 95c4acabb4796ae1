//! Failures by cause, one with its remedy, the report, and the search (portal.md PO-7).

use serde_json::json;
use simulator::browser::Request;
use test_case::both_stores;

use super::{Portal, has, lacks, open, send};
use crate::portal::Visitor;
use crate::support::Store;
use crate::traces::reference;

#[both_stores("PO-7")]
async fn a_failing_launch_is_found_explained_and_mended(store: Store) {
    let portal = Portal::new(store).await;
    // The page of somebody who waits for a failure shows it when it comes.
    let (_, text) = open(&portal.owner, "/portal/failures").await;
    has(&text, &["<ul role=\"list\" class=\"rows\" id=\"causes\" data-live=\"15\">\n<li><div>"]);
    let found = reference(&portal.refused_at_login().await);

    let (_, text) = open(&portal.owner, "/portal/failures").await;
    has(&text, &["activated", "PLATFORM_INACTIVE", &format!("/portal/failures/{found}")]);
    // The reference on the error page leads to the failure.
    let page = portal.owner.get(&format!("/portal/find?q={found}")).await;
    assert_eq!(page.url.path(), format!("/portal/failures/{found}"));
    let text = page.text();
    has(&text, &["PLATFORM_INACTIVE", "Activate this platform", "Text for the teacher"]);
    // The walk, with where it ended.
    has(&text, &["<svg class=\"wide picture\"", "It ended in Hallpass: ", "fill=\"var(--badbg)\""]);
    let form = page.form_to(&portal.platform("/activate")).unwrap();
    let mended = portal.owner.submit(&page, &form).await;
    assert_eq!(mended.url.path(), format!("/portal/failures/{found}"));
    has(&mended.text(), &["is active"]);
    portal.school.accepts("mended", portal.school.student()).await;
}

#[both_stores("PO-7")]
async fn a_slow_clock_is_allowed_for_by_one_click(store: Store) {
    let portal = Portal::new(store).await;
    let ahead = portal.gateway().clock.now_seconds() - simulator::clock::Clock::default().seconds();
    portal.school.lms.clock().set_offset(ahead - 184);
    let late =
        portal.school.student().with("exp", json!(portal.gateway().clock.now_seconds() - 124));
    let refused = portal.school.launch(&late).await;
    let found = reference(&refused);
    let (page, text) = open(&portal.owner, &format!("/portal/failures/{found}")).await;
    has(&text, &["TOKEN_EXPIRED", "s behind ours", "Allow 240 s for this platform"]);
    let form = page.form_to(&portal.platform("/leeway")).unwrap();
    let mended = portal.owner.submit(&page, &form).await;
    has(&mended.text(), &["may be off by 240 seconds now"]);
    assert_eq!(portal.api().await["launch"]["leewaySeconds"], 240);
    let late =
        portal.school.student().with("exp", json!(portal.gateway().clock.now_seconds() - 124));
    portal.school.accepts("with its leeway", late).await;
}

#[both_stores]
async fn a_deployment_that_was_refused_is_allowed_where_it_failed(store: Store) {
    let portal = Portal::new(store).await;
    portal.gateway().patch_tool(json!({"launch": {"unknownDeployments": "reject"}})).await;
    let school = &portal.school;
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "D1".into()).unwrap();
    let found = reference(&school.launch(&school.student()).await);
    let (page, text) = open(&portal.owner, &format!("/portal/failures/{found}")).await;
    has(&text, &["DEPLOYMENT_UNKNOWN", "Allow this deployment"]);
    let form = page.form_to(&portal.platform("/deployments")).unwrap();
    portal.owner.submit(&page, &form).await;
    school.accepts("entered", school.student()).await;
}

#[both_stores("PO-7")]
async fn a_report_names_nobody_and_speaks_five_languages(store: Store) {
    let portal = Portal::new(store).await;
    let read = portal.school.accepts("before", portal.school.student()).await;
    let person = ["name", "email", "id"].map(|member| read["user"][member].as_str().unwrap());
    let found = reference(&portal.refused_at_login().await);
    let report = format!("/portal/failures/{found}/report");
    for (tag, words) in [
        ("en", "What happened"),
        ("es", "Qué ocurrió"),
        ("fr", "Ce qui s’est passé"),
        ("de", "Was geschah"),
        ("pt", "O que aconteceu"),
    ] {
        let (_, text) = open(&portal.owner, &format!("{report}?lang={tag}")).await;
        let (_, article) = text.split_once("<article").unwrap();
        has(article, &[words, &found, "PLATFORM_INACTIVE", &portal.school.client_id]);
        let (article, _) = article.split_once("</article>").unwrap();
        let words = |c: char| !c.is_alphanumeric() && !matches!(c, '@' | '.' | '-' | '_');
        let words: Vec<&str> = article.split(words).collect();
        for personal in person.iter().flat_map(|text| text.split(' ')) {
            assert!(!words.contains(&personal), "{personal}: {article}");
        }
    }
    let (_, text) = open(&portal.owner, &format!("/portal/failures/{found}?lang=de")).await;
    has(&text, &["konnte nicht geöffnet werden"]);
    has(&text, &["data-copy=\"support\""]);
    let (_, copied) = text.split_once("<pre id=\"support\" hidden>").unwrap();
    let (copied, _) = copied.split_once("</pre>").unwrap();
    has(copied, &[&found, "PLATFORM_INACTIVE", &portal.school.client_id]);
    lacks(copied, &[person[0], person[1]]);
}

#[both_stores]
async fn failures_are_listed_by_cause_and_one_by_one(store: Store) {
    let portal = Portal::new(store).await;
    portal.school.accepts("good", portal.school.student()).await;
    for _ in 0..3 {
        portal.school.launch(&portal.school.student().with("nonce", json!("another"))).await;
    }
    let (_, text) = open(&portal.owner, "/portal/failures?since=1").await;
    has(&text, &["<b class=\"big\">3</b>", "The token belongs to another login"]);
    let (_, text) = open(&portal.owner, "/portal/failures?show=each&since=1").await;
    has(&text, &["NONCE_DOES_NOT_MATCH"]);
    lacks(&text, &["Launched"]);
    let (_, text) = open(&portal.owner, "/portal/failures?show=all&since=1").await;
    has(&text, &["NONCE_DOES_NOT_MATCH", "Launched"]);
    let (_, text) = open(&portal.owner, "/portal/failures?kind=registration").await;
    has(&text, &["Nothing failed in this time."]);
}

#[both_stores]
async fn the_search_finds_platforms_and_says_when_it_finds_nothing(store: Store) {
    let portal = Portal::new(store).await;
    for text in [&portal.school.client_id, &portal.school.platform_id] {
        let page = portal.owner.get(&format!("/portal/find?q={text}")).await;
        assert_eq!(page.url.path(), portal.platform(""), "{text}: {}", page.text());
    }
    for text in ["AAAAAAAAAA", "nowhere", "00000000000000000000", ""] {
        let (_, page) = open(&portal.owner, &format!("/portal/find?q={text}")).await;
        has(&page, &["Nothing here has this"]);
    }
    let gone = portal.owner.get("/portal/failures/AAAAAAAAAA").await;
    assert_eq!(gone.status, 404);
    has(&gone.text(), &["No attempt has this reference.", "Errors of the portal itself"]);
}

#[both_stores]
async fn pages_speak_the_browsers_language(store: Store) {
    let portal = Portal::new(store).await;
    let visitor = Visitor::owner(portal.gateway()).await;
    for (language, words) in
        [("es", "Fallos"), ("fr", "Échecs"), ("de", "Fehlschläge"), ("pt", "Falhas")]
    {
        let request =
            Request::new("GET".parse().unwrap(), &portal.gateway().at("/portal/failures"));
        let request = request.unwrap().header("accept", "text/html");
        let page = visitor.browser.send(request.header("accept-language", language)).await.unwrap();
        has(&page.text(), &[words, &format!("<html lang=\"{language}\"")]);
    }
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    let text = send(&portal.owner, &page, &portal.platform("/deactivate"), &[]).await;
    has(&text, &["is deactivated"]);
}
