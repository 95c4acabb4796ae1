//! The login initiation and the authentication request it becomes (lti.md A.1 to A.3, A.5).

use std::collections::BTreeSet;

use serde_json::json;
use simulator::browser::{Browser, Page, Request};
use test_case::both_stores;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

use crate::registered::{Registered, assert_refused, begin, form, leads_to, ltik_of};
use crate::support::{Gateway, PATIENCE, Store, lms};
use crate::traces::reference;

/// A right login, for a test to spoil.
#[derive(Clone)]
struct Login(Vec<(String, String)>);

impl Login {
    fn new(school: &Registered) -> Self {
        let target = school.gateway.at("/lti/launch");
        let issuer = school.lms.endpoints().issuer;
        let fields = [
            ("iss", issuer.as_str()),
            ("login_hint", "5"),
            ("target_link_uri", &target),
            ("client_id", &school.client_id),
        ];
        Self(fields.map(|(name, value)| (name.into(), value.into())).into())
    }

    fn without(&self, name: &str) -> Self {
        let kept = self.0.iter().filter(|(key, _)| key != name);
        Self(kept.cloned().collect())
    }

    fn with(&self, name: &str, value: &str) -> Self {
        self.without(name).and(name, value)
    }

    /// Adds a parameter even where it is there already.
    fn and(&self, name: &str, value: &str) -> Self {
        let mut login = self.clone();
        login.0.push((name.into(), value.into()));
        login
    }

    async fn get(&self, url: &str) -> Page {
        let mut url = Url::parse(url).unwrap();
        url.query_pairs_mut().extend_pairs(&self.0);
        let request = Request::new("GET".parse().unwrap(), url.as_str()).unwrap();
        let request = request.no_redirects().header("accept", "text/html");
        // In a window: in what may be a frame cookies are looked for first.
        let request = request.header("sec-fetch-dest", "document");
        Browser::new().unwrap().send(request).await.unwrap()
    }

    async fn post(&self, url: &str) -> Page {
        let fields: Vec<(&str, &str)> = self.0.iter().map(|(n, v)| (&**n, &**v)).collect();
        let request = form(url, &fields).header("sec-fetch-dest", "document");
        Browser::new().unwrap().send(request).await.unwrap()
    }
}

/// The parameters of the authentication request.
#[track_caller]
fn asked(page: &Page) -> Vec<(String, String)> {
    assert_eq!(page.status, 302, "{}", page.text());
    let to = page.location().unwrap();
    to.query_pairs().into_owned().collect()
}

fn value<'a>(asked: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut found = asked.iter().filter(|(key, _)| key == name);
    let value = found.next().map(|(_, value)| value.as_str());
    assert_eq!(found.next(), None, "{name} came twice");
    value
}

#[both_stores("TC-001", "TC-002")]
async fn a_login_becomes_an_authentication_request_and_writes_nothing(store: Store) {
    let school = Registered::new(store).await;
    let url = school.gateway.at("/lti/login");
    let before = school.gateway.rows().await;
    let login = Login::new(&school).with("lti_deployment_id", "1").with("lti_message_hint", "h");
    for page in [
        login.get(&url).await,
        login.post(&url).await,
        login.get(&school.gateway.at("/login")).await,
    ] {
        let asked = asked(&page);
        let to = page.location().unwrap();
        assert_eq!(to.as_str().split('?').next().unwrap(), school.lms.endpoints().authorization);
        for (name, expected) in [
            ("scope", "openid"),
            ("response_type", "id_token"),
            ("response_mode", "form_post"),
            ("prompt", "none"),
            ("client_id", &school.client_id),
            ("redirect_uri", &school.gateway.at("/lti/launch")),
            ("login_hint", "5"),
            ("lti_message_hint", "h"),
        ] {
            assert_eq!(value(&asked, name), Some(expected), "{name}");
        }
        assert_eq!(asked.len(), 10, "{asked:?}");
        assert!(
            value(&asked, "nonce").unwrap().len() >= 22
                && value(&asked, "state").unwrap().len() >= 22
        );
    }
    for bad in [
        login.with("iss", "https://nobody.test"),
        login.with("client_id", "nobody"),
        login.without("iss"),
    ] {
        assert_eq!(bad.get(&url).await.status, 400);
    }
    assert_eq!(school.gateway.rows().await, before);
}

