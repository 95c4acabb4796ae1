//! Failures by cause, one with its remedy, the report, and the search (portal.md PO-7).

use std::time::Duration;

use serde_json::json;
use simulator::browser::{Browser, Request};
use test_case::both_stores;

use super::{Portal, audit, enter, has, lacks, open, platform, send};
use crate::portal::Visitor;
use crate::registered::{fields, form};
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
    // What is mended is neither red nor offered again.
    let (page, text) = open(&portal.owner, &format!("/portal/failures/{found}")).await;
    let (mended, then) =
        ("<h2>Mended: this platform is active now.</h2>", "At that time: The platform isn&#39;t");
    has(&text, &[mended, then, "class=\"note ok\""]);
    lacks(&text, &["Activate this platform", "class=\"note bad\""]);
    let (_, text) = open(&portal.owner, "/portal/failures").await;
    has(&text, &["Mended: this platform is active now."]);
    lacks(&text, &["Activate this platform"]);
    // A click that changes nothing is no change.
    send(&portal.owner, &page, &portal.platform("/activate"), &[]).await;
    let entries = audit(&portal.owner).await;
    assert_eq!(entries.matches("<del>false</del> → <ins>true</ins>").count(), 1, "{entries}");
}

/// The page of a login at this address that is refused.
pub(super) async fn refused_login(
    portal: &Portal,
    path: &str,
    issuer: &str,
    client_id: &str,
) -> String {
    refused_with(portal, path, &[("iss", issuer), ("client_id", client_id)]).await
}

/// The same of a login that says this of itself.
async fn refused_with(portal: &Portal, path: &str, says: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(says)
        .append_pair("login_hint", "1")
        .append_pair("target_link_uri", &portal.gateway().at("/lti/launch"))
        .finish();
    let url = portal.gateway().at(&format!("{path}?{query}"));
    let request = Request::new("GET".parse().unwrap(), &url).unwrap();
    let request = request.header("accept", "text/html");
    let refused = Browser::new().unwrap().send(request).await.unwrap();
    format!("/portal/failures/{}", reference(&refused))
}

/// The page of a login with the platform's issuer, but a client id that nobody registered.
async fn mistyped(portal: &Portal) -> String {
    let platform = portal.api().await;
    let issuer = platform["url"].as_str().unwrap();
    refused_login(portal, "/lti/login", issuer, "mistyped").await
}

#[both_stores("PO-5", "PO-7")]
async fn what_goes_wrong_now_comes_first_mended_last(store: Store) {
    let portal = Portal::new(store).await;
    let (now, before) = ("PLATFORM_INACTIVE", "PLATFORM_UNREGISTERED");
    for _ in 0..3 {
        refused_with(&portal, "/lti/login", &[("iss", "https://lms.example.edu")]).await;
    }
    portal.gateway().clock.advance(Duration::from_secs(6 * 60));
    portal.refused_at_login().await;
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    for path in ["/portal", "/portal/failures"] {
        let (_, text) = open(&portal.owner, path).await;
        has(&text, &[now, before]);
        assert!(text.find(now) < text.find(before), "{path}: {text}");
    }
    send(&portal.owner, &page, &portal.platform("/activate"), &[]).await;
    for path in ["/portal", "/portal/failures"] {
        let (_, text) = open(&portal.owner, path).await;
        has(&text, &[now, "Mended: this platform is active now."]);
        assert!(text.find(before) < text.find(now), "{path}: {text}");
    }
}

#[both_stores("PO-7")]
async fn the_nearest_platform_has_almost_the_same_client_id(store: Store) {
    let portal = Portal::new(store).await;
    let issuer = "https://lms.example.edu";
    let older = enter(portal.gateway(), platform("Older", "a-wholly-different-one")).await;
    let mut newer = platform("Newer", "client-4711");
    newer["url"] = format!("{issuer}/").into();
    let newer = enter(portal.gateway(), newer).await;
    let failure = refused_login(&portal, "/lti/login", issuer, "client-4771").await;
    let (_, text) = open(&portal.owner, &failure).await;
    let settings = format!("/portal/platforms/{newer}/settings");
    has(&text, &["Settings of the nearest, Newer", &settings, &format!("platform {newer} has")]);
    lacks(&text, &["Settings of the nearest, Older", &older]);
}

