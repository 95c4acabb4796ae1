//! The confirmation page: TC-182, TC-202, TC-203 and TC-222.

use serde_json::json;
use simulator::browser::Form;
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use simulator::profiles::PLATFORM_CONFIGURATION;
use test_case::{both_stores, cases};

use super::*;
use crate::support::Store;

const PATH: &str = "/lti/register/confirm";

fn asking() -> Value {
    json!({"registration": {"confirm": true, "autoActivate": true}})
}

/// A registration that waits for the click, and its form.
async fn asked(gateway: &Gateway, lms: &Lms) -> (RegistrationStart, Page, Form) {
    let (start, page) = register(gateway, lms).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let found = page.form_to(PATH).unwrap();
    (start, page, found)
}

/// The click, with more headers.
async fn click(gateway: &Gateway, filled: &Form, headers: &[(&str, &str)]) -> Page {
    let mut request = form(&gateway.at(PATH), &filled.fields);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    Browser::new().unwrap().send(request).await.unwrap()
}

#[both_stores("TC-182")]
async fn nothing_is_sent_before_the_click(store: Store) {
    let (gateway, lms) = (Gateway::start_with(store, asking()).await, lms_of("brightspace").await);
    let (start, page, form) = asked(&gateway, &lms).await;
    assert!(form.post && page.auto_form().is_none());
    assert_eq!((lms.hits(Endpoint::Configuration), lms.hits(Endpoint::Registration)), (1, 0));
    assert_eq!(gateway.platforms().await.len(), 0);
    let same = [("sec-fetch-site", "same-origin")];
    let page = click(&gateway, &form, &same).await;
    assert_eq!(page.status, 200, "{}", page.text());
    // Held from the first look: Brightspace's address is good for one.
    assert_eq!((lms.hits(Endpoint::Configuration), lms.hits(Endpoint::Registration)), (1, 1));
    lms.activate(&start.client_id).unwrap();
    assert_launches(&lms, &start.client_id).await;
    // A second click finds nothing.
    assert_refused(&click(&gateway, &form, &same).await, 404, "REGISTRATION_NOT_FOUND");
    assert_eq!(lms.hits(Endpoint::Registration), 1);
}

#[both_stores]
async fn two_simultaneous_clicks_send_one_registration(store: Store) {
    let (gateway, lms) = (Gateway::start_with(store, asking()).await, lms_of("moodle").await);
    let (_, _, form) = asked(&gateway, &lms).await;
    lms.faults().set(Endpoint::Registration, Fault::Late(std::time::Duration::from_millis(300)));
    let (one, two) = tokio::join!(click(&gateway, &form, &[]), click(&gateway, &form, &[]));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!((statuses, lms.hits(Endpoint::Registration)), ([200, 404], 1));
}

#[both_stores]
async fn the_click_may_lead_to_the_tools_own_page(store: Store) {
    let mut settings = with_approval_page();
    settings["registration"]["confirm"] = json!(true);
    let (gateway, lms) = (Gateway::start_with(store, settings).await, lms_of("moodle").await);
    let (_, page, form) = asked(&gateway, &lms).await;
    assert!(page.header("content-security-policy").unwrap().contains("form-action *"));
    let waiting = form.field("registration").unwrap().to_owned();
    // Until the click the tool has no say.
    assert_refused(&complete(&gateway, &waiting, None).await, 404, "REGISTRATION_NOT_FOUND");
    let page = click(&gateway, &form, &[]).await;
    let id = registration_id(&page);
    assert_refused(&click(&gateway, &form, &[]).await, 404, "REGISTRATION_NOT_FOUND");
    assert_eq!(lms.hits(Endpoint::Registration), 0);
    assert_eq!(complete(&gateway, &id, None).await.status, 200);
    only_platform(&gateway).await;
}