/// A second registration at the issuer of the first, with the client id `c2`; its own login URL.
async fn second_registration(school: &Registered) -> String {
    let issuer = school.lms.endpoints().issuer;
    let second = json!({
        "url": issuer, "clientId": "c2", "name": "P1b",
        "authenticationEndpoint": format!("{issuer}/other?x=1"),
        "accesstokenEndpoint": format!("{issuer}/token"),
        "authConfig": {"method": "JWK_SET", "key": format!("{issuer}/jwks")},
    });
    let gateway = &school.gateway;
    let second = gateway.admin("POST", "/admin/platforms", Some(second)).await.json().unwrap();
    let own = gateway.at(&format!("/lti/login/{}", second["id"].as_str().unwrap()));
    assert_eq!(second["loginUrl"], own.as_str());
    own
}

/// That a login went on to the second registration.
#[track_caller]
fn assert_second(school: &Registered, page: &Page) {
    assert_eq!(value(&asked(page), "client_id"), Some("c2"));
    let to = page.location().unwrap().to_string();
    let endpoint = format!("{}/other?x=1&", school.lms.endpoints().issuer);
    assert!(to.starts_with(&endpoint), "{to}");
}

#[both_stores("TC-012", "TC-013", "TC-020")]
async fn a_registration_is_found_exactly_or_not_at_all(store: Store) {
    let school = Registered::new(store).await;
    second_registration(&school).await;
    let (shared, login) = (school.gateway.at("/lti/login"), Login::new(&school));
    let slash = format!("{}/", school.lms.endpoints().issuer);
    for (case, login) in [
        ("TC-012", login.with("iss", "https://nobody.test")),
        ("TC-013", login.with("client_id", "c9")),
        ("TC-020", login.with("iss", &slash)),
    ] {
        assert_refused(case, &login.get(&shared).await, 400, "PLATFORM_UNREGISTERED");
    }
}

#[both_stores("TC-014", "TC-027")]
async fn the_client_id_chooses_among_an_issuers_registrations(store: Store) {
    let school = Registered::new(store).await;
    second_registration(&school).await;
    let login = Login::new(&school).with("client_id", "c2");
    assert_second(&school, &login.get(&school.gateway.at("/lti/login")).await);
}

#[both_stores("TC-015", "TC-016")]
async fn an_issuers_only_registration_needs_no_client_id(store: Store) {
    let school = Registered::new(store).await;
    let shared = school.gateway.at("/lti/login");
    let nameless = Login::new(&school).without("client_id");
    let page = nameless.get(&shared).await;
    assert_eq!(value(&asked(&page), "client_id"), Some(&*school.client_id));
    second_registration(&school).await;
    assert_refused("TC-015", &nameless.get(&shared).await, 400, "PLATFORM_AMBIGUOUS");
}

#[both_stores("TC-017", "TC-018", "TC-019")]
async fn a_registrations_own_login_url_takes_no_other(store: Store) {
    let school = Registered::new(store).await;
    let own = second_registration(&school).await;
    let login = Login::new(&school);
    let nameless = login.without("client_id");
    assert_second(&school, &nameless.get(&own).await);
    let elsewhere = nameless.with("iss", "https://p2.test");
    for (case, login) in [("TC-018", login), ("TC-019", elsewhere)] {
        assert_refused(case, &login.get(&own).await, 400, "PLATFORM_OTHER");
    }
}

