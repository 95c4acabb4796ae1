//! The list, one platform with its tabs, and every action on it.

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use test_case::both_stores;

use super::{Portal, audit, enter, has, lacks, open, platform, send};
use crate::portal::{Visitor, first};
use crate::registered::{Registered, assert_refused};
use crate::support::{Gateway, Store, fixed, lms};

#[both_stores("PO-6")]
async fn the_list_finds_platforms_by_name_host_and_client(store: Store) {
    let portal = Portal::new(store).await;
    enter(portal.gateway(), platform("Kestrel College", "kestrel-1")).await;
    let off = enter(portal.gateway(), platform("Pinecrest High", "pine-2")).await;
    let path = format!("/admin/platforms/{off}/deactivate");
    portal.gateway().admin("POST", &path, None).await;

    let (_, text) = open(&portal.owner, "/portal/platforms").await;
    has(&text, &["Kestrel College", "Pinecrest High", "lms.example.edu", "3 in all"]);
    // One that is switched off needs nobody.
    assert!(text.find("Kestrel College") < text.find("Pinecrest High"), "off is last: {text}");
    for query in ["kestrel", "KESTREL-1", "q=College"] {
        let query = query.strip_prefix("q=").unwrap_or(query);
        let (_, text) = open(&portal.owner, &format!("/portal/platforms?q={query}")).await;
        has(&text, &["Kestrel College"]);
        lacks(&text, &["Pinecrest High"]);
    }
    let (_, text) = open(&portal.owner, "/portal/platforms?state=inactive").await;
    has(&text, &["Pinecrest High"]);
    lacks(&text, &["Kestrel College"]);
    let (_, text) = open(&portal.owner, "/portal/platforms?q=%25").await;
    has(&text, &["No platform fits."]);
}

#[both_stores]
async fn an_empty_installation_says_what_to_do(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (_, text) = open(&owner, "/portal/platforms").await;
    has(&text, &["No LMS is connected yet", "href=\"/portal/connect\""]);
}

#[both_stores("PO-9")]
async fn a_platform_is_switched_off_and_on_and_the_audit_knows(store: Store) {
    let portal = Portal::new(store).await;
    let (page, text) = open(&portal.owner, &portal.platform("")).await;
    has(&text, &[&portal.school.client_id, &portal.school.platform_id, "Active", "Switch off"]);
    let stop = portal.platform("/deactivate");
    has(&text, &[&format!("<a class=\"button\" href=\"{stop}\">")]);
    lacks(&text, &[&format!("action=\"{stop}\"")]);
    let (asked, question) = open(&portal.owner, &stop).await;
    has(&question, &["Deactivate this platform?", "launches are refused", "Leave it as it is"]);
    assert_eq!(portal.api().await["active"], true, "it only asked");
    assert!(asked.form_to(&stop).is_some(), "{question}");
    let text = send(&portal.owner, &page, &portal.platform("/deactivate"), &[]).await;
    has(&text, &["is deactivated", "It is switched off", "Activate it, or delete it for good."]);
    let (_, text) = open(&portal.owner, &portal.platform("/launches?outcome=failed")).await;
    has(&text, &["No attempt that is kept came to this."]);
    assert_eq!(portal.api().await["active"], false);
    let refused = portal.refused_at_login().await;
    assert_refused("deactivated", &refused, 400, "PLATFORM_INACTIVE");
    let text = send(&portal.owner, &page, &portal.platform("/activate"), &[]).await;
    has(&text, &["is active"]);
    portal.school.accepts("activated", portal.school.student()).await;
    has(&audit(&portal.owner).await, &["platform.deactivated", "platform.activated"]);
}

