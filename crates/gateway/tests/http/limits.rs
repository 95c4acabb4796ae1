//! What is too much: limits of the addresses that anyone may call (lti.md A-09).

use std::net::IpAddr;

use futures_util::stream::{self, StreamExt};
use serde_json::{Value, json};
use simulator::browser::{Browser, Page, Request};
use simulator::lms::{Launch, Lms};
use test_case::both_stores;

use crate::registered::{Registered, assert_refused, form, ltik_of};
use crate::support::{Gateway, Store, lms};

/// A gateway behind a proxy on this machine, so that a test can be many addresses, with a
/// registered LMS.
async fn behind_a_proxy(store: Store, limits: Value) -> Registered {
    let settings = json!({"launch": {"showReasons": true}, "limits": limits});
    let proxies = [("trusted_proxies", "127.0.0.1")];
    let gateway = Gateway::start_configured(store, settings, &proxies).await;
    Registered::join(gateway, lms().await).await
}

fn login_form(lms: &Lms, client_id: &str, from: &str) -> Request {
    let login = lms.login_request(&Launch::new(client_id)).unwrap();
    let fields: Vec<(&str, &str)> = login.fields.iter().map(|(n, v)| (&**n, &**v)).collect();
    form(&login.url, &fields).header("x-forwarded-for", from)
}

impl Registered {
    async fn login_from(&self, browser: &Browser, from: &str) -> Page {
        let request = login_form(&self.lms, &self.client_id, from);
        browser.send(request).await.unwrap()
    }
}

#[track_caller]
fn limited(page: &Page) -> u64 {
    assert_eq!(page.status, 429, "{}", page.text());
    page.header("retry-after").unwrap().parse().unwrap()
}

#[both_stores("TC-037")]
async fn logins_are_limited_per_address(store: Store) {
    let school = behind_a_proxy(store, json!({"loginsPerAddress": 300})).await;
    let before = school.gateway.rows().await;
    let browser = Browser::new().unwrap();
    let begun = school.gateway.clock.uptime();
    let mut statuses = Vec::new();
    for _ in 0..500 {
        statuses.push(school.login_from(&browser.fresh(), "192.0.2.1").await.status);
    }
    let taken = statuses.iter().filter(|status| **status == 302).count();
    let refused = statuses.iter().filter(|status| **status == 429).count();
    assert_eq!(taken + refused, 500, "{statuses:?}");
    // Five more than 300 for each second that goes by while they are sent.
    let seconds = (school.gateway.clock.uptime() - begun).as_secs() as usize;
    let most = 300 + 5 * (seconds + 1);
    assert!(
        (300..=most).contains(&taken) && statuses[..300].iter().all(|status| *status == 302),
        "{taken} in {seconds} s"
    );
    let page = loop {
        let page = school.login_from(&browser, "192.0.2.1").await;
        if page.status == 429 {
            break page;
        }
    };
    assert!(limited(&page) >= 1);
    assert_refused("a person reads a page", &page, 429, "LIMIT_PER_ADDRESS");
    for other in ["192.0.2.2", "2001:db8::1", "192.0.2.1, 192.0.2.3"] {
        assert_eq!(school.login_from(&browser, other).await.status, 302, "{other}");
    }
    assert_eq!(school.gateway.rows().await, before);
    school.gateway.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(school.login_from(&browser, "192.0.2.1").await.status, 302, "a minute later");
}

#[both_stores]
async fn a_date_that_is_set_changes_no_limit(store: Store) {
    const HOUR: i64 = 3600;
    let limits = json!({"loginsPerAddress": 60, "launchesPerAddress": 60});
    let school = behind_a_proxy(store, limits).await;
    let browser = Browser::new().unwrap();
    let login = async |from: &str| school.login_from(&browser.fresh(), from).await.status;
    assert_eq!(login("192.0.2.1").await, 302);
    ltik_of("before", &school.launch(&school.student()).await);
    for jump in [-HOUR, 2 * HOUR, -25 * HOUR] {
        school.set_date_by(jump);
        assert_eq!(login("192.0.2.1").await, 302, "{jump}");
        ltik_of("after", &school.launch(&school.student()).await);
    }
    // Nor does it let anyone come sooner.
    school.gateway.patch_tool(json!({"limits": {"loginsPerAddress": 1}})).await;
    assert_eq!(login("192.0.2.2").await, 302);
    for jump in [2 * HOUR, -HOUR] {
        school.set_date_by(jump);
        assert_eq!(login("192.0.2.2").await, 429, "{jump}");
    }
    school.advance(60);
    assert_eq!(login("192.0.2.2").await, 302, "a minute later");
}