#[both_stores("PO-7")]
async fn a_login_that_fits_two_platforms_is_not_mended(store: Store) {
    let portal = Portal::new(store).await;
    let login = [("iss", "https://lms.example.edu")];
    let failure = refused_with(&portal, "/lti/login", &login).await;
    portal.gateway().clock.advance(Duration::from_secs(1));
    let north = enter(portal.gateway(), platform("North", "north-1")).await;
    let link = |id: &str| format!("href=\"/portal/platforms/{id}\"");
    let mended = "Mended: this platform is registered now.";
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &["PLATFORM_UNREGISTERED", mended, &link(&north)]);
    // The same login would be refused again, now because it doesn't say which.
    let south = enter(portal.gateway(), platform("South", "south-1")).await;
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &["Several platforms have this issuer", &link(&north), &link(&south)]);
    has(&text, &[">North</a>", ">South</a>"]);
    lacks(&text, &["Mended: "]);
    // One that is switched off is in nobody's way.
    let off = format!("/admin/platforms/{north}/deactivate");
    assert_eq!(portal.gateway().admin("POST", &off, None).await.status, 200);
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &[mended, &link(&south)]);
    lacks(&text, &[&link(&north)]);
}

#[both_stores("PO-7")]
async fn a_client_id_that_works_is_not_overwritten_unasked(store: Store) {
    let portal = Portal::new(store).await;
    portal.school.accepts("before", portal.school.student()).await;
    let failure = mistyped(&portal).await;
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &["works today. Change its client id only if this launch came from the same LMS"]);
    let path = portal.platform("/settings");
    let (page, _) = open(&portal.owner, &path).await;
    let mut form = page.form_to(&path).unwrap();
    form.set("clientId", "mistyped");
    let asked = portal.owner.submit(&page, &form).await;
    assert_eq!(asked.status, 409, "{}", asked.text());
    let warning = "works today. With another issuer or client id its launches stop.";
    has(&asked.text(), &["Nothing was saved", warning, "value=\"mistyped\""]);
    assert_eq!(portal.api().await["clientId"], portal.school.client_id.as_str());
    // One click isn't enough either, should somebody still have the button.
    let click = [("clientId", "mistyped")];
    let text = send(&portal.owner, &page, &portal.platform("/client-id"), &click).await;
    has(&text, &["note bad flash", warning]);
    assert_eq!(portal.api().await["clientId"], portal.school.client_id.as_str());
    portal.gateway().clock.advance(Duration::from_secs(1));
    let mut form = asked.form_to(&path).unwrap();
    form.set("sure", "1");
    let saved = portal.owner.submit(&asked, &form).await;
    has(&saved.text(), &["are saved"]);
    assert_eq!(portal.api().await["clientId"], "mistyped");
    // Whether that mended it, only a launch shows.
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &["has this issuer and client id now", "class=\"note bad\""]);
    lacks(&text, &["Mended: "]);
    // A later change alone doesn't tell, if this one is too long ago to be searched for.
    portal.gateway().clock.advance(Duration::from_secs(1));
    let (page, _) = open(&portal.owner, &path).await;
    let mut form = page.form_to(&path).unwrap();
    form.set("name", "Renamed");
    let saved = portal.owner.submit(&page, &form).await;
    has(&saved.text(), &["are saved"]);
    let newest = "UPDATE audit_entries SET number = number + 20000 \
                  WHERE number = (SELECT MAX(number) FROM audit_entries)";
    portal.gateway().meddle(newest).await;
    portal.gateway().meddle("UPDATE audit_heads SET number = number + 20000").await;
    let (_, text) = open(&portal.owner, &failure).await;
    lacks(&text, &["Mended: "]);
}

#[both_stores("PO-7")]
async fn another_platforms_address_is_mended_when_both_match(store: Store) {
    let portal = Portal::new(store).await;
    let mut changed = portal.api().await;
    let issuer = changed["url"].as_str().unwrap().to_owned();
    let own = format!("/lti/login/{}", portal.school.platform_id);
    let failure = refused_login(&portal, &own, &issuer, "mistyped").await;
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &["PLATFORM_OTHER", "arrived at this platform&#39;s own address"]);
    changed["clientId"] = "mistyped".into();
    let api = format!("/admin/platforms/{}", portal.school.platform_id);
    assert_eq!(portal.gateway().admin("PUT", &api, Some(changed)).await.status, 200);
    for list in ["/portal", "/portal/failures"] {
        let (_, text) = open(&portal.owner, list).await;
        has(&text, &["PLATFORM_OTHER", "Mended: this issuer and client id are"]);
        lacks(&text, &["See and fix"]);
    }
}