/// Home, the list and the platform's pages agree, although it has never launched.
#[both_stores("PO-5", "PO-6")]
async fn a_refused_platform_waits_nowhere(store: Store) {
    let portal = Portal::new(store).await;
    enter(portal.gateway(), platform("Kestrel College", "kestrel-1")).await;
    let waits = "UPDATE platforms SET active = false, stopped_at = NULL, created_at = 7 \
                 WHERE client_id = 'kestrel-1'";
    portal.gateway().meddle(waits).await;
    let waiting = "<span class=\"status wait\">Waiting</span>";
    let own = format!("href=\"{}\"", portal.platform(""));
    let (_, text) = open(&portal.owner, "/portal/platforms").await;
    has(&text, &[waiting]);
    assert!(text.find("Kestrel College") < text.find(&own), "it needs somebody: {text}");
    let (page, text) = open(&portal.owner, "/portal").await;
    let (_, rest) = text.split_once("action=\"/portal/waiting/").unwrap();
    let id: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let refuse = [("do", "refuse")];
    let text = send(&portal.owner, &page, &format!("/portal/waiting/{id}"), &refuse).await;
    has(&text, &["Kestrel College is refused: it stays deactivated"]);
    let (_, text) = open(&portal.owner, "/portal/platforms").await;
    has(&text, &["<span class=\"status off\">Deactivated</span>"]);
    lacks(&text, &[waiting]);
    assert!(text.find(&own) < text.find("Kestrel College"), "it needs nobody: {text}");
    let (_, text) = open(&portal.owner, &format!("/portal/platforms/{id}")).await;
    has(&text, &["<span class=\"status off\">Deactivated</span>", "It is switched off"]);
    lacks(&text, &[waiting]);
}

#[both_stores("PO-2")]
async fn every_tab_is_there_and_small_enough(store: Store) {
    let portal = Portal::new(store).await;
    portal.school.accepts("a launch to show", portal.school.student()).await;
    let tabs = [
        "",
        "/registration",
        "/deployments",
        "/keys",
        "/settings",
        "/blocked",
        "/launches",
        "/delete",
    ];
    for tab in tabs {
        let (page, text) = open(&portal.owner, &portal.platform(tab)).await;
        let policy = page.header("content-security-policy").unwrap_or_default();
        has(policy, &["default-src 'none'", "frame-ancestors 'none'"]);
        lacks(&text, &[" style=", " onclick=", "<script>"]);
    }
    let (_, text) = open(&portal.owner, &portal.platform("/launches")).await;
    has(&text, &["Launched"]);
    let (_, text) = open(&portal.owner, &portal.platform("/registration")).await;
    has(&text, &["/lti/login/", "/lti/keys/", "BEGIN PUBLIC KEY"]);
}

#[both_stores]
async fn deployments_are_stopped_allowed_entered_and_forgotten(store: Store) {
    let portal = Portal::new(store).await;
    portal.school.accepts("the first", portal.school.student()).await;
    let list = portal.platform("/deployments");
    let (page, text) = open(&portal.owner, &list).await;
    has(&text, &["Allowed"]);
    let path = format!("/admin/platforms/{}/deployments", portal.school.platform_id);
    let known = portal.gateway().admin("GET", &path, None).await.json().unwrap();
    let id = known["deployments"][0]["deploymentId"].as_str().unwrap().to_owned();

    let ask: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
    let ask = format!("{list}/stop?deployment={ask}");
    has(&text, &[&format!("<a class=\"button\" href=\"{ask}\">")]);
    lacks(&text, &["value=\"stop\""]);
    let (asked, question) = open(&portal.owner, &ask).await;
    has(&question, &["Stop this deployment?", &id, "a whole school"]);
    let form = asked.form_to(&list).unwrap();
    portal.school.accepts("it only asked", portal.school.student()).await;
    has(&portal.owner.submit(&asked, &form).await.text(), &["Stopped"]);
    let unknown = portal.owner.get(&format!("{list}/stop?deployment=nothing")).await;
    assert_eq!(unknown.status, 404, "{}", unknown.text());
    let refused = portal.school.launch(&portal.school.student()).await;
    assert_refused("stopped", &refused, 403, "DEPLOYMENT_DISABLED");
    let allow = [("do", "allow"), ("deployment", id.as_str())];
    has(&send(&portal.owner, &page, &list, &allow).await, &["may launch now"]);
    portal.school.accepts("allowed", portal.school.student()).await;
    let enter = [("do", "enter"), ("deployment", " other-9 ")];
    has(&send(&portal.owner, &page, &list, &enter).await, &["other-9"]);
    has(&send(&portal.owner, &page, &list, &enter).await, &["is known already", "other-9"]);
    let wrong = [("do", "enter"), ("deployment", "é")];
    has(&send(&portal.owner, &page, &list, &wrong).await, &["printable ASCII", "other-9"]);
    let forget = [("do", "forget"), ("deployment", "other-9")];
    let (asked, question) = open(&portal.owner, &format!("{list}/forget?deployment=other-9")).await;
    has(&question, &["Forget this deployment?", "other-9", "counts as the first"]);
    let form = asked.form_to(&list).unwrap();
    has(&portal.owner.submit(&asked, &form).await.text(), &["is forgotten"]);
    let answer = portal.owner.post(&page, &list, &forget).await;
    assert_eq!(first(&answer), 404, "{}", answer.text());
    has(&answer.text(), &["href=\"/portal/platforms\""]);
    let log = audit(&portal.owner).await;
    has(&log, &["status: <del>disabled</del> → <ins>active</ins>", "<del>active</del>"]);
}

