//! Which pages may frame ours, and what a login in a frame does before it goes on (lti.md I-42,
//! C.4).

use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::lms::{Endpoint, Launch, LoginRequest};
use test_case::both_stores;

use crate::registered::{Registered, assert_refused, fields, form, leads_to, ltik_of};
use crate::support::{Gateway, Store};

const STORAGE: (&str, &str) = ("lti_storage_target", "_parent");

fn login(school: &Registered) -> LoginRequest {
    school.lms.login_request(&school.student()).unwrap()
}

fn get(url: &str) -> Request {
    Request::new("GET".parse().unwrap(), url).unwrap().no_redirects().header("accept", "text/html")
}

fn ancestors(page: &Page) -> Vec<String> {
    let policy = page.header("content-security-policy").unwrap();
    let (_, ancestors) = policy.split_once("frame-ancestors ").unwrap();
    let ancestors = ancestors.split(';').next().unwrap();
    ancestors.split_whitespace().map(str::to_owned).collect()
}

/// Creates a platform, or changes the one of this id.
async fn save(gateway: &Gateway, id: Option<&str>, more: Value) -> Page {
    let mut platform = json!({
        "url": "https://canvas.instructure.com", "clientId": "c-1", "name": "Canvas",
        "authenticationEndpoint": "https://sso.canvaslms.com/api/lti/authorize_redirect",
        "accesstokenEndpoint": "https://sso.canvaslms.com/login/oauth2/token",
        "authConfig": {
            "method": "JWK_SET", "key": "https://sso.canvaslms.com/api/lti/security/jwks",
        },
    });
    platform.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    match id {
        None => gateway.admin("POST", "/admin/platforms", Some(platform)).await,
        Some(id) => gateway.admin("PUT", &format!("/admin/platforms/{id}"), Some(platform)).await,
    }
}

#[both_stores("TC-162")]
async fn our_pages_allow_framing_by_this_registrations_origins_only(store: Store) {
    let school = Registered::new(store).await;
    let elsewhere =
        save(&school.gateway, None, json!({"frameOrigins": ["https://lms.elsewhere.example"]}))
            .await;
    assert_eq!(elsewhere.status, 200, "{}", elsewhere.text());
    let begun = login(&school);
    let mut sent = fields(&begun);
    sent.push(STORAGE);
    let browser = Browser::new().unwrap();
    let put = browser.send(form(&begun.url, &sent)).await.unwrap();
    assert_eq!(put.status, 200, "{}", put.text());
    // The launch of a browser without cookies gets the second page.
    let answer = browser.get(put.refresh().unwrap().as_str()).await.unwrap().auto_form().unwrap();
    let posted: Vec<(&str, &str)> =
        answer.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let asked =
        browser.fresh().send(form(&school.gateway.at("/lti/launch"), &posted)).await.unwrap();
    assert!(asked.form_to("/lti/launch/verify").is_some(), "{}", asked.text());
    for page in [&put, &asked] {
        assert_eq!(ancestors(page), ["'self'", school.lms.url()]);
        assert_eq!(page.header("x-frame-options"), None);
        assert_eq!(page.header("cache-control"), Some("no-store"));
    }
    let answer = school.launch(&school.student()).await;
    ltik_of("the same with cookies", &answer);
    assert_eq!(
        (answer.header("x-frame-options"), answer.header("cache-control")),
        (None, Some("no-store"))
    );
}

#[both_stores("TC-162")]
async fn the_operator_edits_the_list_of_frame_origins(store: Store) {
    let gateway = Gateway::start(store).await;
    let created = save(
        &gateway,
        None,
        json!({"frameOrigins": ["https://Canvas.School.example/", "https://*.district.example"]}),
    )
    .await;
    let created = created.json().unwrap();
    assert_eq!(
        created["frameOrigins"],
        json!(["https://canvas.school.example", "https://*.district.example"])
    );
    let id = created["id"].as_str().unwrap();
    // LTIAAS's clients don't know the member: leaving it out changes nothing.
    let kept = save(&gateway, Some(id), json!({"name": "Other"})).await.json().unwrap();
    assert_eq!((&kept["name"], &kept["frameOrigins"]), (&json!("Other"), &created["frameOrigins"]));
    for bad in [
        json!(["*"]),
        json!(["https://a.example;script-src *"]),
        json!(["https://a.example/path"]),
        json!((0..51).map(|number| format!("https://{number}.example")).collect::<Vec<_>>()),
    ] {
        let refused = save(&gateway, Some(id), json!({"frameOrigins": bad})).await;
        assert_eq!(refused.status, 400, "{bad}");
        assert_eq!(
            refused.json().unwrap()["details"]["errors"][0]["field"],
            "frameOrigins",
            "{bad}"
        );
    }
    let cleared = save(&gateway, Some(id), json!({"frameOrigins": []})).await.json().unwrap();
    assert_eq!(cleared["frameOrigins"], json!([]));
    // Hosted Canvas shows us on its schools' own hosts.
    let login = gateway.at(&format!(
        "/lti/login/{id}?iss=https://canvas.instructure.com&login_hint=1&lti_storage_target=x\
         &target_link_uri={}",
        gateway.at("/lti/launch")
    ));
    let page = Browser::new().unwrap().send(get(&login)).await.unwrap();
    assert_eq!(
        ancestors(&page),
        [
            "'self'",
            "https://canvas.instructure.com",
            "https://sso.canvaslms.com",
            "https://*.instructure.com"
        ]
    );
}