#[both_stores("PO-7")]
async fn what_the_portal_cannot_mend_is_only_seen(store: Store) {
    let portal = Portal::new(store).await;
    let another = portal.school.student().with("nonce", json!("another"));
    let found = reference(&portal.school.launch(&another).await);
    for list in ["/portal", "/portal/failures"] {
        let (_, text) = open(&portal.owner, list).await;
        has(&text, &["NONCE_DOES_NOT_MATCH", "See the newest"]);
        lacks(&text, &["See and fix"]);
    }
    let (_, text) = open(&portal.owner, &format!("/portal/failures/{found}")).await;
    // What the reader can do comes before what others can.
    let advice = text.find("It can happen once if a browser").unwrap();
    let letter = text.find("For the LMS&#39;s administrator: ").unwrap();
    assert!(advice < letter, "{text}");
    has(&text, &["Please open it again from the course.", "couldn&#39;t be opened. The token"]);
    has(&text, &["class=\"button\" href=\"/portal/failures/", "Technical message"]);
    lacks(&text, &["µs"]);
}

#[both_stores("PO-7")]
async fn a_platform_that_was_switched_off_is_called_that(store: Store) {
    let portal = Portal::new(store).await;
    portal.school.accepts("before", portal.school.student()).await;
    let refused = portal.refused_at_login().await;
    has(&refused.text(), &["it was switched off, or still waits to be activated"]);
    let failure = format!("/portal/failures/{}", reference(&refused));
    let (page, text) = open(&portal.owner, &failure).await;
    // The LMS's administrator can't help: no button leads to a letter.
    has(&text, &[&format!("<a href=\"{failure}/report\">")]);
    let form = page.form_to(&portal.platform("/activate")).unwrap();
    let mended = portal.owner.submit(&page, &form).await;
    has(&mended.text(), &["is active again: its people can open the tool."]);
}

#[both_stores("PO-7")]
async fn a_client_id_is_only_offered_before_the_first_launch(store: Store) {
    let portal = Portal::new(store).await;
    portal.school.launch(&portal.school.student()).await;
    let (_, text) = open(&portal.owner, &mistyped(&portal).await).await;
    has(&text, &["<b>mistyped</b>", "Settings of the nearest, "]);
    lacks(&text, &["/client-id", "If other schools use this issuer"]);
}

#[both_stores("PO-7")]
async fn an_unknown_platform_leads_to_the_nearest_one(store: Store) {
    let portal = Portal::new(store).await;
    let failure = mistyped(&portal).await;
    let settings = format!("href=\"{}\"", portal.platform("/settings"));
    let (page, text) = open(&portal.owner, &failure).await;
    has(&text, &["PLATFORM_UNREGISTERED", "Settings of the nearest, ", &settings]);
    has(&text, &["href=\"/portal/connect\"", "letter by letter", "<b>mistyped</b>"]);
    has(&text, &[&format!(": {}</span>", portal.school.client_id)]);
    has(&text, &["If other schools use this issuer too, check first that this client id is"]);
    // Who has a button needs no command.
    lacks(&text, &["GET /admin/platforms"]);
    // Somebody corrects the client id.
    let form = page.form_to(&portal.platform("/client-id")).unwrap();
    portal.gateway().clock.advance(Duration::from_secs(1));
    let corrected = portal.owner.submit(&page, &form).await;
    assert_eq!(corrected.url.path(), failure);
    has(&corrected.text(), &["is mistyped now."]);
    assert_eq!(portal.api().await["clientId"], "mistyped");
    let (_, text) = open(&portal.owner, &failure).await;
    has(&text, &["Mended: this platform is registered now."]);
    lacks(&text, &["Settings of the nearest, "]);
}