#[both_stores("TC-021")]
async fn why_an_inactive_platform_is_refused_is_for_the_operator(store: Store) {
    let school = Registered::new(store).await;
    let (gateway, login) = (&school.gateway, Login::new(&school));
    let shared = gateway.at("/lti/login");
    gateway
        .admin("POST", &format!("/admin/platforms/{}/deactivate", school.platform_id), None)
        .await;
    assert_refused("TC-021", &login.get(&shared).await, 400, "PLATFORM_INACTIVE");
    gateway.patch_tool(json!({"launch": {"showReasons": false}})).await;
    let page = login.get(&shared).await;
    assert!(page.status == 400 && !page.text().contains("INACTIVE"), "{}", page.text());
}

#[both_stores("A-24")]
async fn a_refused_login_names_the_registration_nearest_to_it(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let by_hand = json!({
        "url": " https://lms.example.org/ ", "clientId": "abc\n", "name": "By hand",
        "authenticationEndpoint": "https://lms.example.org/auth ",
        "accesstokenEndpoint": "https://lms.example.org/token",
        "authConfig": {"method": "JWK_SET", "key": " https://lms.example.org/jwks"},
    });
    let page = gateway.admin("POST", "/admin/platforms", Some(by_hand)).await;
    let platform = page.json().unwrap();
    assert_eq!(platform["url"], "https://lms.example.org/", "{platform}");
    assert_eq!(platform["clientId"], "abc");
    assert!(platform["warnings"][0].as_str().unwrap().contains("slash"), "{platform}");
    let id = platform["id"].as_str().unwrap();
    let login = Login::new(&school).with("iss", "https://lms.example.org");
    for (login, url, says) in [
        (
            login.with("client_id", "abc"),
            "/lti/login".to_owned(),
            format!("platform {id} has the issuer with a slash at its end and this client id"),
        ),
        (
            login.with("client_id", "xyz").with("iss", "https://lms.example.org/"),
            "/lti/login".to_owned(),
            format!("platform {id} has this issuer and another client id"),
        ),
        (
            login.with("client_id", "abc"),
            format!("/lti/login/{id}"),
            format!("platform {id} has the issuer with a slash at its end and this client id"),
        ),
        // Two slips at once, and three.
        (
            login.with("client_id", "abc").with("iss", "http://lms.example.org"),
            "/lti/login".to_owned(),
            format!(
                "platform {id} has the issuer with https instead of http and with a slash at its end and this client id"
            ),
        ),
        (
            login.with("client_id", "ABC").with("iss", "http://LMS.example.org"),
            "/lti/login".to_owned(),
            "with https instead of http and in other capital and small letters and with a slash at its end and the client id in other".to_owned(),
        ),
    ] {
        let page = login.get(&gateway.at(&url)).await;
        assert_eq!(page.status, 400, "{}", page.text());
        let trace = gateway.trace(&reference(&page)).await;
        assert!(trace["reason"]["text"].as_str().unwrap().contains(&says), "{says}: {trace}");
    }
    let nobody = login.with("iss", "https://nobody.test").get(&gateway.at("/lti/login")).await;
    let trace = gateway.trace(&reference(&nobody)).await;
    assert!(!trace["reason"]["text"].as_str().unwrap().contains("; platform"), "{trace}");
}

#[both_stores]
async fn a_launch_of_lti_1_1_is_called_that(store: Store) {
    let school = Registered::new(store).await;
    let old = [
        ("lti_message_type", "basic-lti-launch-request"),
        ("lti_version", "LTI-1p0"),
        ("oauth_consumer_key", "school-7-secret"),
        ("oauth_signature", "x"),
        ("resource_link_id", "1"),
        ("user_id", "5"),
    ];
    let old = Login(old.map(|(name, value)| (name.into(), value.into())).into());
    for path in [
        "/lti/launch",
        "/lti/login",
        "/",
        "/lti/legacy/launch",
        "/lti/register",
        "/register",
        "/lti/register/nobodys",
    ] {
        let url = school.gateway.at(path);
        for page in [old.post(&url).await, old.get(&url).await] {
            assert_refused(path, &page, 400, "LTI_1_1_LAUNCH");
            assert!(page.text().contains("old version of LTI"), "{path}: {}", page.text());
            let trace = school.gateway.trace(&reference(&page)).await;
            let advice = trace["reason"]["advice"].as_str().unwrap();
            assert!(advice.contains("add it again as an LTI 1.3 tool"), "{path}: {trace}");
            assert!(!trace.to_string().contains("school-7"), "{path}: {trace}");
        }
    }
}