#[both_stores]
async fn a_school_behind_one_address_can_launch_all_at_once(store: Store) {
    let school = behind_a_proxy(store, json!({})).await;
    // Each login leaves a cookie, and no browser keeps hundreds.
    let browsers: Vec<Browser> = (0..30).map(|_| Browser::new().unwrap()).collect();
    let logins = (0..1500).map(|at| school.login_from(&browsers[at % 30], "192.0.2.1"));
    let statuses: Vec<u16> =
        stream::iter(logins).buffer_unordered(8).map(|page| page.status).collect().await;
    assert!(statuses.iter().all(|status| *status == 302), "{statuses:?}");
    ltik_of("and one of them launches", &school.launch(&school.student()).await);
}

#[both_stores("TC-037")]
async fn many_addresses_do_not_use_up_an_issuer(store: Store) {
    let school = behind_a_proxy(store, json!({"loginsPerAddress": 10})).await;
    let browser = Browser::new().unwrap();
    for number in 0..40 {
        for _ in 0..10 {
            let page = school.login_from(&browser, &format!("192.0.2.{number}")).await;
            assert_eq!(page.status, 302, "{number}: {}", page.text());
        }
    }
    // One of them alone meets its own limit; meanwhile it has got a few logins back.
    while school.login_from(&browser, "192.0.2.1").await.status != 429 {}
    let page = school.login_from(&browser, "198.51.100.1").await;
    assert_eq!(page.status, 302, "somebody else's school at the same issuer");
    let gone = json!({"limits": {"loginsPerIssuer": 1}});
    let page = school.gateway.admin("PATCH", "/admin/tool", Some(gone)).await;
    assert_eq!(page.status, 400, "{}", page.text());
    assert!(page.text().contains("loginsPerIssuer"), "{}", page.text());
}

#[both_stores]
async fn strangers_cannot_use_up_the_room_for_registrations(store: Store) {
    let school = behind_a_proxy(store, json!({"waitingRegistrations": 2})).await;
    let gateway = &school.gateway;
    let register = async |path: &str| {
        let lms = lms().await;
        let start = lms.begin_registration(&gateway.at(path)).unwrap();
        Browser::new().unwrap().wanting_pages().get(&start.url).await.unwrap()
    };
    for _ in 0..2 {
        assert_eq!(register("/lti/register").await.status, 200);
    }
    let before = gateway.rows().await;
    let page = register("/lti/register").await;
    limited(&page);
    assert_refused("full", &page, 429, "LIMIT_OF_REGISTRATIONS");
    assert_eq!(gateway.rows().await, before);
    let invite = gateway.admin("POST", "/admin/invites", Some(json!({}))).await.json().unwrap();
    let url = invite["url"].as_str().unwrap();
    assert_eq!(register(url.strip_prefix(&gateway.url).unwrap()).await.status, 200);
    // One is activated, another deleted: there is room again.
    let inactive: Vec<Value> = gateway
        .platforms()
        .await
        .into_iter()
        .filter(|platform| platform["active"] == false)
        .collect();
    let at = |platform: &Value| format!("/admin/platforms/{}", platform["id"].as_str().unwrap());
    assert_eq!(
        gateway.admin("POST", &format!("{}/activate", at(&inactive[0])), None).await.status,
        200
    );
    assert_eq!(gateway.admin("DELETE", &at(&inactive[1]), None).await.status, 204);
    assert_eq!(register("/lti/register").await.status, 200);
}

