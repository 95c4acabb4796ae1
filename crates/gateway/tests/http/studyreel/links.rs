//! G. The login link.

use std::ops::Range;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use serde_json::json;
use simulator::browser::{Browser, Page, Request};
use test_case::both_stores;

use super::{Accepted, StudyReel, ltik, open, valid, valid_with};
use crate::support::{Store, altered};
use crate::waits::Lock;

/// Opens a link as some program with these headers; gives the first answer.
async fn open_as(method: &str, link: &str, headers: &[(&str, &str)]) -> Page {
    let mut request = Request::new(method.parse().unwrap(), link).unwrap().no_redirects();
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let browser = Browser::new().unwrap().wanting_pages();
    browser.send(request).await.unwrap()
}

/// Opens a link, and looks once more if it was used only a moment ago.
async fn settled(browser: &Browser, link: &str) -> Page {
    let page = open(browser, link).await;
    match page.location() {
        Some(again) if again.as_str().ends_with("&again=1") => open(browser, again.as_str()).await,
        _ => page,
    }
}

/// Expects the page for links that don't open; gives its text without what changes each time.
fn closed(page: &Page) -> String {
    assert_eq!(page.status, 410, "{}", page.text());
    assert!(page.header("set-cookie").is_none());
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let text = page.text();
    assert!(text.contains("Go back to StudyReel and open the app again"), "{text}");
    let (before, rest) = text.split_once("nonce=\"").unwrap();
    format!("{before}{}", rest.split_once('"').unwrap().1)
}

#[both_stores("STUDYREEL-66", "STUDYREEL-70")]
async fn used_altered_and_missing_tokens_look_the_same(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let link = studyreel.ok(&valid("a")).await.link;
    studyreel.redeem(&link).await;
    let used = closed(&settled(&studyreel.browser(), &link).await);
    let trace = studyreel.gateway.newest("kind=studyreel&outcome=failed").await;
    assert_eq!(trace["reason"]["code"], "LINK_USED", "{trace}");
    assert!(trace["launchId"].is_string() && !used.contains("LINK_USED"), "{trace}");
    let fresh = studyreel.ok(&valid("a")).await.link;
    let base = studyreel.gateway.at("/studyreel/learn");
    for wrong in [
        altered(&fresh, fresh.len() - 1),
        fresh[..fresh.len() - 1].to_owned(),
        format!("{fresh}A"),
        format!("{base}?token="),
        base.clone(),
        format!("{base}?token=%00%ff"),
        format!("{base}?other=1"),
    ] {
        assert_eq!(closed(&open(&studyreel.browser(), &wrong).await), used, "{wrong}");
    }
    studyreel.redeem(&fresh).await;
}

#[both_stores("STUDYREEL-67")]
async fn ten_browsers_at_once_open_a_link_once(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let link = studyreel.ok(&valid("a")).await.link;
    let browsers: Vec<Browser> = (0..10).map(|_| studyreel.browser()).collect();
    let pages =
        futures_util::future::join_all(browsers.iter().map(|browser| settled(browser, &link)))
            .await;
    assert_eq!(pages.iter().filter(|page| page.status == 303).count(), 1);
    assert_eq!(pages.iter().filter(|page| page.status == 410).count(), 9);
}

#[both_stores("STUDYREEL-68")]
async fn a_link_lives_as_long_as_configured(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let (early, late) =
        (studyreel.ok(&valid("a")).await.link, studyreel.ok(&valid("a")).await.link);
    studyreel.gateway.clock.advance(Duration::from_secs(240));
    studyreel.redeem(&early).await;
    studyreel.gateway.clock.advance(Duration::from_secs(61));
    closed(&open(&studyreel.browser(), &late).await);
    studyreel.gateway.patch_tool(json!({"studyreel": {"loginLinkSeconds": 60}})).await;
    let short = studyreel.ok(&valid("a")).await.link;
    studyreel.gateway.clock.advance(Duration::from_secs(61));
    closed(&open(&studyreel.browser(), &short).await);
}