/// The commonest slip of registering by hand: login and launch URL swapped, or the registration's
/// in place of both.
#[both_stores]
async fn addresses_that_were_mixed_up_are_called_that(store: Store) {
    let school = Registered::new(store).await;
    let gateway = &school.gateway;
    let login = Login::new(&school);
    let sent = |first: &str| {
        Login(vec![(first.to_owned(), "a.b.c".to_owned()), ("state".to_owned(), "s".to_owned())])
    };
    let (launch, error) = (sent("id_token"), sent("error"));
    let of_logins = ["/lti/launch", "/", "/lti/register", "/lti/register/x", "/lti/legacy/launch"];
    for (sent, paths, code) in [
        (&login, &of_logins[..], "LOGIN_AT_WRONG_ADDRESS"),
        (&launch, &["/lti/login", "/login", "/lti/login/x"][..], "LAUNCH_AT_WRONG_ADDRESS"),
        (&error, &["/lti/login"][..], "LAUNCH_AT_WRONG_ADDRESS"),
    ] {
        for path in paths {
            let url = gateway.at(path);
            for page in [sent.get(&url).await, sent.post(&url).await] {
                assert_refused(path, &page, 400, code);
                let text = page.text();
                assert!(text.contains("mixed up in your learning platform"), "{path}: {text}");
                assert!(!text.contains("from your course"), "{path}: {text}");
                let trace = gateway.trace(&reference(&page)).await;
                let why = trace["reason"]["text"].as_str().unwrap();
                for right in [gateway.at("/lti/login"), gateway.at("/lti/launch")] {
                    assert!(text.contains(&right) && why.contains(&right), "{path}: {text}");
                }
                let advice = trace["reason"]["advice"].as_str().unwrap();
                assert!(advice.contains("mixed up in the platform"), "{path}: {trace}");
            }
        }
    }
    let page = launch.post(&gateway.at("/lti/register")).await;
    assert_refused("a launch", &page, 400, "LAUNCH_AT_WRONG_ADDRESS");
    // Anything else is no attempt.
    let page = Login(Vec::new()).post(&gateway.at("/lti/register")).await;
    assert_eq!((page.status, page.header("allow")), (405, Some("GET")), "{}", page.text());
    // No person types a token.
    let page = launch.get(&gateway.at("/lti/launch")).await;
    assert_refused("by GET", &page, 400, "LAUNCH_BY_GET");
    assert_eq!(gateway.launches().await, 0);
}

/// A login that must be refused, by GET and by POST alike.
async fn refuses(school: &Registered, case: &str, login: &Login, status: u16, code: &str) {
    let url = school.gateway.at("/lti/login");
    for page in [login.get(&url).await, login.post(&url).await] {
        assert_refused(case, &page, status, code);
        assert_eq!(page.header("cache-control"), Some("no-store"), "{case}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{case}");
    }
}

#[both_stores("TC-003", "TC-004", "TC-005", "TC-034")]
async fn an_incomplete_login_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let login = Login::new(&school);
    for (case, login) in [
        ("TC-003", login.without("iss")),
        ("TC-003 empty", login.with("iss", "")),
        ("TC-004", login.without("login_hint")),
        ("TC-005", login.without("target_link_uri")),
        ("TC-034", Login(Vec::new())),
    ] {
        refuses(&school, case, &login, 400, "MISSING_LOGIN_PARAMETERS").await;
    }
}

