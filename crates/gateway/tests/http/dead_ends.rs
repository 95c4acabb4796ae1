//! Launches that could not end well, and what the person can do there: a window where one helps,
//! the way back, and a reason that is the right one.

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::lms::{Endpoint, Lms, Options};
use simulator::profiles::Profile;
use test_case::both_stores;
use url::Url;

use crate::registered::{Posted, Registered, assert_refused, fields, form, leads_to, ltik_of};
use crate::support::{Gateway, Store, lms_options, register_by_hand};

const NEW_WINDOW: &str = "One more step is needed";

/// Where the page's link leads, if it has one.
fn link(page: &Page) -> Option<(String, String)> {
    let text = page.text();
    let (_, link) = text.split_once("<a class=\"button\" href=\"")?;
    // In the frame it would show the platform inside itself.
    let (address, rest) = link.split_once("\" target=\"_top\">")?;
    let address = address.replace("&#38;", "&");
    Some((address, rest.split_once("</a>")?.0.to_owned()))
}

/// The platform's answer that it could not see who is there, to a login with these fields.
async fn login_required(gateway: &Gateway, url: &str, fields: &[(&str, String)]) -> Page {
    let browser = Browser::new().unwrap();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, &**value)).collect();
    let page = browser.send(form(url, &fields)).await.unwrap();
    let to_platform = leads_to(&page);
    // Servers take a request line of 8 KiB.
    assert!(to_platform.as_str().len() < 8 * 1024);
    let mut pairs = to_platform.query_pairs();
    let state = pairs.find(|(name, _)| name == "state").unwrap().1;
    let error = [("error", "login_required"), ("state", &*state)];
    let request = form(&gateway.at("/lti/launch"), &error).header("sec-fetch-dest", "iframe");
    browser.send(request).await.unwrap()
}

#[both_stores("TC-041", "C-50")]
async fn a_new_window_is_offered_whatever_hints_the_platform_sends(store: Store) {
    let gateway = Gateway::start(store).await;
    let options = Options { profile: Profile::openolat(), ..lms_options() };
    let lms = Lms::start(options).await.unwrap();
    let client_id = register_by_hand(&gateway, &lms, &gateway.url).await;
    let platform = gateway.platforms().await.remove(0);
    let path = format!("/lti/login/{}", platform["id"].as_str().unwrap());
    let begun = lms.login_request(&simulator::lms::Launch::new(&client_id)).unwrap();
    let sent = fields(&begun);
    let hinting = |login_hint: &str, message_hint: &str| {
        let hints = [("login_hint", login_hint), ("lti_message_hint", message_hint)];
        let mut all: Vec<(&str, String)> = hints.map(|(name, hint)| (name, hint.to_owned())).into();
        let rest = sent.iter().filter(|(name, _)| !name.ends_with("_hint"));
        all.extend(rest.map(|(name, value)| (*name, (*value).to_owned())));
        all
    };
    let hint = sent.iter().find(|(name, _)| *name == "login_hint").unwrap().1;
    assert!(hint.len() > 500, "OpenOLAT's hints are long");
    // Canvas's message hint is a token of 500 bytes, OAT's one of two kilobytes.
    for (login_hint, message_hint) in
        [(hint, "1"), ("5", &"e".repeat(500)), ("5", &"a".repeat(2048))]
    {
        let page = login_required(&gateway, &begun.url, &hinting(login_hint, message_hint)).await;
        let offer = page.form_to(&path).unwrap_or_else(|| panic!("{}", page.text()));
        assert_eq!(
            (offer.field("login_hint"), offer.field("lti_message_hint")),
            (Some(login_hint), Some(message_hint))
        );
        assert!(page.text().contains(NEW_WINDOW), "{}", page.text());
    }
    // Too long to be sent along twice: nothing is promised that isn't there.
    let page = login_required(&gateway, &begun.url, &hinting(hint, &"a".repeat(3500))).await;
    assert!(page.form_to(&path).is_none() && !page.text().contains(NEW_WINDOW), "{}", page.text());
}

/// Moodle spends its hints with an answer about a person, and it saw none.
#[both_stores("TC-041", "A-50")]
async fn the_window_after_login_required_launches_at_moodle(store: Store) {
    let school = Registered::new(store).await;
    let begun = school.lms.login_request(&school.student()).unwrap();
    let sent = fields(&begun).into_iter().map(|(name, value)| (name, value.to_owned()));
    let sent: Vec<(&str, String)> = sent.collect();
    let page = login_required(&school.gateway, &begun.url, &sent).await;
    let path = format!("/lti/login/{}", school.platform_id);
    let offer = page.form_to(&path).unwrap_or_else(|| panic!("{}", page.text()));
    assert!(page.text().contains(NEW_WINDOW), "{}", page.text());
    let window = Browser::new().unwrap();
    let mut click = offer.action.clone();
    click.query_pairs_mut().extend_pairs(&offer.fields);
    let click = Request::new("GET".parse().unwrap(), click.as_str()).unwrap().no_redirects();
    let page = window.send(click).await.unwrap();
    let mut page = window.get(leads_to(&page).as_str()).await.unwrap();
    if page.auto_form().is_none() {
        page = window.get(leads_to(&page).as_str()).await.unwrap();
    }
    let answer = page.auto_form().unwrap_or_else(|| panic!("{}", page.text()));
    let field = |name| answer.field(name).unwrap().to_owned();
    let posted = Posted { id_token: field("id_token"), state: field("state") };
    let ltik = ltik_of("in the window", &school.post(&window, &posted).await);
    assert_eq!(school.read(&ltik).await["user"]["id"], "5");
}