#[both_stores]
async fn settings_are_saved_and_what_is_wrong_is_told_at_the_field(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/settings");
    let (page, _) = open(&portal.owner, &path).await;
    let mut form = page.form_to(&path).unwrap();
    form.set("leewaySeconds", "301");
    form.set("frameOrigins", "https://portal.example.edu\nhttps://*.example.edu");
    let wrong = portal.owner.submit(&page, &form).await;
    assert_eq!(wrong.status, 400);
    has(
        &wrong.text(),
        &["Nothing was saved", "must be at most 300", "value=\"301\"", "aria-invalid"],
    );
    assert!(portal.api().await.get("launch").is_none());

    form.set("leewaySeconds", "240");
    form.set("algES256", "1");
    let saved = portal.owner.submit(&page, &form).await;
    has(&saved.text(), &["are saved", "value=\"240\""]);
    let now = portal.api().await;
    assert_eq!(now["launch"], json!({"leewaySeconds": 240, "algorithms": ["ES256"]}));
    assert_eq!(now["frameOrigins"], json!(["https://portal.example.edu", "https://*.example.edu"]));
    // What the form doesn't show stays, and an empty field is as the tool has it.
    let body = json!({"launch": {"targetMayDiffer": true, "leewaySeconds": 30}});
    let mut whole = now.clone();
    whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    let api = format!("/admin/platforms/{}", portal.school.platform_id);
    assert_eq!(portal.gateway().admin("PUT", &api, Some(whole)).await.status, 200);
    let (page, _) = open(&portal.owner, &path).await;
    let mut form = page.form_to(&path).unwrap();
    form.set("leewaySeconds", "");
    portal.owner.submit(&page, &form).await;
    assert_eq!(portal.api().await["launch"], json!({"targetMayDiffer": true}));
}

#[both_stores("PO-3")]
async fn whose_keys_are_believed_takes_a_recent_proof(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/settings");
    portal.gateway().clock.advance(Duration::from_secs(11 * 60));
    let (page, _) = open(&portal.owner, &path).await;
    let mut form = page.form_to(&path).unwrap();
    form.set("name", "The School");
    let saved = portal.owner.submit(&page, &form).await;
    has(&saved.text(), &["are saved"]);
    let (page, _) = open(&portal.owner, &path).await;
    let before = portal.api().await;
    for member in ["key", "accesstokenEndpoint", "authenticationEndpoint"] {
        let mut form = page.form_to(&path).unwrap();
        form.set("name", "The School");
        form.set(member, "https://thief.example/");
        let answer = portal.owner.submit(&page, &form).await;
        assert_eq!(answer.url.path(), "/portal/confirm", "{member}: {}", answer.text());
    }
    assert_eq!(portal.api().await, before);
}

#[both_stores]
async fn a_platforms_looser_rules_take_a_recent_proof(store: Store) {
    let portal = Portal::new(store).await;
    let pending = json!({"launch": {"unknownDeployments": "pending"}});
    portal.gateway().patch_tool(pending).await;
    let path = portal.platform("/settings");
    portal.gateway().clock.advance(Duration::from_secs(11 * 60));
    let (page, _) = open(&portal.owner, &path).await;
    let before = portal.api().await;
    for (member, value) in [
        ("frameOrigins", "https://thief.example"),
        ("algES256", "1"),
        ("anonymous", "allow"),
        ("maxAgeSeconds", "3600"),
        ("leewaySeconds", "240"),
        ("unknownDeployments", "auto"),
    ] {
        let mut form = page.form_to(&path).unwrap();
        form.set(member, value);
        let answer = portal.owner.submit(&page, &form).await;
        assert_eq!(answer.url.path(), "/portal/confirm", "{member}: {}", answer.text());
    }
    // So does the button that allows for a clock.
    let leeway = portal.platform("/leeway");
    let answer = portal.owner.post(&page, &leeway, &[("seconds", "240")]).await;
    assert_eq!(answer.url.path(), "/portal/confirm", "{}", answer.text());
    assert_eq!(portal.api().await, before);
    // Stricter ones don't ask.
    let mut form = page.form_to(&path).unwrap();
    form.set("anonymous", "refuse");
    form.set("unknownDeployments", "reject");
    form.set("maxAgeSeconds", "60");
    form.set("leewaySeconds", "30");
    has(&portal.owner.submit(&page, &form).await.text(), &["are saved"]);
}

