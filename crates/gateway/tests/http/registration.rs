//! The plain registration flow: what is sent, what is stored, and that a failure says why and
//! stores nothing (lti.md D.1 to D.6). The other flows, every vendor and hostile addresses are in
//! `dynamic`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::faults::Fault;
use simulator::lms::{Endpoint, Launch, Lms};
use simulator::profiles::{PLATFORM_CONFIGURATION, TOOL_CONFIGURATION};
use test_case::{both_stores, cases};

use crate::kept_log;
use crate::ports::HeldPort;
use crate::registered::{Registered, assert_refused, register};
use crate::support::{Gateway, Store, lms};

/// A gateway that says why, and an LMS that doesn't know it yet.
struct Strangers {
    gateway: Gateway,
    lms: Lms,
}

impl Strangers {
    async fn meet(store: Store) -> Self {
        let settings = json!({"launch": {"showReasons": true}});
        Self { gateway: Gateway::start_with(store, settings).await, lms: lms().await }
    }

    /// An administrator opens the registration URL that the LMS made.
    async fn register(&self) -> Page {
        let start = self.lms.begin_registration(&self.gateway.at("/lti/register"));
        open(&start.unwrap().url).await
    }

    /// Registers while an endpoint of the LMS misbehaves, and expects this and nothing stored.
    async fn fails(
        &self,
        case: &str,
        endpoint: Endpoint,
        fault: Fault,
        status: u16,
        code: &str,
    ) -> Page {
        let before = self.gateway.rows().await;
        self.lms.faults().set(endpoint, fault);
        let page = self.register().await;
        self.lms.faults().clear_all();
        assert_refused(case, &page, status, code);
        assert!(page.text().contains("Close this window"), "{case}: {}", page.text());
        assert_eq!(self.gateway.rows().await, before, "{case}");
        page
    }
}

/// What a browser shows at an address, wherever it leads.
async fn open(url: &str) -> Page {
    let request = Request::new("GET".parse().unwrap(), url).unwrap();
    let request = request.no_redirects().header("accept", "text/html");
    Browser::new().unwrap().send(request).await.unwrap()
}

fn body(status: u16, content_type: &str, body: &str) -> Fault {
    Fault::Answer { status, content_type: content_type.into(), body: body.into() }
}

/// The registration request that came last.
fn request(lms: &Lms) -> (Value, Option<String>) {
    let wire = lms.wire();
    let exchange = wire.iter().rev().find(|exchange| exchange.title == "registration").unwrap();
    let bearer = exchange
        .parameters
        .iter()
        .find(|parameter| parameter.name.eq_ignore_ascii_case("authorization"));
    (serde_json::from_str(&exchange.body).unwrap(), bearer.map(|parameter| parameter.value.clone()))
}