#[both_stores("PO-7")]
async fn a_failure_speaks_the_readers_language(store: Store) {
    let portal = Portal::new(store).await;
    let found = reference(&portal.refused_at_login().await);
    let url = portal.gateway().at(&format!("/portal/failures/{found}"));
    let request = Request::new("GET".parse().unwrap(), &url).unwrap().header("accept", "text/html");
    let request = request.header("accept-language", "de");
    let text = portal.owner.browser.send(request).await.unwrap().text();
    has(
        &text,
        &["Gehört diese Plattform zu Ihrer Schule, aktivieren Sie sie.", "Formular gelesen"],
    );
    lacks(&text, &["form read", "Activate"]);
    // A failure that has no button has advice instead.
    let another = portal.school.student().with("nonce", json!("another"));
    portal.gateway().admin("POST", &activate(&portal), None).await;
    let found = reference(&portal.school.launch(&another).await);
    let url = portal.gateway().at(&format!("/portal/failures/{found}"));
    let request = Request::new("GET".parse().unwrap(), &url).unwrap().header("accept", "text/html");
    let request = request.header("accept-language", "de");
    let text = portal.owner.browser.send(request).await.unwrap().text();
    has(&text, &["Einmal kann das geschehen", "Technische Meldung"]);
    has(&text, &["Bitte öffnen Sie es noch einmal aus dem Kurs."]);
    lacks(&text, &["It can happen once"]);
}

fn activate(portal: &Portal) -> String {
    format!("/admin/platforms/{}/activate", portal.school.platform_id)
}

#[both_stores("PO-7")]
async fn a_login_without_cookies_shows_no_answer_of_the_lms(store: Store) {
    let portal = Portal::new(store).await;
    let begun = portal.school.lms.login_request(&portal.school.student()).unwrap();
    let framed = form(&begun.url, &fields(&begun)).header("sec-fetch-dest", "iframe");
    let page = Browser::new().unwrap().send(framed).await.unwrap();
    let check = Request::new("GET".parse().unwrap(), page.location().unwrap().as_str()).unwrap();
    let check = check.header("accept", "text/html").header("sec-fetch-dest", "iframe");
    let refused = Browser::new().unwrap().send(check).await.unwrap();
    let (_, text) = open(&portal.owner, &format!("/portal/failures/{}", reference(&refused))).await;
    has(
        &text,
        &["FRAME_WITHOUT_COOKIES", "are cookies kept?", "The browser came back from our page"],
    );
    assert_eq!(text.matches("asks for a launch").count(), 1, "{text}");
    lacks(&text, &["Its answer arrived", "signed answer"]);
    has(&text, &["If the page offers to open it in a new window, choose that."]);
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
    // What is allowed for is no longer red.
    let (_, text) = open(&portal.owner, &portal.platform("")).await;
    let (before, _) = text.split_once(" s slow").unwrap_or_else(|| panic!("{text}"));
    let (_, kind) = before.rsplit_once("<span class=\"status ").unwrap();
    assert!(kind.starts_with("warn\">"), "{text}");
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
    for list in ["/portal", "/portal/failures"] {
        let (_, text) = open(&portal.owner, list).await;
        has(&text, &["DEPLOYMENT_UNKNOWN", "Mended: this deployment is allowed now."]);
        lacks(&text, &["See and fix"]);
    }
}

#[both_stores("PO-7")]
async fn a_report_names_nobody_and_speaks_five_languages(store: Store) {
    let portal = Portal::new(store).await;
    let read = portal.school.accepts("before", portal.school.student()).await;
    let person = ["name", "email", "id"].map(|member| read["user"][member].as_str().unwrap());
    let found = reference(&portal.refused_at_login().await);
    let report = format!("/portal/failures/{found}/report");
    for (tag, words, to_do) in [
        ("en", "What happened", "Nothing needs to be changed in your LMS"),
        ("es", "Qué ocurrió", "No hay que cambiar nada en su LMS"),
        ("fr", "Ce qui s’est passé", "Il n’y a rien à changer dans votre LMS"),
        ("de", "Was geschah", "In Ihrem LMS ist nichts zu ändern"),
        ("pt", "O que aconteceu", "Não é preciso mudar nada no seu LMS"),
    ] {
        let (_, text) = open(&portal.owner, &format!("{report}?lang={tag}")).await;
        let (_, article) = text.split_once("<article").unwrap();
        has(article, &[words, to_do, &found, "PLATFORM_INACTIVE", &portal.school.client_id]);
        has(article, &[" UTC</dd>"]);
        lacks(article, &["hallpass ", "/admin/", "Activate the platform"]);
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
        has(&page, &["Nothing here has this", "from the API is only in the server’s log."]);
        assert_eq!(page.contains("they were only counted"), text == "AAAAAAAAAA", "{text}: {page}");
        assert_eq!(page.contains("Students are only found"), !text.is_empty(), "{text}: {page}");
    }
    let gone = portal.owner.get("/portal/failures/AAAAAAAAAA").await;
    assert_eq!(gone.status, 404);
    has(&gone.text(), &["No attempt has this reference.", "Errors of the portal itself"]);
}