/// The form is long, and the password is asked for only after it was filled in.
#[both_stores("PO-3")]
async fn a_platforms_form_outlasts_the_password_prompt(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/settings");
    let (page, _) = open(&portal.owner, &path).await;
    portal.gateway().clock.advance(Duration::from_secs(11 * 60));
    let mut form = page.form_to(&path).unwrap();
    form.set("name", "The School");
    form.set("accesstokenEndpoint", "https://lms.example.edu/token");
    form.set("leewaySeconds", "240");
    form.set("algES256", "1");
    let before = portal.api().await;
    let asked = portal.owner.submit(&page, &form).await;
    assert_eq!(asked.url.path(), "/portal/confirm", "{}", asked.text());
    has(&asked.text(), &["Nothing has been saved yet", "is filled in again"]);
    let mut form = asked.form_to("/portal/confirm").unwrap();
    form.set("password", crate::portal::PASSWORD);
    let back = portal.owner.submit(&asked, &form).await;
    assert_eq!(back.url.path(), path, "{}", back.text());
    assert_eq!(portal.api().await, before, "a page that was opened saves nothing");
    has(&back.text(), &["value=\"The School\"", "value=\"240\""]);
    let form = back.form_to(&path).unwrap();
    let saved = portal.owner.submit(&back, &form).await;
    has(&saved.text(), &["The settings of The School are saved."]);
    let after = portal.api().await;
    assert_eq!(after["accesstokenEndpoint"], "https://lms.example.edu/token");
    assert_eq!(after["launch"], json!({"leewaySeconds": 240, "algorithms": ["ES256"]}));
    // What is too long for a cookie isn't kept, and neither is what was filled in before.
    portal.gateway().clock.advance(Duration::from_secs(11 * 60));
    let (page, _) = open(&portal.owner, &path).await;
    let mut form = page.form_to(&path).unwrap();
    form.set("clientId", "x".repeat(2000));
    let asked = portal.owner.submit(&page, &form).await;
    has(&asked.text(), &["Nothing has been saved yet", "enter it again"]);
}

#[both_stores("PO-3")]
async fn each_window_gets_back_what_it_sent(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/settings");
    let (page, _) = open(&portal.owner, &path).await;
    portal.gateway().clock.advance(Duration::from_secs(11 * 60));
    let window = async |name: &str| {
        let mut form = page.form_to(&path).unwrap();
        form.set("name", name);
        form.set("accesstokenEndpoint", "https://lms.example.edu/token");
        portal.owner.submit(&page, &form).await
    };
    let windows = [(window("One School").await, "One"), (window("Two School").await, "Two")];
    for (asked, name) in windows {
        has(&asked.text(), &["Nothing has been saved yet", "is filled in again"]);
        let mut form = asked.form_to("/portal/confirm").unwrap();
        form.set("password", crate::portal::PASSWORD);
        let back = portal.owner.submit(&asked, &form).await;
        assert_eq!(back.url.path(), path, "{}", back.text());
        has(&back.text(), &[&format!("value=\"{name} School\"")]);
        // A window that hasn't sent it doesn't show it.
        lacks(&open(&portal.owner, &path).await.1, &["One School", "Two School"]);
    }
}