#[both_stores]
async fn without_a_launch_url_no_login_starts_and_nothing_is_stored(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student()).await;
    let asked = school.lms.hits(Endpoint::Authorization);
    school.gateway.patch_tool(json!({"launchUrl": null})).await;
    let page = crate::registered::login(&school.lms, &browser, &school.student()).await;
    assert_refused("login", &page, 503, "LAUNCH_URL_NOT_SET");
    assert_eq!(school.lms.hits(Endpoint::Authorization), asked);
    assert_refused("launch", &school.post(&browser, &posted).await, 503, "LAUNCH_URL_NOT_SET");
    assert_eq!(school.gateway.launches().await, 0);
    for (outcome, count) in [("accepted", 0), ("failed", 1)] {
        let path = format!("/admin/traces?kind=launch&outcome={outcome}");
        let traces = school.gateway.admin("GET", &path, None).await.json().unwrap();
        assert_eq!(traces["traces"].as_array().unwrap().len(), count, "{traces}");
    }
    // A tool that only chooses content has one address, too.
    school.gateway.patch_tool(json!({"deepLinkingUrl": "http://127.0.0.3:9/choose"})).await;
    let chosen = school.teacher().deep_linking();
    ltik_of("deep linking", &school.launch(&chosen).await);
    school.refuses("resource link", school.student(), 503, "LAUNCH_URL_NOT_SET").await;
}

#[both_stores]
async fn deep_linking_is_refused_with_a_reason_if_not_offered(store: Store) {
    let school = Registered::with(store, json!({"services": {"deepLinking": false}})).await;
    school.refuses("off", school.teacher().deep_linking(), 400, "DEEP_LINKING_OFF").await;
    ltik_of("a resource link", &school.launch(&school.student()).await);
}

#[both_stores("I-42")]
async fn an_unlisted_embedding_page_is_named_in_refusal_and_trace(store: Store) {
    let school = Registered::new(store).await;
    let begun = school.lms.login_request(&school.student()).unwrap();
    let mut sent = fields(&begun);
    sent.push(("lti_storage_target", "_parent"));
    let framed = |origin: &str| {
        let request = form(&begun.url, &sent).header("sec-fetch-dest", "iframe");
        request.header("origin", origin)
    };
    let get = |url: &Url| {
        let request = Request::new("GET".parse().unwrap(), url.as_str()).unwrap();
        request.no_redirects().header("accept", "text/html").header("sec-fetch-dest", "iframe")
    };
    let browser = Browser::new().unwrap();
    let page = browser.send(framed("https://canvas.school.example")).await.unwrap();
    let check = page.location().unwrap();
    let refused = browser.fresh().send(get(&check)).await.unwrap();
    assert_refused("no cookies", &refused, 401, "FRAME_ORIGIN_NOT_LISTED");
    let path = format!("/lti/login/{}", school.platform_id);
    assert!(
        refused.form_to(&path).is_some() && refused.text().contains(NEW_WINDOW),
        "{}",
        refused.text()
    );
    // The page is read there all the same, which no policy of ours may prevent.
    assert!(!refused.header("content-security-policy").unwrap().contains("frame-ancestors"));
    let trace = school.gateway.newest("kind=login").await;
    assert_eq!(trace["frameOriginNotListed"], "https://canvas.school.example");
    assert!(
        trace["reason"]["text"].as_str().unwrap().contains("https://canvas.school.example"),
        "{trace}"
    );
    assert!(trace["reason"]["advice"].as_str().unwrap().contains("frameOrigins"), "{trace}");
    // The same at launch, where the cookies are lost on the way.
    let onward = browser.send(get(&check)).await.unwrap();
    let answer =
        browser.get(onward.location().unwrap().as_str()).await.unwrap().auto_form().unwrap();
    let posted = ["id_token", "state"].map(|name| (name, answer.field(name).unwrap()));
    let lost = form(&school.gateway.at("/lti/launch"), &posted).header("sec-fetch-dest", "iframe");
    assert_refused(
        "at launch",
        &browser.fresh().send(lost.clone()).await.unwrap(),
        401,
        "FRAME_ORIGIN_NOT_LISTED",
    );
    // With cookies all is well, and the trace tells what would have been of no help.
    ltik_of("cookies", &browser.send(lost).await.unwrap());
    assert_eq!(
        school.gateway.newest("outcome=accepted&kind=launch").await["frameOriginNotListed"],
        "https://canvas.school.example"
    );
}

