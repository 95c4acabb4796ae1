//! From nothing to the first launch that was seen, with nothing but the portal (portal.md PO-4).

use std::time::Duration;

use serde_json::json;
use simulator::browser::{Browser, Request};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::profiles::Profile;
use test_case::both_stores;

use super::{Portal, audit, has, lacks, open, send};
use crate::platform_services::profiles::lms_of;
use crate::portal::{PASSWORD, Visitor};
use crate::registered::{Registered, login, ltik_of};
use crate::support::{Gateway, Store, lms};

/// A line of what was seen.
fn line(kind: &str, says: &str) -> String {
    format!("<li class=\"{kind}\">{says}</li>")
}

#[both_stores("PO-4")]
async fn the_wizard_ends_when_a_launch_was_seen(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (_, text) = open(&owner, "/portal/connect").await;
    has(&text, &["Moodle", "Canvas", "Open edX", "/lti/register"]);
    let (_, link) = text.split_once("href=\"/portal/connect/moodle?since=").unwrap();
    let since: String = link.chars().take_while(char::is_ascii_digit).collect();
    let wizard = format!("/portal/connect/moodle?since={since}");
    let (_, text) = open(&owner, &wizard).await;
    has(
        &text,
        &["Manage tools", "Add LTI Advantage", "Waiting for the LMS to register", "data-live"],
    );
    // Failures has no field for one.
    has(&text, &["shows a reference: enter it in the search field at the top."]);

    let lms = lms().await;
    let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();
    lms.activate(&start.client_id).unwrap();
    let (page, text) = open(&owner, &wizard).await;
    has(&text, &["It registered. Activate it here."]);
    let (_, rest) = text.split_once("action=\"/portal/platforms/").unwrap();
    let id: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let next = format!("/portal/connect/moodle?since={since}");
    let fields = [("next", next.as_str())];
    let path = format!("/portal/platforms/{id}/fetch-keys");
    let text = send(&owner, &page, &path, &fields).await;
    has(&text, &[&line("ok", "Its keys are read"), &line("now", "You activate it here")]);
    let path = format!("/portal/platforms/{id}/activate");
    let text = send(&owner, &page, &path, &fields).await;
    has(&text, &["is active here.", "Next, switch the tool on in the LMS: step 5."]);
    has(&text, &["whether that is done. Once it is, open the tool from a course."]);
    has(&text, &["Waiting until it is switched on there", &line("now", "Switched on there")]);

    let name = gateway.platforms().await[0]["name"].as_str().unwrap().to_owned();
    has(&open(&owner, "/portal").await.1, &[&format!("Platform activated: {name}")]);

    let school = Registered { gateway, lms, client_id: start.client_id, platform_id: id };
    ltik_of("the first", &school.launch(&school.student()).await);
    let (_, text) = open(&owner, &wizard).await;
    has(&text, &["Connected: the first launch was seen.", &line("ok", "First launch")]);
    has(&text, &["<a class=\"button primary\" href=\"/portal/failures/"]);
    has(&text, &["<a class=\"button\" href=\"/portal/connect\">Connect another LMS</a>"]);
    lacks(&text, &["data-live", "Next, switch", "Nothing after pressing"]);
    lacks(&text, &["Does someone else run it?"]);
}

#[both_stores("PO-4")]
async fn the_wizard_says_what_is_in_the_way(store: Store) {
    let school = Registered::new(store).await;
    let (gateway, id) = (&school.gateway, &school.platform_id);
    let owner = Visitor::owner(gateway).await;
    let path = format!("/admin/platforms/{id}/deactivate");
    assert_eq!(gateway.admin("POST", &path, None).await.status, 200);
    let wizard = format!("/portal/connect/moodle?platform={id}");
    let (_, text) = open(&owner, &wizard).await;
    has(&text, &["It registered. Activate it here.", &line("todo", "Switched on there")]);
    lacks(&text, &["An attempt from there failed", "can’t be read"]);
    // Somebody tries it before it is active.
    login(&school.lms, &Browser::new().unwrap(), &school.student()).await;
    let (page, text) = open(&owner, &wizard).await;
    has(&text, &["An attempt from there failed. See why:", "href=\"/portal/failures/"]);
    has(&text, &[&line("ok", "Switched on there"), &line("todo", "First launch")]);

    let nowhere = "UPDATE platforms SET key_value = 'http://127.0.0.1:9/keys'";
    gateway.meddle(nowhere).await;
    let path = format!("/portal/platforms/{id}/fetch-keys");
    let text = send(&owner, &page, &path, &[("next", wizard.as_str())]).await;
    // What it asks for has the mark.
    has(&text, &[&line("todo", "Its keys are read"), &line("now", "You activate it here")]);
    has(&text, &["It registered. Activate it here.", "Its keys can’t be read:"]);
    has(&text, &["Fetch its keys now"]);
    has(&text, &["<span class=\"sub\" lang=\"en\">"]);
    // What was in the way is mended.
    let path = format!("/admin/platforms/{id}/activate");
    assert_eq!(gateway.admin("POST", &path, None).await.status, 200);
    lacks(&open(&owner, &wizard).await.1, &["An attempt from there failed"]);
}