#[both_stores("PO-3")]
async fn another_window_does_not_spend_what_was_filled_in(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/settings");
    let (page, _) = open(&portal.owner, &path).await;
    portal.gateway().clock.advance(Duration::from_secs(11 * 60));
    let mut form = page.form_to(&path).unwrap();
    form.set("name", "The School");
    form.set("accesstokenEndpoint", "https://lms.example.edu/token");
    let asked = portal.owner.submit(&page, &form).await;
    assert_eq!(asked.url.path(), "/portal/confirm", "{}", asked.text());
    for other in ["/portal", "/portal/platforms", &portal.platform("")] {
        open(&portal.owner, other).await;
    }
    let mut form = asked.form_to("/portal/confirm").unwrap();
    form.set("password", crate::portal::PASSWORD);
    let back = portal.owner.submit(&asked, &form).await;
    assert_eq!(back.url.path(), path, "{}", back.text());
    has(&back.text(), &["value=\"The School\""]);
    // The page itself shows it once.
    lacks(&open(&portal.owner, &path).await.1, &["value=\"The School\""]);
}

/// What was done with a name is told on the next page, to which a cookie takes it.
#[both_stores]
async fn what_was_done_is_told_however_long_a_name_is(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/settings");
    let (page, _) = open(&portal.owner, &path).await;
    let mut form = page.form_to(&path).unwrap();
    form.set("name", "\"".repeat(2000));
    let saved = portal.owner.submit(&page, &form).await;
    assert_eq!(saved.status, 200);
    has(&saved.text(), &["class=\"note ok flash\"", "&#34;…"]);
}

#[both_stores]
async fn a_full_list_of_origins_is_told_when_one_more_is_added(store: Store) {
    let portal = Portal::new(store).await;
    let hosts = (0..50).map(|number| format!("https://{number}.example.edu"));
    let mut whole = portal.api().await;
    whole["frameOrigins"] = hosts.collect();
    let api = format!("/admin/platforms/{}", portal.school.platform_id);
    assert_eq!(portal.gateway().admin("PUT", &api, Some(whole)).await.status, 200);
    let (page, _) = open(&portal.owner, &portal.platform("")).await;
    let one_more = [("origin", "https://school.example.edu")];
    let text = send(&portal.owner, &page, &portal.platform("/frame-origin"), &one_more).await;
    has(&text, &["class=\"note bad flash\"", "frameOrigins: must have at most 50 entries"]);
}

#[both_stores]
async fn people_are_blocked_by_a_form_and_no_address_names_them(store: Store) {
    let portal = Portal::new(store).await;
    let read = portal.school.accepts("before", portal.school.student()).await;
    let user = read["user"]["id"].as_str().unwrap().to_owned();
    let path = portal.platform("/blocked");
    let (page, text) = open(&portal.owner, &path).await;
    has(&text, &["Nobody is blocked."]);
    let block = [("do", "block"), ("user", user.as_str())];
    let text = send(&portal.owner, &page, &path, &block).await;
    has(&text, &["The person is blocked.", &user]);
    lacks(&text, &[&format!("blocked/{user}"), &format!("={user}")]);
    let refused = portal.school.launch(&portal.school.student()).await;
    assert_refused("blocked", &refused, 403, "PERSON_BLOCKED");
    let named = format!(">{user}<");
    lacks(&audit(&portal.owner).await, &[&named]);
    let viewer = Visitor::invited(portal.gateway(), &portal.owner, "viewer").await;
    let (_, seen) = open(&viewer, &path).await;
    has(&seen, &["Blocked: 1"]);
    lacks(&seen, &[&named]);
    // Letting them in again takes a recent proof.
    portal.school.advance(11 * 60);
    let unblock = [("do", "unblock"), ("user", user.as_str())];
    let asked = portal.owner.post(&page, &path, &unblock).await;
    assert_eq!(asked.url.path(), "/portal/confirm", "{}", asked.text());
    let refused = portal.school.launch(&portal.school.student()).await;
    assert_refused("still blocked", &refused, 403, "PERSON_BLOCKED");
    let mut form = asked.form_to("/portal/confirm").unwrap();
    form.set("password", crate::portal::PASSWORD);
    let back = portal.owner.submit(&asked, &form).await;
    assert_eq!(back.url.path(), path, "{}", back.text());
    has(&send(&portal.owner, &back, &path, &unblock).await, &["is let in again"]);
    portal.school.accepts("after", portal.school.student()).await;
}