#[both_stores("TC-010", "TC-011", "A-04")]
async fn a_repeated_parameter_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let login = Login::new(&school);
    for (case, login) in [
        ("TC-010", login.and("iss", "https://nobody.test")),
        ("TC-011", login.and("client_id", "c2")),
        ("A-04", login.and("login_hint", "6")),
    ] {
        refuses(&school, case, &login, 400, "REPEATED_PARAMETER").await;
    }
}

#[both_stores("A-08")]
async fn an_overlong_parameter_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let login = Login::new(&school);
    for (name, bytes) in
        [("lti_deployment_id", 256), ("login_hint", 2049), ("lti_message_hint", 8193)]
    {
        let login = login.with(name, &"h".repeat(bytes));
        refuses(&school, name, &login, 413, "PARAMETER_TOO_LONG").await;
        let trace = school.gateway.newest("outcome=failed").await;
        let advice = trace["reason"]["advice"].as_str().unwrap();
        assert!(advice.contains("larger than any real one"), "{trace}");
    }
    let long = login.with("login_hint", &"h".repeat(2049));
    let text = long.get(&school.gateway.at("/lti/login")).await.text();
    assert!(text.contains("is too long. Please show") && !text.contains("incomplete"), "{text}");
}

#[both_stores("A-31")]
async fn a_parameter_that_is_no_text_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let login = Login::new(&school);
    for (case, login) in [
        ("replaced", login.with("login_hint", "M\u{fffd}ller")),
        ("NUL", login.with("client_id", "c\0")),
    ] {
        refuses(&school, case, &login, 400, "MALFORMED_PARAMETER").await;
    }
    // Bytes that are no text can't go back as they came.
    let url = school.gateway.at("/lti/login");
    let latin = format!("{url}?iss=x&target_link_uri=y&login_hint=M%FCller");
    let request = Request::new("GET".parse().unwrap(), &latin).unwrap();
    let page = Browser::new().unwrap().send(request.header("accept", "text/html")).await.unwrap();
    assert_refused("bytes", &page, 400, "MALFORMED_PARAMETER");
}

#[both_stores("TC-022", "TC-023", "TC-024", "TC-025")]
async fn a_login_that_leads_elsewhere_is_refused(store: Store) {
    let school = Registered::new(store).await;
    let login = Login::new(&school);
    let own = school.gateway.at("/lti/launch");
    for (case, target) in [
        ("TC-022", "http://evil.test/lti/launch"),
        ("TC-023", &format!("http://127.0.0.2@evil.test/{}", school.gateway.url)),
        ("TC-024", &own.replace("http:", "https:")),
        ("TC-025", "javascript:alert(1)"),
        ("fragment", &format!("{own}#x")),
        ("suffix", &format!("{}0/", school.gateway.url)),
    ] {
        let login = login.with("target_link_uri", target);
        refuses(&school, case, &login, 400, "TARGET_NOT_ALLOWED").await;
    }
    // The page names the place it would have led to, and nothing that might name a person.
    let away = login.with("target_link_uri", "https://evil.test/lesson?student=Ada");
    let page = away.get(&school.gateway.at("/lti/login")).await;
    let text = page.text();
    assert!(text.contains("https://evil.test") && !text.contains("Ada"), "{text}");
    // Page and trace say which address is right.
    assert!(text.contains(&format!("leave the link&#39;s URL empty, or enter {own}")), "{text}");
    let trace = school.gateway.trace(&reference(&page)).await;
    let reason = &trace["reason"];
    assert!(reason["text"].as_str().unwrap().contains(&own), "{trace}");
    assert!(reason["advice"].as_str().unwrap().contains("launch.targetOrigins"), "{trace}");
}