#[both_stores("PO-4")]
async fn the_wizard_sees_a_login_with_another_client_id(store: Store) {
    let portal = Portal::new(store).await;
    let issuer = portal.api().await["url"].as_str().unwrap().to_owned();
    let wizard = format!("/portal/connect/moodle?platform={}", portal.school.platform_id);
    let refused = "An attempt with this issuer, but another client id, was refused. See why:";
    lacks(&open(&portal.owner, &wizard).await.1, &[refused]);
    for (issuer, is_seen) in [("https://elsewhere.example", false), (&*issuer, true)] {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("iss", issuer)
            .append_pair("client_id", "mistyped")
            .append_pair("login_hint", "1")
            .append_pair("target_link_uri", &portal.gateway().at("/lti/launch"))
            .finish();
        let url = portal.gateway().at(&format!("/lti/login?{query}"));
        let request = Request::new("GET".parse().unwrap(), &url).unwrap();
        Browser::new().unwrap().send(request.header("accept", "text/html")).await.unwrap();
        let (_, text) = open(&portal.owner, &wizard).await;
        assert_eq!(text.contains(refused), is_seen, "{text}");
    }
    // It may come from another school with the same issuer.
    let (_, text) = open(&portal.owner, &wizard).await;
    has(&text, &["Waiting until it is switched on there", "href=\"/portal/failures/"]);
    lacks(&text, &[&line("ok", "Switched on there")]);
    ltik_of("the right one", &portal.school.launch(&portal.school.student()).await);
    lacks(&open(&portal.owner, &wizard).await.1, &[refused]);
}

#[both_stores("PO-4", "B-53")]
async fn a_deployment_under_a_shared_client_id_is_entered(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let note = "is refused, and waits until you allow it";
    has(&open(&owner, "/portal/connect/blackboard").await.1, &[note]);
    lacks(&open(&owner, "/portal/connect/moodle").await.1, &[note]);
    let path = "/portal/connect/blackboard/by-hand";
    let (page, text) = open(&owner, path).await;
    has(&text, &["A deployment entered here may launch at once."]);
    let form = page.forms().into_iter().find(|form| form.post && form.action.path() == path);
    let mut form = form.unwrap_or_else(|| panic!("{text}"));
    form.set("name", "Blackboard, all schools");
    form.set("clientId", "a1-b2");
    form.set("deploymentId", "Dé");
    let wrong = owner.submit(&page, &form).await;
    assert_eq!(wrong.status, 400);
    has(&wrong.text(), &["printable ASCII characters", "Dé"]);
    assert!(gateway.platforms().await.is_empty());
    form.set("deploymentId", " D-7 ");
    let saved = owner.submit(&page, &form).await.text();
    has(&saved, &["is registered and active.", &line("ok", "Its deployment is allowed")]);
    let id = gateway.platforms().await[0]["id"].as_str().unwrap().to_owned();
    let platform = format!("/portal/platforms/{id}");
    has(&open(&owner, &format!("{platform}/deployments")).await.1, &["D-7"]);
    let shared = "Waits for you, as schools share this LMS&#39;s client id";
    has(&open(&owner, &format!("{platform}/settings")).await.1, &[shared]);
    has(&audit(&owner).await, &["deployment.entered"]);
}