#[both_stores("A-24")]
async fn made_up_logins_leave_the_store_to_known_platforms(store: Store) {
    let school = behind_a_proxy(store, json!({})).await;
    let strangers = &school.gateway.app.lti13.strangers;
    let login = async |issuer: &str| {
        let target = school.gateway.at("/lti/launch");
        let fields = [
            ("iss", issuer),
            ("login_hint", "5"),
            ("target_link_uri", target.as_str()),
            ("client_id", school.client_id.as_str()),
        ];
        let request = form(&school.gateway.at("/lti/login"), &fields);
        Browser::new().unwrap().send(request).await.unwrap()
    };
    let issuer = school.lms.endpoints().issuer;
    let (misspelt, nobody) = (format!("{issuer}/"), "https://nobody.test");
    let nearest = format!("platform {} has", school.platform_id);
    // From now on both of its login addresses are known.
    assert_eq!(login(&issuer).await.status, 302);
    ltik_of("known", &school.launch(&school.student()).await);
    let page = login(&misspelt).await;
    assert!(page.status == 400 && page.text().contains(&nearest), "{}", page.text());

    let search = strangers.search().unwrap();
    let page = login(&misspelt).await;
    assert_refused("another one searches", &page, 400, "PLATFORM_UNREGISTERED");
    assert!(!page.text().contains(&nearest), "{}", page.text());

    let lookup = || strangers.lookup(IpAddr::from([192, 0, 2, 1]));
    let turns = [lookup().await.unwrap(), lookup().await.unwrap()];
    let page = login(nobody).await;
    assert_eq!(page.status, 503, "{}", page.text());
    assert!(page.header("retry-after").is_some());
    assert_eq!(login(&issuer).await.status, 302);
    ltik_of("known", &school.launch(&school.student()).await);
    // A change clears what is cached of platforms, but they stay known.
    school.gateway.app.platforms.changed();
    assert_eq!(login(&issuer).await.status, 302);
    ltik_of("known", &school.launch(&school.student()).await);

    drop((turns, search));
    assert_refused("a turn again", &login(nobody).await, 400, "PLATFORM_UNREGISTERED");
}

#[both_stores]
async fn made_up_registrations_leave_the_store_to_others(store: Store) {
    let school = behind_a_proxy(store, json!({})).await;
    school.gateway.patch_tool(json!({"registration": {"confirm": true}})).await;
    let invite = school.gateway.admin("POST", "/admin/invites", Some(json!({}))).await;
    let invite = invite.json().unwrap();
    let opened = school.open_registration_from("192.0.2.1").await;
    assert_eq!(opened.status, 200, "{}", opened.text());
    let turns = &school.gateway.app.registration_turns;
    let lookup = || turns.take(IpAddr::from([192, 0, 2, 1]));
    let taken = [lookup().await.unwrap(), lookup().await.unwrap()];
    let (register, invited, click) = tokio::join!(
        school.open_registration_from("192.0.2.2"),
        school.open_from("192.0.2.2", invite["url"].as_str().unwrap()),
        school.click(&opened),
    );
    for page in [register, invited, click] {
        assert_eq!(page.status, 503, "{}", page.text());
        assert!(page.header("retry-after").is_some());
    }
    // Launches look nothing up here.
    ltik_of("meanwhile", &school.launch(&school.student()).await);
    drop(taken);
    assert_eq!(school.click(&opened).await.status, 200, "its turn");
}

impl Registered {
    /// Opens the registration URL at an address, from the LMS.
    async fn open_registration_from(&self, from: &str) -> Page {
        self.open_from(from, &self.gateway.at("/lti/register")).await
    }

    /// The same for a registration URL that may be an invitation's.
    async fn open_from(&self, from: &str, url: &str) -> Page {
        let start = self.lms.begin_registration(url).unwrap();
        let request = Request::new("GET".parse().unwrap(), &start.url).unwrap();
        let request = request.header("accept", "text/html").header("x-forwarded-for", from);
        Browser::new().unwrap().send(request).await.unwrap()
    }

    /// The click on the confirmation page.
    async fn click(&self, page: &Page) -> Page {
        let filled = page.form_to("/lti/register/confirm").unwrap();
        let fields: Vec<(&str, &str)> =
            filled.fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        let request = form(&self.gateway.at("/lti/register/confirm"), &fields);
        Browser::new().unwrap().send(request).await.unwrap()
    }
}

#[both_stores]
async fn one_address_leaves_room_for_others_registrations(store: Store) {
    let school = behind_a_proxy(store, json!({})).await;
    // All of them are one IPv6 network.
    for number in 0..20 {
        let page = school.open_registration_from(&format!("2001:db8::{number}")).await;
        assert_eq!(page.status, 200, "{number}: {}", page.text());
    }
    let before = school.gateway.rows().await;
    let page = school.open_registration_from("2001:db8::99").await;
    assert!(limited(&page) <= 180);
    assert_refused("its share", &page, 429, "LIMIT_PER_ADDRESS");
    assert_eq!(school.gateway.rows().await, before);
    let page = school.open_registration_from("192.0.2.1").await;
    assert_eq!(page.status, 200, "another address: {}", page.text());
    school.gateway.clock.advance(std::time::Duration::from_secs(180));
    let page = school.open_registration_from("2001:db8::99").await;
    assert_eq!(page.status, 200, "three minutes later: {}", page.text());
}