#[both_stores("I-42")]
async fn an_unlisted_page_cannot_frame_ours(store: Store) {
    let school = Registered::new(store).await;
    let begun = login(&school);
    let mut sent = fields(&begun);
    sent.push(STORAGE);
    let browser = Browser::new().unwrap();
    let ask = |name: &str, value: &str, place: &str| {
        form(&begun.url, &sent).header(name, value).header("sec-fetch-dest", place)
    };
    for (name, value, place, status) in [
        ("origin", school.lms.url(), "iframe", 200),
        ("origin", "null", "iframe", 200),
        ("referer", &format!("{}/course/2", school.lms.url()), "iframe", 200),
        ("origin", "https://portal.example", "iframe", 302),
        ("referer", "https://portal.example/x", "iframe", 302),
        // Nothing is framed in a window.
        ("origin", "https://portal.example", "document", 200),
    ] {
        let page = browser.send(ask(name, value, place)).await.unwrap();
        assert_eq!(page.status, status, "{name} {value} {place}: {}", page.text());
    }
    let page = browser.send(ask("origin", "https://portal.example", "iframe")).await.unwrap();
    // Cookies still bind such a launch.
    let page = browser.get(page.location().unwrap().as_str()).await.unwrap();
    assert!(page.auto_form().is_some(), "{}", page.text());
}

#[both_stores("C-50")]
async fn a_framed_login_continues_only_if_its_cookies_come_back(store: Store) {
    let school = Registered::new(store).await;
    let begun = login(&school);
    let framed = || form(&begun.url, &fields(&begun)).header("sec-fetch-dest", "iframe");
    let browser = Browser::new().unwrap();
    let first = browser.send(framed()).await.unwrap();
    let check = first.location().unwrap();
    assert_eq!((first.status, check.path()), (302, "/lti/login/go"));
    assert_eq!(first.header("cache-control"), Some("no-store"));
    let second = browser.send(get(check.as_str())).await.unwrap();
    assert_eq!((second.status, second.header("cache-control")), (302, Some("no-store")));
    // The very request that a window gets at once.
    let direct = form(&begun.url, &fields(&begun)).header("sec-fetch-dest", "document");
    let direct = browser.send(direct).await.unwrap();
    let sorted = |page: &Page| {
        let url = page.location().unwrap();
        let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        pairs.retain(|(name, _)| name != "state" && name != "nonce");
        (url.path().to_owned(), pairs)
    };
    assert_eq!(sorted(&second), sorted(&direct));

    // Another browser, or none of its cookies: the offer of a window, and the platform is not
    // asked.
    let bare = browser.fresh();
    let offered = bare.send(get(check.as_str())).await.unwrap();
    assert_refused("no cookie", &offered, 401, "FRAME_WITHOUT_COOKIES");
    assert!(offered.text().contains("offers no storage"), "{}", offered.text());
    assert_eq!(school.lms.hits(Endpoint::Authorization), 0);
    let path = format!("/lti/login/{}", school.platform_id);
    let offer = offered.form_to(&path).unwrap();
    for (name, value) in fields(&begun) {
        assert_eq!(offer.field(name), Some(value), "{name}");
    }
    // Hints of any length are in the offer.
    let long = "ä+/=%\"".repeat(300);
    let launch = fields(&begun).into_iter().map(|(name, value)| {
        (name, if name == "lti_message_hint" { long.as_str() } else { value })
    });
    let launch: Vec<(&str, &str)> = launch.collect();
    let page =
        bare.send(form(&begun.url, &launch).header("sec-fetch-dest", "iframe")).await.unwrap();
    let page = bare.fresh().send(get(leads_to(&page).as_str())).await.unwrap();
    assert_eq!(page.form_to(&path).unwrap().field("lti_message_hint"), Some(long.as_str()));
    // In the window the launch goes through.
    let request =
        form(&school.gateway.at(&path), &fields(&begun)).header("sec-fetch-dest", "document");
    let page = bare.send(request).await.unwrap();
    let answer = bare.get(page.location().unwrap().as_str()).await.unwrap().auto_form().unwrap();
    let posted: Vec<(&str, &str)> =
        answer.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    ltik_of("window", &bare.send(form(&school.gateway.at("/lti/launch"), &posted)).await.unwrap());

    for bad in ["", "?state=x&login_hint=1", "?login_hint=1", "?state=&login_hint="] {
        let page =
            bare.send(get(&school.gateway.at(&format!("/lti/login/go{bad}")))).await.unwrap();
        assert_refused(bad, &page, 401, "STATE_UNKNOWN");
    }
}