#[both_stores("PO-4")]
async fn the_wizard_takes_no_earlier_platform_for_its_own(store: Store) {
    let portal = Portal::new(store).await;
    let (gateway, owner) = (portal.gateway(), &portal.owner);
    let id = &portal.school.platform_id;
    gateway.clock.advance(Duration::from_secs(5));
    let (page, text) = open(owner, "/portal/connect/other").await;
    let login = format!("{}</code>", gateway.at("/lti/login"));
    has(&text, &["Waiting for the LMS to register", &login]);
    lacks(&text, &[id.as_str()]);
    // It looks since it was opened, wherever one goes from here.
    let (_, since) = page.url.as_str().split_once("/portal/connect/other?").unwrap();
    let form = format!("/portal/connect/other/by-hand?{since}");
    has(&text, &[&format!("href=\"{form}\"")]);
    gateway.clock.advance(Duration::from_secs(5));
    let (page, text) = open(owner, &form).await;
    has(&text, &[&format!("href=\"/portal/connect/other?{since}\"")]);
    has(&text, &["Fill in from its host", "Also called token endpoint", "JWKS URL"]);
    let (_, ms) = since.split_once('=').unwrap();
    let path = "/portal/connect/other/by-hand";
    let forms: Vec<_> =
        page.forms().into_iter().filter(|form| form.action.path() == path).collect();
    assert_eq!(forms.len(), 2, "{text}");
    for mut form in forms {
        assert_eq!(form.field("since"), Some(ms));
        // With the host filled in, or with a mistake: the way back stays.
        form.set("host", "lms.school.example");
        let text = owner.submit(&page, &form).await.text();
        has(&text, &[&format!("href=\"/portal/connect/other?{since}\"")]);
    }
    let (_, text) = open(owner, &format!("/portal/connect/other?platform={id}")).await;
    has(&text, &[&gateway.at(&format!("/lti/login/{id}"))]);
    // Nobody wonders about those that were entered before, or is asked for values that are known.
    has(&text, &["go on working"]);
    lacks(&text, &["Send us what your platform then shows"]);
    for odd in ["since=-9223372036854775808", "since=9223372036854775807", "since=x&platform=x"] {
        open(owner, &format!("/portal/connect/other?{odd}")).await;
    }
}

/// A platform that registers again keeps its place in the store.
#[both_stores("PO-4")]
async fn the_wizard_sees_who_registers_again(store: Store) {
    let portal = Portal::new(store).await;
    let gateway = portal.gateway();
    gateway.clock.advance(Duration::from_secs(5));
    let (page, text) = open(&portal.owner, "/portal/connect/moodle").await;
    has(&text, &["Waiting for the LMS to register"]);
    let lms = &portal.school.lms;
    let known = Fault::set("/client_id", &*portal.school.client_id);
    lms.faults().next(Endpoint::Registration, 1, known);
    let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    let again = Browser::new().unwrap().get(&start.url).await.unwrap();
    assert_eq!(again.status, 200, "{}", again.text());
    assert_eq!(gateway.platforms().await.len(), 1);
    let (_, since) = page.url.as_str().split_once('?').unwrap();
    let (_, text) = open(&portal.owner, &format!("/portal/connect/moodle?{since}")).await;
    has(&text, &["Waiting until it is switched on there", &line("ok", "You activate it here")]);
}

#[both_stores("PO-4")]
async fn the_wizard_asks_which_of_several_is_meant(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, _) = open(&owner, "/portal/connect/moodle").await;
    let (_, since) = page.url.as_str().split_once("/portal/connect/moodle?").unwrap();
    let wizard = format!("/portal/connect/moodle?{since}");
    let canvas = lms_of(Profile::canvas()).await;
    let start = canvas.begin_registration(&gateway.at("/lti/register")).unwrap();
    Browser::new().unwrap().get(&start.url).await.unwrap();
    has(&open(&owner, &wizard).await.1, &["Waiting for the LMS to register"]);
    let (_, text) = open(&owner, &format!("/portal/connect/canvas?{since}")).await;
    has(&text, &["It registered. Activate it here."]);

    let moodles = [lms().await, lms().await];
    let mut addresses = Vec::new();
    for moodle in &moodles {
        let start = moodle.begin_registration(&gateway.at("/lti/register")).unwrap();
        Browser::new().unwrap().get(&start.url).await.unwrap();
        let platforms = gateway.platforms().await;
        let found = platforms.iter().find(|found| found["clientId"] == start.client_id.as_str());
        let id = found.unwrap()["id"].as_str().unwrap();
        addresses.push(format!("{wizard}&platform={id}").replace('&', "&#38;"));
    }
    let (_, text) = open(&owner, &wizard).await;
    has(&text, &["Several LMSs have registered since you began. Which one is yours?"]);
    has(&text, &[&addresses[0], &addresses[1]]);
    lacks(&text, &["/activate\""]);
    let (_, text) = open(&owner, &addresses[1].replace("&#38;", "&")).await;
    has(&text, &["It registered. Activate it here.", &addresses[1], "/activate\""]);
    lacks(&text, &[&addresses[0]]);
}