#[both_stores("STUDYREEL-69")]
async fn previewing_programs_do_not_use_up_a_link(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let link = studyreel.ok(&valid("a")).await.link;
    assert_eq!(open_as("HEAD", &link, &[]).await.status, 405);
    assert_eq!(open_as("OPTIONS", &link, &[]).await.status, 405);
    for header in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-moz", "prefetch"),
        ("x-purpose", "preview"),
        ("user-agent", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"),
        ("user-agent", "facebookexternalhit/1.1"),
        ("user-agent", "Mozilla/5.0 SkypeUriPreview Preview/0.5"),
        ("user-agent", "Mozilla/5.0 (compatible; ZoomBot; +https://www.zoom.us/bot)"),
        ("user-agent", "Synapse (bot; +https://github.com/matrix-org/synapse)"),
        ("user-agent", "Mozilla/5.0 (compatible; Yahoo Link Preview; https://help.yahoo.com)"),
        ("user-agent", "Snap URL Preview Service; bot; snapchat"),
        ("user-agent", "BarracudaCentralBot/1.0"),
        ("sec-fetch-mode", "no-cors"),
        ("sec-fetch-mode", "cors"),
    ] {
        let page = open_as("GET", &link, &[header]).await;
        assert_eq!(page.status, 200, "{header:?}");
        assert!(page.auto_form().is_none() && page.header("set-cookie").is_none(), "{header:?}");
        assert_eq!(page.header("cache-control"), Some("no-store"));
    }
    studyreel.redeem(&link).await;
}

#[both_stores("STUDYREEL-74")]
async fn a_browser_that_asks_twice_at_once_gets_in_both_times(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let link = studyreel.ok(&valid("a")).await.link;
    let browser = studyreel.browser();
    let both = futures_util::future::join(settled(&browser, &link), settled(&browser, &link));
    let (one, other) = both.await;
    ltik(&one);
    ltik(&other);
    closed(&settled(&studyreel.browser(), &link).await);
}

#[both_stores]
async fn a_link_that_leads_nowhere_yet_is_not_used_up(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let link = studyreel.ok(&valid("a")).await.link;
    studyreel.gateway.patch_tool(json!({"launchUrl": null})).await;
    let page = open(&studyreel.browser(), &link).await;
    assert_eq!(page.status, 503, "{}", page.text());
    assert!(page.header("set-cookie").is_none());
    let trace = studyreel.gateway.newest("kind=studyreel&outcome=failed").await;
    assert_eq!(trace["reason"]["code"], "LAUNCH_URL_NOT_SET", "{trace}");
    let url = json!({"launchUrl": "http://127.0.0.3:9/app?own=1"});
    studyreel.gateway.patch_tool(url).await;
    studyreel.redeem(&link).await;
}

#[both_stores]
async fn a_link_that_waits_for_a_click_survives_scripts(store: Store) {
    let studyreel = StudyReel::start(store).await;
    studyreel.gateway.patch_tool(json!({"studyreel": {"redeem": "click"}})).await;
    let link = studyreel.ok(&valid("a")).await.link;
    for _ in 0..2 {
        let page = open_as("GET", &link, &[]).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.auto_form().is_none() && page.header("set-cookie").is_none());
        assert!(!page.text().contains("<script"), "{}", page.text());
    }
    let page = open_as("GET", &link, &[]).await;
    let form = page.form_to("/studyreel/learn").unwrap();
    let body = format!("token={}", form.field("token").unwrap());
    let post = Request::new("POST".parse().unwrap(), form.action.as_str()).unwrap();
    let post = post.no_redirects().body("application/x-www-form-urlencoded", body);
    ltik(&studyreel.browser().send(post).await.unwrap());
}

#[both_stores]
async fn a_person_mistaken_for_a_program_can_press_the_button(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let link = studyreel.ok(&valid("a")).await.link;
    let page = open_as("GET", &link, &[("user-agent", "WhatsApp/2.2 in-app browser")]).await;
    let form = page.form_to("/studyreel/learn").unwrap();
    let token = form.field("token").unwrap();
    assert!(link.ends_with(token));
    let post =
        Request::new("POST".parse().unwrap(), &studyreel.gateway.at("/studyreel/learn")).unwrap();
    let post =
        post.no_redirects().body("application/x-www-form-urlencoded", format!("token={token}"));
    ltik(&studyreel.browser().send(post).await.unwrap());
}

#[both_stores("STUDYREEL-71")]
async fn a_link_never_redirects_elsewhere(store: Store) {
    let studyreel = StudyReel::start(store).await;
    for target in ["https://evil.example/", "javascript:alert(1)"] {
        for next in ["https://evil.example", "//evil.example"] {
            let launch = valid_with("a", json!({"target_link_uri": target}));
            let link = studyreel.ok(&launch).await.link;
            let page = open(&studyreel.browser(), &format!("{link}&next={next}&ltik=fake")).await;
            let to = page.location().unwrap();
            assert!(to.as_str().starts_with("http://127.0.0.3:9/app?own=1&ltik=ey"), "{to}");
        }
    }
}