#[both_stores("TC-202")]
async fn a_prefetch_registers_nothing_either_way(store: Store) {
    for settings in [json!({}), asking(), with_approval_page()] {
        let (gateway, lms) = (Gateway::start_with(store, settings).await, lms_of("moodle").await);
        for (name, value) in [
            ("sec-purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "prefetch"),
            ("x-moz", "prefetch"),
        ] {
            let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
            let request =
                Request::new("GET".parse().unwrap(), &start.url).unwrap().header(name, value);
            let page = Browser::new().unwrap().send(request).await.unwrap();
            assert_refused(&page, 400, "PREFETCH_REFUSED");
            let head = Request::new("HEAD".parse().unwrap(), &start.url).unwrap();
            assert_eq!(Browser::new().unwrap().send(head).await.unwrap().status, 405);
        }
        assert_eq!((lms.hits(Endpoint::Configuration), lms.hits(Endpoint::Registration)), (0, 0));
    }
}

#[cases("TC-203")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_our_own_page_may_confirm() {
    let (gateway, lms) =
        (Gateway::start_with(Store::Sqlite, asking()).await, lms_of("moodle").await);
    let (_, _, form) = asked(&gateway, &lms).await;
    for site in ["cross-site", "same-site", "none"] {
        let page = click(&gateway, &form, &[("sec-fetch-site", site)]).await;
        assert_refused(&page, 403, "CONFIRMATION_REFUSED");
    }
    let mut other = form.clone();
    other.fields.clear();
    assert_refused(&click(&gateway, &other, &[]).await, 403, "CONFIRMATION_REFUSED");
    for id in ["", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        other.set("registration", id);
        assert_refused(&click(&gateway, &other, &[]).await, 404, "REGISTRATION_NOT_FOUND");
    }
    assert_eq!(open(&gateway.at(PATH)).await.status, 405);
    assert_eq!(lms.hits(Endpoint::Registration), 0);
    // None of it used the waiting one up.
    assert_eq!(click(&gateway, &form, &[]).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_awaiting_the_tools_approval_cannot_be_clicked() {
    let (gateway, lms) =
        (Gateway::start_with(Store::Sqlite, with_approval_page()).await, lms_of("moodle").await);
    let (_, id) = wait_for_approval(&gateway, &lms).await;
    let request = form(&gateway.at(PATH), &[("registration".into(), id)]);
    let page = Browser::new().unwrap().send(request).await.unwrap();
    assert_refused(&page, 404, "REGISTRATION_NOT_FOUND");
    assert_eq!(lms.hits(Endpoint::Registration), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_click_after_an_hour_is_too_late() {
    let (gateway, lms) =
        (Gateway::start_with(Store::Sqlite, asking()).await, lms_of("moodle").await);
    let (_, _, form) = asked(&gateway, &lms).await;
    gateway.clock.advance(std::time::Duration::from_secs(3601));
    assert_refused(&click(&gateway, &form, &[]).await, 404, "REGISTRATION_NOT_FOUND");
    assert_eq!(lms.hits(Endpoint::Registration), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_says_who_asks_for_what() {
    let mut settings = asking();
    settings["services"] = json!({"namesAndRoles": false});
    settings["privacyLevel"] = json!("name_only");
    let (gateway, lms) =
        (Gateway::start_with(Store::Sqlite, settings).await, lms_of("canvas").await);
    let jwks = Fault::set("/jwks_uri", "http://localhost:9/jwks");
    lms.faults().set(Endpoint::Configuration, jwks);
    let (start, page, _) = asked(&gateway, &lms).await;
    let text = page.text();
    for shown in [
        "Register Test tool with Canvas at 127.0.0.1?",
        &format!("<dd>{}</dd>", lms.endpoints().issuer),
        "<dd>127.0.0.1, localhost</dd>",
        "Let teachers choose content in the tool",
        "Read and write grades",
        "<li>Name</li>",
        "can be used as soon as you switch it on",
        "Nothing has been sent to your platform yet.",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for unasked in ["Read who is in a course", "E-mail address", "Picture", &start.token] {
        assert!(!text.contains(unasked), "{unasked}: {text}");
    }
    let policy = page.header("content-security-policy").unwrap();
    let ancestors = format!("frame-ancestors 'self' {}", lms.url());
    assert!(policy.contains("form-action 'self'") && policy.contains(&ancestors), "{policy}");
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
}

#[cases("TC-222")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platforms_text_is_never_markup() {
    let (gateway, lms) =
        (Gateway::start_with(Store::Sqlite, asking()).await, lms_of("moodle").await);
    let family = format!("/{}/product_family_code", PLATFORM_CONFIGURATION.replace('/', "~1"));
    let hostile = "</h1><script>alert(1)</script>\u{7}\"'&\n";
    lms.faults().set(Endpoint::Configuration, Fault::set(&family, hostile));
    let (_, page, form) = asked(&gateway, &lms).await;
    let text = page.text();
    assert!(!text.contains("<script>alert") && !text.contains("</h1><script"), "{text}");
    assert!(text.contains("&#60;script&#62;alert(1)"), "{text}");
    let page = click(&gateway, &form, &[]).await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("<script>alert"));
    let platform = only_platform(&gateway).await;
    let name = platform["name"].as_str().unwrap();
    assert!(!name.contains(char::is_control), "{name:?}");
}

/// The very request decides what stands on the page: what the platform doesn't offer is not asked
/// for.
#[both_stores]
async fn the_page_lists_what_the_request_asks_for(store: Store) {
    let (gateway, lms) = (Gateway::start_with(store, asking()).await, lms_of("moodle").await);
    let roster = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly";
    let offered = [
        ("/scopes_supported", json!([roster])),
        ("/claims_supported", json!(["iss", "sub", "email"])),
    ];
    let offered = offered.map(|(member, value)| (member.to_owned(), Some(value)));
    lms.faults().set(Endpoint::Configuration, Fault::Change(offered.to_vec()));
    let (_, page, _) = asked(&gateway, &lms).await;
    let text = page.text();
    for shown in ["<li>E-mail address</li>", "Read who is in a course"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for unasked in ["<li>Name</li>", "<li>Picture</li>", "Read and write grades"] {
        assert!(!text.contains(unasked), "{unasked}: {text}");
    }
    let trace = gateway.newest("kind=registration").await;
    let asked = trace["registration"]["asked"].as_array().unwrap();
    assert!(asked.len() == 1 && asked[0].as_str().unwrap().contains("lti-nrps"), "{trace}");
    assert_eq!(trace["registration"].get("result"), None, "it waits: {trace}");
}