#[both_stores("PO-9")]
async fn an_invitation_is_shown_once_and_can_be_taken_back(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, _) = open(&owner, "/portal/connect").await;
    let fields =
        [("platformName", "Kestrel College"), ("uses", "1"), ("ends", "72"), ("mode", "automatic")];
    let text = send(&owner, &page, "/portal/connect/invites", &fields).await;
    has(&text, &["shown this once", "Hello,", "Kestrel College"]);
    let (_, rest) = text.split_once("<code id=\"link\">").unwrap();
    let (link, _) = rest.split_once('<').unwrap();
    let (_, text) = open(&owner, "/portal/connect").await;
    has(&text, &["Kestrel College", "Uses left: 1"]);
    let (_, code) = link.rsplit_once('/').unwrap();
    lacks(&text, &[code]);
    lacks(&audit(&owner).await, &[code]);

    let lms = lms().await;
    let start = lms.begin_registration(link).unwrap();
    let done = Browser::new().unwrap().get(&start.url).await.unwrap();
    assert_eq!(done.status, 200, "{}", done.text());
    let platform = gateway.platforms().await.remove(0);
    assert_eq!((&platform["name"], &platform["active"]), (&"Kestrel College".into(), &true.into()));

    let (page, text) = open(&owner, "/portal/connect").await;
    has(&text, &["used"]);
    let (_, rest) = text.split_once("action=\"/portal/connect/invites/").unwrap();
    let id: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let path = format!("/portal/connect/invites/{id}/revoke");
    has(&send(&owner, &page, &path, &[]).await, &["The invitation no longer works."]);
    let log = audit(&owner).await;
    has(&log, &["invitation.made", "invitation.revoked", "<del>Kestrel College</del>"]);
    // Both, and the registration.
    assert_eq!(log.matches("<span>Kestrel College</span>").count(), 3, "{log}");
    has(&log, &["platform.registered"]);
}

/// Its link lets in an LMS at which nobody looks.
#[both_stores]
async fn an_automatic_invitation_takes_a_recent_proof(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (page, _) = open(&owner, "/portal/connect").await;
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let path = "/portal/connect/invites";
    let waits = [("platformName", "Osprey School"), ("mode", "approval")];
    has(&send(&owner, &page, path, &waits).await, &["shown this once"]);
    let fields =
        [("platformName", "Kestrel College"), ("uses", "0"), ("ends", "72"), ("mode", "automatic")];
    let asked = owner.post(&page, path, &fields).await;
    assert_eq!(asked.url.path(), "/portal/confirm", "{}", asked.text());
    has(&asked.text(), &["is filled in again"]);
    let mut form = asked.form_to("/portal/confirm").unwrap();
    form.set("password", PASSWORD);
    let back = owner.submit(&asked, &form).await;
    assert_eq!(back.url.path(), "/portal/connect", "{}", back.text());
    let form = back.form_to(path).unwrap();
    for (name, value) in fields {
        assert_eq!(form.field(name), Some(value), "{name}");
    }
    let made = owner.submit(&back, &form).await;
    has(&made.text(), &["shown this once", "Kestrel College"]);
    // The page of one LMS fills it in as well.
    gateway.clock.advance(Duration::from_secs(11 * 60));
    let fields = [("platformName", "Kestrel College"), ("mode", "automatic"), ("lms", "moodle")];
    let asked = owner.post(&page, path, &fields).await;
    let mut form = asked.form_to("/portal/confirm").unwrap();
    form.set("password", PASSWORD);
    let back = owner.submit(&asked, &form).await;
    assert_eq!(back.url.path(), "/portal/connect/moodle", "{}", back.text());
    assert_eq!(back.form_to(path).unwrap().field("mode"), Some("automatic"));
}