#[both_stores("TC-182", "TC-183", "TC-184")]
async fn moodle_is_registered_with_one_get_and_one_post(store: Store) {
    let meeting = Strangers::meet(store).await;
    let (gateway, lms) = (&meeting.gateway, &meeting.lms);
    let start = lms.begin_registration(&gateway.at("/lti/register")).unwrap();
    let page = open(&start.url).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(
        page.text().contains("subject: \"org.imsglobal.lti.close\""),
        "TC-184: {}",
        page.text()
    );
    assert!(page.text().contains("You can close this window"));
    assert_eq!((lms.hits(Endpoint::Configuration), lms.hits(Endpoint::Registration)), (1, 1));
    let (body, bearer) = request(lms);
    assert_eq!(bearer.unwrap(), format!("Bearer {}", start.token));

    let platform = gateway.platforms().await.remove(0);
    let id = platform["id"].as_str().unwrap();
    let at = lms.endpoints();
    for (member, value) in [
        ("url", at.issuer.as_str()),
        ("clientId", &start.client_id),
        ("authenticationEndpoint", &at.authorization),
        ("accesstokenEndpoint", &at.token),
        ("productFamilyCode", "moodle"),
    ] {
        assert_eq!(platform[member], value, "{member}");
    }
    assert_eq!(platform["authConfig"], json!({"method": "JWK_SET", "key": at.jwks}));
    assert_eq!(platform["active"], false);
    let deployments = gateway
        .admin("GET", &format!("/admin/platforms/{id}/deployments"), None)
        .await
        .json()
        .unwrap();
    assert_eq!(
        deployments["deployments"][0]["deploymentId"],
        lms.tool(&start.client_id).unwrap().deployment_id
    );

    // TC-183: every member that some platform insists on.
    let (launch, tool) = (gateway.at("/lti/launch"), &body[TOOL_CONFIGURATION]);
    for (member, value) in [
        ("application_type", json!("web")),
        ("response_types", json!(["id_token"])),
        ("grant_types", json!(["implicit", "client_credentials"])),
        ("client_name", json!("Test tool")),
        ("initiate_login_uri", json!(gateway.at(&format!("/lti/login/{id}")))),
        ("redirect_uris", json!([launch])),
        ("jwks_uri", json!(gateway.at(&format!("/lti/keys/{id}")))),
        ("token_endpoint_auth_method", json!("private_key_jwt")),
    ] {
        assert_eq!(body[member], value, "{member}");
    }
    assert_eq!(tool["target_link_uri"], launch.as_str());
    assert_eq!(tool["domain"], gateway.url.trim_start_matches("http://"));
    for claim in ["iss", "sub", "name", "given_name", "family_name", "email"] {
        assert!(tool["claims"].as_array().unwrap().contains(&json!(claim)), "{claim}");
    }
    let types: Vec<&Value> =
        tool["messages"].as_array().unwrap().iter().map(|message| &message["type"]).collect();
    assert_eq!(types, ["LtiResourceLinkRequest", "LtiDeepLinkingRequest"]);
    assert_eq!(gateway.rows().await["signing_keys"], 1);
}

/// Registrations while the platform's configuration is spoilt in each of these ways: refused so,
/// and nothing is asked for.
async fn configurations_fail(store: Store, cases: Vec<(&str, Fault, u16, &str)>) {
    let meeting = Strangers::meet(store).await;
    for (case, fault, status, code) in cases {
        meeting.fails(case, Endpoint::Configuration, fault, status, code).await;
    }
    assert_eq!(meeting.lms.hits(Endpoint::Registration), 0);
}

#[both_stores]
async fn a_configuration_that_cannot_be_read_is_refused(store: Store) {
    let elsewhere = Fault::Redirect("https://example.com/".into());
    let cases = vec![
        ("missing", Fault::Status(404), 502, "CONFIGURATION_UNREACHABLE"),
        ("broken", Fault::Cut, 502, "CONFIGURATION_UNREACHABLE"),
        ("redirect", elsewhere, 502, "CONFIGURATION_UNREACHABLE"),
    ];
    configurations_fail(store, cases).await;
}

#[both_stores("TC-207")]
async fn a_configuration_that_is_no_small_object_is_refused(store: Store) {
    let odd = |text: &str| body(200, "application/json", text);
    let twice = odd("{\"issuer\":\"a\",\"issuer\":\"b\"}");
    let cases = vec![
        ("HTML", Fault::Html, 400, "CONFIGURATION_NOT_JSON"),
        ("cut", odd("{\"issuer\":"), 400, "CONFIGURATION_INVALID"),
        ("array", odd("[]"), 400, "CONFIGURATION_INVALID"),
        ("twice", twice, 400, "CONFIGURATION_INVALID"),
        ("10 MiB", Fault::Larger(10 * 1024 * 1024), 400, "CONFIGURATION_TOO_LARGE"),
    ];
    configurations_fail(store, cases).await;
}

#[both_stores("TC-204")]
async fn a_configuration_of_another_issuer_is_refused(store: Store) {
    let other = Fault::set("/issuer", "https://p1.test");
    configurations_fail(store, vec![("TC-204", other, 400, "ISSUER_MISMATCH")]).await;
}