#[both_stores("PO-7")]
async fn a_failure_that_was_only_counted_is_not_denied(store: Store) {
    let portal = Portal::new(store).await;
    // A window of the sampler begins with the first of them.
    portal.gateway().clock.advance(Duration::from_secs(61));
    let mut failure = String::new();
    for _ in 0..=20 {
        failure = refused_with(&portal, "/lti/login", &[("iss", "https://far.example")]).await;
    }
    let page = portal.owner.get(&failure).await;
    assert_eq!(page.status, 404, "the 21st within a minute is stored: {}", page.text());
    let (_, found) = failure.rsplit_once('/').unwrap();
    let (_, text) = open(&portal.owner, &format!("/portal/find?q={found}")).await;
    let link = "<a class=\"button\" href=\"/portal/failures\">";
    has(&text, &["one of so many for the same reason that they were only counted", link]);
}

#[both_stores("PO-7")]
async fn a_waiting_deployment_is_told_to_each_reader(store: Store) {
    let portal = Portal::new(store).await;
    portal.gateway().patch_tool(json!({"launch": {"unknownDeployments": "pending"}})).await;
    let school = &portal.school;
    school.lms.change_tool(&school.client_id, |tool| tool.deployment_id = "D1".into()).unwrap();
    let found = reference(&school.launch(&school.student()).await);
    let failure = format!("/portal/failures/{found}");
    for (tag, owner, teacher) in [
        ("en", "The deployment waits to be allowed", "allowed for your course"),
        ("es", "El despliegue espera autorización", "permitida para su curso"),
        ("fr", "Le déploiement attend d’être autorisé", "autorisé pour votre cours"),
        ("de", "Das Deployment wartet auf Freigabe", "für Ihren Kurs nicht freigegeben"),
        ("pt", "A implantação aguarda autorização", "permitida para o seu curso"),
    ] {
        let (_, text) = open(&portal.owner, &format!("{failure}?lang={tag}")).await;
        let (_, says) = text.split_once("<p id=\"answer\"").unwrap();
        let (says, _) = says.split_once("</p>").unwrap();
        has(says, &[teacher, &found]);
        lacks(says, &["eployment", "espliegue", "implantação"]);
        let (_, text) = open(&portal.owner, &format!("{failure}/report?lang={tag}")).await;
        has(&text, &[owner]);
    }
    lacks(&open(&portal.owner, &failure).await.1, &["waits for you"]);
}

#[both_stores("PO-7")]
async fn a_launch_says_only_what_is_known_of_the_application(store: Store) {
    let portal = Portal::new(store).await;
    portal.school.launch(&portal.school.student()).await;
    let launch = portal.gateway().texts("SELECT id FROM launches").await.remove(0);
    let (_, text) = open(&portal.owner, &format!("/portal/failures/{launch}")).await;
    has(&text, &["The browser was sent to the application", "browser sent there"]);
    has(&text, &["Whether it opened isn&#39;t known here."]);
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

#[both_stores]
async fn a_click_that_changes_nothing_is_no_entry(store: Store) {
    let portal = Portal::new(store).await;
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    let origin = [("origin", "https://portal.school.example")];
    let seconds = [("seconds", "120")];
    let deployment = [("do", "stop"), ("deployment", "D9")];
    let entered = [("do", "enter"), ("deployment", "D9")];
    send(&portal.owner, &page, &portal.platform("/deployments"), &entered).await;
    for (path, fields) in
        [("/frame-origin", &origin[..]), ("/leeway", &seconds), ("/deployments", &deployment)]
    {
        send(&portal.owner, &page, &portal.platform(path), fields).await;
        let once = audit(&portal.owner).await;
        send(&portal.owner, &page, &portal.platform(path), fields).await;
        let twice = audit(&portal.owner).await;
        let entries = |log: &str| log.matches("<tr role=\"row\">").count();
        assert_eq!(entries(&twice), entries(&once), "{path}: {twice}");
    }
}