#[both_stores("A-23")]
async fn a_deployment_known_to_one_platform_breaks_a_tie(store: Store) {
    let school = Registered::new(store).await;
    let (gateway, issuer) = (&school.gateway, school.lms.endpoints().issuer);
    let second = json!({
        "url": issuer, "clientId": "c2", "name": "P1b",
        "authenticationEndpoint": format!("{issuer}/other"),
        "accesstokenEndpoint": format!("{issuer}/token"),
        "authConfig": {"method": "JWK_SET", "key": format!("{issuer}/jwks")},
    });
    let second = gateway.admin("POST", "/admin/platforms", Some(second)).await.json().unwrap();
    let second = second["id"].as_str().unwrap();
    let knows = async |platform: &str, deployment: &str| {
        let path = format!("/admin/platforms/{platform}/deployments");
        let page = gateway.admin("POST", &path, Some(json!({"deploymentId": deployment}))).await;
        assert_eq!(page.status, 201, "{}", page.text());
    };
    for (platform, deployment) in
        [(&*school.platform_id, "d1"), (second, "d2"), (&*school.platform_id, "d3"), (second, "d3")]
    {
        knows(platform, deployment).await;
    }
    let shared = gateway.at("/lti/login");
    let nameless = Login::new(&school).without("client_id");
    let of =
        async |deployment: &str| nameless.with("lti_deployment_id", deployment).get(&shared).await;
    assert_eq!(value(&asked(&of("d1").await), "client_id"), Some(&*school.client_id));
    assert_eq!(value(&asked(&of("d2").await), "client_id"), Some("c2"));
    for unclear in ["d3", "d4", "D1"] {
        assert_refused(unclear, &of(unclear).await, 400, "PLATFORM_AMBIGUOUS");
    }
    // It chooses and proves nothing: a client id that is named still decides.
    let named = Login::new(&school).with("lti_deployment_id", "d2").get(&shared).await;
    assert_eq!(value(&asked(&named), "client_id"), Some(&*school.client_id));
    gateway.admin("POST", &format!("/admin/platforms/{second}/deactivate"), None).await;
    assert_eq!(
        value(&asked(&of("d2").await), "client_id"),
        Some(&*school.client_id),
        "only one is active: no tie"
    );
}

#[both_stores("A-38")]
async fn whatever_a_login_accepts_survives_until_its_launch(store: Store) {
    let school = Registered::new(store).await;
    // Written into state, each of these takes two bytes.
    let target = format!("{}?q={}", school.gateway.at("/lti/launch"), "\"".repeat(1900));
    let browser = Browser::new().unwrap();
    let posted = school.begin(&browser, &school.student().target(&target)).await;
    assert!(posted.state.len() > 4096, "{}", posted.state.len());
    let to = leads_to(&school.post(&browser, &posted).await);
    let ltik = to.query_pairs().find(|(name, _)| name == "ltik").unwrap().1;
    assert_eq!(school.read(&ltik).await["launch"]["target"], target);
}

#[both_stores("TC-006", "TC-007", "TC-008")]
async fn hints_are_returned_byte_for_byte(store: Store) {
    let school = Registered::new(store).await;
    let (url, login) = (school.gateway.at("/lti/login"), Login::new(&school));
    let message_hint = r#"{"cmid":12,"launchid":"lti launch+4/=%"}"#;
    let login_hint = "ü+%2B &=#\u{1f600} ";
    let odd = login.with("lti_message_hint", message_hint).with("login_hint", login_hint);
    for page in [odd.get(&url).await, odd.post(&url).await] {
        let asked = asked(&page);
        assert_eq!(value(&asked, "lti_message_hint"), Some(message_hint));
        assert_eq!(value(&asked, "login_hint"), Some(login_hint));
    }
    let page = login.get(&url).await;
    assert_eq!(value(&asked(&page), "lti_message_hint"), None, "TC-007");
}

#[both_stores("TC-009", "TC-026", "TC-038")]
async fn extra_parameters_change_nothing(store: Store) {
    let school = Registered::new(store).await;
    let url = school.gateway.at("/lti/login");
    let odd = Login::new(&school)
        .with("lti_message_hint", "h")
        .with("canvas_region", "eu")
        .with("deployment_id", "7")
        .with("authorization_endpoint", "https://evil.test/auth")
        .with("redirect_uri", "https://evil.test/back")
        .with("target_link_uri", &school.gateway.at("/lti/launch?resource=7"));
    for page in [odd.get(&url).await, odd.post(&url).await] {
        let asked = asked(&page);
        let ours = school.gateway.at("/lti/launch");
        assert_eq!(value(&asked, "redirect_uri"), Some(&*ours), "TC-026");
        let to = page.location().unwrap();
        assert!(to.as_str().starts_with(&school.lms.endpoints().authorization), "TC-038: {to}");
        assert_eq!(asked.len(), 10, "TC-009: {asked:?}");
    }
}