#[both_stores]
async fn pages_that_nobody_clicks_make_room_for_others(store: Store) {
    let school = behind_a_proxy(store, json!({"waitingRegistrations": 2})).await;
    school.gateway.patch_tool(json!({"registration": {"confirm": true}})).await;
    let open = async |number: u8| {
        // So that each is later than the one before.
        school.gateway.clock.advance(std::time::Duration::from_secs(1));
        let page = school.open_registration_from(&format!("192.0.2.{number}")).await;
        assert_eq!(page.status, 200, "{number}: {}", page.text());
        page
    };
    let first = open(1).await;
    open(2).await;
    let third = open(3).await;
    let fourth = open(4).await;
    assert_eq!(school.click(&first).await.status, 404, "it made room");
    assert_eq!(school.click(&third).await.status, 200);
    let fifth = open(5).await;
    assert_eq!(school.click(&fourth).await.status, 200);
    // Two platforms wait for the owner now: that is the limit.
    let page = school.click(&fifth).await;
    limited(&page);
    assert_refused("full", &page, 429, "LIMIT_OF_REGISTRATIONS");
    let page = school.open_registration_from("192.0.2.6").await;
    assert_refused("full", &page, 429, "LIMIT_OF_REGISTRATIONS");
}

#[both_stores]
async fn strangers_pages_displace_no_invited_one(store: Store) {
    let school = behind_a_proxy(store, json!({"waitingRegistrations": 2})).await;
    school.gateway.patch_tool(json!({"registration": {"confirm": true}})).await;
    let invite = school.gateway.admin("POST", "/admin/invites", Some(json!({}))).await;
    let invite = invite.json().unwrap();
    let invited = school.open_from("198.51.100.1", invite["url"].as_str().unwrap()).await;
    assert_eq!(invited.status, 200, "{}", invited.text());
    for number in 1..6 {
        school.gateway.clock.advance(std::time::Duration::from_secs(1));
        let page = school.open_registration_from(&format!("192.0.2.{number}")).await;
        assert_eq!(page.status, 200, "{number}: {}", page.text());
    }
    let pages = "SELECT COUNT(*) FROM registrations WHERE status = 'confirm'";
    assert_eq!(school.gateway.number(pages).await, 3);
    let page = school.click(&invited).await;
    assert_eq!(page.status, 200, "{}", page.text());
}

#[both_stores]
async fn every_entrance_has_its_own_adjustable_limit(store: Store) {
    const PORTAL: &[&str] = &[
        "/portal",
        "/portal/sign-in",
        "/portal/welcome/x",
        "/portal/oidc/sign-in",
        "/portal/platforms",
        "/portal/audit",
    ];
    let all = [
        "loginsPerAddress",
        "launchesPerAddress",
        "registrationsPerAddress",
        "keySetsPerAddress",
        "portalPerAddress",
    ];
    let school = behind_a_proxy(store, json!({})).await;
    let gateway = &school.gateway;
    let entrances: [(&str, &str, &[&str]); 5] = [
        (all[0], "GET", &["/lti/login", "/login", "/lti/login/x"]),
        (all[1], "POST", &["/lti/launch", "/", "/lti/launch/verify"]),
        (all[2], "GET", &["/lti/register", "/register", "/lti/register/x", "/register/canvas"]),
        (all[3], "GET", &["/lti/keys", "/keys", "/lti/keys/x"]),
        (all[4], "GET", PORTAL),
    ];
    let send = async |method: &str, path: &str, accept: &str| {
        let request = Request::new(method.parse().unwrap(), &gateway.at(path)).unwrap();
        let request =
            request.no_redirects().header("accept", accept).header("x-forwarded-for", "192.0.2.1");
        Browser::new().unwrap().send(request).await.unwrap()
    };
    for (limit, method, paths) in entrances {
        gateway.patch_tool(json!({"limits": {limit: 1}})).await;
        assert_ne!(send(method, paths[0], "*/*").await.status, 429, "{limit}");
        for path in paths {
            let page = send(method, path, "application/json").await;
            assert!(limited(&page) <= 60);
            assert_eq!(page.json().unwrap()["details"]["message"], "RATE_LIMITED", "{path}");
            let page = send(method, path, "text/html").await;
            limited(&page);
            assert!(page.text().contains("Reference for support"), "{path}");
        }
        gateway.patch_tool(json!({"limits": {limit: 0}})).await;
        for _ in 0..3 {
            assert_ne!(send(method, paths[0], "*/*").await.status, 429, "{limit} is off");
        }
    }
    // What the application and the operator ask is not counted.
    for _ in 0..20 {
        assert_eq!(gateway.admin("GET", "/admin/tool", None).await.status, 200);
    }
}