#[both_stores]
async fn a_platform_is_entered_by_hand_with_what_its_vendor_shares(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (_, text) = open(&owner, "/portal/connect/canvas/by-hand").await;
    has(&text, &["https://canvas.instructure.com", "sso.canvaslms.com"]);
    let filled = "What is the same for all its schools is filled in.";
    has(&text, &[filled, &gateway.at("/lti/login"), &gateway.at("/lti/keys")]);
    has(&text, &["<a href=\"/portal/platforms\">Platforms</a><a href=\"/portal/connect\">"]);
    let path = "/portal/connect/moodle/by-hand";
    let (page, text) = open(&owner, &format!("{path}?host=https://lms.school.example/x")).await;
    has(&text, &["https://lms.school.example/mod/lti/auth.php"]);
    has(&text, &["Moodle calls it “Platform ID”."]);
    // Its schools share nothing: what is filled in follows from the host.
    lacks(&text, &[filled]);
    let form = page.forms().into_iter().find(|form| form.post && form.action.path() == path);
    let mut form = form.unwrap_or_else(|| panic!("{text}"));
    form.set("name", "The School");
    form.set("clientId", "");
    let wrong = owner.submit(&page, &form).await;
    assert_eq!(wrong.status, 400);
    has(&wrong.text(), &["Nothing was saved", "The School", "aria-invalid"]);
    assert!(gateway.platforms().await.is_empty());
    form.set("clientId", "abc-1");
    let saved = owner.submit(&page, &form).await;
    has(&saved.text(), &["The School is registered and active.", "Waiting until"]);
    let platform = gateway.platforms().await.remove(0);
    // The steps that fit: following the usual ones would register it twice.
    let login = gateway.at(&format!("/lti/login/{}", platform["id"].as_str().unwrap()));
    has(&saved.text(), &["enter these values in the tool", &login, "Once everything is, open"]);
    lacks(&saved.text(), &["Add LTI Advantage", "/lti/register"]);
    assert_eq!((&platform["clientId"], &platform["keyDelivery"]), (&"abc-1".into(), &"url".into()));
    has(&audit(&owner).await, &["platform.created"]);
}