#[both_stores("STUDYREEL-72")]
async fn a_forged_host_does_not_reach_the_link(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let url = studyreel.gateway.at("/studyreel/launch");
    let request = Request::new("POST".parse().unwrap(), &url)
        .unwrap()
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .body("application/json", valid("a").to_string());
    let page = studyreel.browser().send(request).await.unwrap();
    let link = Accepted::read(&page).link;
    assert!(link.starts_with(&studyreel.gateway.url), "{link}");
}

#[both_stores("STUDYREEL-73")]
async fn two_students_in_one_browser_stay_apart(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let (ada, ben) = (studyreel.ok(&valid("a")).await, studyreel.ok(&valid("b")).await);
    let browser = studyreel.browser();
    for student in [&ada, &ben] {
        let ltik = ltik(&open(&browser, &student.link).await);
        let seen = studyreel.gateway.idtoken(&ltik, "").await.json().unwrap();
        assert_eq!(seen["user"]["id"], student.user.as_str());
    }
    // The browser is Ben's now: Ada's used link doesn't open there any more.
    closed(&open(&browser, &ada.link).await);
}

#[both_stores("STUDYREEL-74")]
async fn the_same_browser_may_open_its_link_twice(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let link = studyreel.ok(&valid("a")).await.link;
    let browser = studyreel.browser();
    let page = open(&browser, &link).await;
    let cookie = page.header("set-cookie").unwrap().to_owned();
    for part in ["studyreel_link=", "HttpOnly", "SameSite=Lax", "Max-Age=60", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    ltik(&page);
    let again = open(&browser, &link).await;
    ltik(&again);
    assert!(again.header("set-cookie").is_none());
    closed(&settled(&studyreel.browser(), &link).await);
    studyreel.gateway.clock.advance(Duration::from_secs(61));
    closed(&open(&browser, &link).await);
}

#[both_stores("STUDYREEL-75")]
async fn a_launch_gives_access_to_itself_only(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let ltik = studyreel.redeem(&studyreel.ok(&valid("a")).await.link).await;
    for path in ["/admin/tool", "/admin/studyreel", "/admin/platforms"] {
        for header in
            [format!("Bearer {ltik}"), format!("LTIK-AUTH-V2 {}:{ltik}", crate::support::API_KEY)]
        {
            let page = studyreel.gateway.with_authorization("GET", path, None, &header).await;
            assert_eq!(page.status, 401, "{path}");
        }
    }
}

#[both_stores("STUDYREEL-76")]
async fn only_a_hash_of_the_token_is_stored(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let link = studyreel.ok(&valid("a")).await.link;
    let token = link.split_once("token=").unwrap().1;
    for used in [false, true] {
        assert_eq!(studyreel.rows("login_links").await, 1);
        for (table, column) in [
            ("login_links", "token_hash"),
            ("login_links", "student_id"),
            ("login_links", "launch_id"),
            ("launches", "id"),
            ("launches", "nonce_hash"),
            ("launches", "document_sealed"),
            ("students", "profile_sealed"),
            ("placements", "placement_sealed"),
            ("studyreel_seen", "seen_hash"),
        ] {
            let stored = studyreel.texts(table, column).await;
            assert!(!stored.is_empty() && !stored.contains(token), "{table}.{column}, used {used}");
        }
        if !used {
            studyreel.redeem(&link).await;
        }
    }
}

#[both_stores]
async fn previews_never_use_up_a_link_that_posts_itself(store: Store) {
    let studyreel = StudyReel::start_with(store, json!({"redeem": "post"})).await;
    let link = studyreel.ok(&valid("a")).await.link;
    for (method, agent) in [
        ("HEAD", "Preview/1"),
        ("GET", "Preview/1"),
        ("GET", "Slackbot 1.0"),
        ("GET", "Mozilla/5.0"),
    ] {
        let page = open_as(method, &link, &[("user-agent", agent)]).await;
        assert_eq!(page.status, if method == "HEAD" { 405 } else { 200 }, "{agent}");
        assert!(page.header("set-cookie").is_none(), "{agent}");
    }
    let browser = studyreel.browser();
    let page = open(&browser, &link).await;
    let end = browser.submit_auto(&page).await;
    // The application isn't there: the browser was on its way to it.
    let error = end.unwrap_err().to_string();
    assert!(error.contains("http://127.0.0.3:9/app?own=1&ltik="), "{error}");
}

#[both_stores]
async fn the_link_can_be_a_page_that_posts_itself(store: Store) {
    let studyreel = StudyReel::start_with(store, json!({"redeem": "post"})).await;
    let link = studyreel.ok(&valid("a")).await.link;
    for _ in 0..3 {
        let page = open(&studyreel.browser(), &link).await;
        assert_eq!(page.status, 200);
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("form-action *"),
            "{policy}"
        );
        assert!(page.auto_form().is_some() && page.text().contains("<button"));
    }
    let browser = studyreel.browser();
    let page = open(&browser, &link).await;
    let form = page.auto_form().unwrap();
    let post =
        Request::new("POST".parse().unwrap(), &studyreel.gateway.at("/studyreel/learn")).unwrap();
    let body = format!("token={}", form.field("token").unwrap());
    let post = post.no_redirects().body("application/x-www-form-urlencoded", body);
    ltik(&browser.send(post.clone()).await.unwrap());
    let stranger = studyreel.browser();
    let again = stranger.send(post).await.unwrap().location().unwrap();
    closed(&open(&stranger, again.as_str()).await);
    // What is no token is never put on a page.
    let odd = studyreel.gateway.at("/studyreel/learn?token=%22%3E%3Cscript%3E");
    closed(&open(&studyreel.browser(), &odd).await);
}