#[both_stores("TC-209", "TC-210")]
async fn a_configuration_without_our_algorithms_is_refused(store: Store) {
    let signing = Fault::set("/id_token_signing_alg_values_supported", json!(["HS256"]));
    let methods =
        Fault::set("/token_endpoint_auth_methods_supported", json!(["client_secret_basic"]));
    let cases = vec![
        ("TC-209", signing, 400, "CONFIGURATION_INVALID"),
        ("TC-210", methods, 400, "CONFIGURATION_INVALID"),
    ];
    configurations_fail(store, cases).await;
}

#[both_stores("TC-211", "TC-233")]
async fn a_configuration_that_leads_inside_is_refused(store: Store) {
    let plain = Fault::set("/registration_endpoint", "http://lms.example.com/register");
    let private = Fault::set("/jwks_uri", "https://10.0.0.5/jwks");
    let cases = vec![
        ("TC-211", plain, 400, "ADDRESS_NOT_ALLOWED"),
        ("TC-233", private, 400, "ADDRESS_NOT_ALLOWED"),
    ];
    configurations_fail(store, cases).await;
}

#[both_stores("TC-208")]
async fn the_member_that_a_configuration_lacks_is_named(store: Store) {
    let meeting = Strangers::meet(store).await;
    let lti = PLATFORM_CONFIGURATION.replace('/', "~1");
    for member in [
        "issuer",
        "authorization_endpoint",
        "registration_endpoint",
        "jwks_uri",
        "token_endpoint",
        &lti,
    ] {
        let fault = Fault::remove(&format!("/{member}"));
        let page = meeting
            .fails(member, Endpoint::Configuration, fault, 400, "CONFIGURATION_INVALID")
            .await;
        assert!(page.text().contains(&member.replace("~1", "/")), "{member}: {}", page.text());
    }
    assert_eq!(meeting.lms.hits(Endpoint::Registration), 0);
}

/// A registration while the platform answers it in this way: refused so, after one request, and the
/// page has these words.
async fn answer_fails(meeting: &Strangers, case: &str, fault: Fault, code: &str, words: &str) {
    let before = meeting.lms.hits(Endpoint::Registration);
    let page = meeting.fails(case, Endpoint::Registration, fault, 502, code).await;
    assert!(page.text().contains(words), "{case}: {}", page.text());
    assert!(!page.text().contains("<script>alert"), "{case}: {}", page.text());
    assert_eq!(meeting.lms.hits(Endpoint::Registration), before + 1, "{case}");
}

#[both_stores("TC-212")]
async fn a_registration_that_is_redirected_is_not_sent_on(store: Store) {
    let meeting = Strangers::meet(store).await;
    let elsewhere = lms().await;
    let redirect = Fault::Redirect(elsewhere.endpoints().registration);
    let code = "REGISTRATION_REDIRECTED";
    answer_fails(&meeting, "redirect", redirect, code, "pointed elsewhere").await;
    assert_eq!(elsewhere.hits(Endpoint::Registration), 0);
    let code = "REGISTRATION_NOT_ANSWERED";
    answer_fails(&meeting, "cut", Fault::Cut, code, "or not completely. It may").await;
    let code = "REGISTRATION_ANSWER_INVALID";
    answer_fails(&meeting, "large", Fault::Larger(300_000), code, "be used. It may").await;
}

/// Whoever reads that has nothing to look for in the LMS.
#[both_stores]
async fn a_registration_that_cannot_be_sent_says_so(store: Store) {
    let meeting = Strangers::meet(store).await;
    let closed = HeldPort::new();
    let mut nowhere = url::Url::parse(&meeting.lms.endpoints().registration).unwrap();
    nowhere.set_port(Some(closed.number)).unwrap();
    let fault = Fault::set("/registration_endpoint", nowhere.as_str());
    let code = "REGISTRATION_NOT_SENT";
    let page = meeting.fails("closed", Endpoint::Configuration, fault, 502, code).await;
    assert!(page.text().contains("nothing was registered"), "{}", page.text());
    let trace = meeting.gateway.newest("outcome=failed").await;
    let advice = trace["reason"]["advice"].as_str().unwrap();
    assert!(advice.contains("Nothing was sent") && advice.contains("hallpass doctor"), "{trace}");
}