#[both_stores("A-05")]
async fn a_post_speaks_by_its_body_and_a_get_by_its_query(store: Store) {
    let school = Registered::new(store).await;
    let url = school.gateway.at("/lti/login");
    let page = Login(Vec::new()).post(&format!("{url}?iss=a&login_hint=b&target_link_uri=c")).await;
    assert_refused("A-05", &page, 400, "MISSING_LOGIN_PARAMETERS");
    let page = Login::new(&school).post(&format!("{url}?client_id=c9")).await;
    assert_eq!(value(&asked(&page), "client_id"), Some(&*school.client_id));
}

#[both_stores("TC-028")]
async fn a_thousand_logins_are_all_distinct(store: Store) {
    let school = Registered::new(store).await;
    let (url, login) = (school.gateway.at("/lti/login"), Login::new(&school));
    let (browser, mut seen) = (Browser::new().unwrap(), BTreeSet::new());
    let mut url = Url::parse(&url).unwrap();
    url.query_pairs_mut().extend_pairs(&login.0);
    let request = Request::new("GET".parse().unwrap(), url.as_str())
        .unwrap()
        .no_redirects()
        .header("origin", "https://lms.example.com");
    for _ in 0..1000 {
        let page = browser.fresh().send(request.clone()).await.unwrap();
        let asked = asked(&page);
        for name in ["state", "nonce"] {
            let value = value(&asked, name).unwrap();
            let url_safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            assert!(value.len() >= 22 && value.chars().all(url_safe), "{value}");
            assert!(seen.insert(value.to_owned()), "{value} came twice");
        }
    }
}

#[both_stores("TC-035", "TC-036")]
async fn a_login_from_another_site_needs_no_token_of_ours(store: Store) {
    let school = Registered::new(store).await;
    let login = Login::new(&school);
    let fields = login.0.iter();
    let fields: Vec<(&str, &str)> = fields.map(|(name, value)| (&**name, &**value)).collect();
    let request = form(&school.gateway.at("/lti/login"), &fields);
    let request = request.header("origin", "https://lms.example.com");
    let request = request.header("sec-fetch-site", "cross-site");
    let page = Browser::new().unwrap().send(request).await.unwrap();
    assert_eq!(page.status, 302, "{}", page.text());
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
}