#[both_stores]
async fn a_student_arrives_where_the_tool_says(store: Store) {
    let studyreel =
        StudyReel::start_with(store, json!({"landingPath": "/welcome?from=studyreel"})).await;
    let link = studyreel.ok(&valid("a")).await.link;
    let to = open(&studyreel.browser(), &link).await.location().unwrap();
    assert!(to.as_str().starts_with("http://127.0.0.3:9/welcome?from=studyreel&ltik="), "{to}");
}

/// Any text of 43 letters looks like a link.
fn made_up(studyreel: &StudyReel, number: usize) -> String {
    studyreel.gateway.at(&format!("/studyreel/learn?token={number:A>43}"))
}

#[both_stores]
async fn a_made_up_link_takes_no_turn_of_the_writer(store: Store) {
    let studyreel = StudyReel::start(store).await;
    let used = studyreel.ok(&valid("ada")).await.link;
    studyreel.redeem(&used).await;
    let lock = Lock::of_writes(&studyreel.gateway, "login_links").await;
    for link in [made_up(&studyreel, 1), format!("{used}&again=1")] {
        closed(&open(&studyreel.browser(), &link).await);
    }
    lock.release().await;
}

/// Opens a link from an address, behind a proxy; gives the status.
async fn ask(browser: &Browser, from: &str, link: &str) -> u16 {
    let request = Request::new("GET".parse().unwrap(), link).unwrap();
    let request = request.no_redirects().header("x-forwarded-for", from);
    browser.send(request).await.unwrap().status
}

#[both_stores]
async fn an_address_opens_its_own_link_behind_any_refused(store: Store) {
    const SHARE: usize = 600;
    let studyreel = StudyReel::start_behind(store, json!({}), "127.0.0.1").await;
    let own = studyreel.ok(&valid("ada")).await.link;
    let browser = studyreel.browser();
    let (browser, there) = (&browser, &studyreel);
    let flood = move |numbers: Range<usize>| {
        let asked = numbers.map(move |number| {
            let link = made_up(there, number);
            async move { ask(browser, "192.0.2.1", &link).await }
        });
        stream::iter(asked).buffer_unordered(8).collect::<Vec<u16>>()
    };
    // Twice the share of a minute, some of which grows again meanwhile.
    let statuses = flood(0..2 * SHARE).await;
    assert_eq!(statuses, vec![410; 2 * SHARE]);
    let flooding = flood(2 * SHARE..3 * SHARE);
    let (statuses, opened) = tokio::join!(flooding, ask(browser, "192.0.2.1", &own));
    assert_eq!((opened, statuses), (303, vec![410; SHARE]));
    assert_eq!(ask(browser, "192.0.2.2", &made_up(&studyreel, 0)).await, 410);
}