#[both_stores("TC-213", "TC-214", "TC-215")]
async fn a_platforms_refusal_is_explained_and_nothing_stored(store: Store) {
    let meeting = Strangers::meet(store).await;
    let spent = body(401, "text/html", "token_already_used");
    let script =
        r#"{"error":"invalid_client_metadata","error_description":"<script>alert(1)</script>"}"#;
    let script = body(400, "application/json", script);
    let scopes = body(422, "application/json", r#"{"errors":["scopes are wrong"]}"#);
    for (case, fault, words) in [
        ("TC-213", spent, "token_already_used"),
        ("TC-214", script, "alert(1)"),
        ("TC-215", scopes, "scopes are wrong"),
    ] {
        answer_fails(&meeting, case, fault, "REGISTRATION_REFUSED", words).await;
    }
    // A second registration with a spent token: Moodle's own refusal.
    let start = meeting.lms.begin_registration(&meeting.gateway.at("/lti/register")).unwrap();
    assert_eq!(open(&start.url).await.status, 200);
    assert_refused("TC-213", &open(&start.url).await, 502, "REGISTRATION_REFUSED");
    assert_eq!(meeting.gateway.platforms().await.len(), 1);
}

#[both_stores("TC-216")]
async fn an_answer_without_a_client_id_registers_nothing(store: Store) {
    let meeting = Strangers::meet(store).await;
    for (case, fault) in [
        ("missing", Fault::remove("/client_id")),
        ("empty", Fault::set("/client_id", "")),
        ("no JSON", body(200, "text/html", "fine")),
    ] {
        answer_fails(&meeting, case, fault, "REGISTRATION_ANSWER_INVALID", "delete it").await;
    }
}

#[cases("TC-188", "TC-190", "TC-191")]
#[tokio::test]
async fn a_number_as_client_id_and_fewer_scopes_are_understood() {
    let meeting = Strangers::meet(Store::Sqlite).await;
    let deployment = format!("/{}/deployment_id", TOOL_CONFIGURATION.replace('/', "~1"));
    let score = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
    let changes = [
        ("/client_id", Some(json!(10_000_000_000_123_u64))),
        (&deployment, None),
        ("/scope", Some(json!(score))),
    ];
    let changes = changes.map(|(pointer, value)| (pointer.to_owned(), value)).to_vec();
    meeting.lms.faults().set(Endpoint::Registration, Fault::Change(changes));
    assert_eq!(meeting.register().await.status, 200);
    let platform = meeting.gateway.platforms().await.remove(0);
    assert_eq!(platform["clientId"], "10000000000123", "TC-190");
    let rows = meeting.gateway.rows().await;
    assert_eq!(rows["deployments"], 0, "TC-188");
    let scopes = meeting.gateway.texts("SELECT scopes FROM platforms").await;
    assert_eq!(scopes, [score], "TC-191");
}

#[cases("TC-187", "TC-189")]
#[tokio::test]
async fn a_deployment_beside_the_client_id_is_stored() {
    let meeting = Strangers::meet(Store::Sqlite).await;
    let created = body(201, "application/json", r#"{"client_id": "c201", "deployment_id": "d1"}"#);
    meeting.lms.faults().set(Endpoint::Registration, created);
    assert_eq!(meeting.register().await.status, 200, "TC-189");
    assert_eq!(meeting.gateway.rows().await["deployments"], 1, "TC-187");
}

#[cases("TC-192", "TC-193", "TC-194")]
#[tokio::test]
async fn only_what_the_platform_offers_is_requested() {
    let meeting = Strangers::meet(Store::Sqlite).await;
    let lti = PLATFORM_CONFIGURATION.replace('/', "~1");
    let score = "https://purl.imsglobal.org/spec/lti-ags/scope/score";
    let messages = json!([{"type": "LtiResourceLinkRequest"}]);
    let changes = vec![
        ("/scopes_supported".to_owned(), Some(json!(["openid", score]))),
        (format!("/{lti}/messages_supported"), Some(messages)),
    ];
    meeting.lms.faults().set(Endpoint::Configuration, Fault::Change(changes));
    assert_eq!(meeting.register().await.status, 200);
    let (sent, _) = request(&meeting.lms);
    assert_eq!(sent["scope"], score, "TC-192");
    let text = sent.to_string();
    assert!(!text.contains("LtiDeepLinkingRequest"), "TC-193: {text}");

    let old = json!({"product_family_code": "moodle", "messages_supported": ["LtiResourceLink"]});
    let changes = vec![(format!("/{lti}"), None), (format!("/{lti} "), Some(old))];
    meeting.lms.faults().set(Endpoint::Configuration, Fault::Change(changes));
    let page = meeting.register().await;
    assert_eq!(page.status, 200, "TC-194: {}", page.text());
}

#[cases("TC-198", "TC-261")]
#[tokio::test]
async fn two_registrations_at_one_platform_share_nothing() {
    let school = Registered::new(Store::Sqlite).await;
    let (client_id, platform_id) = register(&school.gateway, &school.lms).await;
    assert_ne!(client_id, school.client_id);
    let mut kids = Vec::new();
    for id in [&school.platform_id, &platform_id] {
        let url = school.gateway.at(&format!("/lti/keys/{id}"));
        let keys = open(&url).await.json().unwrap();
        assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
        kids.push(keys["keys"][0]["kid"].clone());
    }
    assert_ne!(kids[0], kids[1]);
    school.accepts("the first", school.student()).await;
    school.accepts("the second", Launch::new(&client_id)).await;
}

/// Registrations that must be refused before the platform hears of them.
async fn assert_untouched(meeting: &Strangers, before: &BTreeMap<String, i64>) {
    assert_eq!(meeting.gateway.rows().await, *before);
    let asked = [Endpoint::Configuration, Endpoint::Registration].map(|at| meeting.lms.hits(at));
    assert_eq!(asked, [0, 0]);
}

#[cases("TC-202")]
#[tokio::test]
async fn a_prefetch_registers_nothing() {
    let meeting = Strangers::meet(Store::Sqlite).await;
    let before = meeting.gateway.rows().await;
    let start = meeting.lms.begin_registration(&meeting.gateway.at("/lti/register")).unwrap();
    for header in ["sec-purpose", "purpose", "x-moz"] {
        let request = Request::new("GET".parse().unwrap(), &start.url).unwrap();
        let request = request.header("accept", "text/html").header(header, "prefetch");
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_refused("TC-202", &page, 400, "PREFETCH_REFUSED");
    }
    let head = Request::new("HEAD".parse().unwrap(), &start.url).unwrap();
    assert_eq!(Browser::new().unwrap().send(head).await.unwrap().status, 405);
    assert_untouched(&meeting, &before).await;
}

#[cases("TC-201", "TC-206")]
#[tokio::test]
async fn a_wrong_registration_address_registers_nothing() {
    let meeting = Strangers::meet(Store::Sqlite).await;
    let before = meeting.gateway.rows().await;
    let wrong = "INVALID_REGISTRATION_PARAMETER";
    let (a, b) = ("https%3A%2F%2Fa.test", "https%3A%2F%2Fb.test");
    let userinfo = "openid_configuration=https%3A%2F%2Fp1.test%40127.0.0.1%2F";
    for (case, query, code) in [
        ("TC-201", "registration_token=x", wrong),
        ("empty", "openid_configuration=", wrong),
        ("twice", &format!("openid_configuration={a}&openid_configuration={b}"), wrong),
        ("relative", "openid_configuration=%2Fconfiguration", wrong),
        ("privacy", &format!("openid_configuration={a}&privacyLevel=secret"), wrong),
        ("TC-206", userinfo, "ADDRESS_NOT_ALLOWED"),
    ] {
        let page = open(&meeting.gateway.at(&format!("/lti/register?{query}"))).await;
        assert_refused(case, &page, 400, code);
    }
    assert_untouched(&meeting, &before).await;
}

#[tokio::test]
async fn while_registration_is_closed_nothing_is_registered() {
    let meeting = Strangers::meet(Store::Sqlite).await;
    let start = meeting.lms.begin_registration(&meeting.gateway.at("/lti/register")).unwrap();
    for patch in [json!({"open": false}), json!({"open": true, "enabled": false})] {
        meeting.gateway.patch_tool(json!({"registration": patch})).await;
        let before = meeting.gateway.rows().await;
        let page = open(&start.url).await;
        assert_refused("closed", &page, 403, "DYNAMIC_REGISTRATION_DISABLED");
        assert_untouched(&meeting, &before).await;
    }
}

#[cases("TC-217")]
#[tokio::test]
async fn a_hanging_platform_is_given_up() {
    let meeting = Strangers::meet(Store::Sqlite).await;
    let late = Fault::Late(Duration::from_secs(3600));
    let before = meeting.gateway.rows().await;
    meeting.lms.faults().set(Endpoint::Registration, late);
    let page = meeting.register().await;
    assert!(page.status == 502 && page.text().contains("look for it there"), "{}", page.text());
    assert_eq!(meeting.gateway.rows().await, before);
}

#[cases("TC-219")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_email_on_another_platform_is_another_user() {
    let known = Registered::new(Store::Sqlite).await;
    let rogue = lms().await;
    let (client_id, platform_id) = register(&known.gateway, &rogue).await;
    // The same invented people live in both, with the same ids and addresses.
    let mut seen = Vec::new();
    for (lms, client_id) in [(&known.lms, &known.client_id), (&rogue, &client_id)] {
        let browser = Browser::new().unwrap();
        let posted = crate::registered::begin(lms, &browser, &Launch::new(client_id)).await;
        let fields = [("id_token", posted.id_token.as_str()), ("state", posted.state.as_str())];
        let request =
            Request::new("POST".parse().unwrap(), &known.gateway.at("/lti/launch")).unwrap();
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = request.body("application/x-www-form-urlencoded", body).no_redirects();
        let page = browser.send(request).await.unwrap();
        let to = page.location().unwrap();
        let ltik = to.query_pairs().find(|(name, _)| name == "ltik").unwrap().1.into_owned();
        seen.push(known.gateway.idtoken(&ltik, "").await.json().unwrap());
    }
    assert_eq!(seen[0]["user"]["email"], seen[1]["user"]["email"]);
    assert_eq!(seen[0]["platform"]["id"], known.platform_id.as_str());
    assert_eq!(seen[1]["platform"]["id"], platform_id.as_str());
    assert_ne!(seen[0]["platform"]["url"], seen[1]["platform"]["url"]);
}

#[cases("TC-220")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authorization_server_on_a_foreign_host_is_refused() {
    kept_log::keep();
    let strangers = Strangers::meet(Store::Sqlite).await;
    let foreign = Fault::set("/authorization_server", "https://victim.example/token");
    strangers.lms.faults().set(Endpoint::Configuration, foreign);
    assert_eq!(strangers.register().await.status, 200);
    let platform = strangers.gateway.platforms().await.remove(0);
    assert_eq!(platform["authorizationServer"], Value::Null, "{platform}");
    let (log, id) = (kept_log::text(), platform["id"].as_str().unwrap());
    let mut warnings = log.lines().filter(|line| line.contains("https://victim.example/token"));
    assert!(warnings.any(|line| line.contains(id)), "the log says where it went");
}