/// An address that was copied with one character too many is stored, and launches would be refused
/// without a word.
#[both_stores]
async fn what_is_probably_a_slip_is_named_when_it_is_saved(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let path = "/portal/connect/moodle/by-hand";
    let (page, text) = open(&owner, &format!("{path}?host=lms.school.example")).await;
    let form = page.forms().into_iter().find(|form| form.post && form.action.path() == path);
    let mut form = form.unwrap_or_else(|| panic!("{text}"));
    form.set("name", "The School");
    form.set("url", "https://lms.school.example/");
    form.set("clientId", "abc 1");
    let saved = owner.submit(&page, &form).await.text();
    has(&saved, &["The School is registered", "ends with a slash", "holds a blank"]);
    let id = gateway.platforms().await[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/portal/platforms/{id}/settings");
    let (page, text) = open(&owner, &path).await;
    let form = page.forms().into_iter().find(|form| form.post && form.action.path() == path);
    let mut form = form.unwrap_or_else(|| panic!("{text}"));
    form.set("clientId", "abc1");
    let saved = owner.submit(&page, &form).await;
    has(&saved.text(), &["are saved", "ends with a slash"]);
    let mut form = saved.form_to(&path).unwrap();
    form.set("url", "lincoln");
    let saved = owner.submit(&saved, &form).await;
    has(&saved.text(), &["are saved", "it is no address"]);
    let mut form = saved.form_to(&path).unwrap();
    form.set("url", "https://lms.school.example");
    let saved = owner.submit(&saved, &form).await.text();
    has(&saved, &["are saved"]);
    lacks(&saved, &["ends with a slash", "holds a blank", "no address"]);
}

#[both_stores]
async fn every_lms_has_its_steps(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    for (code, words) in [
        ("canvas", "Developer Keys"),
        ("brightspace", "Manage Extensibility"),
        ("blackboard", "developer.blackboard.com"),
        ("sakai", "External Tools"),
        ("schoology", "App Center"),
        ("openedx", "lti_consumer"),
        ("other", "/lti/login"),
    ] {
        let (_, text) = open(&owner, &format!("/portal/connect/{code}")).await;
        has(&text, &[words]);
        open(&owner, &format!("/portal/connect/{code}/by-hand")).await;
    }
}

/// An LMS that can't register by URL is sent no URL to paste, and no invitation.
#[both_stores("PO-4")]
async fn letters_ask_for_what_the_lms_can_do(store: Store) {
    let portal = Portal::new(store).await;
    let (gateway, owner) = (portal.gateway(), &portal.owner);
    let letter = async |path: &str| {
        let text = open(owner, path).await.1;
        let (_, mail) = text.split_once("<h2 id=\"mail\">")?;
        Some(mail.split("</section>").next().unwrap().to_owned())
    };
    let sakai = letter("/portal/connect/sakai").await.unwrap();
    has(&sakai, &["/lti/register", "Good for", "One of the two is enough"]);
    for code in ["schoology", "openedx"] {
        let letter = letter(&format!("/portal/connect/{code}")).await.unwrap();
        let ours = ["login", "launch", "keys"].map(|end| gateway.at(&format!("/lti/{end}\n")));
        has(&letter, &[&ours[0], &ours[1], &ours[2], "Send us what your platform then shows"]);
        lacks(&letter, &["/lti/register", "/portal/connect/invites"]);
    }
    // A school needs the client id that the vendor gave to the tool's owner.
    assert_eq!(letter("/portal/connect/blackboard").await, None);
    let named = format!("/portal/connect/blackboard?platform={}", portal.school.platform_id);
    let letter = letter(&named).await.unwrap();
    has(&letter, &["LTI Tool Providers", &portal.school.client_id]);
    lacks(&letter, &["/lti/register", "/portal/connect/invites"]);
}

/// Until the platform is active, a launch is refused: nobody is sent there before.
#[both_stores("PO-4")]
async fn letters_say_when_to_wait_for_our_answer(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let invited = async |lms: &str, mode: &str| {
        let (page, _) = open(&owner, "/portal/connect").await;
        let fields =
            [("platformName", "A"), ("uses", "1"), ("ends", "72"), ("mode", mode), ("lms", lms)];
        send(&owner, &page, "/portal/connect/invites", &fields).await
    };
    for (text, tells, opens) in [
        (open(&owner, "/portal/connect/moodle").await.1, "6. Tell us when step 3", "\n7. Open"),
        (invited("canvas", "approval").await, "6. Tell us when step 3", "\n7. Open"),
        (invited("other", "approval").await, "4. Tell us when step 2", "\n5. Open"),
    ] {
        has(&text, &[tells, "wait for our answer", opens]);
    }
    lacks(&invited("moodle", "automatic").await, &["Tell us when"]);
    gateway.patch_tool(json!({"registration": {"autoActivate": true}})).await;
    let (_, text) = open(&owner, "/portal/connect/moodle").await;
    has(&text, &["\n6. Open"]);
    lacks(&text, &["Tell us when"]);
}

#[both_stores("PO-4")]
async fn an_address_of_this_machine_is_warned_about(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let warning = format!("Addresses that begin with {} lead back", gateway.at(""));
    for path in ["/portal", "/portal/connect", "/portal/connect/moodle"] {
        has(&open(&owner, path).await.1, &[&warning]);
    }
    let (page, _) = open(&owner, "/portal/connect").await;
    let fields = [("platformName", "A"), ("uses", "1"), ("ends", "72"), ("mode", "approval")];
    has(&send(&owner, &page, "/portal/connect/invites", &fields).await, &[&warning]);
}

/// A page as somebody reads it whose browser asks for German.
async fn in_german(visitor: &Visitor, address: &str) -> String {
    let request = Request::new("GET".parse().unwrap(), address).unwrap();
    let request = request.header("accept", "text/html").header("accept-language", "de");
    visitor.browser.send(request).await.unwrap().text()
}

#[both_stores("PO-4")]
async fn labels_of_an_lms_are_set_off_in_its_language(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (_, text) = open(&owner, "/portal/connect/moodle").await;
    has(&text, &["press “<b>Add LTI Advantage</b>”", "set “<b>Tool configuration usage</b>”"]);
    let text = in_german(&owner, &gateway.at("/portal/connect/moodle")).await;
    has(&text, &["„<b>LTI Advantage hinzufügen</b>“", "Externes Tool › Tools verwalten</b>"]);
    lacks(&text, &["<b lang=", "gear"]);
    let text = in_german(&owner, &gateway.at("/portal/connect/brightspace")).await;
    has(&text, &["<b lang=\"en\">Manage Extensibility › LTI Advantage</b>"]);
    lacks(&text, &["the tool&#39;s name"]);
}

#[both_stores("PO-4")]
async fn a_canvas_without_registration_has_a_way_of_its_own(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let (_, text) = open(&owner, "/portal/connect/canvas").await;
    let (usual, other) = text.split_once("<h3 id=\"other\">").unwrap();
    has(usual, &["href=\"#other\"", "Dynamic Registration URL", "turn the switch “<b>State</b>”"]);
    has(
        other,
        &[
            "/register/canvas",
            "<b>JSON URL</b>",
            "turn the switch “<b>State</b>”",
            "it is the client id",
            "/portal/connect/canvas/by-hand",
            "<b>By Client ID</b>",
            "That is the launch we wait for.",
        ],
    );
}

#[both_stores("PO-4")]
async fn the_address_is_shown_only_while_it_works(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    for (settings, home, wizard) in [
        (json!({"enabled": true, "open": true}), true, "Copy this URL."),
        (json!({"enabled": true, "open": false}), false, "Make a link below and copy it."),
        (json!({"enabled": false}), false, "Registration by URL is switched off."),
    ] {
        gateway.patch_tool(json!({"registration": settings})).await;
        let (_, text) = open(&owner, "/portal").await;
        has(&text, &["href=\"/portal/connect\""]);
        assert_eq!(text.contains("/lti/register"), home, "{settings}: {text}");
        let (_, text) = open(&owner, "/portal/connect/moodle").await;
        has(&text, &[wizard]);
        assert_eq!(text.contains("/lti/register"), home, "{settings}: {text}");
        // An invitation wouldn't work either.
        let invites = text.contains("action=\"/portal/connect/invites\"");
        assert_eq!(invites, settings["enabled"] == json!(true), "{settings}");
    }
    gateway.patch_tool(json!({"registration": {"enabled": true}, "launchUrl": null})).await;
    let (_, text) = open(&owner, "/portal/connect/moodle").await;
    has(&text, &["First say where your application is"]);
    lacks(&text, &["/lti/register", "Paste it under"]);
}

#[both_stores]
async fn braces_of_shared_addresses_are_no_address(store: Store) {
    let gateway = Gateway::start(store).await;
    let owner = Visitor::owner(&gateway).await;
    let path = "/portal/connect/sakai/by-hand";
    let (page, _) = open(&owner, &format!("{path}?host=lms.school.example")).await;
    let forms = || page.forms().into_iter();
    let mut form = forms().find(|form| form.post && form.action.path() == path).unwrap();
    form.set("name", "The School");
    form.set("clientId", "abc-1");
    let wrong = owner.submit(&page, &form).await;
    assert_eq!(wrong.status, 400);
    has(&wrong.text(), &["in the place of {tool}", "aria-invalid"]);
    assert!(gateway.platforms().await.is_empty());

    let path = "/portal/connect/blackboard/by-hand";
    let (page, _) = open(&owner, path).await;
    let forms = || page.forms().into_iter();
    let mut form = forms().find(|form| form.post && form.action.path() == path).unwrap();
    form.set("name", "Blackboard, all schools");
    form.set("clientId", "a1-b2");
    let saved = owner.submit(&page, &form).await;
    has(&saved.text(), &["Blackboard, all schools is registered and active."]);
    let key = gateway.platforms().await.remove(0)["authConfig"]["key"].clone();
    assert!(key.as_str().unwrap().ends_with("/applications/a1-b2/jwks.json"), "{key}");
}