#[both_stores("C-22")]
async fn a_storage_frame_first_named_at_launch_is_ignored(store: Store) {
    let school = Registered::new(store).await;
    let begun = login(&school);
    let mut sent = fields(&begun);
    sent.push(STORAGE);
    let browser = Browser::new().unwrap();
    let put = browser.send(form(&begun.url, &sent)).await.unwrap();
    let answer = browser.get(put.refresh().unwrap().as_str()).await.unwrap().auto_form().unwrap();
    let mut posted: Vec<(&str, &str)> =
        answer.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    posted.push(("lti_storage_target", "other"));
    let at = school.gateway.at("/lti/launch");
    assert_refused(
        "other",
        &browser.fresh().send(form(&at, &posted)).await.unwrap(),
        401,
        "STATE_COOKIE_MISSING",
    );
    *posted.last_mut().unwrap() = STORAGE;
    let page = browser.fresh().send(form(&at, &posted)).await.unwrap();
    assert!(page.form_to("/lti/launch/verify").is_some(), "{}", page.text());
}

#[both_stores("C-05")]
async fn a_login_in_its_own_window_offers_no_other_window(store: Store) {
    let school = Registered::new(store).await;
    let posted = school.begin(&Browser::new().unwrap(), &Launch::new(&school.client_id)).await;
    // Once the platform has answered, its login is used up, except Open edX's.
    for (endpoint, place, code, offers) in [
        ("/mod/lti/auth.php", "iframe", "STATE_COOKIE_MISSING", false),
        ("/mod/lti/auth.php", "document", "WINDOW_WITHOUT_COOKIES", false),
        ("/api/lti_consumer/v1/launch/", "iframe", "STATE_COOKIE_MISSING", true),
        ("/api/lti_consumer/v1/launch/", "document", "WINDOW_WITHOUT_COOKIES", false),
    ] {
        let mut platform = school.gateway.platforms().await.remove(0);
        platform["authenticationEndpoint"] = json!(format!("{}{endpoint}", school.lms.url()));
        let path = format!("/admin/platforms/{}", school.platform_id);
        let page = school.gateway.admin("PUT", &path, Some(platform)).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let request = form(&school.gateway.at("/lti/launch"), &posted.fields())
            .header("sec-fetch-dest", place);
        let page = Browser::new().unwrap().send(request).await.unwrap();
        assert_refused(place, &page, 401, code);
        let path = format!("/lti/login/{}", school.platform_id);
        assert_eq!(page.form_to(&path).is_some(), offers, "{endpoint} {place}");
        let advises = page.text().contains("new window");
        assert_eq!(advises, place == "iframe", "{}", page.text());
        let trace = school.gateway.newest("outcome=failed").await;
        let advice = trace["reason"]["advice"].as_str().unwrap();
        assert_eq!(advice.contains("new window"), place == "iframe", "{trace}");
    }
}

#[both_stores("TC-339")]
async fn operator_pages_cannot_be_framed(store: Store) {
    let gateway = Gateway::start(store).await;
    let with_key = gateway.admin("GET", "/admin/platforms", None).await;
    let browser = Browser::new().unwrap();
    let mut pages = vec![with_key];
    for path in ["/admin/tool", "/admin", "/portal", "/portal/anything"] {
        pages.push(browser.send(get(&gateway.at(path))).await.unwrap());
    }
    for page in pages {
        let policies: Vec<&str> = page
            .headers
            .get_all("content-security-policy")
            .iter()
            .map(|policy| policy.to_str().unwrap())
            .collect();
        assert!(policies.contains(&"frame-ancestors 'none'"), "{}: {policies:?}", page.url);
    }
    let page = browser.send(get(&gateway.at("/administration"))).await.unwrap();
    assert_ne!(page.header("content-security-policy"), Some("frame-ancestors 'none'"));
}