#[both_stores("TC-029")]
async fn state_cookies_suit_production_and_loopback(store: Store) {
    let cookies = |page: &Page| page.hops[0].set_cookies.clone();
    let school = Registered::new(store).await;
    let url = school.gateway.at("/lti/login");
    let on_loopback = cookies(&Login::new(&school).get(&url).await);
    assert_eq!(on_loopback.len(), 3, "{on_loopback:?}");
    assert!(
        on_loopback[2].starts_with("lti_st_")
            && on_loopback[2].ends_with("; HttpOnly; SameSite=Lax")
    );

    // Behind a proxy that ends TLS.
    let settings = json!({"launch": {"showReasons": true}});
    let public = [("public_url", "https://tool.example.com")];
    let gateway = Gateway::start_configured(store, settings, &public).await;
    let platform = json!({
        "url": "https://lms.example.com", "clientId": "c1", "name": "P1",
        "authenticationEndpoint": "https://lms.example.com/auth",
        "accesstokenEndpoint": "https://lms.example.com/token",
        "authConfig": {"method": "JWK_SET", "key": "https://lms.example.com/jwks"},
    });
    let page = gateway.admin("POST", "/admin/platforms", Some(platform)).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let login = [
        ("iss", "https://lms.example.com"),
        ("login_hint", "5"),
        ("target_link_uri", "https://tool.example.com/lti/launch"),
    ];
    let login = Login(login.map(|(name, value)| (name.into(), value.into())).into());
    let page = login.get(&gateway.at("/lti/login")).await;
    assert_eq!(value(&asked(&page), "redirect_uri"), Some("https://tool.example.com/lti/launch"));
    let cookies = cookies(&page);
    assert_eq!(cookies.len(), 2, "{cookies:?}");
    for cookie in &cookies {
        for part in
            ["__Host-", "; Path=/;", "Max-Age=600", "; Secure;", "HttpOnly", "SameSite=None"]
        {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
    }
    assert!(cookies[1].ends_with("; Partitioned"), "{cookies:?}");
    let plain = login.with("target_link_uri", "http://tool.example.com/lti/launch");
    let page = plain.get(&gateway.at("/lti/login")).await;
    assert_refused("TC-024", &page, 400, "TARGET_NOT_ALLOWED");
}

#[both_stores("TC-031")]
async fn sixty_logins_keep_the_newest_and_a_small_cookie_header(store: Store) {
    let school = Registered::new(store).await;
    let browser = Browser::new().unwrap();
    for _ in 0..35 {
        crate::registered::login(&school.lms, &browser, &school.student()).await;
    }
    let mut open = Vec::new();
    for _ in 0..25 {
        open.push(school.begin(&browser, &school.student()).await);
    }
    let cookies = browser.cookies(&school.gateway.url);
    let bytes: usize =
        cookies.iter().map(|cookie| cookie.name.len() + cookie.value.len() + 3).sum();
    assert!(bytes < 6144, "{bytes}");
    let oldest = open.remove(0);
    for posted in open.iter().rev() {
        ltik_of("one of the newest", &school.post(&browser, posted).await);
    }
    assert_eq!(school.post(&browser, &oldest).await.status, 401);
}

#[both_stores("TC-032")]
async fn a_large_request_is_refused_before_it_is_read(store: Store) {
    let gateway = Gateway::start(store).await;
    let address = gateway.url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    // It promises a mebibyte and never sends the most of it.
    let head = format!(
        "POST /lti/login HTTP/1.1\r\nHost: {address}\r\nContent-Length: 1048576\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&vec![b'x'; 60 * 1024]).await.unwrap();
    let mut answer = [0; 12];
    let read = stream.read_exact(&mut answer);
    let waited = tokio::time::timeout(PATIENCE, read).await;
    waited.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[both_stores("TC-033")]
async fn other_methods_are_not_allowed(store: Store) {
    let gateway = Gateway::start(store).await;
    for method in ["PUT", "DELETE", "PATCH", "HEAD"] {
        for path in [
            "/lti/login",
            "/login",
            "/lti/login/x",
            "/lti/login/go",
            "/lti/launch",
            "/",
            "/lti/launch/verify",
        ] {
            let request = Request::new(method.parse().unwrap(), &gateway.at(path)).unwrap();
            let page = Browser::new().unwrap().send(request).await.unwrap();
            assert_eq!(page.status, 405, "{method} {path}");
        }
    }
}

#[both_stores("TC-039", "TC-040")]
async fn login_and_token_must_name_the_same_deployment(store: Store) {
    let school = Registered::new(store).await;
    // The simulator's login names the deployment; the policy would take an unknown one.
    school.accepts("TC-039", school.student()).await;
    let other = school.student().with("deployment_id", "99");
    school.refuses("TC-040", other, 401, "DEPLOYMENT_ID_DOES_NOT_MATCH").await;
    let browser = Browser::new().unwrap();
    let other_lms = lms().await;
    let (client, _) = crate::registered::register(&school.gateway, &other_lms).await;
    let posted = begin(&other_lms, &browser, &simulator::lms::Launch::new(&client)).await;
    ltik_of("another platform", &school.post(&browser, &posted).await);
}