#[both_stores("I-42")]
async fn a_refusal_may_be_framed_by_its_own_platform(store: Store) {
    let school = Registered::new(store).await;
    let begun = school.lms.login_request(&school.student()).unwrap();
    let own = school.lms.url();
    // Where no one knows whose page it is, it is shown in any.
    for (origin, framed_by) in
        [(own, Some(format!("'self' {own}"))), ("https://portal.example", None), ("null", None)]
    {
        let browser = Browser::new().unwrap();
        let login = form(&begun.url, &fields(&begun)).header("origin", origin);
        let page = browser.send(login).await.unwrap();
        let mut pairs =
            page.location().unwrap().query_pairs().into_owned().collect::<Vec<_>>().into_iter();
        let state = pairs.find(|(name, _)| name == "state").unwrap().1;
        let error = [("error", "access_denied"), ("state", &*state)];
        let page = browser.send(form(&school.gateway.at("/lti/launch"), &error)).await.unwrap();
        assert_refused(origin, &page, 400, "PLATFORM_DENIED_ACCESS");
        let policy = page.header("content-security-policy").unwrap();
        let named = policy.split("; ").find_map(|part| part.strip_prefix("frame-ancestors "));
        assert_eq!(named, framed_by.as_deref(), "{origin}: {policy}");
    }
}

#[both_stores("B-49")]
async fn a_refused_launch_links_back_to_its_platform_only(store: Store) {
    let school = Registered::new(store).await;
    let own = format!("{}/return?course=2&x=%C3%A4", school.lms.url());
    let to = |return_url: &str| {
        school
            .student()
            .without("roles")
            .with("launch_presentation", json!({"return_url": return_url, "locale": "de"}))
    };
    let page = school.launch(&to(&own)).await;
    assert!(page.status == 401 && page.text().contains("NO_ROLES_CLAIM"), "{}", page.text());
    let (back, text) = link(&page).unwrap_or_else(|| panic!("{}", page.text()));
    assert_eq!(text, "Zurück zu Ihrer Lernplattform");
    let back = Url::parse(&back).unwrap();
    let pairs: Vec<(String, String)> = back.query_pairs().into_owned().collect();
    let reference =
        school.gateway.newest("outcome=failed").await["id"].as_str().unwrap().to_owned();
    // The platform shows this sentence, and nothing below it.
    let sentence = format!(
        "Ihre Lernplattform hat einen Aufruf geschickt, der nicht angenommen werden kann. Bitte öffnen Sie das Tool noch \
         einmal aus Ihrem Kurs; wenn das nicht hilft, teilen Sie Ihrer Administration bitte das Kennzeichen mit. \
         Kennzeichen für den Support: {reference}"
    );
    let wanted = [
        ("course", "2"),
        ("x", "ä"),
        ("lti_errormsg", &sentence),
        ("lti_errorlog", &format!("reference {reference}")),
    ];
    assert_eq!(pairs, wanted.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let far = format!("{}/{}", school.lms.url(), "x".repeat(3000));
    let tricky = own.replace("http://", "http://evil.test@");
    let port = format!("{}0/return", school.lms.url());
    for foreign in [
        "https://evil.test/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.test/",
        "/return",
        "",
        &far,
        &tricky,
        &port,
    ] {
        let page = school.launch(&to(foreign)).await;
        assert_eq!(page.status, 401);
        assert!(link(&page).is_none(), "{foreign}: {}", page.text());
    }
    // A forged token leads nowhere.
    let page = school.launch(&to(&own).header(json!({"alg": "RS256"}))).await;
    assert!(page.status == 401 && link(&page).is_none(), "{}", page.text());
}

#[both_stores("I-24", "I-26")]
async fn sessions_end_with_their_deployment(store: Store) {
    let school = Registered::new(store).await;
    let ltik = ltik_of("launch", &school.launch(&school.student()).await);
    let all = format!("/admin/platforms/{}/deployments", school.platform_id);
    let listed = school.gateway.admin("GET", &all, None).await.json().unwrap();
    let one = format!("{all}/{}", listed["deployments"][0]["deploymentId"].as_str().unwrap());
    for (status, read) in [("disabled", 401), ("pending", 401), ("active", 200)] {
        let changed = school.gateway.admin("PATCH", &one, Some(json!({"status": status}))).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        for query in ["", "?raw=true"] {
            let answer = school.gateway.idtoken(&ltik, query).await;
            assert_eq!(answer.status, read, "{status}: {}", answer.text());
        }
    }
    assert_eq!(school.gateway.admin("DELETE", &one, None).await.status, 204);
    let answer = school.gateway.idtoken(&ltik, "").await;
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("deployment"), "{}", answer.text());
}

#[both_stores]
async fn the_raw_audience_is_our_client_id_even_among_several(store: Store) {
    let school = Registered::with(store, json!({"launch": {"trustedAudiences": ["other"]}})).await;
    let several = json!(["other", school.client_id]);
    let launch =
        school.student().with("aud", several).with("azp", Value::from(school.client_id.as_str()));
    let ltik = ltik_of("several", &school.launch(&launch).await);
    let answer = school.gateway.idtoken(&ltik, "?raw=true").await.json().unwrap();
    assert_eq!(answer["aud"], school.client_id.as_str());
}