#[both_stores]
async fn a_name_that_is_blocked_is_no_id_that_was_seen(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/blocked");
    let (page, text) = open(&portal.owner, &path).await;
    has(&text, &["never their name or address"]);
    let block = [("do", "block"), ("user", "Sam Rivera")];
    let text = send(&portal.owner, &page, &path, &block).await;
    has(&text, &["nobody with it has launched from this platform this month", "Sam Rivera</code>"]);
    // After the counts were written, too.
    let read = portal.school.accepts("before", portal.school.student()).await;
    portal.gateway().app.usage.write().await.unwrap();
    let user = read["user"]["id"].as_str().unwrap();
    let text = send(&portal.owner, &page, &path, &[("do", "block"), ("user", user)]).await;
    has(&text, &["The person is blocked."]);
}

#[both_stores]
async fn a_key_is_rotated_with_overlap_and_at_once(store: Store) {
    let fixed = Fixed { keys_ahead: 4, ..fixed() };
    let gateway = Gateway::start_fixed(store, json!({}), &[], fixed).await;
    let school = Registered::join(gateway, lms().await).await;
    let owner = Visitor::owner(&school.gateway).await;
    let portal = Portal { school, owner };
    let path = portal.platform("/keys");
    let (page, text) = open(&portal.owner, &path).await;
    has(&text, &["Signs", "Emergency rotation"]);
    portal.gateway().app.our_keys.refill().await.unwrap();
    let text = send(&portal.owner, &page, &path, &[("do", "rotate")]).await;
    has(&text, &["A new key is made", "Published, signs later"]);
    let text = send(&portal.owner, &page, &path, &[("do", "rotate")]).await;
    has(&text, &["role=\"alert\"", "Nothing was changed: "]);
    portal.gateway().app.our_keys.refill().await.unwrap();
    let text = send(&portal.owner, &page, &path, &[("do", "now")]).await;
    lacks(&text, &["Published, signs later"]);
    has(&audit(&portal.owner).await, &["platform.key_rotated"]);
}

#[both_stores]
async fn deleting_needs_the_name_and_a_fresh_password(store: Store) {
    let portal = Portal::new(store).await;
    let path = portal.platform("/delete");
    let (page, text) = open(&portal.owner, &path).await;
    has(&text, &["What goes along, for good:", "deactivate it"]);
    let name = portal.api().await["name"].as_str().unwrap().to_owned();
    let wrong = portal.owner.post(&page, &path, &[("name", "another")]).await;
    assert_eq!(wrong.status, 400);
    has(&wrong.text(), &["That is not its name."]);
    portal.gateway().clock.advance(Duration::from_secs(11 * 60));
    let stale = portal.owner.post(&page, &path, &[("name", name.as_str())]).await;
    assert_eq!((first(&stale), stale.url.path()), (303, "/portal/confirm"), "{}", stale.text());
    assert_eq!(portal.api().await["name"], name.as_str());
    let mut form = stale.form_to("/portal/confirm").unwrap();
    form.set("password", crate::portal::PASSWORD);
    let back = portal.owner.submit(&stale, &form).await;
    assert_eq!(back.url.path(), path, "{}", back.text());
    let text = send(&portal.owner, &back, &path, &[("name", name.as_str())]).await;
    has(&text, &["is deleted."]);
    let gone = portal.owner.get(&portal.platform("")).await;
    assert_eq!(gone.status, 404);
    has(&audit(&portal.owner).await, &["platform.deleted"]);
}

#[both_stores]
async fn the_filter_knows_every_name_an_lms_has_for_itself(store: Store) {
    let portal = Portal::new(store).await;
    for (name, family) in
        [("Kestrel", "sakailms.org"), ("Pinecrest", "SAKAI"), ("Heron", "BlackboardLearn")]
    {
        let id = enter(portal.gateway(), platform(name, name)).await;
        let named = format!("UPDATE platforms SET family = '{family}' WHERE id = '{id}'");
        portal.gateway().meddle(&named).await;
    }
    let (_, text) = open(&portal.owner, "/portal/platforms?lms=sakai").await;
    has(&text, &["Kestrel", "Pinecrest"]);
    lacks(&text, &["Heron"]);
    let (_, text) = open(&portal.owner, "/portal/platforms?lms=BlackboardLearn").await;
    has(&text, &["Heron"]);
    lacks(&text, &["Kestrel", "Pinecrest"]);
}
